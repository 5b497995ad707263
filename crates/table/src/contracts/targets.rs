//! Target lists: who is in them, who is held out, who is kept out by which rule, and what changed.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// What became of a candidate.
pub const TARGET_DECISIONS: &[&str] = &["contact", "control", "global_control", "excluded"];

/// Why, in the order in which the rules are looked at: the first that holds is told.
pub const TARGET_REASONS: &[&str] = &[
    "selected",
    "no_consent",
    "consent_withdrawn",
    "consent_unreadable",
    "suppressed",
    "under_age",
    "no_contact_detail",
    "open_case",
    "quiet_period",
    "frequency_cap",
    "in_other_list",
    "household",
    "does_not_pay",
    "over_budget",
    "over_limit",
];

/// Contract of `target_lists`.
#[derive(Debug, Clone, Copy)]
pub struct TargetLists;

impl Contract for TargetLists {
    const INFO: ContractInfo = ContractInfo {
        name: "target_lists",
        description: "One row a list of the pipeline: what it asks for and what came of it. Empty where none is declared.",
        columns: &[
            LIST,
            ColumnDef::required("priority", ColumnType::Int64, Unit::None, "Place in the waterfall: lower goes first."),
            text("channel", "Through what its customers are reached."),
            text("purpose", "What consent it needs."),
            text("condition", "The SQL condition that its candidates meet; values that personal columns are compared with are '...'."),
            ColumnDef::nullable("campaign_id", ColumnType::Text, Unit::None, "The campaign that answers to it belong to."),
            ColumnDef::required("status", ColumnType::Text, Unit::None, "written; or stopped: a defective row of consents or suppressions names no readable customer, so that nobody of its channel is contacted.")
                .one_of(&["written", "stopped"]),
            count("candidate_count", "Customers who meet the condition."),
            count("contact_count", "Of these, those to be contacted."),
            count("control_count", "Of these, those held out as the list's control group."),
            count("global_control_count", "Of these, those held out of all lists."),
            count("excluded_count", "Of these, those whom a rule keeps out."),
            count("added_count", "Customers to be contacted who were not before."),
            count("kept_count", "Customers to be contacted who were before."),
            count("removed_count", "Customers who were to be contacted before and are not now."),
            share("control_share", "Share drawn as control."),
            ColumnDef::nullable("cost_per_contact", ColumnType::AMOUNT, Unit::Money, "Declared cost of a contact; null without one."),
            ColumnDef::nullable("cost", ColumnType::SUM, Unit::Money, "contact_count x cost_per_contact."),
            ColumnDef::nullable("expected_value", ColumnType::Float64, Unit::Money, "Sum of the contacted customers' expected value of a contact; null where the list declares none."),
            ColumnDef::nullable("detectable_effect", ColumnType::Float64, Unit::Share, "Smallest difference between the rates of contacted and control that these sizes show with 80 % power at 5 % (two-sided), at the rate base_rate; null without control, and where the list is too small to show any."),
            ColumnDef::required("base_rate", ColumnType::Float64, Unit::Share, "Response rate of the control group that detectable_effect assumes."),
        ],
        grain: &["list"],
        personal: false,
    };
}

/// Contract of `target_decisions`.
#[derive(Debug, Clone, Copy)]
pub struct TargetDecisions;

impl Contract for TargetDecisions {
    const INFO: ContractInfo = ContractInfo {
        name: "target_decisions",
        description: "One row a list and customer who meets its condition: whether the customer is contacted, held out, or kept out by which rule.",
        columns: &[
            LIST,
            CUSTOMER_ID,
            ColumnDef::required("decision", ColumnType::Text, Unit::None, "contact; control: would be contacted, held out of this list; global_control: would be contacted, held out of all lists; excluded: a rule keeps the customer out.")
                .one_of(TARGET_DECISIONS),
            ColumnDef::required("reason", ColumnType::Text, Unit::None, "selected, or the first rule that keeps the customer out.")
                .one_of(TARGET_REASONS),
            ColumnDef::nullable("detail", ColumnType::Text, Unit::None, "What the rule saw, such as the other list or the day of the withdrawal."),
            ColumnDef::nullable("rank", ColumnType::Int64, Unit::None, "Place by the list's order among those whom no rule keeps out, 1 = first; null for the others."),
            ColumnDef::nullable("expected_value", ColumnType::Float64, Unit::Money, "Expected value of a contact with the customer; null where the list declares none or it is not known."),
            ColumnDef::nullable("listed_since", ColumnType::Date, Unit::None, "First day of the unbroken row of runs in which the customer had this decision; null where excluded."),
        ],
        grain: &["list", "customer_id"],
        personal: true,
    };
}

/// Contract of `target_reasons`.
#[derive(Debug, Clone, Copy)]
pub struct TargetReasons;

impl Contract for TargetReasons {
    const INFO: ContractInfo = ContractInfo {
        name: "target_reasons",
        description: "One row a list, decision and reason: how many candidates; the counts of a list add up to its candidates.",
        columns: &[
            LIST,
            ColumnDef::required("decision", ColumnType::Text, Unit::None, "As in target_decisions.")
                .one_of(TARGET_DECISIONS),
            ColumnDef::required("reason", ColumnType::Text, Unit::None, "As in target_decisions.")
                .one_of(TARGET_REASONS),
            count("customer_count", "Candidates with it."),
        ],
        grain: &["list", "decision", "reason"],
        personal: false,
    };
}

/// Contract of `target_changes`.
#[derive(Debug, Clone, Copy)]
pub struct TargetChanges;

impl Contract for TargetChanges {
    const INFO: ContractInfo = ContractInfo {
        name: "target_changes",
        description: "One row a list and customer to be contacted now or by the run before: who came, stayed and went. A list that is no longer declared has all its customers removed.",
        columns: &[
            LIST,
            CUSTOMER_ID,
            ColumnDef::required(
                "change",
                ColumnType::Text,
                Unit::None,
                "added, kept or removed, against the newest run of an earlier day.",
            )
            .one_of(&["added", "kept", "removed"]),
            ColumnDef::nullable(
                "reason",
                ColumnType::Text,
                Unit::None,
                "Why the customer was removed: a reason of target_decisions, control, global_control, condition (no longer met), not_a_customer or no_list; null where added or kept.",
            ),
        ],
        grain: &["list", "customer_id"],
        personal: true,
    };
}

/// Contract of `target_holdouts`.
#[derive(Debug, Clone, Copy)]
pub struct TargetHoldouts;

impl Contract for TargetHoldouts {
    const INFO: ContractInfo = ContractInfo {
        name: "target_holdouts",
        description: "One row a list, customer and day on which the customer was held out, control and global control, as far back as the longest cap of contact_rules: caps count it like a contact of that day, so that those held out come back no sooner than those contacted.",
        columns: &[
            LIST,
            CUSTOMER_ID,
            text("channel", "Through what the customer would have been contacted."),
            ColumnDef::required(
                "held_out_on",
                ColumnType::Date,
                Unit::None,
                "Day of the run that held the customer out.",
            ),
        ],
        grain: &["list", "customer_id", "held_out_on"],
        personal: true,
    };
}

const LIST: ColumnDef = ColumnDef::required("list", ColumnType::Text, Unit::None, "Name of the list.");

const CUSTOMER_ID: ColumnDef = ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer.");

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Text, Unit::None, description)
}

const fn count(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Int64, Unit::Count, description)
}

const fn share(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Float64, Unit::Share, description)
}
