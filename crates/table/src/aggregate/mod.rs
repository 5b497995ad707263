//! The passes over lines and orders, as data.
//!
//! An [`Aggregation`] lists keys and aggregates. It is run by the executor in this module
//! (hashing, streamed, exact), or printed as SQL from the same list ([`Aggregation::to_sql`]).
//! Nothing else reads lines.

mod executor;
mod keys;
mod sql;

use polars::prelude::DataFrame;

use crate::error::TableError;

/// How the values of a group become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateKind {
    /// Exact sum; zero for a group without values.
    Sum,
    /// Smallest value; null for a group without values.
    Min,
    /// Largest value; null for a group without values.
    Max,
    /// Rows of the group.
    Count,
    /// Distinct values.
    CountDistinct,
}

/// One column of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aggregate {
    /// Its name in the result.
    pub name: &'static str,
    /// How values become one.
    pub kind: AggregateKind,
    /// The column of the values; none for [`AggregateKind::Count`].
    pub column: Option<&'static str>,
    /// A boolean column: rows where it is not true do not count.
    pub filter: Option<&'static str>,
}

impl Aggregate {
    /// Sum of a decimal or whole-number column.
    #[must_use]
    pub const fn sum(name: &'static str, column: &'static str) -> Self {
        Self {
            name,
            kind: AggregateKind::Sum,
            column: Some(column),
            filter: None,
        }
    }

    /// Smallest value of a date or whole-number column.
    #[must_use]
    pub const fn min(name: &'static str, column: &'static str) -> Self {
        Self {
            name,
            kind: AggregateKind::Min,
            column: Some(column),
            filter: None,
        }
    }

    /// Largest value of a date or whole-number column.
    #[must_use]
    pub const fn max(name: &'static str, column: &'static str) -> Self {
        Self {
            name,
            kind: AggregateKind::Max,
            column: Some(column),
            filter: None,
        }
    }

    /// Number of rows.
    #[must_use]
    pub const fn count(name: &'static str) -> Self {
        Self {
            name,
            kind: AggregateKind::Count,
            column: None,
            filter: None,
        }
    }

    /// Number of distinct values of a date or whole-number column.
    #[must_use]
    pub const fn count_distinct(name: &'static str, column: &'static str) -> Self {
        Self {
            name,
            kind: AggregateKind::CountDistinct,
            column: Some(column),
            filter: None,
        }
    }

    /// The same over rows where a boolean column is true.
    #[must_use]
    pub const fn filtered(self, filter: &'static str) -> Self {
        Self {
            filter: Some(filter),
            ..self
        }
    }
}

/// Keys and aggregates of one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aggregation {
    /// The columns that tell groups apart: text, dates or 32-bit whole numbers. A null is a key of its own.
    pub keys: &'static [&'static str],
    /// The columns of the result after the keys.
    pub aggregates: &'static [Aggregate],
}

impl Aggregation {
    /// Runs over the rows of all frames together. Groups come in the order of their first row.
    ///
    /// The sums of decimal columns are decimals of 38 digits at the same scale, those of whole
    /// numbers and all counts are 64-bit, minima and maxima keep their type.
    ///
    /// # Errors
    /// When a column is absent or of a type that its place does not take, or a sum overflows.
    pub fn run(&self, frames: &[DataFrame]) -> Result<DataFrame, TableError> {
        executor::run(self, frames)
    }
}

/// Cuts a frame by the hash of the first of the columns that is not null in the row, the same on every
/// machine: rows of a key stand together, and rows without the key are spread by the next column.
///
/// # Errors
/// When a column is absent or real-valued.
pub fn partition_by(frame: &DataFrame, columns: &[&str], partitions: usize) -> Result<Vec<DataFrame>, TableError> {
    keys::partition_by(frame, columns, partitions)
}

/// A hash of 128 bits of some columns of each row, the same on every machine.
///
/// # Errors
/// When a column is absent or real-valued.
pub fn row_hashes(frame: &DataFrame, columns: &[&str]) -> Result<Vec<[u64; 2]>, TableError> {
    keys::row_hashes(frame, columns)
}
