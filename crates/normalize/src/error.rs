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
    /// A rate of exchange that is none.
    #[error("the rate of {currency} on {day} is {rate}, expected one above zero: mend the file of rates")]
    Rate {
        /// The currency.
        currency: String,
        /// The day.
        day: String,
        /// The rate.
        rate: String,
    },
    /// A currency of the catalogue that does not exist.
    #[error("the currency {currency:?} of product {product:?} is none of ISO 4217: mend the file of products")]
    ProductCurrency {
        /// The product.
        product: String,
        /// What stands there.
        currency: String,
    },
}
