//! What is known of one column of a source.

use std::collections::BTreeMap;

use cartera_raw::Column;
use serde::{Deserialize, Serialize};

use super::distinct::DistinctSketch;
use super::hash::NO_VALUE;
use super::value::{CellValue, ColumnForm, cell_value};
use super::value_counts::ValueCounts;

/// One mapped column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColumnQuality {
    pub(crate) name: String,
    pub(crate) form: ColumnForm,
    /// No value of it is kept.
    pub(crate) is_personal: bool,
    /// Rows whose cell has a value that could be read.
    pub(crate) filled: u64,
    /// Rows whose cell could not be taken, by reason.
    pub(crate) failures: BTreeMap<String, u64>,
    /// Least and greatest value; of texts the shortest and longest length in bytes.
    pub(crate) extremes: Option<(i64, i64)>,
    pub(super) distinct: DistinctSketch,
    pub(crate) values: ValueCounts,
}

impl ColumnQuality {
    /// Measures a column by its cells and their hashes; failures are added by row.
    pub(super) fn of(
        name: &str,
        form: ColumnForm,
        is_personal: bool,
        column: &Column,
        hashes: &[u64],
        distinct: DistinctSketch,
    ) -> Self {
        let without = column.validity().map_or(0, cartera_raw::Bitmap::unset_count);
        Self {
            name: name.to_owned(),
            form,
            is_personal,
            filled: (column.len() - without) as u64,
            failures: BTreeMap::new(),
            extremes: extremes(column, hashes).filter(|_| form == ColumnForm::Text || !is_personal),
            distinct,
            values: ValueCounts::of(hashes, |row| (!is_personal).then(|| cell_value(column, row)).flatten()),
        }
    }

    pub(super) fn add_failure(&mut self, reason: &str) {
        match self.failures.get_mut(reason) {
            Some(rows) => *rows += 1,
            None => {
                self.failures.insert(reason.to_owned(), 1);
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.filled += other.filled;
        for (reason, rows) in other.failures {
            *self.failures.entry(reason).or_default() += rows;
        }
        self.extremes = match (self.extremes, other.extremes) {
            (Some(own), Some(others)) => Some((own.0.min(others.0), own.1.max(others.1))),
            (own, others) => own.or(others),
        };
        self.distinct.merge(&other.distinct);
        self.values.merge(other.values);
    }

    /// The number of different values: exact where each is counted, else an estimate.
    pub(crate) fn distinct_count(&self) -> u64 {
        match self.values.values() {
            Some(values) => values.len() as u64,
            None => self.distinct.estimate(),
        }
    }

    /// Least and greatest value as text; not of texts, and not where they are personal.
    pub(crate) fn least_and_greatest(&self) -> Option<[CellValue; 2]> {
        let (least, greatest) = self.extremes.filter(|_| self.form != ColumnForm::Text)?;
        Some([least, greatest].map(CellValue::Number))
    }
}

fn extremes(column: &Column, hashes: &[u64]) -> Option<(i64, i64)> {
    match column {
        Column::Text(texts) => of_values(
            texts.offsets.windows(2).map(|ends| i64::from(ends[1] - ends[0])),
            hashes,
        ),
        Column::Decimal(numbers) | Column::Timestamp(numbers) => of_values(numbers.values.iter().copied(), hashes),
        Column::Date(days) => of_values(days.values.iter().map(|&day| day.into()), hashes),
    }
}

fn of_values(values: impl Iterator<Item = i64>, hashes: &[u64]) -> Option<(i64, i64)> {
    let (mut least, mut greatest) = (i64::MAX, i64::MIN);
    for (value, &hash) in values.zip(hashes) {
        if hash == NO_VALUE {
            continue;
        }
        // Seldom true, which is cheaper than choosing each time.
        if value < least {
            least = value;
        }
        if value > greatest {
            greatest = value;
        }
    }
    (least <= greatest).then_some((least, greatest))
}
