//! Contacts with customers.

use super::{CURRENCY, FILE_INDEX, KEY_SPACE, ROW, SOURCE_INDEX, required_key, required_text, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `interactions`.
#[derive(Debug, Clone, Copy)]
pub struct SourceInteractions;

impl Contract for SourceInteractions {
    const INFO: ContractInfo = ContractInfo {
        name: "interactions",
        description: "One row a contact with a customer, in either direction: marketing and call-centre files.",
        columns: &[
            KEY_SPACE,
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            text(
                "interaction_id",
                "The contact; rows without one are told apart by their place.",
            ),
            required_key("The source's key of the customer."),
            ColumnDef::nullable(
                "occurred_at",
                ColumnType::Timestamp,
                Unit::None,
                "When it took place; null where the source does not tell: then campaign_id is filled, and the campaign's days are all that is known.",
            ),
            text("channel", "Through what, such as email, phone or shop."),
            text(
                "direction",
                "From the company (outbound) or from the customer (inbound).",
            )
            .one_of(&["inbound", "outbound"]),
            required_text("kind", "What it was.").one_of(&["contact", "response", "redemption", "visit", "call"]),
            text("campaign_id", "The campaign that it belongs to."),
            text("product_id", "The product that it was about."),
            text("outcome", "What came of it, in the source's words."),
            ColumnDef::nullable("cost", ColumnType::AMOUNT, Unit::OfRow, "What it cost the company."),
            CURRENCY,
        ],
        grain: &["source_index", "interaction_id", "file_index", "row"],
        personal: true,
    };
}
