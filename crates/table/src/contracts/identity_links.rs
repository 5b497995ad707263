//! Which source keys are the same customer.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `identity_links`.
#[derive(Debug, Clone, Copy)]
pub struct IdentityLinks;

impl Contract for IdentityLinks {
    const INFO: ContractInfo = ContractInfo {
        name: "identity_links",
        description: "One row a source key: the customer that it belongs to, by which rule.",
        columns: &[
            ColumnDef::required(
                "key_space",
                ColumnType::Text,
                Unit::None,
                "The space that the key is unique in.",
            ),
            ColumnDef::required(
                "source_key",
                ColumnType::Text,
                Unit::None,
                "The key as the source has it.",
            ),
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::required(
                "rule",
                ColumnType::Text,
                Unit::None,
                "The rule that linked them: same_key where each key is its own customer.",
            ),
            ColumnDef::required(
                "score",
                ColumnType::Float64,
                Unit::Share,
                "The rule's confidence; 1 for same_key.",
            ),
        ],
        grain: &["key_space", "source_key"],
        personal: false,
    };
}
