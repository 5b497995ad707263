//! Lines of a batch merged to parts of orders, so that what waits in memory is far smaller than the file.

use cartera_table::contracts::{OrderLines, OrderParts};
use cartera_table::{Aggregate, Aggregation, Batch};
use polars::prelude::Column;

use crate::error::NormalizeError;

/// The pass over lines.
pub const LINES_TO_PARTS: Aggregation = Aggregation {
    keys: &["source_key", "order_id", "order_date", "line_kind"],
    aggregates: &[Aggregate::count("line_count"), Aggregate::sum("amount", "amount")],
};

/// Merges the lines of a batch.
///
/// # Errors
/// When a sum overflows or the engine fails.
pub fn parts(lines: &Batch<OrderLines>) -> Result<Batch<OrderParts>, NormalizeError> {
    let mut frame = LINES_TO_PARTS.run(std::slice::from_ref(lines.frame()))?;
    let source_index = i32::try_from(lines.origin().source_index).unwrap_or(i32::MAX);
    frame.with_column(Column::new("source_index".into(), vec![source_index; frame.height()]))?;
    Ok(Batch::new(frame, lines.origin())?)
}
