//! Published tables as SQL sees them: each by its name, read as far as a query asks.

use std::path::{Path, PathBuf};

use polars::io::HiveOptions;
use polars::prelude::{DataFrame, LazyFrame, PlRefPath, PolarsError, PolarsResult, ScanArgsParquet};
use polars::sql::SQLContext;

use super::error::StoreError;
use super::staging::Staging;
use super::warehouse::PublishedRun;

/// The tables of a run, for queries in SQL as Polars speaks it. Files are opened when a query names their table.
#[derive(Debug, Clone)]
pub struct RunSql {
    tables: Vec<(String, PathBuf)>,
}

impl RunSql {
    /// The tables of a published run.
    #[must_use]
    pub fn of_run(run: &PublishedRun) -> Self {
        let tables = run.manifest.tables.iter();
        Self {
            tables: tables
                .map(|table| (table.name.clone(), run.path.join(format!("{}.parquet", table.name))))
                .collect(),
        }
    }

    /// The tables that were written so far of a run that is not published yet.
    #[must_use]
    pub fn of_staging(staging: &Staging<'_>) -> Self {
        let tables = staging.tables().iter();
        Self {
            tables: tables
                .map(|table| (table.name.clone(), staging.table_path(&table.name)))
                .collect(),
        }
    }

    /// The names of the tables.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|(name, _)| name.as_str())
    }

    /// The answer to a query.
    ///
    /// # Errors
    /// When the query is not understood, names a table or column that is not there, or a file cannot be read.
    pub fn query(&self, sql: &str) -> Result<DataFrame, StoreError> {
        let failed = |source: PolarsError| StoreError::Query {
            sql: sql.to_owned(),
            reason: first_paragraph(&source.to_string()),
        };
        let mut context = SQLContext::new();
        for (name, path) in &self.tables {
            context.register(name, scan(path).map_err(failed)?);
        }
        let frame = context.execute(sql).and_then(LazyFrame::collect);
        frame.map_err(failed)
    }
}

/// A published file, to be read as far as a query asks.
pub(crate) fn scan(path: &Path) -> PolarsResult<LazyFrame> {
    let options = ScanArgsParquet {
        // The folders of a run are named as columns are, and are none of the table's.
        hive_options: HiveOptions::new_disabled(),
        ..ScanArgsParquet::default()
    };
    LazyFrame::scan_parquet(PlRefPath::try_from_path(path)?, options)
}

/// What the engine says, without the plan that it prints behind it.
pub(crate) fn first_paragraph(message: &str) -> String {
    message.split("\n\n").next().unwrap_or_default().trim().to_owned()
}
