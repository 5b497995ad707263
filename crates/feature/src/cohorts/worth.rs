//! What the customers who came in each month cost, and what they are worth.

use std::collections::HashMap;

use cartera_table::TableError;
use cartera_table::frame::decimal;
use foldhash::fast::FixedState;
use polars::prelude::DataFrame;

use super::calendar::Calendar;
use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::history::{Histories, HistoryWindow};

/// A sum of what need not be known of every customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct KnownSum {
    sum: i128,
    unknown: i64,
}

impl KnownSum {
    fn add(&mut self, value: Option<i128>) -> Result<(), TableError> {
        let sum = self.sum.checked_add(value.unwrap_or_default());
        self.sum = sum.ok_or_else(|| TableError::Overflow {
            what: "sum values of new customers".into(),
        })?;
        self.unknown += i64::from(value.is_none());
        Ok(())
    }

    /// None where one of the customers is not known.
    pub(super) fn known(self) -> Option<i128> {
        (self.unknown == 0).then_some(self.sum)
    }
}

/// The customers of a cohort in money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Worth {
    pub(super) acquisition_cost: KnownSum,
    pub(super) clv_horizon: KnownSum,
    pub(super) vin: KnownSum,
}

impl Worth {
    /// What customers bring by what it cost to win them.
    #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
    pub(super) fn value_by_cost(self) -> Option<f64> {
        let cost = self.acquisition_cost.known().filter(|cost| *cost > 0)?;
        Some((self.vin.known()? + cost) as f64 / cost as f64)
    }
}

/// The cohorts in money.
#[derive(Debug, Default)]
pub(super) struct WorthByMonth {
    of_months: HashMap<i32, Worth, FixedState>,
    /// That of a month in which nobody came: zero of what is known of anybody.
    of_nobody: Worth,
}

impl WorthByMonth {
    /// By the first purchase that histories know.
    pub(super) fn new(base: &CustomerBase, window: &HistoryWindow, calendar: &Calendar) -> Result<Self, FeatureError> {
        let frame = base.frame();
        if frame.height() == 0 {
            return Ok(Self::default());
        }
        let columns = ["acquisition_cost", "clv_horizon", "vin"].map(|name| values(frame, name));
        let [costs, clvs, vins] = columns;
        let (costs, clvs, vins) = (costs?, clvs?, vins?);
        let mut all = Self::default();
        for (row, history) in Histories::now(frame)?.iter().enumerate() {
            let Some((history, ..)) = history else { continue };
            let age_days = i32::try_from(history.age_days).unwrap_or(i32::MAX);
            let month = calendar.month(window.last_day.saturating_sub(age_days));
            let worth = all.of_months.entry(month).or_default();
            worth.acquisition_cost.add(costs[row])?;
            worth.clv_horizon.add(clvs[row])?;
            worth.vin.add(vins[row])?;
        }
        let of_nobody = |values: &[Option<i128>]| KnownSum {
            sum: 0,
            unknown: i64::from(values.iter().all(Option::is_none)),
        };
        all.of_nobody = Worth {
            acquisition_cost: of_nobody(&costs),
            clv_horizon: of_nobody(&clvs),
            vin: of_nobody(&vins),
        };
        Ok(all)
    }

    pub(super) fn of(&self, month: i32) -> Worth {
        self.of_months.get(&month).copied().unwrap_or(self.of_nobody)
    }
}

/// A column that may not be there.
fn values(frame: &DataFrame, name: &str) -> Result<Vec<Option<i128>>, FeatureError> {
    if !frame.schema().contains(name) {
        return Ok(vec![None; frame.height()]);
    }
    Ok(decimal(frame, name)?.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_of_one_is_not_known_of_all() {
        let mut worth = Worth::default();
        assert_eq!(worth.value_by_cost(), None, "nothing was spent");
        for (cost, vin) in [(100, 250), (300, -50)] {
            worth.acquisition_cost.add(Some(cost)).expect("small");
            worth.vin.add(Some(vin)).expect("small");
        }
        // 400 were spent, and 200 are left after that.
        assert_eq!(worth.value_by_cost(), Some(1.5));
        worth.vin.add(None).expect("small");
        assert_eq!((worth.vin.known(), worth.value_by_cost()), (None, None));
        assert_eq!(worth.acquisition_cost.known(), Some(400));
        assert!(worth.acquisition_cost.add(Some(i128::MAX)).is_err());
    }
}
