//! Why files could not be made, or why what is asked of them was refused.

use cartera_table::TableError;
use polars::prelude::PolarsError;
use rust_xlsxwriter::XlsxError;
use thiserror::Error;

use crate::condition::ConditionError;

/// Why files could not be made, or why what is asked of them was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FilesError {
    /// A column that there is not.
    #[error("files: columns: {error}")]
    Column {
        /// What is wrong.
        error: ConditionError,
    },
    /// No column at all.
    #[error("files: columns is empty, at least one is needed, such as customer_id")]
    NoColumn,
    /// The same twice.
    #[error("files: {key} has `{value}` twice")]
    Twice {
        /// The key.
        key: &'static str,
        /// What stands twice.
        value: String,
    },
    /// A delimiter that readers do not expect.
    #[error("files: csv.delimiter = {delimiter:?} is not one of \",\", \";\", \"|\" and \"\\t\"")]
    Delimiter {
        /// What was given.
        delimiter: String,
    },
    /// A country that is not known.
    #[error("files: default_country = {country:?} is no country, an ISO 3166 code such as \"ES\" is right")]
    Country {
        /// What was given.
        country: String,
    },
    /// A file for a platform without anything to find people by.
    #[error("files: identifiers has none that {format} finds people by, such as \"email\"")]
    NoIdentifier {
        /// The format.
        format: &'static str,
    },
    /// More customers than a sheet has rows.
    #[error(
        "list {list}: {rows} customers do not fit the {limit} rows of a sheet, ask for csv or parquet instead of xlsx"
    )]
    TooManyRows {
        /// The list.
        list: String,
        /// Its customers.
        rows: usize,
        /// Rows of a sheet below the header.
        limit: usize,
    },
    /// The counts of a list do not add up.
    #[error("list {list}: the reasons count {counted} candidates, the list {candidates}")]
    Counts {
        /// The list.
        list: String,
        /// Sum over the reasons.
        counted: i64,
        /// Candidates of the list.
        candidates: i64,
    },
    /// A table broke its contract.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What the file was written to refused it.
    #[error("cannot write the file: {0}")]
    Write(#[from] std::io::Error),
    /// The workbook could not be made.
    #[error("cannot make the workbook: {0}")]
    Workbook(#[from] XlsxError),
    /// What tells of the file could not be made.
    #[error("cannot tell of the file: {0}")]
    About(#[from] toml::ser::Error),
    /// The frame could not be written.
    #[error("cannot write the file: {0}")]
    Frame(#[from] PolarsError),
}
