//! What customers allowed, and when they took it back.

use super::{FILE_INDEX, KEY_SPACE, ROW, SOURCE_INDEX, required_key, required_text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `consents`.
#[derive(Debug, Clone, Copy)]
pub struct SourceConsents;

impl Contract for SourceConsents {
    const INFO: ContractInfo = ContractInfo {
        name: "consents",
        description: "One row a customer, channel, purpose and moment: what was granted or withdrawn then. Every row stays: who decides needs the whole history.",
        columns: &[
            KEY_SPACE,
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            required_key("The source's key of the customer."),
            required_text(
                "channel",
                "The way of reaching the customer, such as email, sms, phone or post.",
            ),
            required_text("purpose", "What for, such as marketing or profiling."),
            required_text("status", "What the customer decided.").one_of(&["granted", "withdrawn"]),
            ColumnDef::required("since", ColumnType::Timestamp, Unit::None, "From when it holds."),
        ],
        grain: &["key_space", "customer_key", "channel", "purpose", "since", "status"],
        personal: true,
    };
}
