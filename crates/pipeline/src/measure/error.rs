//! Requests to measure that cannot be met.

use cartera_activation::measure::MeasureError;
use cartera_table::Date;
use thiserror::Error;

use crate::store::RunRef;

/// Why nothing was measured.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MeasureRequestError {
    /// The statistics refuse.
    #[error(transparent)]
    Statistics(#[from] MeasureError),
    /// No row has the arm that is to be compared with.
    #[error("no row has {control:?} in {column}; it holds: {arms}")]
    NoSuchArm {
        /// The column of the arms.
        column: String,
        /// What was asked for.
        control: String,
        /// The arms there are.
        arms: String,
    },
    /// A column has too many values to be one of groups.
    #[error("{column} has more than {limit} different values: it does not look like a column of groups")]
    TooManyGroups {
        /// The column.
        column: String,
        /// The most.
        limit: usize,
    },
    /// A column of an outcome holds no number.
    #[error("{column} holds no number: an outcome is 0 or 1, yes or no, or an amount")]
    NoNumbers {
        /// The column.
        column: String,
    },
    /// A column is asked for in two parts.
    #[error("{column} is asked for twice: as group, segment or outcome")]
    ColumnTwice {
        /// The column.
        column: String,
    },
    /// Nothing was published that could have assigned customers.
    #[error("no run of a day before {from} is published: nobody was assigned then")]
    NoRunBefore {
        /// First day of the window.
        from: Date,
    },
    /// Nothing was published at all.
    #[error("no run is published: nobody was assigned")]
    NoRun,
    /// Designed shares are not those of all groups.
    #[error("the designed shares name {named}, and {column} holds {arms}: each group needs its share, once")]
    SharesOfOtherGroups {
        /// The groups that were named.
        named: String,
        /// The column of the groups.
        column: String,
        /// The groups there are.
        arms: String,
    },
    /// Designed shares do not add up.
    #[error("the designed shares add up to {sum}, not to 1")]
    SharesDoNotAddUp {
        /// What they add up to.
        sum: f64,
    },
    /// The margin is no part of an amount.
    #[error("a margin share of {share} is none: write a number above 0, up to 1, such as 0.4")]
    MarginShare {
        /// What was asked for.
        share: f64,
    },
    /// Margin of what is no money.
    #[error(
        "a margin share is a part of amounts, and {columns} holds only zeros and ones: measure a column of amounts as well"
    )]
    MarginOfNoAmount {
        /// The columns.
        columns: String,
    },
    /// The run has no such list.
    #[error("run {run} has no list {list:?}; it has: {lists}")]
    NoSuchList {
        /// The run.
        run: RunRef,
        /// The list.
        list: String,
        /// The lists there are.
        lists: String,
    },
    /// The window begins before customers were assigned.
    #[error("the window begins on {from}, and run {run} assigned customers at the end of {}: what they did before has nothing to do with it", run.as_of)]
    BeforeAssignment {
        /// First day of the window.
        from: Date,
        /// The run.
        run: RunRef,
    },
    /// The window holds no day of the data.
    #[error("the window begins on {from} and ends on {to}; the data ends on {last_day}")]
    EmptyWindow {
        /// First day of the window.
        from: Date,
        /// Last day of the window.
        to: Date,
        /// Last day of the data.
        last_day: Date,
    },
    /// Segments by that column are not published.
    #[error("customer_segments has no column {column:?} to look by; it has: {columns}")]
    NoSuchSegmentation {
        /// What was asked for.
        column: String,
        /// The columns there are.
        columns: String,
    },
    /// There is no data for the outcome.
    #[error("{outcome} cannot be measured: {reason}")]
    NoData {
        /// The outcome.
        outcome: &'static str,
        /// Why.
        reason: &'static str,
    },
}

impl MeasureRequestError {
    /// What to do about it, where the message does not say it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoRunBefore { .. } | Self::NoRun => "publish the lists with `cartera run` before they are used",
            Self::BeforeAssignment { .. } => "leave --from out, or name an earlier run with --run",
            Self::EmptyWindow { .. } => {
                "name the run that the list was used from with --run, or the first day after it with --from"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
