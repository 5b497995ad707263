//! Lines on their way: as read, as normalized, and merged to parts of orders.
//!
//! They are only ever batches of a stream. The source and the file of a batch stand in its
//! [`Origin`](crate::Origin), not in columns.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// What `ingest` hands on: a raw line with typed cells.
#[derive(Debug, Clone, Copy)]
pub struct SourceLines;

impl Contract for SourceLines {
    const INFO: ContractInfo = ContractInfo {
        name: "source_lines",
        description: "One row a line of a raw transactions file that could be read.",
        columns: &[
            ColumnDef::required(
                "row",
                ColumnType::Int64,
                Unit::None,
                "Line of the file, counted from 1.",
            ),
            ColumnDef::nullable(
                "customer_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; null for a guest.",
            ),
            ColumnDef::nullable(
                "order_id",
                ColumnType::Text,
                Unit::None,
                "The order; null where the source has none.",
            ),
            ColumnDef::nullable(
                "line_number",
                ColumnType::Text,
                Unit::None,
                "The line within its order; null where the source has none.",
            ),
            ColumnDef::nullable(
                "product_id",
                ColumnType::Text,
                Unit::None,
                "The product; null where the source has none.",
            ),
            ColumnDef::required(
                "ordered_at",
                ColumnType::Timestamp,
                Unit::None,
                "When the order was placed: wall clock, or UTC where the origin says so.",
            ),
            ColumnDef::nullable(
                "quantity",
                ColumnType::QUANTITY,
                Unit::Count,
                "Units; null where the source has amounts only.",
            ),
            ColumnDef::nullable(
                "unit_price",
                ColumnType::QUANTITY,
                Unit::Money,
                "Price a unit; null where the source has amounts only.",
            ),
            ColumnDef::required(
                "amount",
                ColumnType::AMOUNT,
                Unit::Money,
                "The line's amount: as mapped, or quantity x unit_price rounded half-even.",
            ),
        ],
        grain: &[],
        personal: false,
    };
}

/// What `normalize` makes of them: a line with its kind, customer and business day.
#[derive(Debug, Clone, Copy)]
pub struct OrderLines;

impl Contract for OrderLines {
    const INFO: ContractInfo = ContractInfo {
        name: "order_lines",
        description: "One row a line within scope.",
        columns: &[
            ColumnDef::nullable(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; null for a guest.",
            ),
            ColumnDef::required(
                "order_id",
                ColumnType::Text,
                Unit::None,
                "The order; the business day where the source has none.",
            ),
            ColumnDef::required(
                "order_date",
                ColumnType::Date,
                Unit::None,
                "Business day in the pipeline's time zone.",
            ),
            ColumnDef::required(
                "line_kind",
                ColumnType::Int32,
                Unit::None,
                "Code of the line's kind, see LineKind.",
            ),
            ColumnDef::required("amount", ColumnType::AMOUNT, Unit::Money, "The line's amount."),
        ],
        grain: &[],
        personal: false,
    };
}

/// Lines merged within a batch: one row a source key, order, day and kind.
#[derive(Debug, Clone, Copy)]
pub struct OrderParts;

impl Contract for OrderParts {
    const INFO: ContractInfo = ContractInfo {
        name: "order_parts",
        description: "One row a source, source key, order, day and kind of a batch of lines.",
        columns: &[
            ColumnDef::nullable(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The source's customer key; null for a guest.",
            ),
            ColumnDef::required("order_id", ColumnType::Text, Unit::None, "The order."),
            ColumnDef::required("order_date", ColumnType::Date, Unit::None, "Business day."),
            ColumnDef::required("line_kind", ColumnType::Int32, Unit::None, "Code of the lines' kind."),
            ColumnDef::required("line_count", ColumnType::Int64, Unit::Count, "Lines."),
            ColumnDef::required("amount", ColumnType::SUM, Unit::Money, "Sum of their amounts."),
            ColumnDef::required(
                "source_index",
                ColumnType::Int32,
                Unit::None,
                "Place of the source in the pipeline.",
            ),
        ],
        grain: &[],
        personal: false,
    };
}
