//! Cohorts and key figures: how customers who came in one month behave in the months after, and how the whole base
//! comes and goes.
//!
//! What customers did on which days is counted partition by partition while the days are there, into a small table of
//! cohorts by months ([`MonthlyActivity`]); [`cohorts`] makes the published tables of it, when it is known what
//! customers cost and what they are worth.

mod activity;
mod amounts;
mod calendar;
mod days;
mod rows;
mod tables;
#[cfg(test)]
mod tests;
mod worth;
mod years;

use cartera_table::contracts::{Cohorts, Kpis};
use cartera_table::{Money, Table};

use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::history::HistoryWindow;
use crate::params::LifecycleValidParams;
pub use activity::MonthlyActivity;
pub(crate) use activity::{ActivityRules, CustomerDay};
use amounts::Amounts;
use calendar::{Calendar, is_last_of_month, month_of, month_text};
pub(crate) use days::DaysByCustomer;
use rows::{KpiRow, cohort_rows, kpi_rows};
use tables::{LastMonth, cohorts_table, kpis_table};
use worth::WorthByMonth;

impl ActivityRules {
    /// The days that histories look at, with the limits of lifecycle stages.
    pub(crate) fn new(window: &HistoryWindow, lifecycle: LifecycleValidParams) -> Self {
        Self {
            first_day: window.first_day,
            last_day: window.last_day,
            lapsed_days: lifecycle.lapsed_days,
            lost_days: lifecycle.lost_days,
            calendar: Calendar::new(window.first_day, window.last_day),
        }
    }
}

/// Cohorts and key figures of a run.
#[derive(Debug)]
pub struct CohortTables {
    /// Customers by the month of their first purchase.
    pub cohorts: Table<Cohorts>,
    /// The base month by month.
    pub kpis: Table<Kpis>,
    /// Customers who never bought: new in no month.
    pub never_bought: u64,
    /// Net sales of the months before the first of the key figures.
    pub earlier_net_sales: Money,
    /// The last month that is over, in short; none where there is none.
    pub last_month: Option<MonthInShort>,
}

/// A month in a few numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthInShort {
    /// As 2025-03.
    pub month: String,
    /// Customers who bought.
    pub active_customers: u64,
    /// Of these, customers who had not bought before.
    pub new_customers: u64,
    /// Of these, customers who came back after a pause.
    pub recovered_customers: u64,
    /// Customers who were lost.
    pub lost_customers: u64,
    /// Customers who are not lost at its end.
    pub customers_at_end: u64,
    /// Share of those who bought who had done so in an earlier month.
    pub repeat_rate: Option<f64>,
    /// Share of those who bought in the month before who did so again.
    pub retention_rate: Option<f64>,
}

/// Makes the tables of what all customers did by month; the base must hold histories, costs and values.
///
/// # Errors
/// When a column is not there, a sum overflows or the engine fails.
pub fn cohorts(
    base: &CustomerBase,
    activity: &MonthlyActivity,
    window: &HistoryWindow,
) -> Result<CohortTables, FeatureError> {
    let calendar = Calendar::new(window.first_day, window.last_day);
    let last = LastMonth {
        month: month_of(window.last_day),
        is_over: is_last_of_month(window.last_day),
    };
    let first_month = month_of(window.first_day);
    let worth = WorthByMonth::new(base, window, &calendar)?;
    let cohorts = cohort_rows(activity, last.month)?;
    let kpis = kpi_rows(activity, first_month, last.month)?;
    let mut earlier = Amounts::default();
    for ((_, month), cell) in &activity.cohorts {
        if *month < first_month {
            earlier.add(&cell.amounts)?;
        }
    }
    let over = kpis.iter().rfind(|row| last.is_complete(row.month));
    Ok(CohortTables {
        cohorts: cohorts_table(&cohorts, last)?,
        kpis: kpis_table(&kpis, &worth, last)?,
        never_bought: whole(activity.never_bought),
        earlier_net_sales: Money(earlier.net_sales),
        last_month: over.map(in_short),
    })
}

fn in_short(row: &KpiRow) -> MonthInShort {
    MonthInShort {
        month: month_text(row.month),
        active_customers: whole(row.active),
        new_customers: whole(row.new),
        recovered_customers: whole(row.events.recovered),
        lost_customers: whole(row.events.lost),
        customers_at_end: whole(row.at_end()),
        repeat_rate: row.repeat_rate(),
        retention_rate: row.retention_rate(),
    }
}

fn whole(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
