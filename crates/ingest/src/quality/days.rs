//! Rows, guests and money of each day of a source.

use std::collections::BTreeMap;

use cartera_raw::{Column, ValueColumn};
use cartera_table::MICROSECONDS_PER_DAY;
use serde::{Deserialize, Serialize};

use super::hash::NO_VALUE;

/// Days that a block counts in a row of counters; where wrong dates spread them further, in a map.
const DENSE_DAYS: i64 = 16_384;

/// What there is of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// Rows of the day.
    pub rows: u64,
    /// Of these, rows without a customer.
    pub guest_rows: u64,
    /// Of these, rows whose amount could be read.
    pub amount_rows: u64,
    /// The sum of these amounts, in ten-thousandths.
    pub amount: i128,
}

impl DayCount {
    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.guest_rows += other.guest_rows;
        self.amount_rows += other.amount_rows;
        self.amount += other.amount;
    }
}

/// The days that rows fall on, as days since 1970-01-01, as the file writes them (of UTC where its times have an
/// offset).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days(pub BTreeMap<i32, DayCount>);

impl Days {
    /// Counts the rows of a block. `hashes` are those of the day column, `customers` those of the customer column.
    pub(super) fn of(
        column: &Column,
        hashes: &[u64],
        is_guest: Option<&[bool]>,
        amounts: Option<&[Option<i64>]>,
    ) -> Self {
        match column {
            Column::Date(days) => Self::count(days, |day| day, hashes, is_guest, amounts),
            Column::Timestamp(moments) => {
                let day = |moment: i64| moment.div_euclid(MICROSECONDS_PER_DAY) as i32;
                Self::count(moments, day, hashes, is_guest, amounts)
            }
            Column::Text(_) | Column::Decimal(_) => Self::default(),
        }
    }

    fn count<T: Copy>(
        column: &ValueColumn<T>,
        day: impl Fn(T) -> i32,
        hashes: &[u64],
        is_guest: Option<&[bool]>,
        amounts: Option<&[Option<i64>]>,
    ) -> Self {
        let rows = || column.values.iter().zip(hashes).enumerate();
        let (mut first, mut last) = (i32::MAX, i32::MIN);
        for (_, (&value, _)) in rows().filter(|(_, (_, hash))| **hash != NO_VALUE) {
            let day = day(value);
            first = first.min(day);
            last = last.max(day);
        }
        let of_row = |row: usize| {
            let amount = amounts.and_then(|amounts| amounts[row]);
            DayCount {
                rows: 1,
                guest_rows: u64::from(is_guest.is_some_and(|is_guest| is_guest[row])),
                amount_rows: u64::from(amount.is_some()),
                amount: amount.unwrap_or(0).into(),
            }
        };
        let span = i64::from(last) - i64::from(first) + 1;
        if span > DENSE_DAYS {
            let mut days = Self::default();
            for (row, (&value, _)) in rows().filter(|(_, (_, hash))| **hash != NO_VALUE) {
                days.0.entry(day(value)).or_default().add(of_row(row));
            }
            return days;
        }
        let mut counts = vec![DayCount::default(); usize::try_from(span).unwrap_or(0)];
        for (row, (&value, &hash)) in rows() {
            if hash != NO_VALUE
                && let Some(count) = counts.get_mut((day(value) - first) as usize)
            {
                count.add(of_row(row));
            }
        }
        Self((first..).zip(counts).filter(|(_, count)| count.rows > 0).collect())
    }

    /// Adds the days of other rows.
    pub fn merge(&mut self, other: &Self) {
        for (&day, &count) in &other.0 {
            self.0.entry(day).or_default().add(count);
        }
    }
}
