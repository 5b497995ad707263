//! What each segment looks like beside the whole base.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `segment_profiles`.
#[derive(Debug, Clone, Copy)]
pub struct SegmentProfiles;

impl Contract for SegmentProfiles {
    const INFO: ContractInfo = ContractInfo {
        name: "segment_profiles",
        description: "One row a segmentation, segment and feature.",
        columns: &[
            ColumnDef::required(
                "segmentation",
                ColumnType::Text,
                Unit::None,
                "The column of customer_segments: rfm_segment, lifecycle_stage, value_tier and so on.",
            ),
            ColumnDef::required(
                "segment",
                ColumnType::Text,
                Unit::None,
                "The segment's value in that column, as text.",
            ),
            ColumnDef::required(
                "feature",
                ColumnType::Text,
                Unit::None,
                "The column of customer_features that is profiled.",
            ),
            ColumnDef::required(
                "customer_count",
                ColumnType::Int64,
                Unit::Count,
                "Customers in the segment.",
            ),
            ColumnDef::required(
                "customer_share",
                ColumnType::Float64,
                Unit::Share,
                "Customers in the segment by all customers of the segmentation.",
            ),
            ColumnDef::required(
                "value_count",
                ColumnType::Int64,
                Unit::Count,
                "Customers in the segment whose feature is not null.",
            ),
            ColumnDef::nullable(
                "total",
                ColumnType::SUM,
                Unit::OfFeature,
                "Exact sum of the feature, for money and counts; null where a sum has no meaning, or where the feature is known of none of them.",
            ),
            ColumnDef::nullable(
                "total_share",
                ColumnType::Float64,
                Unit::Share,
                "total by the base's total; null where that is null or zero.",
            ),
            ColumnDef::nullable(
                "mean",
                ColumnType::Float64,
                Unit::OfFeature,
                "Mean over customers whose feature is not null.",
            ),
            ColumnDef::nullable(
                "median",
                ColumnType::Float64,
                Unit::OfFeature,
                "Median over the same customers.",
            ),
            ColumnDef::nullable(
                "base_mean",
                ColumnType::Float64,
                Unit::OfFeature,
                "Mean over all customers of the segmentation.",
            ),
            ColumnDef::nullable(
                "base_median",
                ColumnType::Float64,
                Unit::OfFeature,
                "Median over all customers of the segmentation.",
            ),
            ColumnDef::nullable(
                "index_to_base",
                ColumnType::Float64,
                Unit::None,
                "100 x mean / base_mean: 100 is the base; null where base_mean is null or not above zero.",
            ),
            ColumnDef::nullable(
                "effect_size",
                ColumnType::Float64,
                Unit::None,
                "Cohen's d against the other customers of the segmentation: the difference of the means in pooled standard deviations. Null where either side has no value, or where neither has any spread.",
            ),
            ColumnDef::nullable(
                "differentiator_rank",
                ColumnType::Int32,
                Unit::None,
                "1 for the feature that sets the segment apart most (largest effect_size, whatever its sign), of equal ones the first by the alphabet; null where effect_size is, and where the feature is known of less than half of the segment.",
            ),
        ],
        grain: &["segmentation", "segment", "feature"],
        personal: false,
    };
}
