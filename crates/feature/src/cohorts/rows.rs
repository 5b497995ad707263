//! The months of all customers as rows: of cohorts, and of the whole base.

use std::collections::BTreeMap;

use cartera_table::TableError;

use super::activity::{CohortMonth, MonthEvents, MonthlyActivity};
use super::amounts::{Amounts, share};

/// A cohort in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CohortRow {
    /// The month of the first purchase; none of those who never bought, in any month.
    pub(crate) cohort: Option<i32>,
    pub(crate) month: Option<i32>,
    pub(crate) customers: i64,
    pub(crate) active: i64,
    pub(crate) amounts: Amounts,
    /// Those of all months up to this one.
    pub(crate) cumulative: Amounts,
}

/// All customers in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KpiRow {
    pub(crate) month: i32,
    /// Customers who had bought before the month and were not lost.
    pub(crate) at_start: i64,
    pub(crate) new: i64,
    pub(crate) active: i64,
    /// Active customers of the month before.
    pub(crate) active_before: i64,
    pub(crate) events: MonthEvents,
    /// Whether the years before are all there.
    pub(crate) knows_years: bool,
    pub(crate) amounts: Amounts,
}

impl KpiRow {
    /// Customers who have bought and are not lost when the month ends.
    pub(crate) fn at_end(&self) -> i64 {
        self.at_start + self.new + self.events.regained - self.events.lost
    }

    /// Active customers who had bought in an earlier month.
    pub(crate) fn returning(&self) -> i64 {
        self.active - self.new
    }

    /// Their part of the active ones.
    pub(crate) fn repeat_rate(&self) -> Option<f64> {
        share(self.returning(), self.active)
    }

    /// The part of the active customers of the month before who bought again.
    pub(crate) fn retention_rate(&self) -> Option<f64> {
        share(self.events.retained, self.active_before)
    }
}

/// Months of two years.
const TWO_YEARS: i32 = 24;

/// The cohorts, each from its month to the last one; months before it only where something happened.
pub(crate) fn cohort_rows(activity: &MonthlyActivity, last_month: i32) -> Result<Vec<CohortRow>, TableError> {
    let cells: BTreeMap<(Option<i32>, i32), CohortMonth> =
        activity.cohorts.iter().map(|(place, cell)| (*place, *cell)).collect();
    let mut rows = Vec::new();
    if activity.never_bought > 0 {
        let mut amounts = Amounts::default();
        for cell in cells.range((None, i32::MIN)..=(None, i32::MAX)).map(|(_, cell)| cell) {
            amounts.add(&cell.amounts)?;
        }
        rows.push(CohortRow {
            cohort: None,
            month: None,
            customers: activity.never_bought,
            active: 0,
            amounts,
            cumulative: amounts,
        });
    }
    let mut cohorts: Vec<i32> = cells.keys().filter_map(|(cohort, _)| *cohort).collect();
    cohorts.dedup();
    for cohort in cohorts {
        let of_month = |month: i32| cells.get(&(Some(cohort), month)).copied().unwrap_or_default();
        let before = cells.range((Some(cohort), i32::MIN)..(Some(cohort), cohort));
        let months = before.map(|((_, month), _)| *month).chain(cohort..=last_month);
        let mut cumulative = Amounts::default();
        for month in months {
            let CohortMonth { active, amounts } = of_month(month);
            cumulative.add(&amounts)?;
            rows.push(CohortRow {
                cohort: Some(cohort),
                month: Some(month),
                customers: of_month(cohort).active,
                active,
                amounts,
                cumulative,
            });
        }
    }
    Ok(rows)
}

/// The months from the first with anything in it, not before `first_month`, to the last one.
pub(crate) fn kpi_rows(
    activity: &MonthlyActivity,
    first_month: i32,
    last_month: i32,
) -> Result<Vec<KpiRow>, TableError> {
    let mut months: BTreeMap<i32, (CohortMonth, i64)> = BTreeMap::new();
    for (&(cohort, month), cell) in &activity.cohorts {
        if month >= first_month {
            let (all, new) = months.entry(month).or_default();
            all.active += cell.active;
            all.amounts.add(&cell.amounts)?;
            if cohort == Some(month) {
                *new += cell.active;
            }
        }
    }
    let first = months.keys().next().copied().unwrap_or(last_month + 1);
    let mut rows: Vec<KpiRow> = Vec::new();
    for month in first..=last_month {
        let (all, new) = months.get(&month).copied().unwrap_or_default();
        let before = rows.last();
        rows.push(KpiRow {
            month,
            at_start: before.map_or(0, KpiRow::at_end),
            new,
            active: all.active,
            active_before: before.map_or(0, |before| before.active),
            events: activity.events.get(&month).copied().unwrap_or_default(),
            knows_years: month - first >= TWO_YEARS - 1,
            amounts: all.amounts,
        });
    }
    Ok(rows)
}
