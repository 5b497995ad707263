//! How far into the data a run may look.

use cartera_table::{AsOf, Date};

/// The last day in scope, and what lines after it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// A declared day: later lines are sound and out of scope.
    Through(AsOf),
    /// The last day in the data: lines after today are defects, and decide nothing.
    LatestUntil(Date),
}

impl Horizon {
    /// The last day in scope, in days since 1970-01-01.
    #[must_use]
    pub fn last_epoch_day(self) -> i32 {
        match self {
            Self::Through(as_of) => as_of.epoch_days(),
            Self::LatestUntil(today) => AsOf(today).epoch_days(),
        }
    }
}
