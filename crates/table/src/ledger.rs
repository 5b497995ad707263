//! Where every row and every cent went.
//!
//! Each count is taken where the row goes, never by subtraction, and [`Ledger::balance`] compares
//! their sum with what the reader counted on its own.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use polars::prelude::{Column, DataFrame};

use crate::contracts::LedgerTable;
use crate::error::TableError;
use crate::frame::sum_column;
use crate::line_kind::LineKind;
use crate::money::Money;
use crate::table::Table;

/// Where rows ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// While reading.
    Ingest,
    /// While rules and policies were applied.
    Normalize,
    /// In the tables of customers, or in the totals of guests.
    Feature,
}

impl Step {
    /// The published name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Normalize => "normalize",
            Self::Feature => "feature",
        }
    }
}

/// Whether a line has a customer key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// It has one.
    Customer,
    /// It has none.
    Guest,
}

impl Party {
    /// The published name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Guest => "guest",
        }
    }
}

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// They count: for a customer, or as a guest's in the totals.
    Kept,
    /// The same line is in another file, or a newer one replaces it.
    Merged,
    /// They are defective.
    Quarantined,
    /// They are sound but not asked for, such as lines after `as_of`.
    OutOfScope,
}

impl Disposition {
    /// The published name.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Merged => "merged",
            Self::Quarantined => "quarantined",
            Self::OutOfScope => "out_of_scope",
        }
    }
}

/// A disjoint class of rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Where they ended.
    pub step: Step,
    /// Place of the source in the pipeline.
    pub source_index: usize,
    /// Customer or guest; none where it could not be read.
    pub party: Option<Party>,
    /// Their kind; none where it was not decided.
    pub line_kind: Option<LineKind>,
    /// What became of them.
    pub disposition: Disposition,
    /// Why; none for customers' lines that are kept.
    pub reason: Option<&'static str>,
}

/// How many rows and how much money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Rows.
    pub rows: u64,
    /// Of these, rows whose amount could not be read.
    pub rows_without_amount: u64,
    /// Sum of the amounts that could be read.
    pub amount: Money,
}

impl Count {
    /// Counts one row.
    pub fn add_row(&mut self, amount: Option<i64>) {
        self.rows += 1;
        match amount {
            // An i128 holds 10^20 times the largest i64: it cannot overflow by rows of a file.
            Some(amount) => self.amount.0 += i128::from(amount),
            None => self.rows_without_amount += 1,
        }
    }

    /// Counts what another count holds.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.rows_without_amount += other.rows_without_amount;
        self.amount.0 += other.amount.0;
    }
}

/// The cells, and what is in each. Shared by worker threads.
#[derive(Debug, Default)]
pub struct Ledger {
    cells: Mutex<BTreeMap<Cell, Count>>,
}

impl Ledger {
    /// Adds to a cell.
    pub fn add(&self, cell: Cell, count: Count) {
        if count.rows > 0 {
            self.cells
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(cell)
                .or_default()
                .add(count);
        }
    }

    /// Adds many counts at once.
    pub fn extend(&self, counts: impl IntoIterator<Item = (Cell, Count)>) {
        for (cell, count) in counts {
            self.add(cell, count);
        }
    }

    /// All cells in their order.
    #[must_use]
    pub fn cells(&self) -> Vec<(Cell, Count)> {
        self.cells
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|(cell, count)| (cell.clone(), *count))
            .collect()
    }

    /// The sum of the cells that a condition chooses.
    #[must_use]
    pub fn total(&self, chosen: impl Fn(&Cell) -> bool) -> Count {
        let mut total = Count::default();
        for (_, count) in self.cells().iter().filter(|(cell, _)| chosen(cell)) {
            total.add(*count);
        }
        total
    }

    /// Checks that a source's cells add up to what its reader counted.
    ///
    /// # Errors
    /// [`TableError::Unbalanced`] with both sides.
    pub fn balance(&self, source_index: usize, source_name: &str, read: Count) -> Result<(), TableError> {
        let placed = self.total(|cell| cell.source_index == source_index);
        if placed == read {
            return Ok(());
        }
        Err(TableError::Unbalanced {
            source_name: source_name.to_owned(),
            detail: format!(
                "{} rows were read and {} accounted for; amounts {} and {}; rows without an amount {} and {}",
                read.rows,
                placed.rows,
                read.amount,
                placed.amount,
                read.rows_without_amount,
                placed.rows_without_amount
            ),
        })
    }

    /// The published table; sources are given as (name, currency).
    ///
    /// # Errors
    /// When the engine refuses the columns.
    pub fn table(&self, sources: &[(String, String)]) -> Result<Table<LedgerTable>, TableError> {
        let cells = self.cells();
        let text = |name: &str, of: &dyn Fn(&Cell) -> Option<String>| {
            Column::new(name.into(), cells.iter().map(|(cell, _)| of(cell)).collect::<Vec<_>>())
        };
        let count = |name: &str, of: &dyn Fn(&Count) -> u64| {
            Column::new(
                name.into(),
                cells
                    .iter()
                    .map(|(_, count)| i64::try_from(of(count)).unwrap_or(i64::MAX))
                    .collect::<Vec<_>>(),
            )
        };
        let columns = vec![
            text("step", &|cell| Some(cell.step.slug().into())),
            text("source", &|cell| {
                sources.get(cell.source_index).map(|source| source.0.clone())
            }),
            text("party", &|cell| cell.party.map(|party| party.slug().into())),
            text("line_kind", &|cell| cell.line_kind.map(|kind| kind.slug().into())),
            text("disposition", &|cell| Some(cell.disposition.slug().into())),
            text("reason", &|cell| cell.reason.map(Into::into)),
            text("currency", &|cell| {
                sources.get(cell.source_index).map(|source| source.1.clone())
            }),
            count("rows", &|count| count.rows),
            count("rows_without_amount", &|count| count.rows_without_amount),
            sum_column("amount", cells.iter().map(|(_, count)| count.amount.0).collect()),
        ];
        Table::sorted(DataFrame::new(cells.len(), columns)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(source_index: usize) -> Cell {
        Cell {
            step: Step::Feature,
            source_index,
            party: Some(Party::Customer),
            line_kind: Some(LineKind::Sale),
            disposition: Disposition::Kept,
            reason: None,
        }
    }

    #[test]
    fn a_row_too_few_or_a_cent_too_many_does_not_balance() {
        let ledger = Ledger::default();
        let mut read = Count::default();
        read.add_row(Some(12_500));
        read.add_row(None);
        ledger.add(
            kept(0),
            Count {
                rows: 1,
                rows_without_amount: 0,
                amount: Money(12_500),
            },
        );
        let error = ledger
            .balance(0, "shop", read)
            .expect_err("a row is missing")
            .to_string();
        assert!(error.contains("2 rows were read and 1 accounted for"), "{error}");
        ledger.add(
            kept(0),
            Count {
                rows: 1,
                rows_without_amount: 1,
                amount: Money(1),
            },
        );
        assert!(ledger.balance(0, "shop", read).is_err());
        ledger.add(
            Cell {
                disposition: Disposition::Merged,
                ..kept(0)
            },
            Count {
                rows: 0,
                rows_without_amount: 0,
                amount: Money(-1),
            },
        );
        assert!(
            ledger.balance(0, "shop", read).is_err(),
            "a cell without rows cannot hold money"
        );
    }

    #[test]
    fn another_source_does_not_help_it_balance() {
        let ledger = Ledger::default();
        ledger.add(
            kept(1),
            Count {
                rows: 1,
                rows_without_amount: 0,
                amount: Money(1),
            },
        );
        assert!(ledger.balance(0, "shop", Count::default()).is_ok());
        assert!(ledger.balance(1, "web", Count::default()).is_err());
    }
}
