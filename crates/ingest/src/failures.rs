//! The rows of a block that are set aside: the first defect of each, and how many it has.

use std::collections::BTreeMap;

use cartera_raw::{CellFailure, ParsedBlock};
use cartera_table::{Cell, ColumnDef, Count, Currency, Defect, Disposition, ERASED_VALUE, Origin, Party, Step};
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray, PolarsResult};

use crate::cells::{masked, shown};
use crate::file_plan::Target;
use crate::hint;

/// The defective rows of a block.
pub(crate) struct Failures {
    by_row: BTreeMap<usize, RowFailure>,
}

struct RowFailure {
    column: &'static ColumnDef,
    value: String,
    reason: &'static str,
    count: u32,
    /// All columns that failed.
    failed: Vec<&'static str>,
}

impl RowFailure {
    fn has_failed(&self, column: &str) -> bool {
        self.failed.contains(&column)
    }
}

/// What defects come to: the quarantine's rows and the ledger's cells.
#[derive(Default)]
pub struct SetAside {
    /// The quarantine's rows.
    pub defects: Vec<Defect>,
    /// The ledger's cells.
    pub counts: BTreeMap<Cell, Count>,
}

impl Failures {
    /// The cells that the parser could not take.
    pub(crate) fn of(parsed: &ParsedBlock, targets: &[Target]) -> Self {
        let mut failures = Self {
            by_row: BTreeMap::new(),
        };
        for CellFailure {
            row,
            column,
            value,
            reason,
        } in &parsed.failures
        {
            let definition = targets[usize::from(*column)].definition;
            failures.add(*row as usize, definition, value.clone(), reason.slug());
        }
        failures
    }

    /// Adds a defect of a row.
    pub(crate) fn add(&mut self, row: usize, column: &'static ColumnDef, value: String, reason: &'static str) {
        let failure = self.by_row.entry(row).or_insert(RowFailure {
            column,
            value,
            reason,
            count: 0,
            failed: Vec::with_capacity(1),
        });
        failure.count += 1;
        failure.failed.push(column.name);
    }

    /// The defective rows of the block, in their order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.by_row.keys().copied()
    }

    /// Whether a cell of a row could not be read.
    pub(crate) fn cell_failed(&self, row: usize, column: &str) -> bool {
        self.by_row.get(&row).is_some_and(|failure| failure.has_failed(column))
    }

    /// Whether a row has a defect.
    pub(crate) fn has_failed(&self, row: usize) -> bool {
        self.by_row.contains_key(&row)
    }

    /// Takes the defective rows out of a frame.
    pub(crate) fn sound(&self, frame: DataFrame) -> PolarsResult<DataFrame> {
        if self.by_row.is_empty() {
            return Ok(frame);
        }
        let sound: Vec<bool> = (0..frame.height()).map(|row| !self.by_row.contains_key(&row)).collect();
        frame.filter(&BooleanChunked::from_slice("sound".into(), &sound))
    }

    /// The quarantine's rows and the ledger's cells; `amount` adds a row's money to a count, `currency`
    /// tells what it is in, `party` whose it is where the key could be read, and `is_erased` whether its person was
    /// erased. Broken records are no rows.
    pub(crate) fn set_aside(
        &self,
        parsed: &ParsedBlock,
        origin: Origin,
        party: impl Fn(usize) -> Option<Party>,
        currency: impl Fn(Option<usize>) -> Option<Currency>,
        amount: impl Fn(Option<usize>, &mut Count),
        is_erased: impl Fn(usize) -> bool,
    ) -> SetAside {
        let mut aside = SetAside::default();
        aside.defects.reserve(self.by_row.len() + parsed.rejected.len());
        for (&row, failure) in &self.by_row {
            let key_failed = failure.has_failed("customer_key");
            let party = if key_failed { None } else { party(row) };
            let cell = cell(origin, party, failure.reason, currency(Some(row)));
            amount(Some(row), aside.counts.entry(cell).or_default());
            aside.defects.push(Defect {
                origin,
                row: parsed.lines[row],
                column: Some(failure.column.name),
                value: Some(if is_erased(row) {
                    ERASED_VALUE.to_owned()
                } else {
                    shown(failure.column, &failure.value).into_owned()
                }),
                reason: failure.reason,
                hint: hint::of_cell(failure.reason, failure.column),
                defect_count: failure.count,
            });
        }
        for rejected in &parsed.rejected {
            let reason = rejected.reason.slug();
            let cell = cell(origin, None, reason, currency(None));
            amount(None, aside.counts.entry(cell).or_default());
            aside.defects.push(Defect {
                origin,
                row: rejected.line,
                column: None,
                // A broken record may hold anything, names and e-mails too.
                value: Some(masked(&rejected.record)),
                reason,
                hint: hint::of_record(&rejected.reason),
                defect_count: 1,
            });
        }
        aside
    }
}

fn cell(origin: Origin, party: Option<Party>, reason: &'static str, currency: Option<Currency>) -> Cell {
    Cell {
        step: Step::Ingest,
        source_index: origin.source_index,
        party,
        line_kind: None,
        disposition: Disposition::Quarantined,
        reason: Some(reason),
        currency,
    }
}
