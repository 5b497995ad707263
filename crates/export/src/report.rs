//! What an export tells while it goes and when it is done.

use crate::existing::Dependent;

/// Who hears how far an export is.
pub trait ExportObserver: Sync {
    /// A table of so many rows begins.
    fn table_started(&self, table: &str, rows: u64);
    /// So many more rows and bytes have been sent.
    fn advanced(&self, rows: u64, bytes: u64);
    /// All rows of the table are there.
    fn table_finished(&self, table: &str, rows: u64, bytes: u64);
}

/// An export that was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// The tables, in the order in which they were loaded.
    pub tables: Vec<ExportedTable>,
    /// Tables of this schema that earlier exports left and that are of another run.
    pub of_other_runs: Vec<String>,
}

/// A table that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Bytes that were sent.
    pub bytes: u64,
    /// What became of the table that was there.
    pub replaced: Replaced,
    /// Texts in which the character NUL, which PostgreSQL does not know, was written as U+FFFD.
    pub texts_with_nul: u64,
}

/// What became of the table that was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// There was none.
    Nothing,
    /// The new table took its place, with its owner and grants.
    Swapped,
    /// It was emptied and filled again, because this hangs on it.
    Refilled(Vec<Dependent>),
    /// It was dropped together with this, for which it could not be filled again.
    DroppedWith(Vec<Dependent>),
}
