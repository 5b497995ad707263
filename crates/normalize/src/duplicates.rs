//! Lines that stand in more than one file of a source.
//!
//! A first pass over the lines leaves a tag of each (a hash of its content or of its key, its file and
//! its row) with a [`Spill`], so that memory does not follow the number of lines; then each
//! partition of tags is looked at on its own.

use std::collections::BTreeMap;

use cartera_table::contracts::SourceLines;
use cartera_table::frame::{int32, int64, timestamps};
use cartera_table::{Batch, Contract, DuplicatePolicy, LineTime, Origin, Spill, aggregate};
use polars::prelude::{Column, DataFrame};

use crate::error::NormalizeError;
use crate::horizon::Horizon;

/// The columns that make two lines repeats of each other: those of the key, or all that can be mapped.
fn columns(policy: DuplicatePolicy, lines: &DataFrame) -> Vec<&'static str> {
    match policy {
        DuplicatePolicy::LatestByKey => vec!["order_id", "line_number"],
        DuplicatePolicy::Keep | DuplicatePolicy::AcrossFiles => {
            let names = SourceLines::INFO.mappable().map(|column| column.name);
            names.filter(|name| lines.schema().contains(name)).collect()
        }
    }
}

/// The tags of a batch: one row a line within the horizon. Later lines repeat nothing: they must not
/// replace a line that the run can see.
///
/// # Errors
/// When the engine fails.
pub fn duplicate_tags(
    policy: DuplicatePolicy,
    time: &LineTime,
    horizon: Horizon,
    lines: &Batch<SourceLines>,
) -> Result<DataFrame, NormalizeError> {
    let frame = lines.frame();
    let hashes = aggregate::row_hashes(frame, &columns(policy, frame))?;
    let last_day = horizon.last_epoch_day();
    let times = timestamps(frame, "ordered_at")?.iter();
    let (mut high, mut low, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (([first, second], row), time_of_line) in hashes.into_iter().zip(int64(frame, "row")?.iter()).zip(times) {
        let day = time_of_line.and_then(|time_of_line| time.epoch_day(time_of_line));
        if let (Some(row), Some(..)) = (row, day.filter(|&day| day <= last_day)) {
            high.push(first.cast_signed());
            low.push(second.cast_signed());
            rows.push(row);
        }
    }
    let height = rows.len();
    let file = i32::try_from(lines.origin().file_index).unwrap_or(i32::MAX);
    let columns = vec![
        Column::new("high".into(), high),
        Column::new("low".into(), low),
        Column::new("file".into(), vec![file; height]),
        Column::new("row".into(), rows),
    ];
    Ok(DataFrame::new(height, columns)?)
}

/// The column of the tags that tells their partition: equal tags stand in one.
pub const TAG_PARTITION_COLUMN: &str = "high";

/// The lines that do not count, from all tags of a source's lines.
///
/// # Errors
/// When the spill cannot be read back.
pub fn merged_lines(
    policy: DuplicatePolicy,
    source_index: usize,
    spill: &dyn Spill,
) -> Result<MergedLines, NormalizeError> {
    let mut merged = MergedLines::default();
    for partition in 0..spill.partitions() {
        let mut tags = Vec::new();
        for frame in spill.take(partition)? {
            read_tags(&frame, &mut tags)?;
        }
        tags.sort_unstable();
        for repeats in tags.chunk_by(|left, right| (left.high, left.low) == (right.high, right.low)) {
            for tag in losers(policy, repeats) {
                let file_index = usize::try_from(tag.file).unwrap_or_default();
                merged.add(
                    Origin {
                        source_index,
                        file_index,
                    },
                    tag.row,
                );
            }
        }
    }
    Ok(merged)
}

/// The lines that a duplicate policy leaves out: a bit a line of each file that has such lines.
#[derive(Debug, Clone, Default)]
pub struct MergedLines {
    files: BTreeMap<Origin, Vec<u64>>,
}

impl MergedLines {
    fn add(&mut self, origin: Origin, row: i64) {
        let (word, bit) = place(row);
        let words = self.files.entry(origin).or_default();
        if words.len() <= word {
            words.resize(word + 1, 0);
        }
        words[word] |= bit;
    }

    /// Adds those of another source.
    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.files
            .values()
            .flatten()
            .map(|word| u64::from(word.count_ones()))
            .sum()
    }

    /// Whether the line of a file is left out.
    #[must_use]
    pub fn contains(&self, origin: Origin, row: i64) -> bool {
        let (word, bit) = place(row);
        self.files
            .get(&origin)
            .and_then(|words| words.get(word))
            .is_some_and(|word| word & bit != 0)
    }

    /// The lines of a file that are left out, among those from one row to before another, in order.
    pub fn rows_between(&self, origin: Origin, first: u64, end: u64) -> impl Iterator<Item = u64> + '_ {
        let words = self.files.get(&origin).map(Vec::as_slice).unwrap_or_default();
        let first_word = usize::try_from(first / 64).unwrap_or(usize::MAX).min(words.len());
        let rows = words[first_word..]
            .iter()
            .zip(first_word as u64..)
            .flat_map(|(&word, place)| {
                let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
                bits.map(move |bit| place * 64 + bit)
            });
        rows.skip_while(move |&row| row < first)
            .take_while(move |&row| row < end)
    }

    /// Whether any line of the file is left out.
    #[must_use]
    pub fn touches(&self, origin: Origin) -> bool {
        self.files.contains_key(&origin)
    }
}

/// The word and the bit of a row.
fn place(row: i64) -> (usize, u64) {
    let row = usize::try_from(row).unwrap_or_default();
    (row / 64, 1 << (row % 64))
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

    #[test]
    fn a_merged_line_is_found_again_and_its_neighbours_are_not() {
        let file = |file_index| Origin {
            source_index: 0,
            file_index,
        };
        let mut merged = MergedLines::default();
        for row in [2, 64, 1_000_000] {
            merged.add(file(1), row);
        }
        assert_eq!(merged.count(), 3);
        assert!([2, 64, 1_000_000].iter().all(|&row| merged.contains(file(1), row)));
        assert!(
            ![1, 3, 63, 65, 999_999, 2_000_000]
                .iter()
                .any(|&row| merged.contains(file(1), row))
        );
        let between = |first, end| merged.rows_between(file(1), first, end).collect::<Vec<_>>();
        assert_eq!(between(0, u64::MAX), [2, 64, 1_000_000]);
        assert_eq!(between(3, 1_000_000), [64]);
        assert!(between(2_000_000, u64::MAX).is_empty());
        assert!(merged.touches(file(1)) && !merged.touches(file(0)) && !merged.contains(file(0), 2));
    }

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
