//! What there is to know of each segment at a glance.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const fn money(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::SUM, Unit::Money, description)
}

const fn share(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Float64, Unit::None, description)
}

const fn median(name: &'static str, unit: Unit, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Float64, unit, description)
}

/// Contract of `segments`.
#[derive(Debug, Clone, Copy)]
pub struct Segments;

impl Contract for Segments {
    const INFO: ContractInfo = ContractInfo {
        name: "segments",
        description: "One row a segmentation and segment that has customers: what it is called, how many are in it, and what they bring.",
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
            ColumnDef::required("label", ColumnType::Text, Unit::None, "The segment in words."),
            ColumnDef::nullable(
                "description",
                ColumnType::Text,
                Unit::None,
                "Who is in it, in a sentence; of a cluster what sets it apart in this run. Null for segments that the pipeline itself names.",
            ),
            ColumnDef::required("customers", ColumnType::Int64, Unit::Count, "Customers in the segment."),
            ColumnDef::required(
                "customer_share",
                ColumnType::Float64,
                Unit::Share,
                "customers by all customers of the segmentation; likewise the other shares, of money: null where what all have together is zero or not known.",
            ),
            money("net_sales", "Their net sales."),
            share("net_sales_share", "net_sales by that of the segmentation."),
            money(
                "net_profit",
                "Their net profit; null where it is known of none of them.",
            ),
            share("net_profit_share", "net_profit by that of the segmentation."),
            money(
                "clv_horizon",
                "Their lifetime value over the horizon; null where it is known of none of them.",
            ),
            money(
                "vin",
                "Their net integral value; null where it is known of none of them.",
            ),
            share("vin_share", "vin by that of the segmentation."),
            median("median_orders", Unit::Count, "Median of order_count."),
            median("median_net_sales", Unit::Money, "Median of net_sales."),
            median(
                "median_days_since_last_order",
                Unit::Days,
                "Median of days_since_last_order; null where nobody has an order.",
            ),
            median(
                "median_average_order_value",
                Unit::Money,
                "Median of average_order_value; likewise.",
            ),
        ],
        grain: &["segmentation", "segment"],
        personal: false,
    };
}
