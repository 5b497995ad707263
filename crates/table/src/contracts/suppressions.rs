//! The clean table of suppressions: the source table whatever its dates, under the ids that the other tables call the
//! customers by.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the clean table `suppressions`.
#[derive(Debug, Clone, Copy)]
pub struct Suppressions;

impl Contract for Suppressions {
    const INFO: ContractInfo = ContractInfo {
        name: "suppressions",
        description: "One row somebody who must not be contacted, whatever its date.",
        columns: &[
            text(
                "customer_id",
                "The customer; null where the row tells an e-mail or a telephone alone.",
            ),
            text("email", "An e-mail address, as the source has it."),
            text("phone", "A telephone number, as the source has it."),
            text(
                "channel",
                "The way of reaching the customer that is closed, in small letters; null: every one.",
            ),
            text(
                "purpose",
                "What for it is closed, in small letters; null: whatever for.",
            ),
            ColumnDef::required(
                "reason",
                ColumnType::Text,
                Unit::None,
                "Why: do_not_contact, complaint, competitor, deceased, staff or other.",
            ),
            ColumnDef::nullable(
                "since",
                ColumnType::Date,
                Unit::None,
                "Since when, where the source tells.",
            ),
            ColumnDef::required(
                "source_index",
                ColumnType::Int32,
                Unit::None,
                "Place of the source in the pipeline.",
            ),
            ColumnDef::required(
                "file_index",
                ColumnType::Int32,
                Unit::None,
                "Place of the file among those of its source.",
            ),
            ColumnDef::required("row", ColumnType::Int64, Unit::None, "Line of the file."),
        ],
        grain: &["customer_id", "source_index", "file_index", "row"],
        personal: true,
    };
}

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Text, Unit::None, description)
}
