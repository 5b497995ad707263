//! Where every row and every cent went.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `ledger`.
#[derive(Debug, Clone, Copy)]
pub struct LedgerTable;

impl Contract for LedgerTable {
    const INFO: ContractInfo = ContractInfo {
        name: "ledger",
        description: "One row a disjoint cell of the rows that were read; the cells sum to the rows of the files.",
        columns: &[
            ColumnDef::required(
                "step",
                ColumnType::Text,
                Unit::None,
                "Where the rows ended: ingest, normalize or feature.",
            ),
            ColumnDef::required(
                "source",
                ColumnType::Text,
                Unit::None,
                "The pipeline's name of the source.",
            ),
            ColumnDef::nullable(
                "party",
                ColumnType::Text,
                Unit::None,
                "customer or guest (no customer key); null where it could not be read.",
            ),
            ColumnDef::nullable(
                "line_kind",
                ColumnType::Text,
                Unit::None,
                "Kind of the lines; null where it was not decided.",
            ),
            ColumnDef::required(
                "disposition",
                ColumnType::Text,
                Unit::None,
                "kept, merged, quarantined or out_of_scope.",
            ),
            ColumnDef::nullable(
                "reason",
                ColumnType::Text,
                Unit::None,
                "Why they are not among the customers' lines; null for those that are.",
            ),
            ColumnDef::nullable(
                "currency",
                ColumnType::Text,
                Unit::None,
                "Currency of the amounts as they were read, an ISO 4217 code; null where it could not be read.",
            ),
            ColumnDef::required("rows", ColumnType::Int64, Unit::Count, "Rows in the cell."),
            ColumnDef::required(
                "rows_without_amount",
                ColumnType::Int64,
                Unit::Count,
                "Of these, rows whose amount could not be read.",
            ),
            ColumnDef::required(
                "amount",
                ColumnType::SUM,
                Unit::OfRow,
                "Sum of the amounts that could be read, in the cell's currency.",
            ),
            ColumnDef::nullable(
                "converted_amount",
                ColumnType::SUM,
                Unit::Money,
                "The same as it counts for customers and guests: in the pipeline's currency, with the sign that positive_returns gave it; null where nothing was converted because the rows went no further.",
            ),
        ],
        grain: &[
            "step",
            "source",
            "party",
            "line_kind",
            "disposition",
            "reason",
            "currency",
        ],
        personal: false,
    };
}
