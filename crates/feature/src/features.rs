//! Customers of all partitions to the published table.

use std::collections::HashMap;

use cartera_table::contracts::CustomerFeatures;
use cartera_table::frame::{dates, decimal, int64, null_column, optional_decimal_column, schema, sum_column, text};
use cartera_table::{AsOf, ColumnType, Contract, Table};
use polars::prelude::{
    Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, SortMultipleOptions, StringChunked,
    StringChunkedBuilder,
};

use crate::error::FeatureError;
use crate::margin::margins;
use crate::rfm::{Better, RfmValidParams, average_order_value, combined};

/// The customers of a run while features are added to them: one row each, in the order of their ids.
#[derive(Debug, Clone)]
pub struct CustomerBase {
    frame: DataFrame,
    as_of: AsOf,
}

impl CustomerBase {
    /// Puts partitions together, in the order of customer ids, and adds what follows from the orders and from the
    /// whole base: days to `as_of`, margins and scores.
    ///
    /// # Errors
    /// When two partitions hold the same customer, or the engine fails.
    pub fn new(partitions: Vec<DataFrame>, as_of: AsOf, rfm: &RfmValidParams) -> Result<Self, FeatureError> {
        let mut customers = DataFrame::empty();
        for partition in partitions.into_iter().filter(|partition| partition.height() > 0) {
            if customers.width() == 0 {
                customers = partition;
            } else {
                customers.vstack_mut_owned(partition)?;
            }
        }
        if customers.width() == 0 {
            let frame = DataFrame::empty_with_schema(&schema(&CustomerFeatures::INFO));
            return Ok(Self { frame, as_of });
        }
        let mut frame = customers.sort(["customer_id"], SortMultipleOptions::default())?;
        frame.rechunk_mut();
        let returned: Vec<i128> = decimal(&frame, "returned_amount")?
            .iter()
            .map(|value| -value.unwrap_or_default())
            .collect();
        frame.with_column(sum_column("returned_amount", returned))?;
        frame.with_column(days_since_last_order(&frame, as_of)?)?;
        frame.with_column(average_order_values(&frame)?)?;
        let mut base = Self { frame, as_of };
        base.add(margins(&base.frame)?)?;
        base.add(scores(&base.frame, rfm)?)?;
        Ok(base)
    }

    /// The base of some customers, in the order of their ids.
    #[cfg(test)]
    pub(crate) fn of_frame(frame: DataFrame, as_of: AsOf) -> Self {
        Self { frame, as_of }
    }

    /// The columns that there are so far.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The day of the run.
    #[must_use]
    pub fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// The row of a customer.
    ///
    /// # Errors
    /// When there are no ids.
    pub fn places(&self) -> Result<Places<'_>, FeatureError> {
        Ok(Places::new(text(&self.frame, "customer_id")?))
    }

    /// Adds columns, or takes them in place of those of the same name.
    ///
    /// # Errors
    /// When one has another height.
    pub fn add(&mut self, columns: Vec<Column>) -> Result<(), FeatureError> {
        for column in columns {
            self.frame.with_column(column)?;
        }
        Ok(())
    }

    /// The published table. Columns that no source of the pipeline can fill are null.
    ///
    /// # Errors
    /// When the columns break the contract.
    pub fn finish(mut self) -> Result<Table<CustomerFeatures>, FeatureError> {
        let height = self.frame.height();
        for column in CustomerFeatures::INFO.columns {
            if !self.frame.schema().contains(column.name) {
                self.frame
                    .with_column(null_column(column.name, column.column_type, height))?;
            }
        }
        Ok(Table::sorted(self.frame)?)
    }
}

/// Rows by customer id.
#[derive(Debug)]
pub struct Places<'b> {
    rows: HashMap<&'b str, usize, foldhash::fast::FixedState>,
}

impl<'b> Places<'b> {
    fn new(ids: &'b StringChunked) -> Self {
        let rows = ids.iter().enumerate().filter_map(|(row, id)| Some((id?, row)));
        Self { rows: rows.collect() }
    }

    /// The row of a customer; none of one without a line.
    #[must_use]
    pub fn row(&self, customer_id: &str) -> Option<usize> {
        self.rows.get(customer_id).copied()
    }
}

fn days_since_last_order(customers: &DataFrame, as_of: AsOf) -> Result<Column, FeatureError> {
    let today = as_of.epoch_days();
    let days = dates(customers, "last_order_date")?
        .iter()
        .map(|last| last.map(|last| today - last));
    Ok(Int32Chunked::from_iter_options("days_since_last_order".into(), days)
        .into_series()
        .into_column())
}

fn average_order_values(customers: &DataFrame) -> Result<Column, FeatureError> {
    // Orders that were returned in full may not count: then their sales do not either.
    let sales = decimal(customers, "counted_sales")?.iter();
    let orders = int64(customers, "order_count")?.iter();
    let averages: Vec<Option<i128>> = sales
        .zip(orders)
        .map(|(sales, orders)| average_order_value(sales?, orders?))
        .collect();
    Ok(optional_decimal_column(
        "average_order_value",
        averages.into_iter(),
        ColumnType::SUM,
    ))
}

/// The score columns; customers without an order have none and do not count among the others.
fn scores(customers: &DataFrame, rfm: &RfmValidParams) -> Result<Vec<Column>, FeatureError> {
    let days = customers.column("days_since_last_order")?.i32()?;
    let orders = int64(customers, "order_count")?;
    let sales = decimal(customers, "net_sales")?;
    let mut scored = Vec::new();
    let (mut recencies, mut frequencies, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for (row, ((days, orders), sales)) in days.iter().zip(orders.iter()).zip(sales.iter()).enumerate() {
        if let (Some(days), Some(orders), Some(sales)) = (days, orders, sales) {
            scored.push(row);
            recencies.push(i128::from(days));
            frequencies.push(i128::from(orders));
            amounts.push(sales);
        }
    }
    let scores = [
        rfm.recency.scores(&recencies, Better::Low),
        rfm.frequency.scores(&frequencies, Better::High),
        rfm.monetary.scores(&amounts, Better::High),
    ];
    let height = customers.height();
    let mut columns = Vec::with_capacity(4);
    for (name, scores) in ["recency_score", "frequency_score", "monetary_score"]
        .into_iter()
        .zip(&scores)
    {
        let mut of_rows = vec![None; height];
        for (&row, &score) in scored.iter().zip(scores) {
            of_rows[row] = Some(score);
        }
        columns.push(
            Int32Chunked::from_iter_options(name.into(), of_rows.into_iter())
                .into_series()
                .into_column(),
        );
    }
    let mut texts = StringChunkedBuilder::new("rfm_score".into(), height);
    let mut next = 0;
    for row in 0..height {
        if scored.get(next) == Some(&row) {
            texts.append_value(combined(
                [scores[0][next], scores[1][next], scores[2][next]],
                rfm.bins(),
            ));
            next += 1;
        } else {
            texts.append_null();
        }
    }
    columns.push(texts.finish().into_series().into_column());
    Ok(columns)
}
