//! Where every row and every cent went.
//!
//! Each count is taken where the row goes, never by subtraction, and [`Ledger::balance`] compares
//! their sum with what the reader counted on its own: rows in all, and rows and money in each
//! currency as they were read.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use polars::prelude::{Column, DataFrame};
use serde::{Deserialize, Serialize};

use crate::contract::ColumnType;
use crate::contracts::LedgerTable;
use crate::currency::Currency;
use crate::error::TableError;
use crate::frame::{optional_decimal_column, sum_column};
use crate::line_kind::LineKind;
use crate::money::Money;
use crate::slug::Slug;
use crate::table::Table;

/// Where rows ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    #[serde(deserialize_with = "crate::slug::optional")]
    pub reason: Option<Slug>,
    /// Currency of the amounts as they were read; none where it could not be read.
    pub currency: Option<Currency>,
}

/// How many rows and how much money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    /// Rows.
    pub rows: u64,
    /// Of these, rows whose amount could not be read.
    pub rows_without_amount: u64,
    /// Sum of the amounts that could be read, as they were read.
    pub amount: Money,
    /// What they are for the customers' tables: in the pipeline's currency, with the sign that a policy gave
    /// them. None where the rows did not get that far.
    pub converted_amount: Option<Money>,
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
        if let Some(Money(converted)) = other.converted_amount {
            self.converted_amount.get_or_insert_default().0 += converted;
        }
    }

    /// Whether rows and amounts are those of another count, converted or not.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        (self.rows, self.rows_without_amount, self.amount) == (other.rows, other.rows_without_amount, other.amount)
    }
}

/// Counts by the currency of their amounts; none stands for one that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(Option<Currency>, Count)>", into = "Vec<(Option<Currency>, Count)>")]
pub struct CurrencyCounts {
    counts: BTreeMap<Option<Currency>, Count>,
}

impl From<Vec<(Option<Currency>, Count)>> for CurrencyCounts {
    fn from(counts: Vec<(Option<Currency>, Count)>) -> Self {
        Self {
            counts: counts.into_iter().collect(),
        }
    }
}

impl From<CurrencyCounts> for Vec<(Option<Currency>, Count)> {
    fn from(counts: CurrencyCounts) -> Self {
        counts.counts.into_iter().collect()
    }
}

impl CurrencyCounts {
    /// The count of a currency, to be added to.
    pub fn of(&mut self, currency: Option<Currency>) -> &mut Count {
        self.counts.entry(currency).or_default()
    }

    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        for (&currency, &count) in &other.counts {
            self.of(currency).add(count);
        }
    }

    /// The currencies with their counts, those without rows left out.
    pub fn iter(&self) -> impl Iterator<Item = (Option<Currency>, Count)> {
        self.counts
            .iter()
            .filter(|(_, count)| count.rows > 0)
            .map(|(&currency, &count)| (currency, count))
    }

    /// All currencies together.
    #[must_use]
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.counts.values().for_each(|&count| total.add(count));
        total
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

    /// Forgets all cells.
    pub fn clear(&self) {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).clear();
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

    /// Checks that a source's cells add up to what its reader counted: `read` as the records of its files
    /// were told apart, `by_currency` as their amounts were read.
    ///
    /// # Errors
    /// [`TableError::Unbalanced`] with both sides.
    pub fn balance(
        &self,
        source_index: usize,
        source_name: &str,
        read: Count,
        by_currency: &CurrencyCounts,
    ) -> Result<(), TableError> {
        let mut placed = CurrencyCounts::default();
        for (cell, count) in self.cells() {
            if cell.source_index == source_index {
                placed.of(cell.currency).add(count);
            }
        }
        let unbalanced = |of: &str, read: Count, placed: Count| TableError::Unbalanced {
            source_name: source_name.to_owned(),
            detail: format!(
                "{of}{} rows were read and {} accounted for; amounts {} and {}; rows without an amount {} and {}",
                read.rows,
                placed.rows,
                read.amount,
                placed.amount,
                read.rows_without_amount,
                placed.rows_without_amount
            ),
        };
        let total = placed.total();
        if !total.agrees_with(&read) {
            return Err(unbalanced("", read, total));
        }
        let of = |counts: &CurrencyCounts, currency| counts.counts.get(&currency).copied().unwrap_or_default();
        for &currency in placed.counts.keys().chain(by_currency.counts.keys()) {
            let (read, placed) = (of(by_currency, currency), of(&placed, currency));
            if !placed.agrees_with(&read) {
                let name = currency.map_or_else(|| "unknown currency".to_owned(), |currency| currency.to_string());
                return Err(unbalanced(&format!("in {name} "), read, placed));
            }
        }
        Ok(())
    }

    /// The published table, given the names of the sources.
    ///
    /// # Errors
    /// When the engine refuses the columns.
    pub fn table(&self, sources: &[String]) -> Result<Table<LedgerTable>, TableError> {
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
            text("source", &|cell| sources.get(cell.source_index).cloned()),
            text("party", &|cell| cell.party.map(|party| party.slug().into())),
            text("line_kind", &|cell| cell.line_kind.map(|kind| kind.slug().into())),
            text("disposition", &|cell| Some(cell.disposition.slug().into())),
            text("reason", &|cell| cell.reason.map(Into::into)),
            text("currency", &|cell| cell.currency.map(|currency| currency.to_string())),
            count("rows", &|count| count.rows),
            count("rows_without_amount", &|count| count.rows_without_amount),
            sum_column("amount", cells.iter().map(|(_, count)| count.amount.0).collect()),
            optional_decimal_column(
                "converted_amount",
                cells.iter().map(|(_, count)| Some(count.converted_amount?.0)),
                ColumnType::SUM,
            ),
        ];
        Table::sorted(DataFrame::new(cells.len(), columns)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Option<Currency> {
        Some(Currency::parse(code).expect("a currency"))
    }

    fn kept(source_index: usize) -> Cell {
        Cell {
            step: Step::Feature,
            source_index,
            party: Some(Party::Customer),
            line_kind: Some(LineKind::Sale),
            disposition: Disposition::Kept,
            reason: None,
            currency: currency("EUR"),
        }
    }

    /// What a reader of euros counted.
    fn euros(read: Count) -> CurrencyCounts {
        let mut counts = CurrencyCounts::default();
        counts.of(currency("EUR")).add(read);
        counts
    }

    fn count(rows: u64, rows_without_amount: u64, amount: i128) -> Count {
        Count {
            rows,
            rows_without_amount,
            amount: Money(amount),
            converted_amount: None,
        }
    }

    #[test]
    fn a_row_too_few_or_a_cent_too_many_does_not_balance() {
        let ledger = Ledger::default();
        let mut read = Count::default();
        read.add_row(Some(12_500));
        read.add_row(None);
        let balance = |ledger: &Ledger| ledger.balance(0, "shop", read, &euros(read));
        ledger.add(kept(0), count(1, 0, 12_500));
        let error = balance(&ledger).expect_err("a row is missing").to_string();
        assert!(error.contains("2 rows were read and 1 accounted for"), "{error}");
        ledger.add(kept(0), count(1, 1, 1));
        assert!(balance(&ledger).is_err());
        let merged = Cell {
            disposition: Disposition::Merged,
            ..kept(0)
        };
        ledger.add(merged, count(0, 0, -1));
        assert!(balance(&ledger).is_err(), "a cell without rows cannot hold money");
    }

    #[test]
    fn another_source_does_not_help_it_balance() {
        let ledger = Ledger::default();
        ledger.add(kept(1), count(1, 0, 1));
        let none = CurrencyCounts::default();
        assert!(ledger.balance(0, "shop", Count::default(), &none).is_ok());
        assert!(ledger.balance(1, "web", Count::default(), &none).is_err());
    }

    #[test]
    fn a_sum_over_currencies_does_not_balance_what_each_of_them_lacks() {
        let ledger = Ledger::default();
        let dollars = Cell {
            currency: currency("USD"),
            ..kept(0)
        };
        ledger.add(kept(0), count(1, 0, 30));
        ledger.add(dollars, count(1, 0, 70));
        let mut read = CurrencyCounts::default();
        read.of(currency("EUR")).add(count(1, 0, 40));
        read.of(currency("USD")).add(count(1, 0, 60));
        let error = ledger
            .balance(0, "shop", read.total(), &read)
            .expect_err("0.001 euro too few")
            .to_string();
        assert!(error.contains("in EUR 1 rows were read"), "{error}");
        read.of(currency("EUR")).amount = Money(30);
        read.of(currency("USD")).amount = Money(70);
        assert!(ledger.balance(0, "shop", read.total(), &read).is_ok());
    }

    #[test]
    fn converted_amounts_add_up_beside_those_that_were_read() {
        let converted = |amount| Count {
            converted_amount: Some(Money(amount)),
            ..count(1, 0, 7)
        };
        let mut total = count(1, 0, 7);
        assert_eq!(total.converted_amount, None);
        total.add(converted(3));
        total.add(converted(4));
        assert_eq!((total.amount, total.converted_amount), (Money(21), Some(Money(7))));
    }
}
