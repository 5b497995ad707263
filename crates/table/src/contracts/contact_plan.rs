//! The next best contact with every customer, or why there is none.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Why a contact is planned or not.
pub const CONTACT_PLAN_REASONS: &[&str] = &[
    "planned",
    "in_control",
    "nothing_to_do",
    "no_consent",
    "consent_withdrawn",
    "consent_unreadable",
    "suppressed",
    "under_age",
    "no_contact_detail",
    "open_case",
    "quiet_period",
    "frequency_cap",
    "too_soon",
];

/// Contract of `contact_plan`.
#[derive(Debug, Clone, Copy)]
pub struct ContactPlan;

impl Contract for ContactPlan {
    const INFO: ContractInfo = ContractInfo {
        name: "contact_plan",
        description: "One row a customer of customer_features: the next best contact within [contact_plan] horizon_days after as_of, or why there is none. Nobody has more than one, and none that consent, suppressions, caps or a quiet period do not allow on its day.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            text(
                "action",
                "The list that the customer is contacted by, or the action of [contact_plan.actions]; null where nothing is planned.",
            ),
            text(
                "source",
                "list: a list of the pipeline; signal: an action that asks for signals; lifecycle: any other action; null where nothing is planned.",
            )
            .one_of(&["list", "signal", "lifecycle"]),
            text("channel", "Through what; null likewise."),
            text("purpose", "The purpose whose consent allows it; null likewise."),
            ColumnDef::nullable(
                "earliest_on",
                ColumnType::Date,
                Unit::None,
                "The first day on which it may take place: after as_of, any quiet period and the action's every_days, when the caps allow it. Null likewise.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::SUM,
                Unit::Money,
                "What contacts are ranked by, where not all can be made: [contact_plan] value; null where it is.",
            ),
            ColumnDef::nullable(
                "recent_contact_count",
                ColumnType::Int64,
                Unit::Count,
                "Outbound contacts through any channel, and days of being held out of a list, in the longest window of [contact_rules] caps that ends with as_of, 0 without caps; null without a source of interactions.",
            ),
            ColumnDef::nullable(
                "open_contact_count",
                ColumnType::Int64,
                Unit::Count,
                "Further contacts that the caps on all channels together allow within the horizon, beside the planned one and those of tonight's lists; null where there is no such cap.",
            ),
            ColumnDef::nullable(
                "last_contact_on",
                ColumnType::Date,
                Unit::None,
                "Day of the last outbound contact up to as_of; null without one.",
            ),
            ColumnDef::required(
                "reason",
                ColumnType::Text,
                Unit::None,
                "planned; in_control: held out of one of tonight's lists or of all lists, so that nothing else may blur what the list brings; nothing_to_do: no action asks for the customer; too_soon: the action's every_days reach beyond the horizon; else the rule of target_decisions that stands in the way: of several actions and channels that of the one that came furthest.",
            )
            .one_of(CONTACT_PLAN_REASONS),
            ColumnDef::nullable(
                "is_neglected",
                ColumnType::Boolean,
                Unit::None,
                "Whether the customer is in one of the tiers_of_value and has had no outbound contact for neglected_after_days up to as_of, tonight's lists not counted; null without a source of interactions.",
            ),
        ],
        grain: &["customer_id"],
        personal: true,
    };
}

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Text, Unit::None, description)
}
