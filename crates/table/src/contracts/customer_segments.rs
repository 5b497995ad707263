//! One wide row a customer: the labels of every segmentation.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `customer_segments`.
#[derive(Debug, Clone, Copy)]
pub struct CustomerSegments;

impl Contract for CustomerSegments {
    const INFO: ContractInfo = ContractInfo {
        name: "customer_segments",
        description: "One row a customer of customer_features: its segment in each segmentation.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::required(
                "rfm_segment",
                ColumnType::Text,
                Unit::None,
                "Named segment of the RFM scores, a slug such as champions; no_orders without an order.",
            ),
            ColumnDef::required(
                "pareto_class",
                ColumnType::Text,
                Unit::None,
                "A up to the customer who reaches the first limit of the measure's total, B up to the second, C the rest.",
            ),
            ColumnDef::nullable(
                "cluster_id",
                ColumnType::Int32,
                Unit::None,
                "k-means cluster, 1 = highest mean net sales; null without an order.",
            ),
        ],
        grain: &["customer_id"],
        personal: false,
    };
}
