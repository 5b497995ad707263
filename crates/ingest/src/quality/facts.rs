//! What a report may say of a column.

use std::collections::BTreeMap;

use super::block::BlockQuality;
use super::value::CellValue;

/// Values that a report names, the most frequent first.
const TOP_VALUES: usize = 5;

/// Sampled rows that a value must stand in before it is called frequent: fewer would say little.
const SAMPLED_OCCURRENCES: u64 = 16;

/// One mapped column of a source, in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnFacts {
    /// The column of the table that it is mapped to.
    pub name: String,
    /// Whether no value of it may be shown.
    pub is_personal: bool,
    /// Rows whose cell has a value that could be read.
    pub filled: u64,
    /// Rows whose cell could not be taken, by reason.
    pub failures: BTreeMap<String, u64>,
    /// Number of different values.
    pub distinct_count: u64,
    /// Whether that is exact; else its standard error is 0.81 %.
    pub is_distinct_exact: bool,
    /// Least and greatest number, day or moment; none for text and personal columns.
    pub least_and_greatest: Option<[String; 2]>,
    /// Shortest and longest text in bytes of UTF-8.
    pub text_bytes: Option<[u64; 2]>,
    /// The most frequent values with their shares of the filled rows.
    pub top_values: Vec<(String, f64)>,
    /// The rows that these shares are estimated from; none where they are exact.
    pub sampled_rows: Option<u64>,
    /// All values with the rows that have them; none where there are too many or they are personal.
    pub values: Option<Vec<(String, u64)>>,
}

/// How often the keys of a source occur more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRepeats {
    /// Different keys that were watched.
    pub keys: u64,
    /// Rows with these keys.
    pub rows: u64,
    /// Whether these are all keys; else they are a random sample, whose rows were all counted.
    pub is_whole: bool,
}

impl KeyRepeats {
    /// Rows beyond the first one of their key.
    #[must_use]
    pub fn repeated_rows(self) -> u64 {
        self.rows - self.keys
    }
}

impl BlockQuality {
    /// Records that were read, broken ones included.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Records that could be cut into cells.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Broken records, by reason.
    #[must_use]
    pub fn rejected(&self) -> &BTreeMap<String, u64> {
        &self.rejected
    }

    /// The days that rows fall on.
    #[must_use]
    pub fn days(&self) -> &super::days::Days {
        &self.days
    }

    /// The repeats of each unique key of the spec.
    #[must_use]
    pub fn key_repeats(&self) -> Vec<KeyRepeats> {
        self.keys
            .iter()
            .map(|keys| KeyRepeats {
                keys: keys.entries().len() as u64,
                rows: keys.entries().iter().map(|entry| entry.count).sum(),
                is_whole: !keys.is_full(),
            })
            .collect()
    }

    /// The columns in their order.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnFacts> {
        (0..self.columns.len()).map(|place| self.column(place)).collect()
    }

    fn column(&self, place: usize) -> ColumnFacts {
        let column = &self.columns[place];
        let text = |value: &CellValue| column.form.text(value);
        let counted = column.values.values().filter(|_| !column.is_personal);
        let values: Option<Vec<(String, u64)>> = counted.map(|values| {
            let shown = |value: &super::value_counts::ValueCount| Some((text(value.value.as_ref()?), value.count));
            let mut values: Vec<_> = values.iter().filter_map(shown).collect();
            most_frequent_first(&mut values);
            values
        });
        let (mut top, sampled_rows) = match &values {
            Some(values) => (values.clone(), None),
            None => self.sampled_values(place),
        };
        let of = sampled_rows.unwrap_or(column.filled);
        top.truncate(TOP_VALUES);
        ColumnFacts {
            name: column.name.clone(),
            is_personal: column.is_personal,
            filled: column.filled,
            failures: column.failures.clone(),
            distinct_count: column.distinct_count(),
            is_distinct_exact: column.values.values().is_some(),
            least_and_greatest: column.least_and_greatest().map(|ends| ends.map(|end| text(&end))),
            text_bytes: match column.form {
                super::value::ColumnForm::Text => column
                    .extremes
                    .map(|(shortest, longest)| [shortest, longest].map(i64::unsigned_abs)),
                _ => None,
            },
            top_values: top.into_iter().map(|(value, rows)| (value, share(rows, of))).collect(),
            sampled_rows,
            values,
        }
    }

    /// The frequent values among the sampled rows, and how many of these are filled.
    fn sampled_values(&self, place: usize) -> (Vec<(String, u64)>, Option<u64>) {
        let Some(sample) = self.sample.as_ref().filter(|_| !self.columns[place].is_personal) else {
            return (Vec::new(), None);
        };
        let mut counts: BTreeMap<&CellValue, u64> = BTreeMap::new();
        let mut filled = 0;
        for entry in sample.entries() {
            if let Some(value) = entry.kept.get(place).and_then(Option::as_ref) {
                *counts.entry(value).or_default() += entry.count;
                filled += entry.count;
            }
        }
        let least = if sample.is_full() { SAMPLED_OCCURRENCES } else { 1 };
        let mut values: Vec<(String, u64)> = counts
            .into_iter()
            .filter(|(_, rows)| *rows >= least)
            .map(|(value, rows)| (self.columns[place].form.text(value), rows))
            .collect();
        most_frequent_first(&mut values);
        (values, sample.is_full().then_some(filled))
    }
}

fn most_frequent_first(values: &mut [(String, u64)]) {
    values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
