//! Exact counts of each value, for columns that have few of them.

use serde::{Deserialize, Serialize};

use super::hash::NO_VALUE;
use super::value::CellValue;

/// A column with more different values is not counted value by value.
pub const COUNTED_VALUES: usize = 256;

/// Slots of the table that finds a value by its hash: at most a quarter of them is taken.
const SLOTS: usize = 1_024;

/// How often each value occurs; nothing as soon as there are more than [`COUNTED_VALUES`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ValueCounts {
    /// Ascending by hash; none when there are too many.
    values: Option<Vec<ValueCount>>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ValueCount {
    hash: u64,
    pub(crate) count: u64,
    /// None in personal columns.
    pub(crate) value: Option<CellValue>,
}

impl ValueCounts {
    /// Counts the cells of a column; `value` shows the one of a row.
    pub(crate) fn of(hashes: &[u64], value: impl Fn(usize) -> Option<CellValue>) -> Self {
        let mut slots = [u16::MAX; SLOTS];
        let mut found: Vec<(u64, u64, usize)> = Vec::new();
        for (row, &hash) in hashes.iter().enumerate() {
            if hash == NO_VALUE {
                continue;
            }
            let mut slot = hash as usize % SLOTS;
            loop {
                let place = usize::from(slots[slot]);
                if place >= found.len() {
                    if found.len() == COUNTED_VALUES {
                        return Self { values: None };
                    }
                    slots[slot] = found.len() as u16;
                    found.push((hash, 1, row));
                    break;
                }
                if found[place].0 == hash {
                    found[place].1 += 1;
                    break;
                }
                slot = (slot + 1) % SLOTS;
            }
        }
        found.sort_unstable();
        let values = found
            .into_iter()
            .map(|(hash, count, row)| ValueCount {
                hash,
                count,
                value: value(row),
            })
            .collect();
        Self { values: Some(values) }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.values = match (self.values.take(), other.values) {
            (Some(mut own), Some(others)) => {
                for other in others {
                    match own.binary_search_by_key(&other.hash, |value| value.hash) {
                        Ok(place) => own[place].count += other.count,
                        Err(place) => own.insert(place, other),
                    }
                }
                (own.len() <= COUNTED_VALUES).then_some(own)
            }
            _ => None,
        };
    }

    /// The values, in no order that means anything; none when there are too many.
    pub(crate) fn values(&self) -> Option<&[ValueCount]> {
        self.values.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(hashes: &[u64]) -> ValueCounts {
        ValueCounts::of(hashes, |row| i64::try_from(hashes[row]).ok().map(CellValue::Number))
    }

    #[test]
    fn few_values_are_counted_exactly() {
        // All in one slot, so that they push each other on.
        let hashes: Vec<u64> = (0..900_u64)
            .map(|row| if row % 9 == 0 { 0 } else { row % 30 * 1_024 + 5 })
            .collect();
        let counts = count(&hashes);
        for value in counts.values().expect("few") {
            assert_eq!(
                value.count,
                hashes.iter().filter(|&&hash| hash == value.hash).count() as u64
            );
        }
        assert_eq!(counts.values().map(<[_]>::len), Some(30));
    }

    #[test]
    fn one_too_many_is_too_many_however_they_are_grouped() {
        let limit = COUNTED_VALUES as u64;
        let hashes: Vec<u64> = (1..=limit + 1).collect();
        assert!(count(&hashes).values().is_none());
        assert!(count(&hashes[1..]).values().is_some());
        let mut merged = count(&hashes[..200]);
        merged.merge(count(&hashes[100..]));
        assert_eq!(merged, count(&hashes));
        merged.merge(count(&hashes[..1]));
        assert!(merged.values().is_none(), "it stays so");
    }
}
