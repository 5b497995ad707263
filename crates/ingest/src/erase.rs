//! Rows of people who were erased leave a source table.
//!
//! It is done once repeats are merged: which row of a key counts is decided as it was before, so that no row of
//! somebody else, and no money, comes or goes with it.

use cartera_table::frame::text;
use cartera_table::{Disposition, ERASED_VALUE, ErasedKeys, ErasedOfSource, Ledger, SourceTable, TableError};
use polars::prelude::{
    BooleanChunked, ChunkFull, ChunkFullNull, ChunkZip, DataFrame, IntoColumn, NewChunkedArray, StringChunked,
};

use crate::merge::{count, merge};
use crate::reader::LineSource;

/// Why a row left.
const ERASED: &str = "erased";

/// The column of the customer.
const KEY: &str = "customer_key";

/// Columns of suppressions by which others than the customer of the key are meant too: whoever has the address.
const DETAILS: [&str; 2] = ["email", "phone"];

/// Which rows of one source have an erased key; none where none has.
pub(crate) fn erased_rows(frame: &DataFrame, erased: ErasedOfSource<'_>) -> Result<Option<Vec<bool>>, TableError> {
    if !erased.has_any() || !frame.schema().contains(KEY) {
        return Ok(None);
    }
    Ok(erased.among(text(frame, KEY)?.iter()))
}

/// The rows that stay, and those of erased keys where their money counts for the company. Costs of an erased person
/// are kept as costs of nobody by name, and suppressions of an e-mail or telephone without the key: whoever else has
/// that address must not be contacted either. All other rows are out of scope.
pub(crate) fn erase(
    table: SourceTable,
    frame: DataFrame,
    sources: &[LineSource],
    erased: &ErasedKeys,
    ledger: &Ledger,
) -> Result<(DataFrame, Option<DataFrame>), TableError> {
    if erased.is_empty() || table.contract().column(KEY).is_none() {
        return Ok((frame, None));
    }
    let mut frame = frame;
    let mut is_erased = marked(&frame, erased)?;
    if table == SourceTable::Suppressions && is_erased.contains(&true) {
        // Without their keys rows may say what others say.
        frame = merge(table, by_details_alone(frame, &is_erased)?, sources, ledger)?;
        is_erased = marked(&frame, erased)?;
    }
    if !is_erased.contains(&true) {
        return Ok((frame, None));
    }
    let mask = BooleanChunked::from_slice("erased".into(), &is_erased);
    let gone = frame.filter(&mask)?;
    let rows = frame.filter(&!mask)?;
    let (disposition, reason) = match table {
        SourceTable::Costs => (Disposition::Kept, None),
        _ => (Disposition::OutOfScope, Some(ERASED)),
    };
    count(table, &gone, disposition, reason, ledger)?;
    let gone = table.amount_column().map(|_| without_key(gone)).transpose()?;
    Ok((rows, gone))
}

fn marked(frame: &DataFrame, erased: &ErasedKeys) -> Result<Vec<bool>, TableError> {
    let spaces = text(frame, "key_space")?.iter();
    Ok(spaces
        .zip(text(frame, KEY)?.iter())
        .map(|(space, key)| space.zip(key).is_some_and(|(space, key)| erased.contains(space, key)))
        .collect())
}

/// Rows of erased keys that name an address lose the key.
fn by_details_alone(mut frame: DataFrame, is_erased: &[bool]) -> Result<DataFrame, TableError> {
    let is_erased = BooleanChunked::from_slice("erased".into(), is_erased);
    let mut has_detail = BooleanChunked::full("detail".into(), false, frame.height());
    for name in DETAILS {
        has_detail = &has_detail | &text(&frame, name)?.is_not_null();
    }
    let keeps_key = !(&is_erased & &has_detail);
    let nobody = StringChunked::full_null(KEY.into(), frame.height());
    let keys = text(&frame, KEY)?.zip_with(&keeps_key, &nobody)?;
    frame.with_column(keys.into_column())?;
    Ok(frame)
}

fn without_key(mut frame: DataFrame) -> Result<DataFrame, TableError> {
    let nobody = StringChunked::full(KEY.into(), ERASED_VALUE, frame.height());
    frame.with_column(nobody.into_column())?;
    Ok(frame)
}
