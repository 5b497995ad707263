//! Which customers two runs share.
//!
//! Tables of customers are sorted by their ids, so that one walk over both pairs them, and every further column is
//! walked along the same steps without looking at an id again.

use cartera_table::contracts::CustomerFeatures;
use cartera_table::{Contract, TableError, frame};
use polars::prelude::{DataFrame, StringChunked};

use super::read::columns;
use crate::error::PipelineError;
use crate::store::PublishedRun;

/// The next customer in the order of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Of both runs.
    Stayed,
    /// Of the second alone.
    Came,
    /// Of the first alone.
    Went,
}

/// The customers of two runs, paired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pairing {
    steps: Vec<Step>,
    /// The ids of those who are in the first run alone.
    pub(super) gone: Vec<String>,
}

impl Pairing {
    pub(super) fn of(before: &PublishedRun, after: &PublishedRun) -> Result<Self, PipelineError> {
        let (before, after) = (ids_of(before)?, ids_of(after)?);
        Self::of_ids(
            frame::text(&before, "customer_id")?,
            frame::text(&after, "customer_id")?,
        )
    }

    fn of_ids(before: &StringChunked, after: &StringChunked) -> Result<Self, PipelineError> {
        let mut pairing = Self {
            steps: Vec::with_capacity(before.len().max(after.len())),
            gone: Vec::new(),
        };
        let mut before = Ascending::new(before);
        let mut after = Ascending::new(after);
        loop {
            let step = match (before.peek(), after.peek()) {
                (None, None) => return Ok(pairing),
                (Some(_), None) => Step::Went,
                (None, Some(_)) => Step::Came,
                (Some(then), Some(now)) => match then.cmp(now) {
                    std::cmp::Ordering::Less => Step::Went,
                    std::cmp::Ordering::Equal => Step::Stayed,
                    std::cmp::Ordering::Greater => Step::Came,
                },
            };
            if step == Step::Went {
                pairing.gone.extend(before.peek().map(str::to_owned));
            }
            if step != Step::Came {
                before.advance()?;
            }
            if step != Step::Went {
                after.advance()?;
            }
            pairing.steps.push(step);
        }
    }

    /// Walks along a column of each run: what a customer has in it, none of a run that they are not in.
    pub(super) fn walk<B, A>(
        &self,
        before: impl IntoIterator<Item = B>,
        after: impl IntoIterator<Item = A>,
    ) -> impl Iterator<Item = (Option<B>, Option<A>)> {
        let (mut before, mut after) = (before.into_iter(), after.into_iter());
        self.steps.iter().map(move |step| match step {
            Step::Stayed => (before.next(), after.next()),
            Step::Came => (None, after.next()),
            Step::Went => (before.next(), None),
        })
    }

    pub(super) fn stayed_count(&self) -> u64 {
        self.count(Step::Stayed)
    }

    pub(super) fn new_count(&self) -> u64 {
        self.count(Step::Came)
    }

    fn count(&self, wanted: Step) -> u64 {
        self.steps.iter().filter(|step| **step == wanted).count() as u64
    }
}

/// Every version publishes them: a run without is damaged.
fn ids_of(run: &PublishedRun) -> Result<DataFrame, PipelineError> {
    let table = CustomerFeatures::INFO.name;
    run.table_path(table)?;
    let ids = columns::<CustomerFeatures>(run, &["customer_id"])?;
    ids.ok_or_else(|| {
        PipelineError::Table(TableError::MissingColumn {
            table: table.into(),
            column: "customer_id".into(),
        })
    })
}

/// Ids in their order; a table that is not sorted would pair nobody, and that is an error.
struct Ascending<'i> {
    ids: Box<dyn Iterator<Item = Option<&'i str>> + 'i>,
    next: Option<&'i str>,
    row: usize,
}

impl<'i> Ascending<'i> {
    fn new(ids: &'i StringChunked) -> Self {
        let mut ids: Box<dyn Iterator<Item = Option<&'i str>> + 'i> = Box::new(ids.iter());
        let next = ids.next().flatten();
        Self { ids, next, row: 0 }
    }

    fn peek(&self) -> Option<&'i str> {
        self.next
    }

    fn advance(&mut self) -> Result<(), TableError> {
        let passed = self.next;
        self.next = self.ids.next().flatten();
        self.row += 1;
        match (passed, self.next) {
            (Some(passed), Some(next)) if passed >= next => Err(TableError::NotSorted {
                table: CustomerFeatures::INFO.name.into(),
                row: self.row,
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;

    use super::*;

    fn ids(ids: &[&str]) -> StringChunked {
        StringChunked::from_slice("customer_id".into(), ids)
    }

    #[test]
    fn customers_are_paired_by_their_ids() {
        let pairing = Pairing::of_ids(&ids(&["a", "c", "d"]), &ids(&["a", "b", "d", "e"])).expect("paired");
        assert_eq!((pairing.stayed_count(), pairing.new_count()), (2, 2));
        assert_eq!(pairing.gone, ["c"]);
        let walked: Vec<_> = pairing.walk([1, 2, 3], [10, 20, 30, 40]).collect();
        assert_eq!(
            walked,
            [
                (Some(1), Some(10)),
                (None, Some(20)),
                (Some(2), None),
                (Some(3), Some(30)),
                (None, Some(40))
            ]
        );
    }

    #[test]
    fn ids_out_of_order_are_refused() {
        let error = Pairing::of_ids(&ids(&["a", "c", "b"]), &ids(&["a"])).expect_err("not sorted");
        assert!(
            matches!(error, PipelineError::Table(TableError::NotSorted { row: 2, .. })),
            "{error}"
        );
    }
}
