//! The concentration curve behind the 80/20 figure.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `pareto_curve`.
#[derive(Debug, Clone, Copy)]
pub struct ParetoCurve;

impl Contract for ParetoCurve {
    const INFO: ContractInfo = ContractInfo {
        name: "pareto_curve",
        description: "At most 1,001 points a measure: customers from the best down, and what they hold together.",
        columns: &[
            ColumnDef::required(
                "measure",
                ColumnType::Text,
                Unit::None,
                "The column of customer_features that customers are sorted by, descending.",
            ),
            ColumnDef::required(
                "customer_rank",
                ColumnType::Int64,
                Unit::Count,
                "Customers up to this point; 0 at the start.",
            ),
            ColumnDef::required(
                "customer_share",
                ColumnType::Float64,
                Unit::Share,
                "customer_rank by all customers.",
            ),
            ColumnDef::required(
                "cumulative_value",
                ColumnType::SUM,
                Unit::Money,
                "What the customers up to this point hold; values of zero or less add nothing.",
            ),
            ColumnDef::required(
                "value_share",
                ColumnType::Float64,
                Unit::Share,
                "cumulative_value by the total of the positive values.",
            ),
        ],
        grain: &["measure", "customer_rank"],
        personal: false,
    };
}
