//! The last orders of each customer: what somebody who looks at one customer wants to see first.
//!
//! They are taken partition by partition while all orders are there, so that nobody reads an order again for it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use cartera_table::frame::{date_column, dates, decimal, int32, int64, text};
use polars::prelude::{
    DataFrame, IdxCa, IdxSize, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunked,
};

use crate::error::NormalizeError;
use crate::returns::{OrderKey, is_of_orders};

/// Columns that stay as they are.
const KEPT: [&str; 6] = [
    "customer_id",
    "source_index",
    "order_id",
    "line_count",
    "returned_amount",
    "net_sales",
];

/// The newest orders of each customer, at most so many, sorted by customer and then newest first: what an order id
/// stands for (`event`), its day and whether its goods came back (`status`). The orders of a partition are all orders
/// of its customers, those that are `dropped` because nothing was kept of them with the day on which they were made.
pub(crate) fn last_orders(
    orders: &DataFrame,
    dropped: &BTreeSet<OrderKey>,
    per_customer: usize,
) -> Result<DataFrame, NormalizeError> {
    if per_customer == 0 || orders.height() == 0 {
        return Ok(DataFrame::default());
    }
    let is_dropped = is_of_orders(orders, dropped)?;
    let columns = Columns::of(orders)?;
    let mut rows = orders.select(KEPT)?;
    let days = (0..orders.height()).map(|row| columns.day(row));
    let days = Int32Chunked::from_iter_options("occurred_on".into(), days);
    rows.with_column(date_column("occurred_on", days))?;
    let events = (0..orders.height()).map(|row| Some(columns.event(row)));
    let events = StringChunked::from_iter_options("event".into(), events);
    rows.with_column(events.into_series().into_column())?;
    let statuses = (0..orders.height()).map(|row| Some(columns.status(row, is_dropped[row])));
    let statuses = StringChunked::from_iter_options("status".into(), statuses);
    rows.with_column(statuses.into_series().into_column())?;
    let newest = IdxCa::from_vec("row".into(), columns.newest(per_customer)?);
    Ok(rows.take(&newest)?)
}

/// The cells of orders, row by row.
struct Columns {
    customers: StringChunked,
    order_ids: StringChunked,
    sources: Int32Chunked,
    first_days: Vec<Option<i32>>,
    last_days: Vec<Option<i32>>,
    gross_sales: Vec<i128>,
    returned_amounts: Vec<i128>,
    returned_lines: Vec<i64>,
}

impl Columns {
    fn of(orders: &DataFrame) -> Result<Self, NormalizeError> {
        let whole = |name| Ok::<_, NormalizeError>(text(orders, name)?.rechunk().into_owned());
        let money =
            |name| Ok::<_, NormalizeError>(decimal(orders, name)?.iter().map(Option::unwrap_or_default).collect());
        let returned_lines = int64(orders, "returned_line_count")?.iter();
        Ok(Self {
            customers: whole("customer_id")?,
            order_ids: whole("order_id")?,
            sources: int32(orders, "source_index")?.rechunk().into_owned(),
            first_days: dates(orders, "order_date")?.iter().collect(),
            last_days: dates(orders, "last_line_date")?.iter().collect(),
            gross_sales: money("gross_sales")?,
            returned_amounts: money("returned_amount")?,
            returned_lines: returned_lines.map(Option::unwrap_or_default).collect(),
        })
    }

    /// Of an order the day on which it was made, else the last one on which something was written under its id.
    fn day(&self, row: usize) -> Option<i32> {
        self.first_days[row].or(self.last_days[row])
    }

    fn event(&self, row: usize) -> &'static str {
        if self.first_days[row].is_some() || self.gross_sales[row] != 0 {
            "ordered"
        } else if self.returned_lines[row] > 0 {
            "returned"
        } else {
            "charged"
        }
    }

    fn status(&self, row: usize, is_dropped: bool) -> &'static str {
        let came_back = -self.returned_amounts[row];
        let is_returned = self.returned_lines[row] > 0;
        if is_dropped || is_returned && came_back >= self.gross_sales[row] {
            "returned"
        } else if is_returned {
            "partly_returned"
        } else {
            "kept"
        }
    }

    /// Rows of the newest orders of each customer.
    fn newest(&self, per_customer: usize) -> Result<Vec<IdxSize>, NormalizeError> {
        let height = self.first_days.len();
        let mut order: Vec<usize> = (0..height).collect();
        let key = |row: usize| {
            let id = (Reverse(self.order_ids.get(row)), self.sources.get(row));
            (self.customers.get(row), Reverse(self.day(row)), id)
        };
        order.sort_unstable_by(|&one, &other| key(one).cmp(&key(other)));
        let mut newest = Vec::with_capacity(height);
        let (mut customer, mut count) = (None, 0);
        for row in order {
            let of_row = self.customers.get(row);
            if of_row != customer {
                (customer, count) = (of_row, 0);
            }
            count += 1;
            if count <= per_customer {
                // Frames have at most 2^32 rows.
                newest.push(row as IdxSize);
            }
        }
        Ok(newest)
    }
}
