//! What customers and guests bought in each channel: by it, costs of a channel find those who caused them.

use std::collections::BTreeSet;

use cartera_table::contracts::CustomerChannels;
use cartera_table::frame::{int64, null_column, schema};
use cartera_table::{Aggregate, Aggregation, ColumnType, Contract, Table};
use polars::prelude::{Column, DataFrame};

use crate::error::NormalizeError;
use crate::returns::{OrderKey, is_of_orders};

/// The pass over parts: an order that goes through two channels is one in each.
const CHANNEL_ORDERS: Aggregation = Aggregation {
    keys: &["customer_id", "channel", "source_index", "order_id"],
    aggregates: &[
        Aggregate::sum("order_lines", "line_count").filtered("counts_as_order"),
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
        Aggregate::min("order_date", "order_date").filtered("counts_as_order"),
    ],
};

/// The pass over these orders.
const CHANNELS: Aggregation = Aggregation {
    keys: &["customer_id", "channel"],
    aggregates: &[
        Aggregate::count("order_count").filtered("is_order"),
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("net_sales", "net_sales"),
        Aggregate::min("first_order_date", "order_date").filtered("is_order"),
    ],
};

/// What the customers of some parts bought in each channel. Orders of which nothing was kept are no orders where they
/// are dropped; their lines and sales stay.
pub(crate) fn customer_channels(
    parts: &[DataFrame],
    dropped: &BTreeSet<OrderKey>,
) -> Result<DataFrame, NormalizeError> {
    if parts.is_empty() {
        return Ok(DataFrame::default());
    }
    let orders = CHANNEL_ORDERS.run(parts)?;
    let is_dropped = is_of_orders(&orders, dropped)?;
    channels_of(orders, is_dropped)
}

fn channels_of(mut orders: DataFrame, is_dropped: Vec<bool>) -> Result<DataFrame, NormalizeError> {
    let is_order: Vec<bool> = int64(&orders, "order_lines")?
        .iter()
        .zip(is_dropped)
        .map(|(lines, is_dropped)| !is_dropped && lines.is_some_and(|lines| lines > 0))
        .collect();
    orders.with_column(Column::new("is_order".into(), is_order))?;
    Ok(CHANNELS.run(&[orders])?)
}

/// The table of a run, from the channels of the customers of all partitions and from all orders of guests.
///
/// # Errors
/// When the engine fails.
pub fn channels_table(
    customers: Vec<DataFrame>,
    guest_orders: Vec<DataFrame>,
) -> Result<Table<CustomerChannels>, NormalizeError> {
    let columns = CustomerChannels::INFO.columns.iter().map(|column| column.name);
    let mut all = DataFrame::empty_with_schema(&schema(&CustomerChannels::INFO));
    for frame in customers.into_iter().filter(|frame| frame.height() > 0) {
        all.vstack_mut_owned(frame.select(columns.clone())?)?;
    }
    for mut orders in guest_orders.into_iter().filter(|frame| frame.height() > 0) {
        let height = orders.height();
        orders.with_column(null_column("customer_id", ColumnType::Text, height))?;
        // No customer is acquired here, so that the day says nothing.
        orders.with_column(null_column("order_date", ColumnType::Date, height))?;
        all.vstack_mut_owned(channels_of(orders, vec![false; height])?.select(columns.clone())?)?;
    }
    all.rechunk_mut();
    Ok(Table::sorted(TOGETHER.run(&[all])?)?)
}

/// Guests stand in every partition.
const TOGETHER: Aggregation = Aggregation {
    keys: &["customer_id", "channel"],
    aggregates: &[
        Aggregate::sum("order_count", "order_count"),
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("net_sales", "net_sales"),
        Aggregate::min("first_order_date", "first_order_date"),
    ],
};
