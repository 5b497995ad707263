//! What the customer will be worth.

use crate::contract::{ColumnDef, ColumnType, Unit};

pub(super) const COLUMNS: [ColumnDef; 15] = [
    ColumnDef::nullable(
        "p_alive",
        ColumnType::Float64,
        Unit::Share,
        "Probability that the customer still buys, by the model that clv_model marks as chosen. By bg_nbd it is 1 for whoever bought on one day only, however long ago: in that model customers stop after a repeat. Null where clv_status says why.",
    ),
    ColumnDef::nullable(
        "expected_orders_12m",
        ColumnType::Float64,
        Unit::Count,
        "Expected purchase days in the 12 months after as_of.",
    ),
    ColumnDef::nullable(
        "expected_orders_horizon",
        ColumnType::Float64,
        Unit::Count,
        "Expected purchase days in the months of the horizon (36 by default) after as_of.",
    ),
    ColumnDef::nullable(
        "orders_horizon_low",
        ColumnType::Int32,
        Unit::Count,
        "Lower end of the interval (80 % by default) that the purchase days of the horizon lie in, with the model's parameters taken for true. The mean need not lie inside: of customers who are hardly alive most bring nothing, and the few who live bring much.",
    ),
    ColumnDef::nullable(
        "orders_horizon_high",
        ColumnType::Int32,
        Unit::Count,
        "Upper end of that interval.",
    ),
    ColumnDef::nullable(
        "expected_order_value",
        ColumnType::SUM,
        Unit::Money,
        "Expected sales, before returns, of a purchase day of the customer, by the Gamma-Gamma model of spend: the customer's own mean of repeat purchases, drawn towards that of all. Customers without a repeat have the mean of all.",
    ),
    ColumnDef::nullable(
        "expected_sales_12m",
        ColumnType::SUM,
        Unit::Money,
        "expected_orders_12m x expected_order_value: sales before returns, not discounted.",
    ),
    ColumnDef::nullable(
        "expected_margin_rate",
        ColumnType::Float64,
        Unit::None,
        "Margin expected of one unit of sales before returns: net by gross sales x margin by sales with a cost (or the declared margin_rate), each the customer's own, drawn towards that of all by as much as five average orders weigh. Null where no cost and no margin rate is known.",
    ),
    ColumnDef::nullable(
        "clv_12m",
        ColumnType::SUM,
        Unit::Money,
        "Customer lifetime value of the next 12 months: sum over the months of expected purchase days x expected_order_value x expected_margin_rate / (1 + discount_rate)^(month / 12), a month being 365.25 / 12 days and discounted from its end.",
    ),
    ColumnDef::nullable(
        "clv_horizon",
        ColumnType::SUM,
        Unit::Money,
        "The same over all months of the horizon.",
    ),
    ColumnDef::nullable(
        "clv_horizon_low",
        ColumnType::SUM,
        Unit::Money,
        "Lower end of the interval (80 % by default) that the lifetime value over the horizon lies in, by the number of purchases and what is spent on them. The mean need not lie inside, as with orders_horizon_low.",
    ),
    ColumnDef::nullable(
        "clv_horizon_high",
        ColumnType::SUM,
        Unit::Money,
        "Upper end of that interval.",
    ),
    ColumnDef::required(
        "horizon_months",
        ColumnType::Int32,
        Unit::None,
        "Months of the horizon, as the pipeline sets it.",
    ),
    ColumnDef::required(
        "clv_margin_source",
        ColumnType::Text,
        Unit::None,
        "Where the margin comes from: costs (of goods, from the files), declared_rate (margin_rate of the pipeline, for only sales are known), none.",
    )
    .one_of(&["costs", "declared_rate", "none"]),
    ColumnDef::required(
        "clv_status",
        ColumnType::Text,
        Unit::None,
        "Why there is no lifetime value, or ok: no_orders (the customer never bought, or not in twenty years), too_little_history (of the whole base), no_model (the pipeline asks for none, or none could be fitted), no_spend_model (no mean of spend can be told), no_margin (neither costs nor a margin rate: orders and sales are predicted, value is not).",
    )
    .one_of(&["ok", "no_orders", "too_little_history", "no_model", "no_spend_model", "no_margin"]),
];
