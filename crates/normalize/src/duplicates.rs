//! Lines that stand in more than one file of a source.
//!
//! A first pass over the lines leaves a tag of each (a hash of its content or of its key, its file and
//! its row) with a [`Spill`], so that memory does not follow the number of lines; then each
//! partition of tags is looked at on its own.

use std::collections::BTreeMap;

use cartera_table::contracts::SourceLines;
use cartera_table::frame::{int32, int64};
use cartera_table::{Batch, DuplicatePolicy, Origin, Spill, aggregate};
use polars::prelude::{Column, DataFrame};

use crate::error::NormalizeError;

/// The columns that make two lines repeats of each other.
fn columns(policy: DuplicatePolicy) -> &'static [&'static str] {
    match policy {
        DuplicatePolicy::LatestByKey => &["order_id", "line_number"],
        DuplicatePolicy::Keep | DuplicatePolicy::AcrossFiles => &[
            "customer_key",
            "order_id",
            "line_number",
            "product_id",
            "ordered_at",
            "quantity",
            "unit_price",
            "amount",
        ],
    }
}

/// Collects the tags of one source's lines.
pub struct DuplicateTags<'s> {
    policy: DuplicatePolicy,
    spill: &'s dyn Spill,
}

impl<'s> DuplicateTags<'s> {
    /// Tags wait in the spill, which must be empty.
    #[must_use]
    pub fn new(policy: DuplicatePolicy, spill: &'s dyn Spill) -> Self {
        Self { policy, spill }
    }

    /// Takes the tags of a batch.
    ///
    /// # Errors
    /// When the spill cannot be written.
    pub fn add(&self, lines: &Batch<SourceLines>) -> Result<(), NormalizeError> {
        let frame = lines.frame();
        let hashes = aggregate::row_hashes(frame, columns(self.policy))?;
        let file = i32::try_from(lines.origin().file_index).unwrap_or(i32::MAX);
        let partitions = self.spill.partitions();
        let mut tags: Vec<Tags> = (0..partitions).map(|_| Tags::default()).collect();
        for ([high, low], row) in hashes.into_iter().zip(int64(frame, "row")?.iter()) {
            let partition = usize::try_from(high >> 32).unwrap_or_default() % partitions;
            tags[partition].push(high.cast_signed(), low.cast_signed(), row.unwrap_or_default());
        }
        for (partition, tags) in tags.into_iter().enumerate() {
            if !tags.rows.is_empty() {
                self.spill.push(partition, tags.into_frame(file)?)?;
            }
        }
        Ok(())
    }

    /// The lines that do not count.
    ///
    /// # Errors
    /// When the spill cannot be read back.
    pub fn merged_lines(self, source_index: usize) -> Result<MergedLines, NormalizeError> {
        let mut rows: BTreeMap<Origin, Vec<i64>> = BTreeMap::new();
        for partition in 0..self.spill.partitions() {
            let mut tags = Vec::new();
            for frame in self.spill.take(partition)? {
                read_tags(&frame, &mut tags)?;
            }
            tags.sort_unstable();
            for repeats in tags.chunk_by(|left, right| (left.high, left.low) == (right.high, right.low)) {
                for tag in losers(self.policy, repeats) {
                    let file_index = usize::try_from(tag.file).unwrap_or_default();
                    rows.entry(Origin {
                        source_index,
                        file_index,
                    })
                    .or_default()
                    .push(tag.row);
                }
            }
        }
        for rows in rows.values_mut() {
            rows.sort_unstable();
        }
        Ok(MergedLines { rows })
    }
}

/// The lines that a duplicate policy leaves out, by file.
#[derive(Debug, Clone, Default)]
pub struct MergedLines {
    rows: BTreeMap<Origin, Vec<i64>>,
}

impl MergedLines {
    /// Adds those of another source.
    pub fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.rows.values().map(|rows| rows.len() as u64).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the line of a file is left out.
    #[must_use]
    pub fn contains(&self, origin: Origin, row: i64) -> bool {
        self.rows
            .get(&origin)
            .is_some_and(|rows| rows.binary_search(&row).is_ok())
    }

    /// Whether any line of the file is left out.
    #[must_use]
    pub fn touches(&self, origin: Origin) -> bool {
        self.rows.contains_key(&origin)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tag {
    high: i64,
    low: i64,
    file: i32,
    row: i64,
}

/// Of lines that are each other's repeats, sorted by file and row, those that do not count.
fn losers(policy: DuplicatePolicy, repeats: &[Tag]) -> Vec<Tag> {
    match policy {
        DuplicatePolicy::Keep => Vec::new(),
        DuplicatePolicy::LatestByKey => repeats[..repeats.len() - 1].to_vec(),
        DuplicatePolicy::AcrossFiles => {
            let by_file = || repeats.chunk_by(|left, right| left.file == right.file);
            let most = by_file().map(<[Tag]>::len).max().unwrap_or_default();
            let winner = by_file().find(|tags| tags.len() == most).map(|tags| tags[0].file);
            repeats.iter().filter(|tag| Some(tag.file) != winner).copied().collect()
        }
    }
}

#[derive(Default)]
struct Tags {
    high: Vec<i64>,
    low: Vec<i64>,
    rows: Vec<i64>,
}

impl Tags {
    fn push(&mut self, high: i64, low: i64, row: i64) {
        self.high.push(high);
        self.low.push(low);
        self.rows.push(row);
    }

    fn into_frame(self, file: i32) -> Result<DataFrame, NormalizeError> {
        let height = self.rows.len();
        let columns = vec![
            Column::new("high".into(), self.high),
            Column::new("low".into(), self.low),
            Column::new("file".into(), vec![file; height]),
            Column::new("row".into(), self.rows),
        ];
        Ok(DataFrame::new(height, columns)?)
    }
}

fn read_tags(frame: &DataFrame, tags: &mut Vec<Tag>) -> Result<(), NormalizeError> {
    let (high, low) = (int64(frame, "high")?, int64(frame, "low")?);
    let (file, row) = (int32(frame, "file")?, int64(frame, "row")?);
    for (((high, low), file), row) in high.iter().zip(low.iter()).zip(file.iter()).zip(row.iter()) {
        if let (Some(high), Some(low), Some(file), Some(row)) = (high, low, file, row) {
            tags.push(Tag { high, low, file, row });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(places: &[(i32, i64)]) -> Vec<Tag> {
        places
            .iter()
            .map(|&(file, row)| Tag {
                high: 1,
                low: 1,
                file,
                row,
            })
            .collect()
    }

    fn lost(policy: DuplicatePolicy, places: &[(i32, i64)]) -> Vec<(i32, i64)> {
        losers(policy, &tags(places))
            .into_iter()
            .map(|tag| (tag.file, tag.row))
            .collect()
    }

    #[test]
    fn repeats_within_one_file_stay() {
        assert_eq!(lost(DuplicatePolicy::AcrossFiles, &[(0, 2), (0, 3)]), []);
    }

    #[test]
    fn the_file_that_has_a_line_most_keeps_all_of_them() {
        assert_eq!(
            lost(DuplicatePolicy::AcrossFiles, &[(0, 2), (1, 2), (1, 3), (2, 9)]),
            [(0, 2), (2, 9)]
        );
        assert_eq!(lost(DuplicatePolicy::AcrossFiles, &[(0, 2), (1, 2)]), [(1, 2)]);
    }

    #[test]
    fn the_last_line_of_the_newest_file_replaces_the_others() {
        assert_eq!(
            lost(DuplicatePolicy::LatestByKey, &[(0, 2), (0, 5), (1, 1)]),
            [(0, 2), (0, 5)]
        );
        assert_eq!(lost(DuplicatePolicy::LatestByKey, &[(3, 7)]), []);
    }

    #[test]
    fn keep_leaves_nothing_out() {
        assert_eq!(lost(DuplicatePolicy::Keep, &[(0, 2), (1, 2)]), []);
    }
}
