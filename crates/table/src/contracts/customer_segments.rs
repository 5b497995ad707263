//! One wide row a customer: the labels of every segmentation.

use super::lifecycle::STAGES;
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
                "lifecycle_stage",
                ColumnType::Text,
                Unit::None,
                "Stage of the customer's life, as in lifecycle.",
            )
            .one_of(STAGES),
            ColumnDef::required(
                "pareto_class",
                ColumnType::Text,
                Unit::None,
                "A up to the customer who reaches the first limit of the total of [pareto]'s first measure (net sales by default), B up to the second, C the rest.",
            ),
            ColumnDef::nullable(
                "pareto_class_profit",
                ColumnType::Text,
                Unit::None,
                "The same by net profit; null where no customer's is known, or where it is no measure of the pipeline.",
            ),
            ColumnDef::nullable(
                "pareto_class_vin",
                ColumnType::Text,
                Unit::None,
                "The same by net integral value; null likewise.",
            ),
            ColumnDef::required(
                "value_tier",
                ColumnType::Text,
                Unit::None,
                "Tier of value, the best by default platinum, then gold, silver and bronze; no_value where the measure is null, zero or less.",
            ),
            ColumnDef::nullable(
                "cluster_id",
                ColumnType::Int32,
                Unit::None,
                "Number of the k-means cluster, the same from night to night and never used twice: a first fit numbers them by mean net sales, 1 the highest. Null without an order, and where [k_means] leaves customers without a value outside.",
            ),
            ColumnDef::nullable(
                "cluster",
                ColumnType::Text,
                Unit::None,
                "Name of that cluster, a slug of what sets it apart such as frequent_recent, or the one that the pipeline gives it; null likewise.",
            ),
        ],
        grain: &["customer_id"],
        personal: false,
    };
}
