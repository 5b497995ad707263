//! The pass over orders.

use cartera_table::contracts::Orders;
use cartera_table::{Aggregate, Aggregation, Batch};
use polars::prelude::{DataFrame, IntoColumn, IntoSeries};

use crate::error::FeatureError;

/// What orders come to for each customer. Rows without an order date are no orders.
pub const CUSTOMERS: Aggregation = Aggregation {
    keys: &["customer_id"],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::count("order_count").filtered("is_order"),
        Aggregate::count_distinct("order_day_count", "order_date"),
        Aggregate::min("first_order_date", "order_date"),
        Aggregate::max("last_order_date", "order_date"),
        Aggregate::sum("gross_sales", "gross_sales"),
        Aggregate::sum("counted_sales", "gross_sales").filtered("is_order"),
        Aggregate::sum("returned_amount", "returned_amount"),
        Aggregate::sum("returned_line_count", "returned_line_count"),
        Aggregate::sum("net_sales", "net_sales"),
        Aggregate::sum("cost_of_goods", "cost_of_goods"),
        Aggregate::sum("costed_sales", "costed_sales"),
        Aggregate::sum("costed_line_count", "costed_line_count"),
        Aggregate::sum("lines_without_cost", "lines_without_cost"),
        Aggregate::sum("discount_amount", "discount_amount"),
        Aggregate::sum("discount_line_count", "discount_line_count"),
    ],
};

/// Runs the pass over the orders of one partition, which holds all orders of its customers.
///
/// # Errors
/// When a sum overflows or the engine fails.
pub fn customers_of_orders(orders: &Batch<Orders>) -> Result<DataFrame, FeatureError> {
    let mut frame = orders.frame().clone();
    let is_order = frame.column("order_date")?.is_not_null().with_name("is_order".into());
    frame.with_column(is_order.into_series().into_column())?;
    Ok(CUSTOMERS.run(&[frame])?)
}
