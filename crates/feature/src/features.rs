//! Customers of all partitions to the published table.

use cartera_table::contracts::CustomerFeatures;
use cartera_table::frame::{dates, decimal, int64, optional_decimal_column, schema, sum_column};
use cartera_table::{AsOf, ColumnType, Contract, Table};
use polars::prelude::{
    Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, SortMultipleOptions, StringChunkedBuilder,
};

use crate::error::FeatureError;
use crate::margin::margins;
use crate::rfm::{Better, RfmValidParams, average_order_value, combined};

/// Puts partitions together, in the order of customer ids, and scores the whole base.
///
/// # Errors
/// When two partitions hold the same customer, or the engine fails.
pub fn customer_features(
    partitions: Vec<DataFrame>,
    as_of: AsOf,
    rfm: &RfmValidParams,
) -> Result<Table<CustomerFeatures>, FeatureError> {
    let mut customers = DataFrame::empty();
    for partition in partitions.into_iter().filter(|partition| partition.height() > 0) {
        if customers.width() == 0 {
            customers = partition;
        } else {
            customers.vstack_mut_owned(partition)?;
        }
    }
    if customers.width() == 0 {
        return Ok(Table::new(DataFrame::empty_with_schema(&schema(
            &CustomerFeatures::INFO,
        )))?);
    }
    let mut customers = customers.sort(["customer_id"], SortMultipleOptions::default())?;
    customers.rechunk_mut();
    let returned: Vec<i128> = decimal(&customers, "returned_amount")?
        .iter()
        .map(|value| -value.unwrap_or_default())
        .collect();
    customers.with_column(sum_column("returned_amount", returned))?;
    customers.with_column(days_since_last_order(&customers, as_of)?)?;
    customers.with_column(average_order_values(&customers)?)?;
    for column in margins(&customers)? {
        customers.with_column(column)?;
    }
    for column in scores(&customers, rfm)? {
        customers.with_column(column)?;
    }
    Ok(Table::sorted(customers)?)
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
