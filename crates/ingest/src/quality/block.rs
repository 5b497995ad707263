//! What is measured of a block of rows, in the thread that parsed it.

use std::collections::BTreeMap;

use cartera_raw::{ParsedBlock, Plan};
use serde::{Deserialize, Serialize};

use super::bottom_sample::BottomSample;
use super::column::ColumnQuality;
use super::days::Days;
use super::distinct::DistinctSketch;
use super::hash;
use super::value::{CellValue, ColumnForm, cell_value};

/// Different rows that values are sampled from.
pub(super) const SAMPLED_ROWS: usize = 2_048;
/// Different keys that are watched for repeats.
pub(super) const SAMPLED_KEYS: usize = 65_536;

/// What to measure of a source, besides each of its mapped columns. It decides what a [`BlockQuality`] holds, so that
/// whoever keeps one has to keep this beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualitySpec {
    /// The column of the day that a row falls on.
    pub day_column: Option<String>,
    /// The column without which a row is a guest's.
    pub customer_column: Option<String>,
    /// Columns whose values are never kept.
    pub personal_columns: Vec<String>,
    /// Combinations of columns that are watched for repeats.
    pub unique_keys: Vec<Vec<String>>,
}

/// What is known of some rows of a source. Merged in any order and any grouping, it comes to the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockQuality {
    /// Records, broken ones included.
    pub(crate) records: u64,
    /// Rows: records that could be cut into cells.
    pub(crate) rows: u64,
    /// Broken records, by reason.
    pub(crate) rejected: BTreeMap<String, u64>,
    /// Empty where nothing was measured yet.
    pub(crate) columns: Vec<ColumnQuality>,
    /// Different rows with the values of their columns; none in personal columns.
    pub(crate) sample: Option<BottomSample<Vec<Option<CellValue>>>>,
    /// One for each of the spec's unique keys.
    pub(crate) keys: Vec<BottomSample<()>>,
    pub(crate) days: Days,
}

/// What is known already of rows that a block will be merged with. It spares work and changes nothing of what the
/// merged rows come to: hashes above a bound cannot be among the smallest any more, and what is known to be there
/// need not be noted again.
#[derive(Debug, Clone)]
pub struct Known {
    row_bound: u64,
    key_bounds: Vec<u64>,
    /// One for each column; empty where nothing is known.
    distinct: Vec<DistinctSketch>,
}

impl Known {
    /// Nothing.
    #[must_use]
    pub fn nothing(spec: &QualitySpec) -> Self {
        Self {
            row_bound: u64::MAX,
            key_bounds: vec![u64::MAX; spec.unique_keys.len()],
            distinct: Vec::new(),
        }
    }
}

impl BlockQuality {
    /// Measures a block, to be merged with what `known` is of. `records` are as the splitter counted them; `amounts`
    /// are those of the rows, where they have one.
    #[must_use]
    pub fn of(
        spec: &QualitySpec,
        known: &Known,
        plan: &Plan,
        parsed: &ParsedBlock,
        records: u64,
        amounts: Option<&[Option<i64>]>,
    ) -> Self {
        let is_guest = guests(spec, plan, parsed);
        let mut row_hashes = vec![0; parsed.row_count()];
        let mut key_hashes = vec![vec![1; parsed.row_count()]; spec.unique_keys.len()];
        let mut hashes = Vec::with_capacity(parsed.row_count());
        let mut quality = Self {
            records,
            rows: parsed.row_count() as u64,
            ..Self::default()
        };
        for (place, (column_spec, column)) in plan.columns().iter().zip(&parsed.columns).enumerate() {
            let name = column_spec.name.as_str();
            hash::of_column(column, &mut hashes);
            hash::add_to_rows(&mut row_hashes, &hashes);
            for (key, key_hashes) in spec.unique_keys.iter().zip(&mut key_hashes) {
                if key.iter().any(|part| part == name) {
                    hash::add_to_keys(key_hashes, &hashes);
                }
            }
            if spec.day_column.as_deref() == Some(name) {
                quality.days = Days::of(column, &hashes, is_guest.as_deref(), amounts);
            }
            let is_personal = spec.personal_columns.iter().any(|personal| personal == name);
            let form = ColumnForm::of(&column_spec.kind);
            let mut distinct = known.distinct.get(place).cloned().unwrap_or_default();
            distinct.add(&hashes);
            quality
                .columns
                .push(ColumnQuality::of(name, form, is_personal, column, &hashes, distinct));
        }
        for failure in &parsed.failures {
            if let Some(column) = quality.columns.get_mut(usize::from(failure.column)) {
                column.add_failure(failure.reason.slug());
            }
        }
        for rejected in &parsed.rejected {
            *quality.rejected.entry(rejected.reason.slug().to_owned()).or_default() += 1;
        }
        let values = |row: usize| {
            let shown = parsed.columns.iter().zip(&quality.columns);
            shown
                .map(|(column, known)| (!known.is_personal).then(|| cell_value(column, row)).flatten())
                .collect()
        };
        hash::finish_rows(&mut row_hashes);
        quality.sample = Some(BottomSample::of(SAMPLED_ROWS, &row_hashes, known.row_bound, values));
        quality.keys = key_hashes
            .iter()
            .zip(&known.key_bounds)
            .map(|(hashes, &bound)| BottomSample::of(SAMPLED_KEYS, hashes, bound, |_| ()))
            .collect();
        quality
    }

    /// Adds what is known of other rows of the same source.
    pub fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.rows += other.rows;
        for (reason, rows) in other.rejected {
            *self.rejected.entry(reason).or_default() += rows;
        }
        self.days.merge(&other.days);
        if self.columns.is_empty() {
            (self.columns, self.sample, self.keys) = (other.columns, other.sample, other.keys);
            return;
        }
        for (column, others) in self.columns.iter_mut().zip(other.columns) {
            column.merge(others);
        }
        if let (Some(sample), Some(others)) = (&mut self.sample, other.sample) {
            sample.merge(others);
        }
        for (key, others) in self.keys.iter_mut().zip(other.keys) {
            key.merge(others);
        }
    }

    /// What this spares the further blocks of the same rows.
    #[must_use]
    pub fn known(&self, spec: &QualitySpec) -> Known {
        let nothing = Known::nothing(spec);
        if self.columns.is_empty() {
            return nothing;
        }
        Known {
            row_bound: self.sample.as_ref().map_or(nothing.row_bound, BottomSample::bound),
            key_bounds: self.keys.iter().map(BottomSample::bound).collect(),
            distinct: self.columns.iter().map(|column| column.distinct.clone()).collect(),
        }
    }
}

/// Which rows have no customer; a key that could not be read is not known to be missing.
fn guests(spec: &QualitySpec, plan: &Plan, parsed: &ParsedBlock) -> Option<Vec<bool>> {
    let name = spec.customer_column.as_deref()?;
    let place = plan.columns().iter().position(|column| column.name == name)?;
    let mut is_guest = match parsed.columns[place].validity() {
        Some(validity) => (0..parsed.row_count()).map(|row| !validity.get(row)).collect(),
        None => vec![false; parsed.row_count()],
    };
    for failure in parsed
        .failures
        .iter()
        .filter(|failure| usize::from(failure.column) == place)
    {
        is_guest[failure.row as usize] = false;
    }
    Some(is_guest)
}
