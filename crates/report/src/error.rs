//! What can go wrong on the way to a page.

use polars::prelude::PolarsError;
use thiserror::Error;

use crate::tables::QueryError;
use crate::words::WordsError;

/// Why there is no page.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A query of a figure has no answer.
    #[error("the query of the figure {figure} cannot be answered")]
    Query {
        /// The figure.
        figure: &'static str,
        /// Why.
        source: QueryError,
    },
    /// The answer to a query is not what the figure draws.
    #[error("the answer to the query of the figure {figure} cannot be drawn")]
    Answer {
        /// The figure.
        figure: &'static str,
        /// Why.
        source: PolarsError,
    },
    /// The words of the language cannot be read.
    #[error("the words of the report cannot be read")]
    Words(#[from] WordsError),
    /// A template cannot be filled.
    #[error("the page cannot be written")]
    Template(#[from] minijinja::Error),
}
