//! What can stop the normalization.

use cartera_table::TableError;
use thiserror::Error;

/// Why lines could not be normalized.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NormalizeError {
    /// A table broke its contract or the engine failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The frame engine failed.
    #[error("frame engine: {0}")]
    Engine(#[from] polars::error::PolarsError),
    /// A batch names a source that the pipeline does not have.
    #[error("there is no source number {source_index}")]
    UnknownSource {
        /// Place of the source.
        source_index: usize,
    },
}
