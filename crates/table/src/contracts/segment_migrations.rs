//! Who changed segments since the last run, summed up and one by one.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const SEGMENTATION: ColumnDef = ColumnDef::required(
    "segmentation",
    ColumnType::Text,
    Unit::None,
    "The column of customer_segments.",
);

const VIN: ColumnDef = ColumnDef::nullable(
    "vin",
    ColumnType::SUM,
    Unit::Money,
    "Net integral value as of the run; null where it is not known.",
);

/// Contract of `segment_migrations`.
#[derive(Debug, Clone, Copy)]
pub struct SegmentMigrations;

impl Contract for SegmentMigrations {
    const INFO: ContractInfo = ContractInfo {
        name: "segment_migrations",
        description: "One row a segmentation, segment in the newest run of an earlier day and segment now, of those who stayed too: the customers of a segmentation that there is now add up to both runs. Clusters are the same by their numbers, each run calling them its own names.",
        columns: &[
            SEGMENTATION,
            ColumnDef::nullable(
                "from_segment",
                ColumnType::Text,
                Unit::None,
                "Segment in the newest run of an earlier day; null for customers who were not there or in no segment, all of them where there is no such run.",
            ),
            ColumnDef::nullable(
                "to_segment",
                ColumnType::Text,
                Unit::None,
                "Segment now; null for customers who are not there any more or in no segment.",
            ),
            ColumnDef::required("customers", ColumnType::Int64, Unit::Count, "How many customers."),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Their net sales up to as_of; zero for those who are not there any more.",
            ),
            VIN,
            ColumnDef::required(
                "is_redefined",
                ColumnType::Boolean,
                Unit::None,
                "Whether the pipeline defined the segmentation otherwise in that run, so that customers changed segments who changed nothing; then segment_moves has no rows of it.",
            ),
        ],
        grain: &["segmentation", "from_segment", "to_segment"],
        personal: false,
    };
}

/// Contract of `segment_moves`.
#[derive(Debug, Clone, Copy)]
pub struct SegmentMoves;

impl Contract for SegmentMoves {
    const INFO: ContractInfo = ContractInfo {
        name: "segment_moves",
        description: "One row a segmentation and customer of both runs whose segment is another one than in the newest run of an earlier day; none where there is no such run, or where it had no such segmentation.",
        columns: &[
            SEGMENTATION,
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::nullable(
                "from_segment",
                ColumnType::Text,
                Unit::None,
                "Segment in that run; null: the customer was in none.",
            ),
            ColumnDef::nullable(
                "to_segment",
                ColumnType::Text,
                Unit::None,
                "Segment now; null: the customer is in none.",
            ),
            ColumnDef::required(
                "direction",
                ColumnType::Text,
                Unit::None,
                "up or down where the segments have an order (Pareto classes and value tiers that both runs know), else other.",
            )
            .one_of(&["up", "down", "other"]),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Net sales of the customer up to as_of.",
            ),
            VIN,
        ],
        grain: &["segmentation", "customer_id"],
        personal: false,
    };
}
