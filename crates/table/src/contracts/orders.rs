//! One row an order: where distinct counts start.

use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of `orders`.
#[derive(Debug, Clone, Copy)]
pub struct Orders;

impl Contract for Orders {
    const INFO: ContractInfo = ContractInfo {
        name: "orders",
        description: "One row a customer, source and order id. Only those with an order date are orders; the others are returns, fees and the like under an id of their own.",
        columns: &[
            ColumnDef::required("customer_id", ColumnType::Text, Unit::None, "The customer."),
            ColumnDef::required(
                "source_index",
                ColumnType::Int32,
                Unit::None,
                "Place of the order's source in the pipeline.",
            ),
            ColumnDef::required("order_id", ColumnType::Text, Unit::None, "The order."),
            ColumnDef::nullable(
                "order_date",
                ColumnType::Date,
                Unit::None,
                "First business day with a line that counts as an order; null where none does, and where all of it was returned and such orders do not count.",
            ),
            ColumnDef::required(
                "last_line_date",
                ColumnType::Date,
                Unit::None,
                "Last business day with a line of any kind: the day of what is no order.",
            ),
            ColumnDef::required("line_count", ColumnType::Int64, Unit::Count, "Lines of every kind."),
            ColumnDef::required(
                "gross_sales",
                ColumnType::SUM,
                Unit::Money,
                "Amount of lines that count as an order and are in net sales.",
            ),
            ColumnDef::required(
                "returned_amount",
                ColumnType::SUM,
                Unit::Money,
                "Amount of returns and cancellations, negative as on the line.",
            ),
            ColumnDef::required(
                "returned_line_count",
                ColumnType::Int64,
                Unit::Count,
                "Lines that are returns or cancellations.",
            ),
            ColumnDef::required(
                "net_sales",
                ColumnType::SUM,
                Unit::Money,
                "Amount of lines in net sales.",
            ),
            ColumnDef::required(
                "cost_of_goods",
                ColumnType::SUM,
                Unit::Money,
                "Cost of the lines in margin that have one.",
            ),
            ColumnDef::required(
                "costed_sales",
                ColumnType::SUM,
                Unit::Money,
                "Amount of the lines in margin that have a cost.",
            ),
            ColumnDef::required(
                "costed_line_count",
                ColumnType::Int64,
                Unit::Count,
                "Lines in margin that have a cost.",
            ),
            ColumnDef::required(
                "lines_without_cost",
                ColumnType::Int64,
                Unit::Count,
                "Lines in margin whose cost nobody stated.",
            ),
            ColumnDef::required(
                "discount_amount",
                ColumnType::SUM,
                Unit::Money,
                "Sum of the discounts that are stated.",
            ),
            ColumnDef::required(
                "discount_line_count",
                ColumnType::Int64,
                Unit::Count,
                "Lines whose discount is stated.",
            ),
        ],
        grain: &[],
        personal: false,
    };
}
