//! Customers by recency and frequency.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const fn money(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::SUM, Unit::Money, description)
}

/// Contract of `rfm_matrix`.
#[derive(Debug, Clone, Copy)]
pub struct RfmMatrix;

impl Contract for RfmMatrix {
    const INFO: ContractInfo = ContractInfo {
        name: "rfm_matrix",
        description: "One row a recency score and frequency score, those without customers too; customers without an order have no scores and stand in no row.",
        columns: &[
            ColumnDef::required(
                "recency_score",
                ColumnType::Int32,
                Unit::None,
                "1 to the number of scores (5 unless configured), the best last.",
            ),
            ColumnDef::required("frequency_score", ColumnType::Int32, Unit::None, "Likewise."),
            ColumnDef::required(
                "customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers with both scores.",
            ),
            ColumnDef::nullable(
                "customer_share",
                ColumnType::Float64,
                Unit::Share,
                "customers by all customers with scores; null where there are none.",
            ),
            ColumnDef::required("net_sales", ColumnType::SUM, Unit::Money, "Their net sales."),
            money(
                "gross_margin",
                "Their gross margin; null where it is known of none of them.",
            ),
            money("net_profit", "Their net profit; likewise."),
            money("clv_horizon", "Their lifetime value over the horizon; likewise."),
            money("vin", "Their net integral value; likewise."),
            ColumnDef::nullable(
                "median_net_sales",
                ColumnType::Float64,
                Unit::Money,
                "Median of their net sales; null without customers.",
            ),
            ColumnDef::nullable(
                "main_segment",
                ColumnType::Text,
                Unit::None,
                "The RFM segment that most of them are in, the first by the alphabet of several; null without customers.",
            ),
        ],
        grain: &["recency_score", "frequency_score"],
        personal: false,
    };
}
