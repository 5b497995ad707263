//! What can stop the computation of features.

use cartera_table::TableError;
use thiserror::Error;

/// Why features could not be computed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FeatureError {
    /// A table broke its contract or the engine failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A model was asked for what it cannot do.
    #[error(transparent)]
    Model(#[from] cartera_clv::ClvError),
    /// The frame engine failed.
    #[error("frame engine: {0}")]
    Engine(#[from] polars::error::PolarsError),
}
