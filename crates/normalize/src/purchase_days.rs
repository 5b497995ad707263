//! On which days customers bought, and for how much: what rhythm and lifetime value are made of.

use std::collections::BTreeSet;

use cartera_table::{Aggregate, Aggregation};
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use crate::error::NormalizeError;
use crate::returns::{OrderKey, is_of_orders};

/// The pass over parts of orders. It keeps to the days of lines, not of orders, so that what was known on an
/// earlier day is what stands up to that day.
pub const PURCHASE_DAYS: Aggregation = Aggregation {
    keys: &["customer_id", "order_date"],
    aggregates: &[Aggregate::sum("sales", "amount").filtered("is_gross_sales")],
};

/// One row a customer and day with a line that counts as an order: its sales, before returns. Orders of which
/// nothing was kept are left out where they are no orders.
pub(crate) fn purchase_days(
    customers: &[DataFrame],
    fully_returned: &BTreeSet<OrderKey>,
) -> Result<DataFrame, NormalizeError> {
    let mut counting = Vec::with_capacity(customers.len());
    for frame in customers {
        let counts = frame.column("counts_as_order")?.bool()?;
        let lines = if counts.all() {
            frame.clone()
        } else {
            frame.filter(counts)?
        };
        counting.push(match fully_returned.is_empty() {
            true => lines,
            false => without(lines, fully_returned)?,
        });
    }
    if counting.iter().all(|frame| frame.height() == 0) {
        return Ok(DataFrame::default());
    }
    Ok(PURCHASE_DAYS.run(&counting)?)
}

fn without(frame: DataFrame, orders: &BTreeSet<OrderKey>) -> Result<DataFrame, NormalizeError> {
    let goes = BooleanChunked::from_slice("goes".into(), &is_of_orders(&frame, orders)?);
    Ok(frame.filter(&!&goes)?)
}
