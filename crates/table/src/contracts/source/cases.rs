//! Incidents and satisfaction answers.

use super::{FILE_INDEX, KEY_SPACE, ROW, SOURCE_INDEX, required_key, required_text, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `cases`.
#[derive(Debug, Clone, Copy)]
pub struct SourceCases;

impl Contract for SourceCases {
    const INFO: ContractInfo = ContractInfo {
        name: "cases",
        description: "One row an incident, complaint, question or survey answer: quality files.",
        columns: &[
            KEY_SPACE,
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            text("case_id", "The case; rows without one are told apart by their place."),
            required_key("The source's key of the customer."),
            ColumnDef::required(
                "opened_at",
                ColumnType::Timestamp,
                Unit::None,
                "When it was opened, or the survey answered.",
            ),
            ColumnDef::nullable(
                "closed_at",
                ColumnType::Timestamp,
                Unit::None,
                "When it was closed; null while it is open.",
            ),
            required_text("kind", "What it is.").one_of(&["incident", "complaint", "question", "survey"]),
            text("severity", "How grave it is.").one_of(&["low", "medium", "high", "critical"]),
            ColumnDef::nullable(
                "score",
                ColumnType::QUANTITY,
                Unit::None,
                "Answer to a survey on the source's own scale, such as 0 to 10.",
            ),
            text("order_id", "The order that it is about."),
            text("product_id", "The product that it is about."),
            ColumnDef::nullable(
                "resolved",
                ColumnType::Boolean,
                Unit::None,
                "Whether it was settled; null where the source does not tell.",
            ),
        ],
        grain: &["source_index", "case_id", "file_index", "row"],
        personal: true,
    };
}
