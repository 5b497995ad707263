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
    /// A table broke its contract or the engine failed.
    #[error(transparent)]
    Table(#[from] TableError),
}
