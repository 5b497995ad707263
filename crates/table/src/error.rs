//! What can be wrong with a table.

use thiserror::Error;

/// Why a frame is not the table that it should be, or could not be worked on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// A column of the contract is not there.
    #[error("table {table} has no column {column}")]
    MissingColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// There is a column that the contract does not know, or the order differs.
    #[error("table {table} has the columns {found}, its contract says {expected}")]
    OtherColumns {
        /// The table.
        table: String,
        /// The columns found.
        found: String,
        /// The contract's columns.
        expected: String,
    },
    /// A column has another type.
    #[error("column {column} of table {table} is {found}, its contract says {expected}")]
    OtherType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The type found.
        found: String,
        /// The contract's type.
        expected: String,
    },
    /// A required column holds nulls.
    #[error("column {column} of table {table} holds {nulls} nulls and is required")]
    Nulls {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How many.
        nulls: usize,
    },
    /// Two rows have the same grain, or rows are not in its order.
    #[error("row {row} of table {table} does not come after the row before it in the order of its grain")]
    NotSorted {
        /// The table.
        table: String,
        /// The row, from 0.
        row: usize,
    },
    /// A sum left the range of its type.
    #[error("the {what} overflows its range")]
    Overflow {
        /// What was summed.
        what: String,
    },
    /// The ledger's cells do not add up to what was read.
    #[error("the ledger of source {source_name} does not balance: {detail}")]
    Unbalanced {
        /// The source.
        source_name: String,
        /// Both sides, in rows and money.
        detail: String,
    },
    /// Frames could not be put aside on disk or read back.
    #[error("cannot spill to {path}: {message}")]
    Spill {
        /// Where.
        path: String,
        /// What the system said.
        message: String,
    },
    /// The frame engine failed.
    #[error("frame engine: {0}")]
    Engine(#[from] polars::error::PolarsError),
}
