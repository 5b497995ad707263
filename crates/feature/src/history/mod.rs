//! Histories of purchases: what the purchase days of a customer tell of rhythm, and what models may know.
//!
//! The same function looks at the days up to `as_of` and at those up to the cut before the holdout, so that nothing
//! of the holdout is known where models are tried.

mod columns;
mod counts;
mod customer;
mod rhythm;
mod window;

pub use counts::PurchaseCounts;
pub use window::HistoryWindow;

pub(crate) use columns::{Histories, holdouts};
pub(crate) use customer::Holdout;

use std::collections::HashMap;

use cartera_table::frame::{dates, decimal, text};
use polars::prelude::DataFrame;

use crate::error::FeatureError;
use crate::params::RhythmValidParams;
use columns::HistoryColumns;
use customer::{PurchaseDay, holdout, observed};
use rhythm::Rhythm;

/// The purchase days of the customers of one partition.
#[derive(Debug, Clone, Copy)]
pub struct PurchaseDays<'d> {
    /// What is known on the day of the run: `customer_id`, `order_date`, `sales`, in any order.
    pub known: &'d DataFrame,
    /// What was known on the day of the cut, where that is more than the same days up to it: an order may have
    /// been one then that was returned since.
    pub known_at_cut: Option<&'d DataFrame>,
}

/// Adds to the customers of a partition what their purchase days tell, and counts them by day.
///
/// # Errors
/// When a column is not there or the engine fails.
pub fn with_history(
    mut customers: DataFrame,
    days: PurchaseDays<'_>,
    window: &HistoryWindow,
    params: RhythmValidParams,
) -> Result<(DataFrame, PurchaseCounts), FeatureError> {
    let mut counts = PurchaseCounts::new(window);
    if customers.height() == 0 {
        return Ok((customers, counts));
    }
    let rows = rows_by_id(&customers)?;
    let known = by_customer(days.known, &rows, window.first_day)?;
    let known_at_cut = days
        .known_at_cut
        .map(|days| by_customer(days, &rows, window.first_day))
        .transpose()?;
    let mut columns = HistoryColumns::with_capacity(customers.height());
    for (row, days) in known.iter().enumerate() {
        let then = known_at_cut.as_ref().map_or(days, |then| &then[row]);
        let calibration = window.cut.and_then(|cut| observed(then, cut));
        let holdout = window
            .cut
            .filter(|_| calibration.is_some())
            .map(|cut| holdout(days, then, window, cut));
        if calibration.is_some() {
            counts.add(then, days, window);
        }
        let rhythm = Rhythm::of(days, window, params.trend_days);
        columns.push(
            observed(days, window.last_day),
            calibration,
            holdout,
            (!days.is_empty()).then_some(&rhythm),
        );
    }
    for column in columns.into_columns()? {
        customers.with_column(column)?;
    }
    Ok((customers, counts))
}

fn rows_by_id(customers: &DataFrame) -> Result<HashMap<&str, usize, foldhash::fast::FixedState>, FeatureError> {
    let ids = text(customers, "customer_id")?.iter().enumerate();
    Ok(ids.filter_map(|(row, id)| Some((id?, row))).collect())
}

/// The purchase days of each row from a day on, ascending.
fn by_customer(
    days: &DataFrame,
    rows: &HashMap<&str, usize, foldhash::fast::FixedState>,
    first_day: i32,
) -> Result<Vec<Vec<PurchaseDay>>, FeatureError> {
    let mut of_rows = vec![Vec::new(); rows.len()];
    if days.height() == 0 {
        return Ok(of_rows);
    }
    let ids = text(days, "customer_id")?.iter();
    let values = dates(days, "order_date")?.iter().zip(decimal(days, "sales")?.iter());
    for (id, (day, sales)) in ids.zip(values) {
        let day = day.filter(|day| *day >= first_day);
        if let (Some(&row), Some(day)) = (id.and_then(|id| rows.get(id)), day) {
            let sales = sales.unwrap_or_default();
            let clamped = i64::try_from(sales).unwrap_or(if sales < 0 { i64::MIN } else { i64::MAX });
            of_rows[row].push((day, clamped));
        }
    }
    of_rows.iter_mut().for_each(|days| days.sort_unstable());
    Ok(of_rows)
}
