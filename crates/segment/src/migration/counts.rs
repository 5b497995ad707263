//! From which segment to which, counted.

use super::SegmentsBefore;
use crate::cross::{Codes, cross};
use crate::error::SegmentError;
use crate::labels::{Labels, OUTSIDE};
use crate::worth::{Worth, WorthSum};

/// One row of `segment_migrations`; the fields are its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Migration {
    pub(crate) segmentation: &'static str,
    /// None: not there, or in no segment.
    pub(crate) from_segment: Option<String>,
    /// Likewise.
    pub(crate) to_segment: Option<String>,
    pub(crate) sum: WorthSum,
}

/// The migrations of one segmentation; without a run before everybody is new.
pub(crate) fn migrations(
    labels: &Labels,
    before: Option<&SegmentsBefore>,
    worth: &Worth,
) -> Result<Vec<Migration>, SegmentError> {
    let nobody = || SegmentsBefore {
        names: Vec::new(),
        codes: vec![OUTSIDE; labels.codes.len()],
        gone: Vec::new(),
    };
    let new;
    let SegmentsBefore { names, codes, gone } = match before {
        Some(before) => before,
        None => {
            new = nobody();
            &new
        }
    };
    let from = Codes {
        codes,
        names: names.len(),
    };
    let to = Codes {
        codes: &labels.codes,
        names: labels.names.len(),
    };
    let mut migrations: Vec<Migration> = cross(from, to, worth)?
        .into_iter()
        .map(|cell| Migration {
            segmentation: labels.segmentation,
            from_segment: cell.left.map(|code| names[code].clone()),
            to_segment: cell.right.map(|code| labels.names[code].clone()),
            sum: cell.sum,
        })
        .collect();
    // Customers in no segment now may have come from there too.
    let to_none: Vec<usize> = (0..migrations.len())
        .filter(|&place| migrations[place].to_segment.is_none())
        .collect();
    for (customers, from_segment) in gone_by_segment(gone, names) {
        let there = to_none
            .iter()
            .find(|&&place| migrations[place].from_segment == from_segment);
        match there {
            Some(&place) => migrations[place].sum.customers += customers,
            None => migrations.push(Migration {
                segmentation: labels.segmentation,
                from_segment,
                to_segment: None,
                // What they brought stands in no table of this run.
                sum: WorthSum {
                    customers,
                    ..WorthSum::default()
                },
            }),
        }
    }
    Ok(migrations)
}

/// How many customers went from each segment, those of no segment last.
fn gone_by_segment(gone: &[u16], names: &[String]) -> Vec<(usize, Option<String>)> {
    let mut counts = vec![0_usize; names.len() + 1];
    for &code in gone {
        counts[usize::from(code).min(names.len())] += 1;
    }
    let named = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
    named.map(|(code, count)| (count, names.get(code).cloned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        Labels {
            segmentation: "cluster",
            names: vec!["a".into(), "b".into()],
            codes: vec![0, 1, OUTSIDE, 1],
        }
    }

    fn worth() -> Worth {
        Worth {
            net_sales: vec![1, 2, 4, 8],
            vin: vec![10, 20, 40, 80],
            has_vin: None,
        }
    }

    fn told(migrations: &[Migration]) -> Vec<(Option<&str>, Option<&str>, usize, i128)> {
        let row = |row: &Migration| (row.sum.customers, row.sum.net_sales);
        migrations
            .iter()
            .map(|migration| {
                let (customers, sales) = row(migration);
                (
                    migration.from_segment.as_deref(),
                    migration.to_segment.as_deref(),
                    customers,
                    sales,
                )
            })
            .collect()
    }

    #[test]
    fn both_runs_add_up_and_who_is_gone_brings_nothing() {
        let before = SegmentsBefore {
            names: vec!["a".into(), "b".into(), "old".into()],
            codes: vec![1, 1, 2, OUTSIDE],
            gone: vec![2, 0, 2, OUTSIDE],
        };
        let migrations = migrations(&labels(), Some(&before), &worth()).expect("no overflow");
        assert_eq!(
            told(&migrations),
            [
                (Some("b"), Some("a"), 1, 1),
                (Some("b"), Some("b"), 1, 2),
                (Some("old"), None, 3, 4),
                (None, Some("b"), 1, 8),
                (Some("a"), None, 1, 0),
                (None, None, 1, 0)
            ]
        );
        assert_eq!(migrations[4].sum.vin, None);
    }

    #[test]
    fn without_a_run_before_everybody_is_new() {
        let migrations = migrations(&labels(), None, &worth()).expect("no overflow");
        assert_eq!(
            told(&migrations),
            [(None, Some("a"), 1, 1), (None, Some("b"), 2, 10), (None, None, 1, 4)]
        );
    }
}
