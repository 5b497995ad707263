//! What the orders come to.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 17] = [
    ColumnDef::required(
        "customer_id",
        ColumnType::Text,
        Unit::None,
        "The customer: the source key, prefixed by its key space when there are several.",
    ),
    ColumnDef::required(
        "line_count",
        ColumnType::Int64,
        Unit::Count,
        "Lines of every kind up to as_of.",
    ),
    ColumnDef::required(
        "order_count",
        ColumnType::Int64,
        Unit::Count,
        "Distinct orders: order ids of a source with at least one line that counts as an order; without those that were returned in full where the pipeline says so.",
    ),
    ColumnDef::required(
        "order_day_count",
        ColumnType::Int64,
        Unit::Count,
        "Distinct business days of orders; an order's day is that of its first counting line.",
    ),
    ColumnDef::nullable(
        "first_order_date",
        ColumnType::Date,
        Unit::None,
        "Business day of the first order that counts; null without one.",
    ),
    ColumnDef::nullable(
        "last_order_date",
        ColumnType::Date,
        Unit::None,
        "Business day of the last order that counts; null without one.",
    ),
    ColumnDef::nullable(
        "days_since_last_order",
        ColumnType::Int32,
        Unit::Days,
        "Days from the last order to as_of, 0 on the day itself; null without an order.",
    ),
    ColumnDef::required(
        "gross_sales",
        ColumnType::SUM,
        Unit::Money,
        "Amount of the lines that count as orders and are in net sales, before returns.",
    ),
    ColumnDef::required(
        "returned_amount",
        ColumnType::SUM,
        Unit::Money,
        "Amount of returns and cancellations, as a positive number.",
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
        "Amount of all lines whose kind is in net sales: gross sales less what came back.",
    ),
    ColumnDef::nullable(
        "average_order_value",
        ColumnType::SUM,
        Unit::Money,
        "Gross sales of the orders that count / order_count, rounded half-even to 4 decimals; null without an order.",
    ),
    ColumnDef::nullable(
        "cost_of_goods",
        ColumnType::SUM,
        Unit::Money,
        "Cost of the lines in margin, less that of what came back; lines whose cost is not known are left out (see lines_without_cost). Null where none is known.",
    ),
    ColumnDef::nullable(
        "gross_margin",
        ColumnType::SUM,
        Unit::Money,
        "Amount of the lines in margin that have a cost, less cost_of_goods: equal to net_sales - cost_of_goods where all have one. Null where none has.",
    ),
    ColumnDef::nullable(
        "gross_margin_rate",
        ColumnType::Float64,
        Unit::None,
        "gross_margin / amount of the same lines; below 0 where they cost more than they brought. Null where that amount is not above zero.",
    ),
    ColumnDef::required(
        "lines_without_cost",
        ColumnType::Int64,
        Unit::Count,
        "Lines in margin whose cost neither a file nor the catalogue states: not in the margin, or with the cost that default_margin_rate gives them.",
    ),
    ColumnDef::nullable(
        "discount_amount",
        ColumnType::SUM,
        Unit::Money,
        "Sum of the discounts on the customer's lines; null where none is stated.",
    ),
];
