//! What customers did in each month, counted customer by customer and added up over partitions.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use cartera_table::TableError;
use foldhash::fast::FixedState;

use super::amounts::Amounts;
use super::calendar::Calendar;
use super::years::{year_before, year_before_and_year};

/// What a customer did on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CustomerDay {
    /// Days since 1970-01-01.
    pub(crate) day: i32,
    /// Whether it has a line that counts as an order.
    pub(crate) is_purchase: bool,
    pub(crate) amounts: Amounts,
}

/// The days that are looked at, and the limits between them.
#[derive(Debug, Clone)]
pub(crate) struct ActivityRules {
    /// Purchases before it are not looked at; money is.
    pub(crate) first_day: i32,
    /// The day of the run.
    pub(crate) last_day: i32,
    /// Longest pause without which nobody is recovered.
    pub(crate) lapsed_days: i32,
    /// Most days since the last purchase of a customer who is not lost.
    pub(crate) lost_days: i32,
    pub(crate) calendar: Calendar,
}

/// What the customers of a cohort did in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CohortMonth {
    /// Customers who bought.
    pub(crate) active: i64,
    pub(crate) amounts: Amounts,
}

/// What happened in a month that cohorts do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct MonthEvents {
    /// Customers who bought after a pause.
    pub(crate) recovered: i64,
    /// How often customers were lost.
    pub(crate) lost: i64,
    /// How often lost customers bought again.
    pub(crate) regained: i64,
    /// Customers who bought in the month before too.
    pub(crate) retained: i64,
    /// Customers who bought in the year before the one that ends with the month.
    pub(crate) of_year_before: i64,
    /// Those of them who bought in the year too.
    pub(crate) of_both_years: i64,
}

/// Purchases and money of all customers by month. Sums of whole numbers: their order does not matter.
#[derive(Debug, Clone, Default)]
pub struct MonthlyActivity {
    /// By month of the first purchase, if there is one, and by month.
    pub(crate) cohorts: HashMap<(Option<i32>, i32), CohortMonth, FixedState>,
    pub(crate) events: HashMap<i32, MonthEvents, FixedState>,
    /// Customers who never bought.
    pub(crate) never_bought: i64,
}

impl MonthlyActivity {
    /// Adds a customer by its days, ascending.
    pub(crate) fn add(&mut self, days: &[CustomerDay], rules: &ActivityRules) -> Result<(), TableError> {
        let is_known = |day: &&CustomerDay| day.is_purchase && day.day >= rules.first_day;
        let purchases: Vec<i32> = days.iter().filter(is_known).map(|day| day.day).collect();
        let mut months: Vec<i32> = purchases.iter().map(|day| rules.calendar.month(*day)).collect();
        months.dedup();
        let cohort = months.first().copied();
        self.never_bought += i64::from(cohort.is_none());
        for of_month in days.chunk_by(|one, other| rules.calendar.month(one.day) == rules.calendar.month(other.day)) {
            let cell = self.cohorts.entry((cohort, rules.calendar.month(of_month[0].day)));
            let cell = cell.or_default();
            cell.active += i64::from(of_month.iter().any(|day| is_known(&day)));
            for day in of_month {
                cell.amounts.add(&day.amounts)?;
            }
        }
        self.add_pauses(&purchases, rules);
        self.add_returns(&months, rules);
        Ok(())
    }

    /// Who came back late or not at all.
    fn add_pauses(&mut self, purchases: &[i32], rules: &ActivityRules) {
        let mut recovered_in = None;
        for pair in purchases.windows(2) {
            let (last, next) = (pair[0], pair[1]);
            let month = rules.calendar.month(next);
            if next - last > rules.lapsed_days && recovered_in != Some(month) {
                self.event(month).recovered += 1;
                recovered_in = Some(month);
            }
            let lost_on = last.saturating_add(rules.lost_days + 1);
            // Who buys on that very day is not lost.
            if next > lost_on {
                self.event(rules.calendar.month(lost_on)).lost += 1;
                self.event(month).regained += 1;
            }
        }
        let lost_on = purchases.last().map(|last| last.saturating_add(rules.lost_days + 1));
        if let Some(day) = lost_on.filter(|day| *day <= rules.last_day) {
            self.event(rules.calendar.month(day)).lost += 1;
        }
    }

    /// Who bought in two months in a row, and in two years.
    fn add_returns(&mut self, months: &[i32], rules: &ActivityRules) {
        for pair in months.windows(2).filter(|pair| pair[1] == pair[0] + 1) {
            self.event(pair[1]).retained += 1;
        }
        let last_month = rules.calendar.month(rules.last_day);
        for month in year_before(months).flatten().take_while(|month| *month <= last_month) {
            self.event(month).of_year_before += 1;
        }
        let of_both = year_before_and_year(months).flatten();
        for month in of_both.take_while(|month| *month <= last_month) {
            self.event(month).of_both_years += 1;
        }
    }

    fn event(&mut self, month: i32) -> &mut MonthEvents {
        self.events.entry(month).or_default()
    }

    /// Adds those of another partition.
    ///
    /// # Errors
    /// When a sum overflows.
    pub fn merge(&mut self, other: Self) -> Result<(), TableError> {
        self.never_bought += other.never_bought;
        for (place, cell) in other.cohorts {
            match self.cohorts.entry(place) {
                Entry::Vacant(entry) => drop(entry.insert(cell)),
                Entry::Occupied(mut entry) => {
                    let known = entry.get_mut();
                    known.active += cell.active;
                    known.amounts.add(&cell.amounts)?;
                }
            }
        }
        for (month, events) in other.events {
            let known = self.event(month);
            known.recovered += events.recovered;
            known.lost += events.lost;
            known.regained += events.regained;
            known.retained += events.retained;
            known.of_year_before += events.of_year_before;
            known.of_both_years += events.of_both_years;
        }
        Ok(())
    }
}
