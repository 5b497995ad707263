//! Lines of a batch merged to parts of orders, so that what waits in memory is far smaller than the file.

use cartera_table::contracts::{OrderLines, OrderParts};
use cartera_table::{Aggregate, Aggregation, Batch, ColumnType, Currency};
use polars::prelude::{Column, DataFrame};

use crate::error::NormalizeError;

/// The pass over lines that carry their amount alone.
pub const LINES_TO_PARTS: Aggregation = Aggregation {
    keys: &["source_key", "order_id", "order_date", "line_kind"],
    aggregates: &[Aggregate::count("line_count"), Aggregate::sum("amount", "amount")],
};

/// The pass over lines that carry more: another currency, costs, discounts, turned signs.
pub const LINES_TO_MONEY_PARTS: Aggregation = Aggregation {
    keys: &["source_key", "order_id", "order_date", "line_kind", "currency"],
    aggregates: &[
        Aggregate::count("line_count"),
        Aggregate::sum("amount", "amount"),
        Aggregate::sum("original_amount", "original_amount"),
        Aggregate::sum("cost", "cost"),
        Aggregate::sum("costed_amount", "amount").filtered("has_cost"),
        Aggregate::count("costed_line_count").filtered("has_cost"),
        Aggregate::count("lines_without_cost").filtered("lacks_cost"),
        Aggregate::sum("amount_without_cost", "amount").filtered("lacks_cost"),
        Aggregate::sum("discount_amount", "discount_amount"),
        Aggregate::count("discount_line_count").filtered("has_discount"),
        Aggregate::count("negated_line_count").filtered("is_negated"),
        Aggregate::sum("negated_amount", "amount").filtered("is_negated"),
    ],
};

/// Merges the lines of a batch; `by_channel` where what customers bought in each channel is asked for.
///
/// # Errors
/// When a sum overflows or the engine fails.
pub fn parts(lines: &Batch<OrderLines>, by_channel: bool) -> Result<Batch<OrderParts>, NormalizeError> {
    let frame = lines.frame();
    let mut pass = if frame.schema().contains("original_amount") {
        LINES_TO_MONEY_PARTS
    } else {
        LINES_TO_PARTS
    };
    if by_channel && frame.schema().contains("channel") {
        pass.keys = &[
            "source_key",
            "order_id",
            "order_date",
            "line_kind",
            "currency",
            "channel",
        ];
        if !frame.schema().contains("currency") {
            pass.keys = &["source_key", "order_id", "order_date", "line_kind", "channel"];
        }
    }
    let merged = pass.run(std::slice::from_ref(frame))?;
    let mut columns: Vec<Column> = Vec::with_capacity(merged.width() + 1);
    for definition in <OrderParts as cartera_table::Contract>::INFO.columns {
        if definition.name == "source_index" {
            columns.push(source_index_column(lines.origin().source_index, merged.height()));
        } else if let Ok(column) = merged.column(definition.name) {
            columns.push(column.clone());
        }
    }
    Ok(Batch::new(DataFrame::new(merged.height(), columns)?, lines.origin())?)
}

pub(crate) fn source_index_column(source_index: usize, height: usize) -> Column {
    let source_index = i32::try_from(source_index).unwrap_or(i32::MAX);
    Column::new("source_index".into(), vec![source_index; height])
}

/// Gives parts that lack them the columns that follow from the others: without a currency column the lines were
/// in the pipeline's currency, and without costs nobody stated any. Nothing is copied or laid out for it.
pub(crate) fn completed(mut parts: DataFrame, pipeline: Currency) -> Result<DataFrame, NormalizeError> {
    let height = parts.height();
    if !parts.schema().contains("channel") {
        parts.with_column(cartera_table::frame::null_column("channel", ColumnType::Text, height))?;
    }
    if parts.schema().contains("original_amount") {
        return Ok(parts);
    }
    for (name, same_as) in [
        ("original_amount", "amount"),
        ("amount_without_cost", "amount"),
        ("lines_without_cost", "line_count"),
    ] {
        let column = parts.column(same_as)?.clone().with_name(name.into());
        parts.with_column(column)?;
    }
    parts.with_column(Column::new_scalar("currency".into(), pipeline.code().into(), height))?;
    for definition in <OrderParts as cartera_table::Contract>::INFO.columns {
        if !parts.schema().contains(definition.name) {
            let nothing = cartera_table::frame::null_column(definition.name, definition.column_type, height);
            parts.with_column(nothing)?;
        }
    }
    Ok(parts)
}
