//! The rows that were set aside, each with what to do about it.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `quarantine`.
#[derive(Debug, Clone, Copy)]
pub struct QuarantineTable;

impl Contract for QuarantineTable {
    const INFO: ContractInfo = ContractInfo {
        name: "quarantine",
        description: "One row a defective row of a raw file; values of personal columns are masked.",
        columns: &[
            ColumnDef::required(
                "source",
                ColumnType::Text,
                Unit::None,
                "The pipeline's name of the source.",
            ),
            ColumnDef::required("file", ColumnType::Text, Unit::None, "The file's name."),
            ColumnDef::required(
                "row",
                ColumnType::Int64,
                Unit::None,
                "Line of the file where the row begins, counted from 1, header included.",
            ),
            ColumnDef::nullable(
                "column",
                ColumnType::Text,
                Unit::None,
                "The column of the table that the cell was mapped to; null where the whole record is broken.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::Text,
                Unit::None,
                "The text that could not be taken.",
            ),
            ColumnDef::required(
                "reason",
                ColumnType::Text,
                Unit::None,
                "A slug such as not_a_date or wrong_field_count.",
            ),
            ColumnDef::required("hint", ColumnType::Text, Unit::None, "What to do about it."),
            ColumnDef::required(
                "defect_count",
                ColumnType::Int32,
                Unit::Count,
                "Defects in the row; the first one is named.",
            ),
        ],
        grain: &["source", "file", "row"],
        personal: true,
    };
}
