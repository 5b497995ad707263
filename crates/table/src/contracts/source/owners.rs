//! Who looks after customers.

use super::{FILE_INDEX, ROW, SOURCE_INDEX, date, required_text, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `owners`.
#[derive(Debug, Clone, Copy)]
pub struct SourceOwners;

impl Contract for SourceOwners {
    const INFO: ContractInfo = ContractInfo {
        name: "owners",
        description: "One row an owner of a portfolio of customers: an account manager, a store, a team of a call centre.",
        columns: &[
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            required_text("owner_id", "The owner, as customers have it."),
            text("name", "Name of the person, store or team.").personal(),
            text(
                "kind",
                "What the owner is, such as account_manager, store or call_centre.",
            ),
            text(
                "territories",
                "Where the owner looks after customers: values of the territory column of [portfolios], several of them with ; between; null: everywhere.",
            ),
            text(
                "value_tiers",
                "Value tiers of the customers that the owner takes, several of them with ; between; null: all.",
            ),
            text(
                "rfm_segments",
                "RFM segments of the customers that the owner takes, several of them with ; between; null: all.",
            ),
            ColumnDef::nullable(
                "capacity_customers",
                ColumnType::Int64,
                Unit::Count,
                "How many customers the owner can look after, not below 0; null: any number.",
            ),
            ColumnDef::nullable(
                "capacity_workload",
                ColumnType::AMOUNT,
                Unit::None,
                "How much work a month the owner can do, in the unit of [portfolios.workload], not below 0; null: any amount.",
            ),
            date("active_from", "First day on which the owner looks after customers."),
            date("active_until", "Last such day."),
        ],
        grain: &["owner_id"],
        personal: true,
    };
}
