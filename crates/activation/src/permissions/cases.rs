//! Complaints and incidents: as long as one is open, and some days after one was opened, nobody sells anything.

use cartera_table::contracts::Cases;
use cartera_table::frame::{boolean, dates, text};
use cartera_table::{Table, TableError};

use super::params::ContactRulesValidParams;
use super::reason::{Detail, Reason, Refusal};
use super::rows::Ids;

/// No such case.
const NEVER: i32 = i32::MIN;

/// The cases of each customer that ask for quiet.
#[derive(Debug, Clone)]
pub(super) struct QuietCases {
    /// Day of the last one.
    last: Vec<i32>,
    /// Day of the last one that is open.
    open: Vec<i32>,
    quiet_days: i32,
}

impl QuietCases {
    pub(super) fn new(
        cases: Option<&Table<Cases>>,
        ids: &Ids,
        rules: &ContactRulesValidParams,
    ) -> Result<Self, TableError> {
        let mut quiet = Self {
            last: vec![NEVER; ids.len()],
            open: vec![NEVER; ids.len()],
            quiet_days: rules.quiet_days_after_case,
        };
        let Some(cases) = cases else { return Ok(quiet) };
        let frame = cases.frame();
        let mut cursor = ids.cursor();
        let facts = dates(frame, "opened_on")?.iter().zip(boolean(frame, "is_open")?.iter());
        let facts = facts.zip(text(frame, "kind")?.iter());
        for (customer, ((day, is_open), kind)) in text(frame, "customer_id")?.iter().zip(facts) {
            let asks_for_quiet = kind.is_some_and(|kind| rules.quiet_kinds.iter().any(|quiet| quiet == kind));
            let Some((day, row)) = day
                .filter(|_| asks_for_quiet)
                .zip(customer.and_then(|customer| cursor.find(customer)))
            else {
                continue;
            };
            let row = row as usize;
            quiet.last[row] = quiet.last[row].max(day);
            if is_open == Some(true) {
                quiet.open[row] = quiet.open[row].max(day);
            }
        }
        Ok(quiet)
    }

    /// An open case keeps everybody out, on any day.
    pub(super) fn check_open(&self, row: u32) -> Result<(), Refusal> {
        match self.open[row as usize] {
            NEVER => Ok(()),
            day => Err(Refusal::new(Reason::OpenCase, Detail::Day(day))),
        }
    }

    pub(super) fn check_quiet(&self, row: u32, day: i32) -> Result<(), Refusal> {
        let last = self.last[row as usize];
        if day < self.free_from(row) {
            return Err(Refusal::new(Reason::QuietPeriod, Detail::Day(last)));
        }
        Ok(())
    }

    /// The first day after the quiet period.
    pub(super) fn free_from(&self, row: u32) -> i32 {
        let last = self.last[row as usize];
        if last == NEVER {
            NEVER
        } else {
            last.saturating_add(self.quiet_days)
        }
    }
}
