//! What serving a customer will cost.

use cartera_table::frame::{decimal, int64};
use polars::prelude::DataFrame;

use super::margin::PRIOR_ORDERS;
use crate::error::FeatureError;
use crate::money::to_f64;

/// Expected cost to serve of a purchase day of each customer: the own, drawn towards that of all. Zero where the
/// pipeline knows no such costs.
#[expect(clippy::cast_precision_loss, reason = "numbers of orders")]
pub(super) fn cost_to_serve_an_order(customers: &DataFrame) -> Result<Vec<f64>, FeatureError> {
    if !customers.schema().contains("cost_to_serve") {
        return Ok(vec![0.0; customers.height()]);
    }
    let costs = decimal(customers, "cost_to_serve")?.iter();
    let orders = int64(customers, "order_day_count")?.iter();
    let own: Vec<(f64, f64)> = costs
        .zip(orders)
        .map(|(cost, orders)| (to_f64(cost.unwrap_or_default()), orders.unwrap_or_default() as f64))
        .collect();
    let (cost, orders) = own.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let of_all = if orders > 0.0 { cost / orders } else { 0.0 };
    Ok(own
        .into_iter()
        .map(|(cost, orders)| (cost + PRIOR_ORDERS * of_all) / (orders + PRIOR_ORDERS))
        .collect())
}
