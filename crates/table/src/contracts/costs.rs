//! Costs beside those of goods, made clean, and what they are shared by. They are not published: `income_statement`
//! and `customer_features` say what came of them.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

const CAMPAIGN: ColumnDef = ColumnDef::nullable("campaign_id", ColumnType::Text, Unit::None, "The campaign.");

/// Contract of the clean table `costs`.
#[derive(Debug, Clone, Copy)]
pub struct CostEntries;

impl Contract for CostEntries {
    const INFO: ContractInfo = ContractInfo {
        name: "costs",
        description: "One row a cost up to as_of, of whatever source table, in the pipeline's currency.",
        columns: &[
            ColumnDef::required("entry", ColumnType::Int64, Unit::None, "Number of the entry."),
            ColumnDef::required("kind", ColumnType::Text, Unit::None, "What it was spent on; contact for that of an interaction.")
                .one_of(&["cost_to_serve", "acquisition", "campaign", "shipping", "payment", "other", "contact"]),
            ColumnDef::nullable(
                "incurred_on",
                ColumnType::Date,
                Unit::None,
                "Its day; null for a campaign of which no day is known.",
            ),
            ColumnDef::required("amount", ColumnType::AMOUNT, Unit::Money, "The cost."),
            ColumnDef::nullable(
                "party",
                ColumnType::Text,
                Unit::None,
                "Whose it is: customer, guest, or nobody where the order that it names is not there; null where it is shared.",
            )
            .one_of(&["customer", "guest", "nobody"]),
            ColumnDef::nullable("customer_id", ColumnType::Text, Unit::None, "The customer whose it is.").personal(),
            ColumnDef::nullable("channel", ColumnType::Text, Unit::None, "The channel of sales that it belongs to."),
            CAMPAIGN,
        ],
        grain: &["entry"],
        personal: true,
    };
}

/// Contract of `customer_activity`.
#[derive(Debug, Clone, Copy)]
pub struct CustomerActivity;

impl Contract for CustomerActivity {
    const INFO: ContractInfo = ContractInfo {
        name: "customer_activity",
        description: "One row a customer, activity and campaign, up to as_of.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer.").personal(),
            ColumnDef::required("activity", ColumnType::Text, Unit::None, "What is counted.")
                .one_of(&["interaction", "case"]),
            CAMPAIGN,
            ColumnDef::required("activity_count", ColumnType::Int64, Unit::Count, "How often."),
            ColumnDef::required("first_on", ColumnType::Date, Unit::None, "The first day."),
        ],
        grain: &["customer_id", "activity", "campaign_id"],
        personal: true,
    };
}

/// Contract of `customer_channels`.
#[derive(Debug, Clone, Copy)]
pub struct CustomerChannels;

impl Contract for CustomerChannels {
    const INFO: ContractInfo = ContractInfo {
        name: "customer_channels",
        description: "One row a customer and channel of sales; guests are one.",
        columns: &[
            ColumnDef::nullable(
                "customer_id",
                ColumnType::Text,
                Unit::None,
                "The customer; null for guests.",
            )
            .personal(),
            ColumnDef::nullable(
                "channel",
                ColumnType::Text,
                Unit::None,
                "The channel; null where the lines do not say.",
            ),
            ColumnDef::required(
                "order_count",
                ColumnType::Int64,
                Unit::Count,
                "Orders with a counting line in it.",
            ),
            ColumnDef::required("line_count", ColumnType::Int64, Unit::Count, "Lines of every kind."),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Amount of lines in net sales.",
            ),
            ColumnDef::nullable(
                "first_order_date",
                ColumnType::Date,
                Unit::None,
                "Day of the first of the orders.",
            ),
        ],
        grain: &["customer_id", "channel"],
        personal: true,
    };
}
