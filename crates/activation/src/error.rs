//! What stops the making of lists.

use cartera_table::TableError;
use thiserror::Error;

use crate::condition::ConditionError;

/// Why lists could not be made, or why parameters were refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ActivationError {
    /// A table is not about the customers that there are.
    #[error("{table} has other customers than customer_features")]
    OtherCustomers {
        /// The table.
        table: &'static str,
    },
    /// An expression could not be computed.
    #[error("target {list}: {error}")]
    Condition {
        /// The list.
        list: String,
        /// What is wrong.
        error: ConditionError,
    },
    /// A table broke its contract.
    #[error(transparent)]
    Table(#[from] TableError),
}
