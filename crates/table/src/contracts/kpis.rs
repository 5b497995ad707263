//! The base month by month.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `kpis`.
#[derive(Debug, Clone, Copy)]
pub struct Kpis;

impl Contract for Kpis {
    const INFO: ContractInfo = ContractInfo {
        name: "kpis",
        description: "One row a calendar month, from the first with a line of a customer (not more than twenty years back) to that of as_of: who came, came back and went, and what they spent. Guests are no customers and count nowhere in it. To buy is to have a line that counts as an order.",
        columns: &COLUMNS,
        grain: &["month"],
        personal: false,
    };
}

const COLUMNS: [ColumnDef; 25] = [
    ColumnDef::required("month", ColumnType::Text, Unit::None, "The month, as 2025-03."),
    ColumnDef::required(
        "customers_at_start",
        ColumnType::Int64,
        Unit::Count,
        "Customers who had bought before the month and were not lost when it began: customers_at_end of the month before.",
    ),
    ColumnDef::required(
        "new_customers",
        ColumnType::Int64,
        Unit::Count,
        "Customers whose first purchase it was.",
    ),
    ColumnDef::required(
        "regained_customers",
        ColumnType::Int64,
        Unit::Count,
        "Customers who were lost and bought again; who did so twice in the month counts twice.",
    ),
    ColumnDef::required(
        "lost_customers",
        ColumnType::Int64,
        Unit::Count,
        "Customers whose days since the last purchase passed [lifecycle] lost_days in the month, up to as_of; likewise. The chance of being alive, which lifecycle_stage looks at too, has no part in it.",
    ),
    ColumnDef::required(
        "customers_at_end",
        ColumnType::Int64,
        Unit::Count,
        "Customers who had bought and were not lost when the month ended, or at as_of: customers_at_start + new_customers + regained_customers - lost_customers.",
    ),
    ColumnDef::required(
        "active_customers",
        ColumnType::Int64,
        Unit::Count,
        "Customers who bought in the month. Of the month in which the twenty years begin, on its days within them alone; its orders and money are those of the whole month.",
    ),
    ColumnDef::required(
        "returning_customers",
        ColumnType::Int64,
        Unit::Count,
        "Of these, customers who had bought in an earlier month: active_customers - new_customers.",
    ),
    ColumnDef::required(
        "recovered_customers",
        ColumnType::Int64,
        Unit::Count,
        "Of the active, customers who bought more than [lifecycle] lapsed_days after the purchase before.",
    ),
    ColumnDef::nullable(
        "repeat_rate",
        ColumnType::Float64,
        Unit::Share,
        "returning_customers / active_customers. Null where nobody bought.",
    ),
    ColumnDef::nullable(
        "retention_rate",
        ColumnType::Float64,
        Unit::Share,
        "Of the customers who bought in the month before, the share who bought in this one. Null where nobody did.",
    ),
    ColumnDef::nullable(
        "retention_rate_12m",
        ColumnType::Float64,
        Unit::Share,
        "Of the customers who bought in the 12 months before, the share who bought in the 12 months that end with this one. Null where the table does not reach back 24 months, and where nobody bought.",
    ),
    ColumnDef::nullable(
        "churn_rate",
        ColumnType::Float64,
        Unit::None,
        "lost_customers / customers_at_start. Above 1 where more are lost than there were, as it can be with a lost_days of less than a month. Null where there was nobody.",
    ),
    ColumnDef::required(
        "order_count",
        ColumnType::Int64,
        Unit::Count,
        "Orders, each in the month of its first line that counts.",
    ),
    ColumnDef::required(
        "gross_sales",
        ColumnType::SUM,
        Unit::Money,
        "Sales of the lines of these orders, before returns, in the month of the line.",
    ),
    ColumnDef::nullable(
        "average_order_value",
        ColumnType::SUM,
        Unit::Money,
        "gross_sales / order_count, rounded half-even to 4 decimals. Null without an order.",
    ),
    ColumnDef::required(
        "net_sales",
        ColumnType::SUM,
        Unit::Money,
        "Net sales of all customers: sales on the day of their line, returns on the day that they came back.",
    ),
    ColumnDef::nullable(
        "net_sales_per_customer",
        ColumnType::SUM,
        Unit::Money,
        "net_sales / active_customers, rounded half-even to 4 decimals. Null where nobody bought.",
    ),
    ColumnDef::nullable(
        "gross_margin",
        ColumnType::SUM,
        Unit::Money,
        "Gross margin of the lines that have a cost. Null where none of the month has.",
    ),
    ColumnDef::nullable(
        "new_customer_acquisition_cost",
        ColumnType::SUM,
        Unit::Money,
        "acquisition_cost of the customers who came in the month, whenever it was spent. Null where no source states costs.",
    ),
    ColumnDef::nullable(
        "new_customer_clv_horizon",
        ColumnType::SUM,
        Unit::Money,
        "clv_horizon of the customers who came in the month: what they will still bring, as of as_of. Null where it is not known of all of them.",
    ),
    ColumnDef::nullable(
        "new_customer_vin",
        ColumnType::SUM,
        Unit::Money,
        "vin of these customers: what they have brought and will bring, less all costs. Null where it is not known of all of them.",
    ),
    ColumnDef::nullable(
        "new_customer_cost_per_customer",
        ColumnType::SUM,
        Unit::Money,
        "new_customer_acquisition_cost / new_customers, rounded half-even to 4 decimals. Null where that cost is, and where nobody came.",
    ),
    ColumnDef::nullable(
        "clv_to_acquisition_cost",
        ColumnType::Float64,
        Unit::None,
        "(new_customer_vin + new_customer_acquisition_cost) / new_customer_acquisition_cost: what the customers of the month have brought and will bring, after costs to serve, by what it cost to win them. Null where one of both is not known, and where nothing was spent.",
    ),
    ColumnDef::required(
        "is_complete",
        ColumnType::Boolean,
        Unit::None,
        "Whether the month is over at as_of: the last one may be cut short. Whether the files tell all of the first one nobody knows.",
    ),
];
