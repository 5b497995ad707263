//! How two segmentations cut each other.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `segment_overlap`.
#[derive(Debug, Clone, Copy)]
pub struct SegmentOverlap;

impl Contract for SegmentOverlap {
    const INFO: ContractInfo = ContractInfo {
        name: "segment_overlap",
        description: "One row a pair of segmentations and pair of their segments that have customers in common, each pair once, in the order of the columns of customer_segments. The customers of a pair of segmentations add up to the base.",
        columns: &[
            ColumnDef::required(
                "segmentation_a",
                ColumnType::Text,
                Unit::None,
                "The column of customer_segments that comes first.",
            ),
            ColumnDef::nullable(
                "segment_a",
                ColumnType::Text,
                Unit::None,
                "The segment's value in that column, as text; null: customers outside of the segmentation.",
            ),
            ColumnDef::required("segmentation_b", ColumnType::Text, Unit::None, "The other column."),
            ColumnDef::nullable(
                "segment_b",
                ColumnType::Text,
                Unit::None,
                "The segment's value in that column, likewise.",
            ),
            ColumnDef::required("customers", ColumnType::Int64, Unit::Count, "Customers in both."),
            ColumnDef::required(
                "share_of_a",
                ColumnType::Float64,
                Unit::Share,
                "customers by all customers of segment_a.",
            ),
            ColumnDef::required(
                "share_of_b",
                ColumnType::Float64,
                Unit::Share,
                "customers by all customers of segment_b.",
            ),
            ColumnDef::required(
                "index_to_base",
                ColumnType::Float64,
                Unit::None,
                "100 x share_of_a / the share of segment_b in the base: 100 means that the two have nothing to do with each other (lift x 100).",
            ),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Net sales of the customers in both.",
            ),
            ColumnDef::nullable(
                "vin",
                ColumnType::SUM,
                Unit::Money,
                "Their net integral value; null where it is known of none of them.",
            ),
        ],
        grain: &["segmentation_a", "segment_a", "segmentation_b", "segment_b"],
        personal: false,
    };
}
