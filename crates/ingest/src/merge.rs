//! Rows of a source table that stand in it more than once.
//!
//! Of the rows with one key the last one of the newest file counts, files being taken in the order of their
//! sources and paths; the others are merged into it. Rows of tables whose id may be missing are told apart by their
//! place where they have none; of these, each identical one counts as often as in the file of its source that has
//! it most, as order lines do.

use std::collections::{BTreeMap, HashMap};

use cartera_table::frame::int32;
use cartera_table::{
    Cell, Count, Currency, Disposition, DuplicatePolicy, Ledger, SourceTable, Step, TableError, aggregate,
};
use polars::prelude::{
    BooleanChunked, ChunkCompareEq, DataFrame, IdxCa, IdxSize, NewChunkedArray, SortMultipleOptions,
};

use crate::currencies::of_sound_rows;
use crate::reader::LineSource;
use crate::rows::{add_row, amounts};

/// Why a row was merged: it is equal to the one that counts.
const REPEATED: &str = "repeated_row";
/// Why a row was merged: a later one with its key says something else.
const REPLACED: &str = "replaced";
/// Why a row was merged: another file of the source has it too.
const IN_ANOTHER_FILE: &str = "in_another_file";

/// Where a row was read; its order is that of age.
const PLACE: [&str; 3] = ["source_index", "file_index", "row"];

/// The rows that count, by key and place. What is merged is told to the ledger.
pub(crate) fn merge(
    table: SourceTable,
    frame: DataFrame,
    sources: &[LineSource],
    ledger: &Ledger,
) -> Result<DataFrame, TableError> {
    let contract = table.contract();
    let mut order = contract.grain.to_vec();
    order.extend(PLACE.iter().filter(|place| !contract.grain.contains(place)));
    let frame = frame.sort(order, SortMultipleOptions::default())?;
    let mut merged: Vec<Option<&'static str>> = vec![None; frame.height()];
    mark_same_key(table, &frame, &mut merged)?;
    if has_optional_id(table) {
        mark_in_other_files(table, &frame, sources, &mut merged)?;
    }
    if merged.iter().all(Option::is_none) {
        return Ok(frame);
    }
    let sources = int32(&frame, "source_index")?;
    let amounts = amounts(table, &frame)?;
    let currencies = of_sound_rows(table, &frame)?;
    let mut counts: BTreeMap<Cell, Count> = BTreeMap::new();
    for (row, (reason, source)) in merged.iter().zip(sources.iter()).enumerate() {
        let Some(reason) = reason else { continue };
        let cell = cell(source, Disposition::Merged, Some(reason), currencies[row]);
        add_row(amounts.as_deref(), Some(row), counts.entry(cell).or_default());
    }
    ledger.extend(counts);
    let keep: Vec<bool> = merged.iter().map(Option::is_none).collect();
    Ok(frame.filter(&BooleanChunked::from_slice("keep".into(), &keep))?)
}

/// Counts rows of one lot in the table itself; with no reason they are kept.
pub(crate) fn count(
    table: SourceTable,
    frame: &DataFrame,
    disposition: Disposition,
    reason: Option<&'static str>,
    ledger: &Ledger,
) -> Result<(), TableError> {
    let amounts = amounts(table, frame)?;
    let currencies = of_sound_rows(table, frame)?;
    let mut counts: BTreeMap<Cell, Count> = BTreeMap::new();
    for (row, source) in int32(frame, "source_index")?.iter().enumerate() {
        let cell = cell(source, disposition, reason, currencies[row]);
        add_row(amounts.as_deref(), Some(row), counts.entry(cell).or_default());
    }
    ledger.extend(counts);
    Ok(())
}

fn cell(
    source_index: Option<i32>,
    disposition: Disposition,
    reason: Option<&'static str>,
    currency: Option<Currency>,
) -> Cell {
    Cell {
        step: Step::Ingest,
        source_index: source_index
            .and_then(|index| usize::try_from(index).ok())
            .unwrap_or_default(),
        party: None,
        line_kind: None,
        disposition,
        reason,
        currency,
    }
}

/// Whether the table's rows may lack the id, so that their place is part of the grain.
fn has_optional_id(table: SourceTable) -> bool {
    table.contract().grain.contains(&"row")
}

/// The columns that tell what a row is about: the grain without the place within its source.
fn key(table: SourceTable) -> impl Iterator<Item = &'static str> {
    let grain = table.contract().grain.iter().copied();
    grain.filter(|name| !["file_index", "row"].contains(name))
}

/// Marks all rows of a key but the last one.
fn mark_same_key(table: SourceTable, frame: &DataFrame, merged: &mut [Option<&'static str>]) -> Result<(), TableError> {
    let same_as_next = same_as_next(table, frame)?;
    let mut kept = frame.height();
    let (mut left_out, mut kept_instead) = (Vec::new(), Vec::new());
    for row in (0..frame.height()).rev() {
        if same_as_next.get(row) == Some(&true) {
            left_out.push(row);
            kept_instead.push(kept);
        } else {
            kept = row;
        }
    }
    let (old, new) = (rows_at(frame, &left_out)?, rows_at(frame, &kept_instead)?);
    let mut is_equal = vec![true; left_out.len()];
    for column in table.contract().mappable() {
        let [old, new] = [&old, &new].map(|rows| {
            rows.column(column.name)
                .map(|column| column.as_materialized_series().clone())
        });
        let equal = old?.equal_missing(&new?)?;
        for (all, equal) in is_equal.iter_mut().zip(equal.iter()) {
            *all &= equal == Some(true);
        }
    }
    for (row, is_equal) in left_out.into_iter().zip(is_equal) {
        merged[row] = Some(if is_equal { REPEATED } else { REPLACED });
    }
    Ok(())
}

/// Of each row but the last one, whether the next has the same key. A row without its id has none.
fn same_as_next(table: SourceTable, frame: &DataFrame) -> Result<Vec<bool>, TableError> {
    let pairs = frame.height().saturating_sub(1);
    let mut same = vec![true; pairs];
    for name in key(table) {
        let column = frame.column(name)?.as_materialized_series();
        let equal = column.slice(0, pairs).equal_missing(&column.slice(1, pairs))?;
        let is_id = has_optional_id(table) && name != "source_index";
        let has_value = column.is_not_null();
        for ((all, equal), has_value) in same.iter_mut().zip(equal.iter()).zip(has_value.iter()) {
            *all &= equal == Some(true) && (!is_id || has_value == Some(true));
        }
    }
    Ok(same)
}

fn rows_at(frame: &DataFrame, rows: &[usize]) -> Result<DataFrame, TableError> {
    let rows = rows.iter().map(|&row| {
        IdxSize::try_from(row).map_err(|_| TableError::Overflow {
            what: "number of rows of a source table".to_owned(),
        })
    });
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(frame.take(&IdxCa::from_vec("rows".into(), rows))?)
}

/// Marks rows without an id that stand in several files of a source, beyond the file that has them most.
fn mark_in_other_files(
    table: SourceTable,
    frame: &DataFrame,
    sources: &[LineSource],
    merged: &mut [Option<&'static str>],
) -> Result<(), TableError> {
    let with_policy: Vec<i32> = sources
        .iter()
        .filter(|source| source.params.duplicates == DuplicatePolicy::AcrossFiles && source.files.len() > 1)
        .filter_map(|source| i32::try_from(source.source_index).ok())
        .collect();
    let Some(id) = key(table).find(|name| *name != "source_index") else {
        return Ok(());
    };
    if with_policy.is_empty() || frame.column(id)?.null_count() == 0 {
        return Ok(());
    }
    let content: Vec<&str> = table.contract().mappable().map(|column| column.name).collect();
    let hashes = aggregate::row_hashes(frame, &content)?;
    let has_id = frame.column(id)?.is_not_null();
    let (source_of, file_of) = (int32(frame, "source_index")?, int32(frame, "file_index")?);
    let mut files_of: HashMap<(i32, [u64; 2]), BTreeMap<i32, Vec<usize>>> = HashMap::new();
    for (row, hash) in hashes.into_iter().enumerate() {
        if let (Some(false), Some(source), Some(file)) = (has_id.get(row), source_of.get(row), file_of.get(row))
            && with_policy.contains(&source)
        {
            let files = files_of.entry((source, hash)).or_default();
            files.entry(file).or_default().push(row);
        }
    }
    for files in files_of.values().filter(|files| files.len() > 1) {
        // Of files that have it equally often the newest one keeps it.
        let most = files
            .iter()
            .max_by_key(|(file, rows)| (rows.len(), **file))
            .map(|(file, _)| *file);
        for row in files
            .iter()
            .filter(|(file, _)| Some(**file) != most)
            .flat_map(|(_, rows)| rows)
        {
            merged[*row] = Some(IN_ANOTHER_FILE);
        }
    }
    Ok(())
}
