//! Costs beside those of goods.

use super::{CURRENCY, FILE_INDEX, KEY_SPACE, ROW, SOURCE_INDEX, required_text, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `costs`.
#[derive(Debug, Clone, Copy)]
pub struct SourceCosts;

impl Contract for SourceCosts {
    const INFO: ContractInfo = ContractInfo {
        name: "costs",
        description: "One row a cost entry, by customer, order, channel or campaign, or of the company as a whole.",
        columns: &[
            KEY_SPACE,
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            text("cost_id", "The entry; rows without one are told apart by their place."),
            required_text("kind", "What it was spent on.").one_of(&[
                "cost_to_serve",
                "acquisition",
                "campaign",
                "shipping",
                "payment",
                "other",
            ]),
            ColumnDef::required(
                "incurred_on",
                ColumnType::Date,
                Unit::None,
                "Day on which it was incurred.",
            ),
            ColumnDef::required(
                "amount",
                ColumnType::AMOUNT,
                Unit::OfRow,
                "The cost; negative where it was taken back.",
            ),
            CURRENCY,
            text("customer_key", "The customer whose cost it is.").personal(),
            text("order_id", "The order whose cost it is."),
            text("channel", "The channel whose cost it is."),
            text("campaign_id", "The campaign whose cost it is."),
        ],
        grain: &["source_index", "cost_id", "file_index", "row"],
        personal: true,
    };
}
