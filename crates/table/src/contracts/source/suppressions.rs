//! Who must not be contacted.

use super::{FILE_INDEX, KEY_SPACE, ROW, SOURCE_INDEX, date, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Filling, Unit};

/// Contract of the source table `suppressions`.
#[derive(Debug, Clone, Copy)]
pub struct SourceSuppressions;

/// The reason of a row that tells none.
pub(super) const DEFAULT_REASON: &str = "do_not_contact";

impl Contract for SourceSuppressions {
    const INFO: ContractInfo = ContractInfo {
        name: "suppressions",
        description: "One row somebody who must not be contacted, whatever the day: by customer key, by e-mail or by telephone.",
        columns: &[
            KEY_SPACE,
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            text(
                "customer_key",
                "The source's key of the customer; null where the row tells an e-mail or a telephone alone.",
            )
            .personal(),
            text(
                "email",
                "E-mail address that must not be contacted, whoever has it; capitals do not matter.",
            )
            .personal(),
            text(
                "phone",
                "Telephone number that must not be contacted, whoever has it; best with its country code.",
            )
            .personal(),
            text(
                "channel",
                "The way of reaching the customer that is closed, such as email, sms, phone or post; null: every one.",
            ),
            text(
                "purpose",
                "What for it is closed, such as marketing; null: whatever for.",
            ),
            ColumnDef::required(
                "reason",
                ColumnType::Text,
                Unit::None,
                "Why; where it is not mapped or empty, do_not_contact.",
            )
            .one_of(&[DEFAULT_REASON, "complaint", "competitor", "deceased", "staff", "other"])
            .filled(Filling::MappedOrDerived),
            date(
                "since",
                "Since when; it does not matter for who is contacted: a suppression counts whatever its date.",
            ),
        ],
        grain: &[
            "key_space",
            "customer_key",
            "email",
            "phone",
            "channel",
            "purpose",
            "reason",
            "since",
        ],
        personal: true,
    };
}
