//! Tables and columns that one run has and the other has not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use polars::prelude::{ParquetReader, SerReader};
use serde::Serialize;

use crate::error::PipelineError;
use crate::store::{PublishedRun, StoreError};

/// A table or column that is not the same in both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchemaChange {
    /// The table.
    pub table: String,
    /// The column; null for the whole table.
    pub column: Option<String>,
    /// Its type in the first run; null where it was not there. Of tables, `table`.
    pub before: Option<String>,
    /// The same in the second.
    pub after: Option<String>,
}

pub(super) fn schema(before: &PublishedRun, after: &PublishedRun) -> Result<Vec<SchemaChange>, PipelineError> {
    let names = |run: &PublishedRun| -> BTreeSet<String> {
        let tables = run.manifest.tables.iter();
        tables.map(|table| table.name.clone()).collect()
    };
    let (then, now) = (names(before), names(after));
    let mut changes = Vec::new();
    for table in then.union(&now) {
        match (then.contains(table), now.contains(table)) {
            (true, true) => changes.extend(columns_that_differ(before, after, table)?),
            (was, is) => {
                let side = |there: bool| there.then(|| "table".to_owned());
                changes.push(SchemaChange {
                    table: table.clone(),
                    column: None,
                    before: side(was),
                    after: side(is),
                });
            }
        }
    }
    Ok(changes)
}

fn columns_that_differ(
    before: &PublishedRun,
    after: &PublishedRun,
    table: &str,
) -> Result<Vec<SchemaChange>, PipelineError> {
    let (then, now) = (columns(before, table)?, columns(after, table)?);
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let differing = names.into_iter().filter(|name| then.get(*name) != now.get(*name));
    Ok(differing
        .map(|name| SchemaChange {
            table: table.to_owned(),
            column: Some(name.clone()),
            before: then.get(name).cloned(),
            after: now.get(name).cloned(),
        })
        .collect())
}

/// Columns and their types, as the file says: its contract may be that of another version.
fn columns(run: &PublishedRun, table: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let path = run.table_path(table)?;
    let file = File::open(&path).map_err(StoreError::io("open", &path))?;
    let schema = ParquetReader::new(file).schema().map_err(StoreError::frame(&path))?;
    let columns = schema
        .iter()
        .map(|(name, field)| (name.to_string(), format!("{:?}", field.dtype)));
    Ok(columns.collect())
}
