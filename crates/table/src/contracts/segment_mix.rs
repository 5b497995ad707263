//! Who is in each segment: categories, channels, regions and the like.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `segment_mix`.
#[derive(Debug, Clone, Copy)]
pub struct SegmentMix;

impl Contract for SegmentMix {
    const INFO: ContractInfo = ContractInfo {
        name: "segment_mix",
        description: "One row a segmentation, segment, dimension and value that has customers; dimensions of which nothing is known are left out. The customers of a dimension add up to the segment.",
        columns: &[
            ColumnDef::required(
                "segmentation",
                ColumnType::Text,
                Unit::None,
                "The column of customer_segments.",
            ),
            ColumnDef::required(
                "segment",
                ColumnType::Text,
                Unit::None,
                "The segment's value in that column, as text.",
            ),
            ColumnDef::required(
                "dimension",
                ColumnType::Text,
                Unit::None,
                "A column of customer_features that holds a category, such as region or main_channel.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::Text,
                Unit::None,
                "One of the values that most customers of the base have, or other for all further ones together (and for a value of that name). Null: not known.",
            ),
            ColumnDef::required(
                "customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers of the segment with that value.",
            ),
            ColumnDef::required(
                "customer_share",
                ColumnType::Float64,
                Unit::Share,
                "customers by all customers of the segment.",
            ),
            ColumnDef::required(
                "base_share",
                ColumnType::Float64,
                Unit::Share,
                "Customers of the segmentation with that value by all customers of the segmentation.",
            ),
            ColumnDef::required(
                "index_to_base",
                ColumnType::Float64,
                Unit::None,
                "100 x customer_share / base_share: 100 is the base.",
            ),
        ],
        grain: &["segmentation", "segment", "dimension", "value"],
        personal: false,
    };
}
