//! Lines merged by customer, product and channel: what the breadth of a customer is counted by.
//!
//! Parts of orders know neither products nor channels. So where breadth is counted, a further stream goes beside
//! them, of the lines that count as orders. It looks at no other file and at no `as_of`: for each product and
//! channel it holds the first day, and the day of the run decides later.

use cartera_table::contracts::{OrderBreadth, OrderLines};
use cartera_table::frame::{dates, int32};
use cartera_table::{Aggregate, Aggregation, Batch, ColumnType, LineKind, frame};
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};
use serde::Serialize;

use crate::error::NormalizeError;
use crate::identity::Identity;
use crate::line_kind_params::LineKindValidParams;

/// What the lines of a source keep so that breadth can be counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BreadthColumns {
    /// Their product.
    pub products: bool,
    /// Their channel.
    pub channels: bool,
}

impl BreadthColumns {
    /// Whether there is anything to count.
    #[must_use]
    pub fn is_any(self) -> bool {
        self.products || self.channels
    }
}

/// The pass over lines that count as orders.
pub const LINES_TO_BREADTH: Aggregation = Aggregation {
    keys: &["source_key", "product_id", "channel"],
    aggregates: &[Aggregate::min("first_order_date", "order_date")],
};

/// Merges the lines of a batch that count as orders and have a customer.
///
/// # Errors
/// When the engine fails.
pub fn breadth(
    lines: &Batch<OrderLines>,
    columns: BreadthColumns,
    line_kinds: &LineKindValidParams,
) -> Result<Batch<OrderBreadth>, NormalizeError> {
    let frame = lines.frame();
    let keys = frame.column("source_key")?;
    let is_of_customer = (keys.null_count() > 0).then(|| keys.is_not_null());
    let counts_by_code = LineKind::ALL.map(|kind| line_kinds.flags(kind).counts_as_order);
    let counts: BooleanChunked = int32(frame, "line_kind")?
        .iter()
        .map(|code| {
            let kind = code.and_then(LineKind::from_code);
            Some(kind.is_some_and(|kind| counts_by_code[kind as usize]))
        })
        .collect();
    let keep = match is_of_customer {
        Some(is_of_customer) => &is_of_customer & &counts,
        None => counts,
    };
    let mut goods = frame.select(["source_key", "order_date"])?;
    for (name, is_kept) in [("product_id", columns.products), ("channel", columns.channels)] {
        goods.with_column(if is_kept {
            frame.column(name)?.clone()
        } else {
            frame::null_column(name, ColumnType::Text, frame.height())
        })?;
    }
    if !keep.all() {
        goods = goods.filter(&keep)?;
    }
    Ok(Batch::new(LINES_TO_BREADTH.run(&[goods])?, lines.origin())?)
}

/// What stands in it of the days up to the last one, with the customers in place of their keys. The keys are those
/// of one source, which `source_index` names.
///
/// # Errors
/// When a column is not there.
pub fn breadth_up_to_day(
    mut breadth: DataFrame,
    last_epoch_day: i32,
    identity: &Identity,
) -> Result<DataFrame, NormalizeError> {
    let days = dates(&breadth, "first_order_date")?;
    let is_in_scope: Vec<bool> = days
        .iter()
        .map(|day| day.is_some_and(|day| day <= last_epoch_day))
        .collect();
    if is_in_scope.contains(&false) {
        breadth = breadth.filter(&BooleanChunked::from_slice("is_in_scope".into(), &is_in_scope))?;
    }
    breadth.with_column(identity.customer_ids(&breadth)?)?;
    Ok(breadth.select(["customer_id", "product_id", "channel"])?)
}
