//! What is exported: tables as streams of frames, and the run that they are of.

use std::error::Error;

use cartera_table::{AsOf, TableDescription};
use polars::prelude::DataFrame;

/// The rows of a table, piece by piece, each with the table's columns.
pub type Frames<'a> = Box<dyn Iterator<Item = Result<DataFrame, Box<dyn Error + Send + Sync>>> + Send + 'a>;

/// A table to load.
pub struct ExportSource<'a> {
    /// What it is.
    pub table: TableDescription,
    /// Its rows, for progress.
    pub rows: u64,
    /// The rows themselves.
    pub frames: Frames<'a>,
}

/// The run that tables are of, as the table `_run` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStamp {
    /// The day that it looks from.
    pub as_of: AsOf,
    /// Its number.
    pub run: u32,
    /// The pipeline's name.
    pub pipeline: String,
    /// Hash of all that its tables depend on.
    pub fingerprint: String,
    /// The version of the tables' columns; none of runs that did not say.
    pub schema_version: Option<u32>,
}
