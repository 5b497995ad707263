//! The clean tables of interactions, cases and consents: the source tables up to the day of the run, under the ids
//! that the other tables call the customers by.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the clean table `interactions`.
#[derive(Debug, Clone, Copy)]
pub struct Interactions;

impl Contract for Interactions {
    const INFO: ContractInfo = ContractInfo {
        name: "interactions",
        description: "One row a contact with a customer up to as_of.",
        columns: &[
            CUSTOMER_ID,
            ColumnDef::required(
                "occurred_on",
                ColumnType::Date,
                Unit::None,
                "Its day; without a time, the first day of its campaign where it was outbound, else the last one.",
            ),
            ColumnDef::nullable(
                "occurred_hour",
                ColumnType::Int32,
                Unit::None,
                "Its hour of the day, 0 to 23; null without a time, and where all times of its source are midnight.",
            ),
            text("channel", "Through what."),
            text("direction", "inbound or outbound."),
            ColumnDef::required("kind", ColumnType::Text, Unit::None, "What it was."),
            text("campaign_id", "The campaign that it belongs to."),
            text("outcome", "What came of it."),
            ColumnDef::nullable("cost", ColumnType::AMOUNT, Unit::OfRow, "What it cost the company."),
            ColumnDef::required("currency", ColumnType::Text, Unit::None, "The currency of the cost."),
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
        ],
        grain: &["customer_id", "occurred_on", "source_index", "file_index", "row"],
        personal: true,
    };
}

/// Contract of the clean table `cases`.
#[derive(Debug, Clone, Copy)]
pub struct Cases;

impl Contract for Cases {
    const INFO: ContractInfo = ContractInfo {
        name: "cases",
        description: "One row an incident, complaint, question or survey answer up to as_of.",
        columns: &[
            CUSTOMER_ID,
            ColumnDef::required("opened_at", ColumnType::Timestamp, Unit::None, "When it was opened."),
            ColumnDef::required("opened_on", ColumnType::Date, Unit::None, "The same as a day."),
            ColumnDef::required("kind", ColumnType::Text, Unit::None, "What it is."),
            text("case_id", "The case in its source; null where the source tells none."),
            text("severity", "How grave it is."),
            ColumnDef::nullable("score", ColumnType::QUANTITY, Unit::None, "Answer to a survey."),
            ColumnDef::nullable(
                "closed_on",
                ColumnType::Date,
                Unit::None,
                "The day on which it was closed; null where it was open at the end of as_of, or nobody tells.",
            ),
            ColumnDef::nullable(
                "is_open",
                ColumnType::Boolean,
                Unit::None,
                "Whether it was open at the end of as_of; null where its source tells neither closing nor resolution.",
            ),
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
        ],
        grain: &["customer_id", "opened_at", "source_index", "file_index", "row"],
        personal: true,
    };
}

/// Contract of the clean table `consents`.
#[derive(Debug, Clone, Copy)]
pub struct Consents;

impl Contract for Consents {
    const INFO: ContractInfo = ContractInfo {
        name: "consents",
        description: "One row a grant up to as_of, or a withdrawal whatever its date.",
        columns: &[
            CUSTOMER_ID,
            ColumnDef::required(
                "channel",
                ColumnType::Text,
                Unit::None,
                "The way of reaching the customer, in small letters.",
            ),
            ColumnDef::required("purpose", ColumnType::Text, Unit::None, "What for, in small letters."),
            ColumnDef::required("status", ColumnType::Text, Unit::None, "granted or withdrawn."),
            ColumnDef::required("since", ColumnType::Timestamp, Unit::None, "From when it holds."),
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
        ],
        grain: &[
            "customer_id",
            "channel",
            "purpose",
            "since",
            "source_index",
            "file_index",
            "row",
        ],
        personal: true,
    };
}

const CUSTOMER_ID: ColumnDef = ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer.");

const SOURCE_INDEX: ColumnDef = ColumnDef::required(
    "source_index",
    ColumnType::Int32,
    Unit::None,
    "Place of the source in the pipeline.",
);

const FILE_INDEX: ColumnDef = ColumnDef::required(
    "file_index",
    ColumnType::Int32,
    Unit::None,
    "Place of the file among those of its source.",
);

const ROW: ColumnDef = ColumnDef::required("row", ColumnType::Int64, Unit::None, "Line of the file.");

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Text, Unit::None, description)
}
