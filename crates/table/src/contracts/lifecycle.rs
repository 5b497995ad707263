//! Where each customer stands, and who moved since the last run.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// The stages, in the order of a customer's life.
pub const STAGES: &[&str] = &[
    "prospect",
    "new",
    "developing",
    "loyal",
    "at_risk",
    "lapsed",
    "lost",
    "recovered",
];

/// Contract of `lifecycle`.
#[derive(Debug, Clone, Copy)]
pub struct Lifecycle;

impl Contract for Lifecycle {
    const INFO: ContractInfo = ContractInfo {
        name: "lifecycle",
        description: "One row a customer of customer_features, and a prospect: a customer of the customer files without a line up to as_of.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::required("lifecycle_stage", ColumnType::Text, Unit::None, "The stage.").one_of(STAGES),
            ColumnDef::required(
                "lifecycle_since",
                ColumnType::Date,
                Unit::None,
                "First day of the stage: that of the newest run of an earlier day where it was the same, else the day that the rule tells, else as_of.",
            ),
            ColumnDef::nullable(
                "previous_stage",
                ColumnType::Text,
                Unit::None,
                "Stage in the newest run of an earlier day; null where the customer was not there.",
            )
            .one_of(STAGES),
        ],
        grain: &["customer_id"],
        personal: false,
    };
}

/// Contract of `lifecycle_transitions`.
#[derive(Debug, Clone, Copy)]
pub struct LifecycleTransitions;

impl Contract for LifecycleTransitions {
    const INFO: ContractInfo = ContractInfo {
        name: "lifecycle_transitions",
        description: "One row a stage in the newest run of an earlier day and stage now, of those who stayed too: the customers add up to both runs.",
        columns: &[
            ColumnDef::nullable(
                "from_stage",
                ColumnType::Text,
                Unit::None,
                "Stage in the newest run of an earlier day; null for customers who were not there, all of them where there is no such run.",
            )
            .one_of(STAGES),
            ColumnDef::nullable(
                "to_stage",
                ColumnType::Text,
                Unit::None,
                "Stage now; null for customers who are not there any more.",
            )
            .one_of(STAGES),
            ColumnDef::required("customers", ColumnType::Int64, Unit::Count, "How many customers."),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Their net sales up to as_of; zero for those who are not there any more.",
            ),
        ],
        grain: &["from_stage", "to_stage"],
        personal: false,
    };
}
