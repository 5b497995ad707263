//! Customers by the month in which they came.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `cohorts`.
#[derive(Debug, Clone, Copy)]
pub struct Cohorts;

impl Contract for Cohorts {
    const INFO: ContractInfo = ContractInfo {
        name: "cohorts",
        description: "One row a month of first purchase and month since, up to the month of as_of: what the customers who came in that month did later. Over all rows orders, sales and margin add up to those of customer_features. Guests are no customers.",
        columns: &[
            ColumnDef::nullable(
                "cohort_month",
                ColumnType::Text,
                Unit::None,
                "Month of the customers' first purchase, as 2025-03: of the first line that counts as an order, whatever day the customer files say that they joined; purchases of more than twenty years before as_of are not looked at. Null in the one row of customers who never bought.",
            ),
            ColumnDef::nullable(
                "months_since",
                ColumnType::Int32,
                Unit::None,
                "Calendar months from cohort_month to the month of the row: 0 is the month itself. Below 0, and only where there is any, what was booked before the first purchase, such as returns of goods whose sale no file holds. Null in the row of customers who never bought, which holds all of their months.",
            ),
            ColumnDef::required(
                "cohort_customers",
                ColumnType::Int64,
                Unit::Count,
                "Customers of the cohort, the same in all of its rows.",
            ),
            ColumnDef::required(
                "active_customers",
                ColumnType::Int64,
                Unit::Count,
                "Of these, customers who bought in the month of the row.",
            ),
            ColumnDef::nullable(
                "active_share",
                ColumnType::Float64,
                Unit::Share,
                "active_customers / cohort_customers. Null before the first purchase and of customers who never bought.",
            ),
            ColumnDef::required(
                "order_count",
                ColumnType::Int64,
                Unit::Count,
                "Orders of the month, each in the month of its first line that counts.",
            ),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Net sales of the month: sales on the day of their line, returns on the day that they came back.",
            ),
            ColumnDef::nullable(
                "gross_margin",
                ColumnType::SUM,
                Unit::Money,
                "Gross margin of the month, of the lines that have a cost. Null where none of the month has.",
            ),
            ColumnDef::required(
                "cumulative_net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Net sales of the cohort up to the end of the month, what was booked before the first purchase with it.",
            ),
            ColumnDef::nullable(
                "cumulative_gross_margin",
                ColumnType::SUM,
                Unit::Money,
                "Gross margin up to the end of the month. Null where no line up to then has a cost.",
            ),
            ColumnDef::required(
                "cumulative_net_sales_per_customer",
                ColumnType::SUM,
                Unit::Money,
                "cumulative_net_sales / cohort_customers, rounded half-even to 4 decimals.",
            ),
            ColumnDef::nullable(
                "cumulative_gross_margin_per_customer",
                ColumnType::SUM,
                Unit::Money,
                "cumulative_gross_margin / cohort_customers, rounded half-even: the lifetime value that a customer of the cohort has brought so far, before costs to serve. Null where that margin is.",
            ),
            ColumnDef::nullable(
                "is_complete",
                ColumnType::Boolean,
                Unit::None,
                "Whether the month of the row is over at as_of: the last one may be cut short. Null of customers who never bought.",
            ),
        ],
        grain: &["cohort_month", "months_since"],
        personal: false,
    };
}
