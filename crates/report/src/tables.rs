//! The published tables, as figures ask them.

use std::error::Error;

use polars::prelude::DataFrame;

/// Why a query has no answer.
pub type QueryError = Box<dyn Error + Send + Sync>;

/// The published tables of one run.
pub trait Tables {
    /// The answer to a query in SQL that names published tables.
    ///
    /// # Errors
    /// When the query cannot be answered.
    fn query(&self, sql: &str) -> Result<DataFrame, QueryError>;
}
