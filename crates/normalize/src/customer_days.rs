//! What customers did on which days: what rhythm, lifetime value and cohorts are made of.

use std::collections::BTreeSet;

use cartera_table::{Aggregate, Aggregation, ColumnType, frame};
use polars::prelude::{Column, DataFrame, IntoColumn, IntoSeries};

use crate::error::NormalizeError;
use crate::returns::{OrderKey, is_of_orders};

/// The pass over parts of orders and over orders. It keeps to the days of lines, so that what was known on an earlier
/// day is what stands up to that day; an order counts on the day of its first line that does.
pub const CUSTOMER_DAYS: Aggregation = Aggregation {
    keys: KEYS,
    aggregates: &[
        Aggregate::sum("purchase_line_count", "line_count").filtered("is_purchase"),
        Aggregate::count("order_count").filtered("is_order"),
        Aggregate::sum("sales", "amount").filtered("is_purchased"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
    ],
};

/// The same where goods can have a cost: of what there is none, nothing is kept.
pub const COSTED_CUSTOMER_DAYS: Aggregation = Aggregation {
    keys: KEYS,
    aggregates: &[
        Aggregate::sum("purchase_line_count", "line_count").filtered("is_purchase"),
        Aggregate::count("order_count").filtered("is_order"),
        Aggregate::sum("sales", "amount").filtered("is_purchased"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
        Aggregate::sum("cost_of_goods", "cost").filtered("in_margin"),
        Aggregate::sum("costed_sales", "costed_amount").filtered("in_margin"),
        Aggregate::sum("costed_line_count", "costed_line_count").filtered("in_margin"),
    ],
};

const KEYS: &[&str] = &["customer_id", "order_date"];

/// The flags that the pass filters by.
const FLAGS: [&str; 5] = ["is_purchase", "is_purchased", "in_net_sales", "in_margin", "is_order"];

/// One row a customer and day with a line: lines that count as orders, with their sales before returns; orders; and
/// the sales and costs of all lines. Orders of which nothing was kept are no orders where these are dropped, and their
/// lines stay.
pub(crate) fn customer_days(
    customers: &[DataFrame],
    orders: &DataFrame,
    fully_returned: &BTreeSet<OrderKey>,
    has_costs: bool,
) -> Result<DataFrame, NormalizeError> {
    let pass = if has_costs { COSTED_CUSTOMER_DAYS } else { CUSTOMER_DAYS };
    let mut frames = Vec::with_capacity(customers.len() + 1);
    for frame in customers.iter().filter(|frame| frame.height() > 0) {
        frames.push(flagged(frame.clone(), fully_returned)?);
    }
    if frames.is_empty() {
        return Ok(DataFrame::default());
    }
    frames.push(first_days(orders, &pass)?);
    Ok(pass.run(&frames)?)
}

/// Lines with what they count as: of an order that is none any more they are no purchase.
fn flagged(mut frame: DataFrame, fully_returned: &BTreeSet<OrderKey>) -> Result<DataFrame, NormalizeError> {
    for (name, same_as) in [("is_purchase", "counts_as_order"), ("is_purchased", "is_gross_sales")] {
        let mut flag = frame.column(same_as)?.bool()?.clone();
        if !fully_returned.is_empty() {
            let is_kept = is_of_orders(&frame, fully_returned)?
                .into_iter()
                .map(|dropped| !dropped);
            flag = &flag & &is_kept.collect();
        }
        frame.with_column(flag.with_name(name.into()).into_series().into_column())?;
    }
    let height = frame.height();
    frame.with_column(Column::new_scalar("is_order".into(), false.into(), height))?;
    Ok(frame)
}

/// The days of orders, which have no amounts of their own here.
fn first_days(orders: &DataFrame, pass: &Aggregation) -> Result<DataFrame, NormalizeError> {
    let is_order = orders.column("order_date")?.is_not_null();
    let mut days = orders.select(KEYS.iter().copied())?;
    if !is_order.all() {
        days = days.filter(&is_order)?;
    }
    let height = days.height();
    for column in pass.aggregates.iter().filter_map(|aggregate| aggregate.column) {
        days.with_column(frame::null_column(column, ColumnType::SUM, height))?;
    }
    for flag in FLAGS {
        days.with_column(Column::new_scalar(flag.into(), (flag == "is_order").into(), height))?;
    }
    Ok(days)
}
