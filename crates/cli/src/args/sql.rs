//! The arguments of `cartera sql`.

use std::path::PathBuf;

use cartera_pipeline::store::RunSelector;
use clap::{Args, ValueEnum};

use super::WarehouseArguments;

#[derive(Debug, Args)]
pub(crate) struct SqlArguments {
    /// The query, or - for standard input
    #[arg(conflicts_with_all = ["file", "tables"])]
    pub(crate) query: Option<String>,
    /// Read the query from this file
    #[arg(long, value_name = "FILE.sql", conflicts_with = "tables")]
    pub(crate) file: Option<PathBuf>,
    /// List the tables that can be asked, with their rows and what tells one row from another
    #[arg(long, conflicts_with = "out")]
    pub(crate) tables: bool,
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// The run: current, a day, or a day and number such as 2025-12-31/2
    #[arg(long, visible_alias = "as-of", value_name = "RUN|DAY", default_value = "current")]
    pub(crate) run: RunSelector,
    /// Form of the printed answer
    #[arg(long, default_value = "table", conflicts_with = "out")]
    pub(crate) format: SqlFormat,
    /// Rows at most of an answer that is printed as a table; 0 for all
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub(crate) limit: usize,
    /// Write the answer to this file in place of printing it; .parquet, .csv, .json or .ndjson says its form
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Form of a printed answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlFormat {
    /// For people: as many columns as fit the terminal
    Table,
    /// For machines: RFC 4180, plain numbers
    Csv,
    /// For machines: an array of objects, decimals as numbers with all their digits
    Json,
    /// For machines: an object a line
    Ndjson,
}
