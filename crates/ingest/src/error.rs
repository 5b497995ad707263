//! What can stop the reading of a source. Bad rows never do: they are data.

use std::path::PathBuf;

use cartera_raw::RawError;
use cartera_table::TableError;
use thiserror::Error;

/// Why a source could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The system refused to read a file.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The file cannot be cut into records and columns.
    #[error("cannot read {}", path.display())]
    Raw {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        cause: RawError,
    },
    /// A file is not of the type that is declared.
    #[error("{} is declared as {declared} and is {found}; {advice}", path.display())]
    WrongType {
        /// The file.
        path: PathBuf,
        /// The declared type.
        declared: &'static str,
        /// What its first bytes say.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A file of consents or suppressions has not even a header: it may have been cut off.
    #[error("{} is empty: a file of {table} has its header at the least", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// The table.
        table: &'static str,
    },
    /// A workbook cannot be read.
    #[error("cannot read the workbook {}", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        cause: calamine::Error,
    },
    /// A workbook has no such sheet.
    #[error("{} has no sheet {sheet}; its sheets are: {sheets}", path.display())]
    NoSheet {
        /// The file.
        path: PathBuf,
        /// The name or the number that is declared.
        sheet: String,
        /// The sheets there are.
        sheets: String,
    },
    /// A Parquet file cannot be read.
    #[error("cannot read the Parquet file {}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        cause: polars::prelude::PolarsError,
    },
    /// A mapped column of a Parquet file cannot be read as what it is mapped to.
    #[error("{}: column {column:?} cannot be read (mapped to {target}): {problem}", path.display())]
    ParquetColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What it is mapped to.
        target: String,
        /// Why, and what to do.
        problem: String,
    },
    /// A file was written to between its hashing and the end of its reading.
    #[error("{} has changed while it was read; run again when it is complete", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A mapped column is not in the header.
    #[error("{} has no column {column:?} (mapped to {target}); its header is: {header}", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column that is mapped.
        column: String,
        /// What it is mapped to.
        target: &'static str,
        /// The columns there are.
        header: String,
    },
    /// A mapped field is in no record of a JSON file, and every record must have it.
    #[error("{} has no field {field:?} in any record (mapped to {target}); its fields are: {fields}", path.display())]
    NoField {
        /// The file.
        path: PathBuf,
        /// The field that is mapped.
        field: String,
        /// What it is mapped to.
        target: &'static str,
        /// Fields there are.
        fields: String,
    },
    /// A mapped column is in the header more than once.
    #[error("{} has the column {column:?} more than once (mapped to {target}); map it by position", path.display())]
    ColumnTwice {
        /// The file.
        path: PathBuf,
        /// The column that is mapped.
        column: String,
        /// What it is mapped to.
        target: &'static str,
    },
    /// A mapped position lies behind the last column.
    #[error("{} has {fields} columns, and column {position} is mapped to {target}", path.display())]
    NoPosition {
        /// The file.
        path: PathBuf,
        /// The position that is mapped, from 1.
        position: usize,
        /// What it is mapped to.
        target: &'static str,
        /// How many columns there are.
        fields: usize,
    },
    /// A file of which nothing is declared does not tell how it is to be read.
    #[error("cannot tell how {} is to be read: {problem}", path.display())]
    Unrecognized {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// A file of which nothing is declared has no such column.
    #[error("{} has no column {column:?}; it has: {columns}", path.display())]
    NoPlainColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The columns there are.
        columns: String,
    },
    /// A table broke its contract or the engine failed.
    #[error(transparent)]
    Table(#[from] TableError),
}
