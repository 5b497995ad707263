//! The currency of each row's money, as the file or its source names it.

use cartera_raw::ParsedBlock;
use cartera_table::frame::text;
use cartera_table::{Currency, SourceTable, TableError};
use polars::prelude::DataFrame;

use crate::failures::Failures;
use crate::file_plan::FilePlan;

/// A text that is no code of ISO 4217.
pub(crate) const UNKNOWN_CURRENCY: &str = "unknown_currency";

/// The currencies of the rows of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowCurrencies {
    /// The rows hold no money.
    NoMoney,
    /// All have that of the source.
    OfSource(Currency),
    /// Each names its own; none where it could not be read.
    OfRows(Vec<Option<Currency>>),
}

impl RowCurrencies {
    /// Of the rows of a frame, defective ones among them.
    pub(crate) fn new(
        table: SourceTable,
        frame: &DataFrame,
        plan: &FilePlan,
        parsed: &ParsedBlock,
        failures: &Failures,
    ) -> Result<Self, TableError> {
        if table.amount_column().is_none() {
            return Ok(Self::NoMoney);
        }
        if plan.cells(parsed, "currency").is_none() && plan.constant("currency").is_none() {
            return Ok(Self::OfSource(plan.currency));
        }
        let codes = text(frame, "currency")?.iter().enumerate();
        let currencies = codes.map(|(row, code)| match code {
            _ if failures.cell_failed(row, "currency") => None,
            Some(code) => Currency::parse(code),
            None => Some(plan.currency),
        });
        Ok(Self::OfRows(currencies.collect()))
    }

    /// The currency of a row; of a record that could not be read where none is given.
    pub(crate) fn of(&self, row: Option<usize>) -> Option<Currency> {
        match self {
            Self::NoMoney => None,
            Self::OfSource(currency) => Some(*currency),
            Self::OfRows(currencies) => currencies[row?],
        }
    }
}

/// The currencies of sound rows of a table, each of which names its own; none where they hold no money.
pub(crate) fn of_sound_rows(table: SourceTable, frame: &DataFrame) -> Result<Vec<Option<Currency>>, TableError> {
    if table.amount_column().is_none() {
        return Ok(vec![None; frame.height()]);
    }
    let codes = text(frame, "currency")?.iter();
    Ok(codes.map(|code| code.and_then(Currency::parse)).collect())
}
