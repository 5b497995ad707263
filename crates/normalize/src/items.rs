//! Lines of goods and of returns merged with their products: what returns are matched with sales by.
//!
//! Parts of orders know no products. So where returns are matched, a second stream goes beside them, of the lines
//! that went out or came back.

use cartera_table::contracts::{OrderItems, OrderLines};
use cartera_table::frame::{decimal, int32, optional_decimal_column, text};
use cartera_table::{Aggregate, Aggregation, Batch, ColumnType, LineKind};
use polars::prelude::{BooleanChunked, DataFrame, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder};

use crate::error::NormalizeError;
use crate::parts::source_index_column;

/// The pass over lines that went out or came back.
pub const LINES_TO_ITEMS: Aggregation = Aggregation {
    keys: &["source_key", "product_id", "order_id", "order_date", "line_kind"],
    aggregates: &[
        Aggregate::count("line_count"),
        Aggregate::sum("quantity", "quantity"),
        Aggregate::sum("amount", "amount"),
    ],
};

/// Merges the lines of a batch.
///
/// # Errors
/// When the lines carry no products, a sum overflows or the engine fails.
pub fn items(lines: &Batch<OrderLines>) -> Result<Batch<OrderItems>, NormalizeError> {
    let columns = [
        "source_key",
        "product_id",
        "order_id",
        "order_date",
        "line_kind",
        "quantity",
        "amount",
    ];
    let all = lines.frame().select(columns)?;
    let moves: Vec<bool> = kinds(&all)?.map(|kind| kind.is_goods() || kind.is_returned()).collect();
    let mut goods = all.filter(&BooleanChunked::from_slice("moves".into(), &moves))?;
    let units: Vec<Option<i128>> = kinds(&goods)?
        .zip(decimal(&goods, "quantity")?.iter())
        .zip(text(&goods, "product_id")?.iter())
        .map(|((kind, quantity), product)| product.and(units(kind, quantity?)))
        .collect();
    // A line without units can be matched with nothing: then its product says nothing either.
    let mut products = StringChunkedBuilder::new("product_id".into(), goods.height());
    for (product, units) in text(&goods, "product_id")?.iter().zip(&units) {
        products.append_option(product.filter(|_| units.is_some()));
    }
    let products = products.finish().into_series().into_column();
    goods.with_column(products)?;
    goods.with_column(optional_decimal_column(
        "quantity",
        units.into_iter(),
        ColumnType::QUANTITY,
    ))?;
    let mut items = LINES_TO_ITEMS.run(&[goods])?;
    items.with_column(source_index_column(lines.origin().source_index, items.height()))?;
    Ok(Batch::new(items, lines.origin())?)
}

/// How many units went out or came back; none where the line does not say.
fn units(kind: LineKind, quantity: i128) -> Option<i128> {
    let units = if kind.is_returned() { quantity.abs() } else { quantity };
    (units > 0).then_some(units)
}

fn kinds(frame: &DataFrame) -> Result<impl Iterator<Item = LineKind>, NormalizeError> {
    Ok(int32(frame, "line_kind")?
        .iter()
        .map(|code| code.and_then(LineKind::from_code).unwrap_or(LineKind::Adjustment)))
}
