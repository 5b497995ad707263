//! The segments that customers were in.

use std::collections::HashMap;

use cartera_table::contracts::CustomerSegments;
use cartera_table::{Table, TableError, frame};
use polars::prelude::{DataFrame, DataType};

use super::walk::{NOT_THERE, Walk, walk};
use crate::error::SegmentError;
use crate::labels::OUTSIDE;

/// The customers of this run in the table of the run before.
pub(crate) struct Prior<'p> {
    segments: &'p DataFrame,
    walk: Walk,
}

/// One segmentation of the run before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SegmentsBefore {
    /// What the segments were called then, by code: first those of now, then those that there are no more. Segments of
    /// now that nobody was in have the name of now.
    pub(crate) names: Vec<String>,
    /// Where each customer of now was; [`OUTSIDE`] for who was not there or in no segment.
    pub(crate) codes: Vec<u16>,
    /// Where those were who are not there any more.
    pub(crate) gone: Vec<u16>,
}

impl<'p> Prior<'p> {
    /// Finds the customers; both tables are sorted by them.
    pub(crate) fn new(customers: &DataFrame, before: &'p Table<CustomerSegments>) -> Result<Self, TableError> {
        // Contracts have no null there.
        let now = frame::text(customers, "customer_id")?.iter().flatten();
        let then = frame::text(before.frame(), "customer_id")?.iter().flatten();
        Ok(Self {
            segments: before.frame(),
            walk: walk(now, then),
        })
    }

    /// Whether the customer of this row was there.
    pub(crate) fn was_there(&self, row: usize) -> bool {
        self.walk.rows_before[row] != NOT_THERE
    }

    /// The segments of a column; `names` are those of now.
    pub(crate) fn segments_of(&self, segmentation: &str, names: &[String]) -> Result<SegmentsBefore, SegmentError> {
        let column = self.segments.column(segmentation).map_err(TableError::from)?;
        // Clusters can be numbers.
        let texts = column.cast(&DataType::String).map_err(TableError::from)?;
        let (names, codes) = codes(texts.str().map_err(TableError::from)?.iter(), names);
        Ok(self.aligned(names, &codes))
    }

    /// The clusters, which are the same ones by their numbers, whatever they were called; `ids` and `names` are those of
    /// now.
    pub(crate) fn clusters_of(&self, ids: &[i32], names: &[String]) -> Result<SegmentsBefore, SegmentError> {
        let ids_then = frame::int32(self.segments, "cluster_id")?;
        let names_then = frame::text(self.segments, "cluster")?;
        let (names, codes) = cluster_codes(ids_then.iter().zip(names_then.iter()), ids, names);
        Ok(self.aligned(names, &codes))
    }

    /// Codes of the rows then, for the customers of now and for those who are gone.
    fn aligned(&self, names: Vec<String>, codes: &[u16]) -> SegmentsBefore {
        let now = self.walk.rows_before.iter();
        let aligned = now.map(|&row| codes.get(row as usize).copied().unwrap_or(OUTSIDE));
        SegmentsBefore {
            codes: aligned.collect(),
            gone: self.walk.gone.iter().map(|&row| codes[row as usize]).collect(),
            names,
        }
    }

    /// Whether that run had the segmentation at all.
    pub(crate) fn has(&self, segmentation: &str) -> Result<bool, TableError> {
        let column = self.segments.column(segmentation)?;
        Ok(column.null_count() < column.len())
    }
}

/// The code of each text; texts that are none of the names get names of their own, in the order in which they come.
fn codes<'t>(texts: impl Iterator<Item = Option<&'t str>>, names: &[String]) -> (Vec<String>, Vec<u16>) {
    let mut all: Vec<String> = names.to_vec();
    let mut known: HashMap<String, u16> = names.iter().cloned().zip(0..).collect();
    let codes = texts
        .map(|text| match text {
            None => OUTSIDE,
            Some(text) => known.get(text).copied().unwrap_or_else(|| {
                let code = all.len() as u16;
                all.push(text.to_owned());
                known.insert(text.to_owned(), code);
                code
            }),
        })
        .collect();
    (all, codes)
}

/// The code of each cluster by its number, with the names of then; numbers that are no more get codes of their own, in
/// the order in which they come.
fn cluster_codes<'t>(
    clusters: impl Iterator<Item = (Option<i32>, Option<&'t str>)>,
    ids: &[i32],
    names: &[String],
) -> (Vec<String>, Vec<u16>) {
    let mut all: Vec<String> = names.to_vec();
    let mut known: HashMap<i32, u16> = ids.iter().copied().zip(0..).collect();
    let mut has_name_of_then = vec![false; all.len()];
    let codes = clusters
        .map(|cluster| {
            let (Some(id), Some(name)) = cluster else {
                return OUTSIDE;
            };
            let code = *known.entry(id).or_insert_with(|| {
                all.push(String::new());
                has_name_of_then.push(false);
                (all.len() - 1) as u16
            });
            let place = usize::from(code);
            if !has_name_of_then[place] {
                name.clone_into(&mut all[place]);
                has_name_of_then[place] = true;
            }
            code
        })
        .collect();
    (all, codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_known_by_their_numbers_and_called_what_they_were_called() {
        let then = [
            (Some(4), Some("rare")),
            (None, None),
            (Some(1), Some("vip")),
            (Some(3), Some("gone")),
            (Some(4), Some("rare")),
        ];
        let names = ["often".to_owned(), "vip".to_owned(), "new".to_owned()];
        let (names, codes) = cluster_codes(then.into_iter(), &[1, 4, 7], &names);
        assert_eq!(names, ["vip", "rare", "new", "gone"]);
        assert_eq!(codes, [1, OUTSIDE, 0, 3, 1]);
    }

    #[test]
    fn names_that_are_no_more_come_after_those_of_now() {
        let texts = [Some("gold"), None, Some("ruby"), Some("tin"), Some("ruby")];
        let (names, codes) = codes(texts.into_iter(), &["gold".into(), "tin".into()]);
        assert_eq!(names, ["gold", "tin", "ruby"]);
        assert_eq!(codes, [0, OUTSIDE, 2, 1, 2]);
    }
}
