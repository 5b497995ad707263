//! Who looks after whom, and what that comes to for each owner.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// What became of a customer, and why.
pub const PORTFOLIO_REASONS: &[&str] = &[
    "kept",
    "new",
    "reassigned",
    "moved_owner_gone",
    "moved_territory",
    "moved_segment",
    "moved_over_capacity",
    "moved_balance",
    "no_owner",
    "no_territory_known",
    "no_owner_for_territory",
    "no_owner_for_segment",
    "no_capacity",
    "lifecycle_stage",
    "value_tier",
    "rfm_segment",
];

/// Contract of `portfolios`.
#[derive(Debug, Clone, Copy)]
pub struct Portfolios;

impl Contract for Portfolios {
    const INFO: ContractInfo = ContractInfo {
        name: "portfolios",
        description: "One row a customer of customer_features: who looks after the customer, or why nobody does. Empty without a source of owners.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::nullable(
                "owner_id",
                ColumnType::Text,
                Unit::None,
                "Who looks after the customer from now on; null where nobody does.",
            ),
            ColumnDef::required(
                "status",
                ColumnType::Text,
                Unit::None,
                "assigned: has an owner; unassigned: should have one, and there is none; not_eligible: [portfolios.who] leaves the customer out.",
            )
            .one_of(&["assigned", "unassigned", "not_eligible"]),
            ColumnDef::required(
                "reason",
                ColumnType::Text,
                Unit::None,
                "Why. Assigned: kept (the owner is the one before), new (nobody ever looked after the customer), reassigned (keep = false), or moved because the owner is gone, the territory or the segment is another's, the owner was over capacity, or for balance. Unassigned: no owner is active, none takes the territory or the segment, the territory is not known, or all who could are full. Not eligible: what of the customer is not in the list.",
            )
            .one_of(PORTFOLIO_REASONS),
            ColumnDef::nullable(
                "previous_owner_id",
                ColumnType::Text,
                Unit::None,
                "Who looked after the customer so far: the owner who is kept; else the last one by the newest run of an earlier day, also where the customer had none that day; else by the customer files if it is one of the owners; null where nobody did.",
            ),
            ColumnDef::nullable(
                "value",
                ColumnType::SUM,
                Unit::Money,
                "The declared measure of the customer's value, net sales where it is null for all; null where it is.",
            ),
            ColumnDef::nullable(
                "value_rank",
                ColumnType::Int64,
                Unit::None,
                "Place among the eligible customers by value, 1 = highest, nulls last, equal values by customer_id; null where not eligible.",
            ),
            ColumnDef::nullable(
                "workload",
                ColumnType::SUM,
                Unit::None,
                "Work that the customer makes a month, by [portfolios.workload]; null where not eligible.",
            ),
        ],
        grain: &["customer_id"],
        personal: false,
    };
}

/// Contract of `portfolio_owners`.
#[derive(Debug, Clone, Copy)]
pub struct PortfolioOwners;

impl Contract for PortfolioOwners {
    const INFO: ContractInfo = ContractInfo {
        name: "portfolio_owners",
        description: "One row an owner of the source of owners: capacity, customers, workload and value of the portfolio, and how it changed. Empty without such a source.",
        columns: &[
            ColumnDef::required("owner_id", ColumnType::Text, Unit::None, "The owner."),
            ColumnDef::nullable(
                "kind",
                ColumnType::Text,
                Unit::None,
                "What the owner is, in the source's words.",
            ),
            ColumnDef::nullable(
                "territories",
                ColumnType::Text,
                Unit::None,
                "Where the owner looks after customers, with ; between; null: everywhere.",
            ),
            ColumnDef::required(
                "is_active",
                ColumnType::Boolean,
                Unit::None,
                "Whether the owner looks after customers on as_of.",
            ),
            ColumnDef::nullable(
                "capacity_customers",
                ColumnType::Int64,
                Unit::Count,
                "How many customers the owner can look after; null: any number.",
            ),
            ColumnDef::nullable(
                "capacity_workload",
                ColumnType::SUM,
                Unit::None,
                "How much work a month the owner can do; null: any amount.",
            ),
            ColumnDef::required(
                "customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers of the portfolio.",
            ),
            ColumnDef::required(
                "workload",
                ColumnType::SUM,
                Unit::None,
                "Work a month that they make together.",
            ),
            ColumnDef::nullable(
                "load_share",
                ColumnType::Float64,
                Unit::Share,
                "The greater of customers / capacity_customers and workload / capacity_workload; null where neither is known or above zero.",
            ),
            ColumnDef::required(
                "value",
                ColumnType::SUM,
                Unit::Money,
                "Sum of the customers' values, nulls left out.",
            ),
            ColumnDef::nullable(
                "value_share",
                ColumnType::Float64,
                Unit::None,
                "value / that of all portfolios; null where the latter is not above zero.",
            ),
            ColumnDef::required(
                "kept_customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers who are kept: the owner is the one before.",
            ),
            ColumnDef::required(
                "gained_customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers who had another owner before, or none.",
            ),
            ColumnDef::required(
                "lost_customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers of customer_features whom the owner had before and has no more; who left in an earlier run is not counted again.",
            ),
        ],
        grain: &["owner_id"],
        personal: false,
    };
}
