//! Histories of purchases: what the days of a customer tell of rhythm, what models may know, and what each month was.
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

use cartera_table::frame::text;
use polars::prelude::DataFrame;

use crate::cohorts::{ActivityRules, CustomerDay, DaysByCustomer, MonthlyActivity};
use crate::error::FeatureError;
use crate::params::{LifecycleValidParams, RhythmValidParams};
use columns::HistoryColumns;
use customer::{PurchaseDay, holdout, observed};
use rhythm::Rhythm;

/// The days of the customers of one partition.
#[derive(Debug, Clone, Copy)]
pub struct CustomerDays<'d> {
    /// What is known on the day of the run: a row a customer and day with a line, in any order.
    pub known: &'d DataFrame,
    /// What was known on the day of the cut, where that is more than the same days up to it: an order may have
    /// been one then that was returned since.
    pub known_at_cut: Option<&'d DataFrame>,
}

/// What histories are looked at by.
#[derive(Debug, Clone)]
pub struct HistoryRules {
    window: HistoryWindow,
    rhythm: RhythmValidParams,
    activity: ActivityRules,
}

impl HistoryRules {
    /// The days that are looked at, and the limits between them.
    #[must_use]
    pub fn new(window: &HistoryWindow, rhythm: RhythmValidParams, lifecycle: LifecycleValidParams) -> Self {
        Self {
            window: *window,
            rhythm,
            activity: ActivityRules::new(window, lifecycle),
        }
    }
}

/// What the days of the customers of a partition come to.
#[derive(Debug)]
pub struct History {
    /// The customers, with what their days tell.
    pub customers: DataFrame,
    /// Their purchases by day.
    pub purchases: PurchaseCounts,
    /// What they did by month.
    pub activity: MonthlyActivity,
}

/// Adds to the customers of a partition what their days tell, and counts these by day and by month.
///
/// # Errors
/// When a column is not there, a sum overflows or the engine fails.
pub fn with_history(
    mut customers: DataFrame,
    days: CustomerDays<'_>,
    rules: &HistoryRules,
) -> Result<History, FeatureError> {
    let HistoryRules {
        window,
        rhythm,
        activity: activity_rules,
    } = rules;
    let mut purchases = PurchaseCounts::new(window);
    let mut activity = MonthlyActivity::default();
    if customers.height() == 0 {
        return Ok(History {
            customers,
            purchases,
            activity,
        });
    }
    let rows = rows_by_id(&customers)?;
    let mut known = Vec::with_capacity(customers.height());
    DaysByCustomer::new(days.known, &rows)?.each(|days| {
        known.push(purchases_of(days, window.first_day));
        activity.add(days, activity_rules)
    })?;
    let known_at_cut = match days.known_at_cut {
        Some(days) => {
            let mut then = Vec::with_capacity(customers.height());
            DaysByCustomer::new(days, &rows)?.each(|days| {
                then.push(purchases_of(days, window.first_day));
                Ok::<(), FeatureError>(())
            })?;
            Some(then)
        }
        None => None,
    };
    let mut columns = HistoryColumns::with_capacity(customers.height());
    for (row, days) in known.iter().enumerate() {
        let then = known_at_cut.as_ref().map_or(days, |then| &then[row]);
        let calibration = window.cut.and_then(|cut| observed(then, cut));
        let holdout = window
            .cut
            .filter(|_| calibration.is_some())
            .map(|cut| holdout(days, then, window, cut));
        if calibration.is_some() {
            purchases.add(then, days, window);
        }
        let rhythm = Rhythm::of(days, window, rhythm.trend_days);
        columns.push(
            observed(days, window.last_day),
            calibration,
            holdout,
            (!days.is_empty()).then_some(&rhythm),
            days.first().map(|(_, sales)| *sales),
        );
    }
    for column in columns.into_columns()? {
        customers.with_column(column)?;
    }
    Ok(History {
        customers,
        purchases,
        activity,
    })
}

fn rows_by_id(customers: &DataFrame) -> Result<HashMap<&str, u32, foldhash::fast::FixedState>, FeatureError> {
    let ids = text(customers, "customer_id")?.iter().zip(0_u32..);
    Ok(ids.filter_map(|(id, row)| Some((id?, row))).collect())
}

/// The purchase days of a customer from a day on, ascending.
fn purchases_of(days: &[CustomerDay], first_day: i32) -> Vec<PurchaseDay> {
    let known = days.iter().filter(|day| day.is_purchase && day.day >= first_day);
    let sales = |sales: i128| i64::try_from(sales).unwrap_or(if sales < 0 { i64::MIN } else { i64::MAX });
    known.map(|day| (day.day, sales(day.amounts.gross_sales))).collect()
}
