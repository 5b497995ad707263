//! Which sale each return undoes.

mod matching;
mod params;
mod partition;

use std::collections::BTreeSet;

use cartera_table::TableError;
use cartera_table::frame::{int32, text};
use polars::prelude::DataFrame;

pub use params::{MatchRule, OrdersCount, ReturnsParams, ReturnsParamsError, ReturnsValidParams};
pub use partition::ReturnTotals;
pub(crate) use partition::{MatchedReturns, OrderKey, match_returns};

/// Whether each row of a frame is of one of the orders.
pub(crate) fn is_of_orders(frame: &DataFrame, orders: &BTreeSet<OrderKey>) -> Result<Vec<bool>, TableError> {
    if orders.is_empty() {
        return Ok(vec![false; frame.height()]);
    }
    let keys = text(frame, "customer_id")?.iter().zip(text(frame, "order_id")?.iter());
    Ok(keys
        .zip(int32(frame, "source_index")?.iter())
        .map(|((customer_id, order_id), source_index)| {
            let key = customer_id.zip(source_index).zip(order_id);
            key.is_some_and(|((customer_id, source_index), order_id)| {
                orders.contains(&(customer_id.to_owned(), source_index, order_id.to_owned()))
            })
        })
        .collect())
}
