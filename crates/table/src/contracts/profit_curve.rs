//! The whale curve: cumulative profit over customers from the most profitable down.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `profit_curve`.
#[derive(Debug, Clone, Copy)]
pub struct ProfitCurve;

impl Contract for ProfitCurve {
    const INFO: ContractInfo = ContractInfo {
        name: "profit_curve",
        description: "At most 1,001 points: customers whose net profit is known, from the best down, and what they leave together. Empty where none is known.",
        columns: &[
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
                "customer_rank by all customers whose net profit is known.",
            ),
            ColumnDef::required(
                "cumulative_profit",
                ColumnType::SUM,
                Unit::Money,
                "Sum of the net profit of the customers up to this point; it falls again where they cost more than they leave.",
            ),
            ColumnDef::nullable(
                "cumulative_profit_share",
                ColumnType::Float64,
                Unit::None,
                "cumulative_profit by that of all of them, above 1 where the later ones lose money; null where the total is not above zero.",
            ),
        ],
        grain: &["customer_rank"],
        personal: false,
    };
}
