//! The tables that can be asked, and those that a query asks.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use cartera_table::contracts::PUBLISHED;
use polars::io::HiveOptions;
use polars::prelude::{DataType, Field, LazyFrame, PlRefPath, PolarsResult, ScanArgsParquet, Schema, all, col};

use super::error::SqlError;
use super::names::TableNames;
use super::nearest;
use crate::store::{PublishedRun, RunListing, RunRef, RunSelector, StoreError, Warehouse, scan};

/// What is added to a table's name for all its days at once.
const HISTORY: &str = "_history";

/// A table that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlTable {
    /// Its name.
    pub name: String,
    /// Its rows in the run.
    pub rows: u64,
    /// What tells one row from another; empty where this version does not know the table.
    pub grain: Vec<String>,
    /// Whether it can hold personal data.
    pub personal: bool,
    /// The days that its history holds.
    pub days: usize,
}

/// The tables of a run.
///
/// # Errors
/// When there is no such run.
pub fn sql_tables(warehouse: &Warehouse, run: &RunSelector) -> Result<(RunRef, Vec<SqlTable>), StoreError> {
    let listing = warehouse.runs()?;
    let run = warehouse.find(run)?;
    let table = |file: &crate::store::TableFile| {
        let contract = PUBLISHED.iter().find(|contract| contract.name == file.name);
        let grain = contract.map_or(&[][..], |contract| contract.grain);
        SqlTable {
            name: file.name.clone(),
            rows: file.rows,
            grain: grain.iter().map(|&name| name.to_owned()).collect(),
            personal: is_personal(&file.name),
            days: newest_of_days(&listing, &file.name).count(),
        }
    };
    Ok((run.reference, run.manifest.tables.iter().map(table).collect()))
}

/// The tables of one query, to be read as far as it asks.
pub(super) struct Opened {
    pub(super) run: RunRef,
    pub(super) frames: Vec<(String, LazyFrame)>,
    pub(super) personal: bool,
}

impl Opened {
    pub(super) fn new(warehouse: &Warehouse, run: &RunSelector, names: &TableNames) -> Result<Self, SqlError> {
        let listing = warehouse.runs()?;
        let run = warehouse.find(run)?;
        let mut opened = Self {
            run: run.reference,
            frames: Vec::new(),
            personal: false,
        };
        for name in names.tables() {
            let table = name.strip_suffix(HISTORY).filter(|_| run.table_path(name).is_err());
            match table {
                Some(table) => newest_of_days(&listing, table).try_for_each(|run| warehouse.check_erased(run))?,
                None => warehouse.check_erased(&run)?,
            }
            let frame = match (run.table_path(name), name.strip_suffix(HISTORY)) {
                (Ok(path), _) => scan(&path),
                (Err(_), Some(table)) if newest_of_days(&listing, table).next().is_some() => history(&listing, table),
                _ => return Err(unknown(&run, &listing, name)),
            };
            let frame = frame.map_err(|source| StoreError::Frame {
                path: run.path.clone(),
                source,
            })?;
            opened.personal |= is_personal(name.strip_suffix(HISTORY).unwrap_or(name));
            opened.frames.push((name.to_owned(), frame));
        }
        Ok(opened)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.frames.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The columns of all of them, for messages.
    pub(super) fn columns(&self) -> BTreeSet<String> {
        let schemas = self
            .frames
            .iter()
            .filter_map(|(_, frame)| frame.clone().collect_schema().ok());
        schemas
            .flat_map(|schema| schema.iter_names().map(ToString::to_string).collect::<Vec<_>>())
            .collect()
    }
}

fn unknown(run: &PublishedRun, listing: &RunListing, name: &str) -> SqlError {
    let of_runs = listing.runs.iter().flat_map(|run| &run.manifest.tables);
    let tables: BTreeSet<&str> = of_runs.map(|table| table.name.as_str()).collect();
    let nearest = match name.strip_suffix(HISTORY) {
        Some(table) => nearest(table, tables.into_iter()).map(|table| table + HISTORY),
        None => nearest(name, run.manifest.tables.iter().map(|table| table.name.as_str())),
    };
    SqlError::UnknownTable {
        run: run.reference,
        table: name.to_owned(),
        nearest,
    }
}

/// A table that this version does not know may hold anything.
fn is_personal(table: &str) -> bool {
    PUBLISHED
        .iter()
        .find(|contract| contract.name == table)
        .is_none_or(|contract| contract.personal)
}

/// The newest run of each day that has the table, oldest day first.
fn newest_of_days<'l>(listing: &'l RunListing, table: &str) -> impl Iterator<Item = &'l PublishedRun> {
    let has_table = |run: &&PublishedRun| run.manifest.tables.iter().any(|file| file.name == table);
    let mut newest: Vec<&PublishedRun> = Vec::new();
    // Runs are listed newest first.
    for run in listing.runs.iter().filter(has_table) {
        if newest
            .last()
            .is_none_or(|last| last.reference.as_of != run.reference.as_of)
        {
            newest.push(run);
        }
    }
    newest.into_iter().rev()
}

/// The table of all days, each row with the day and number of its run, which its folders name. Columns that a run did
/// not have are null. One scan of all files, as a union of scans cannot be counted by this build of the engine.
fn history(listing: &RunListing, table: &str) -> PolarsResult<LazyFrame> {
    let paths: Vec<PathBuf> = newest_of_days(listing, table)
        .map(|run| run.path.join(format!("{table}.parquet")))
        .collect();
    let mut columns = Schema::default();
    // The newest file says of what type a column is.
    for path in paths.iter().rev() {
        for (name, data_type) in scan(path)?.collect_schema()?.iter() {
            if !columns.contains(name) {
                columns.with_column(name.clone(), data_type.clone());
            }
        }
    }
    let of_folders = [("as_of", DataType::Date), ("run", DataType::Int64)];
    let of_folders: Schema = of_folders
        .into_iter()
        .map(|(name, data_type)| Field::new(name.into(), data_type))
        .collect();
    let options = ScanArgsParquet {
        hive_options: HiveOptions {
            enabled: Some(true),
            hive_start_idx: 0,
            schema: Some(Arc::new(of_folders)),
            try_parse_dates: true,
        },
        schema: Some(Arc::new(columns)),
        allow_missing_columns: true,
        ..ScanArgsParquet::default()
    };
    let paths: PolarsResult<Vec<PlRefPath>> = paths.iter().map(|path| PlRefPath::try_from_path(path)).collect();
    let frame = LazyFrame::scan_parquet_files(paths?.into(), options)?;
    let first = [col("as_of"), col("run")];
    let others = all().exclude_cols(["as_of", "run"]).as_expr();
    Ok(frame.select(first.into_iter().chain([others]).collect::<Vec<_>>()))
}
