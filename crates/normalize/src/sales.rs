//! Lines merged by product, channel and the like: what profitability is told by, beside the customers.
//!
//! Each dimension is a pass of its own over the few columns that it needs: together they would tell nearly every line
//! from every other. Months need none, as parts of orders have the day.

use cartera_table::contracts::{OrderLines, SalesBy, SalesParts};
use cartera_table::frame::{dates, int32, null_column, schema, text};
use cartera_table::{Aggregate, Aggregation, AsOf, Batch, ColumnType, Contract, Dimension, Origin, Table};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder,
};

use crate::error::NormalizeError;
use crate::line_kind_params::LineKindValidParams;
use crate::orders::with_flags;

/// The pass over lines that carry their amount alone.
pub const LINES_TO_SALES: Aggregation = Aggregation {
    keys: &["value", "order_date", "line_kind"],
    aggregates: &[Aggregate::count("line_count"), Aggregate::sum("amount", "amount")],
};

/// The pass over lines that carry more.
pub const LINES_TO_MONEY_SALES: Aggregation = Aggregation {
    keys: &["value", "order_date", "line_kind"],
    aggregates: &[
        Aggregate::count("line_count"),
        Aggregate::sum("amount", "amount"),
        Aggregate::sum("cost", "cost"),
        Aggregate::sum("costed_amount", "amount").filtered("has_cost"),
        Aggregate::sum("discount_amount", "discount_amount"),
    ],
};

const SUMS: [Aggregate; 2] = [
    Aggregate::sum("line_count", "line_count"),
    Aggregate::sum("amount", "amount"),
];

const MONEY_SUMS: [Aggregate; 5] = [
    SUMS[0],
    SUMS[1],
    Aggregate::sum("cost", "cost"),
    Aggregate::sum("costed_amount", "costed_amount"),
    Aggregate::sum("discount_amount", "discount_amount"),
];

/// Merges the lines of a batch, once for each dimension that is cut by a column of theirs.
///
/// # Errors
/// When a sum overflows or the engine fails.
pub fn sales_parts(lines: &Batch<OrderLines>, dimensions: &[Dimension]) -> Result<DataFrame, NormalizeError> {
    let frame = lines.frame();
    let (pass, columns) = if frame.schema().contains("original_amount") {
        (
            LINES_TO_MONEY_SALES,
            &[
                "order_date",
                "line_kind",
                "amount",
                "cost",
                "has_cost",
                "discount_amount",
            ][..],
        )
    } else {
        (LINES_TO_SALES, &["order_date", "line_kind", "amount"][..])
    };
    let measures = frame.select(columns.iter().copied())?;
    let mut all = DataFrame::default();
    for &dimension in dimensions {
        let Some(name) = dimension.line_column() else {
            continue;
        };
        let values = match frame.column(name) {
            Ok(values) => values.clone().with_name("value".into()),
            // Another source has it; of the lines of this one nothing is known.
            Err(_) => null_column("value", ColumnType::Text, frame.height()),
        };
        let mut cut = measures.clone();
        cut.with_column(values)?;
        stack(&mut all, of_dimension(pass.run(&[cut])?, dimension)?)?;
    }
    Ok(all)
}

/// The sales of a segment: those of its blocks together, and those by day, from its parts of orders.
///
/// # Errors
/// When a sum overflows or the engine fails.
pub fn segment_sales(blocks: Vec<DataFrame>, parts: &DataFrame) -> Result<DataFrame, NormalizeError> {
    let has_money = parts.schema().contains("original_amount");
    let aggregates: &'static [Aggregate] = if has_money { &MONEY_SUMS } else { &SUMS };
    let mut all = DataFrame::default();
    let blocks: Vec<DataFrame> = blocks.into_iter().filter(|block| block.height() > 0).collect();
    if !blocks.is_empty() {
        let keys: &'static [&'static str] = &["dimension", "value", "order_date", "line_kind"];
        all = Aggregation { keys, aggregates }.run(&blocks)?;
    }
    if parts.height() > 0 {
        let keys: &'static [&'static str] = &["order_date", "line_kind"];
        let mut days = Aggregation { keys, aggregates }.run(std::slice::from_ref(parts))?;
        days.with_column(null_column("value", ColumnType::Text, days.height()))?;
        stack(&mut all, of_dimension(days, Dimension::Month)?)?;
    }
    all.rechunk_mut();
    let origin = Origin {
        source_index: 0,
        file_index: 0,
    };
    if all.width() == 0 {
        return Ok(all);
    }
    Ok(Batch::<SalesParts>::new(all, origin)?.into_frame())
}

/// Puts the dimension before the rest, in the order of the contract.
fn of_dimension(mut frame: DataFrame, dimension: Dimension) -> Result<DataFrame, NormalizeError> {
    frame.with_column(Column::new("dimension".into(), vec![dimension.code(); frame.height()]))?;
    let names = SalesParts::INFO.columns.iter().map(|column| column.name);
    let names: Vec<&str> = names.filter(|name| frame.schema().contains(name)).collect();
    Ok(frame.select(names)?)
}

fn stack(all: &mut DataFrame, frame: DataFrame) -> Result<(), NormalizeError> {
    if all.width() == 0 {
        *all = frame;
    } else {
        all.vstack_mut_owned(frame)?;
    }
    Ok(())
}

/// The pass over the sales of all segments, whose kinds are flagged.
const SALES_BY: Aggregation = Aggregation {
    keys: &["dimension", "value"],
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("order_line_count", "line_count").filtered("counts_as_order"),
        Aggregate::sum("gross_sales", "amount").filtered("is_gross_sales"),
        Aggregate::sum("returned_amount", "amount").filtered("is_returned"),
        Aggregate::sum("net_sales", "amount").filtered("in_net_sales"),
        Aggregate::sum("cost_of_goods", "cost").filtered("in_margin"),
        Aggregate::sum("costed_sales", "costed_amount").filtered("in_margin"),
        Aggregate::sum("discount_amount", "discount_amount"),
    ],
};

/// The sales of a run, added up one segment after the other.
#[derive(Debug)]
pub struct SalesOfSegments<'r> {
    line_kinds: &'r LineKindValidParams,
    last_epoch_day: i32,
    frames: Vec<DataFrame>,
}

impl<'r> SalesOfSegments<'r> {
    /// Nothing yet; days after the last one will not count.
    #[must_use]
    pub fn new(line_kinds: &'r LineKindValidParams, last_epoch_day: i32) -> Self {
        Self {
            line_kinds,
            last_epoch_day,
            frames: Vec::new(),
        }
    }

    /// Adds the sales of a segment.
    ///
    /// # Errors
    /// When a sum overflows or the engine fails.
    pub fn add(&mut self, sales: DataFrame) -> Result<(), NormalizeError> {
        let days = dates(&sales, "order_date")?;
        let is_in_scope: Vec<bool> = days
            .iter()
            .map(|day| day.is_some_and(|day| day <= self.last_epoch_day))
            .collect();
        let sales = sales.filter(&BooleanChunked::from_slice("is_in_scope".into(), &is_in_scope))?;
        let mut sales = with_flags(with_months(sales)?, self.line_kinds)?;
        for column in SalesParts::INFO.columns.iter().filter(|column| column.optional) {
            if !sales.schema().contains(column.name) {
                let nothing = null_column(column.name, column.column_type, sales.height());
                sales.with_column(nothing)?;
            }
        }
        // Days and kinds are told apart no longer: what waits is as small as the result.
        let merged = SALES_BY.run(&[sales])?;
        self.frames.push(merged);
        Ok(())
    }

    /// All of them together.
    ///
    /// # Errors
    /// When a sum overflows or the engine fails.
    pub fn finish(self) -> Result<Table<SalesBy>, NormalizeError> {
        if self.frames.is_empty() {
            return Ok(Table::new(DataFrame::empty_with_schema(&schema(&SalesBy::INFO)))?);
        }
        Ok(Table::sorted(TOGETHER.run(&self.frames)?)?)
    }
}

/// The pass over the sales of all segments once days and kinds are told apart no longer.
const TOGETHER: Aggregation = Aggregation {
    keys: SALES_BY.keys,
    aggregates: &[
        Aggregate::sum("line_count", "line_count"),
        Aggregate::sum("order_line_count", "order_line_count"),
        Aggregate::sum("gross_sales", "gross_sales"),
        Aggregate::sum("returned_amount", "returned_amount"),
        Aggregate::sum("net_sales", "net_sales"),
        Aggregate::sum("cost_of_goods", "cost_of_goods"),
        Aggregate::sum("costed_sales", "costed_sales"),
        Aggregate::sum("discount_amount", "discount_amount"),
    ],
};

/// Gives the rows that are told apart by their day the month of it.
fn with_months(mut sales: DataFrame) -> Result<DataFrame, NormalizeError> {
    let mut values = StringChunkedBuilder::new("value".into(), sales.height());
    let keys = int32(&sales, "dimension")?
        .iter()
        .zip(dates(&sales, "order_date")?.iter());
    let mut last = (i32::MIN, String::new());
    for ((dimension, day), value) in keys.zip(text(&sales, "value")?.iter()) {
        match day {
            Some(day) if dimension == Some(Dimension::Month.code()) => {
                if last.0 != day {
                    last = (
                        day,
                        AsOf::from_epoch_days(day).map_or_else(String::new, |day| day.month()),
                    );
                }
                values.append_value(&last.1);
            }
            _ => values.append_option(value),
        }
    }
    sales.with_column(values.finish().into_series().into_column())?;
    Ok(sales)
}
