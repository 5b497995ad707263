//! Everything that a published run tells of one customer.
//!
//! Nothing is computed that a run did not publish, but for the distance to clusters, which the published model gives.
//! Of each table only the pages that can hold the customer are read, so that ten million customers take no longer than
//! ten thousand.

mod cells;
mod clusters;
mod events;
mod known;
mod resolve;
mod rhythm;
mod tables;
mod view;

use cartera_report::customer::CustomerView;
use thiserror::Error;

use crate::error::PipelineError;
use crate::store::{PublishedRun, RunRef, Warehouse};
use resolve::resolve;
use tables::CustomerTables;

/// Which customer, and how much is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRequest {
    /// A customer id or a source key, with or without its key space: `17850`, `web:17850`.
    pub key: String,
    /// Whether name, e-mail and the like are told.
    pub personal: bool,
}

/// Why no customer is told of.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CustomerError {
    /// Nobody has the key. Of those who were erased nothing else is said.
    #[error("run {run} knows no customer {key:?}")]
    Unknown {
        /// The key.
        key: String,
        /// The run.
        run: RunRef,
        /// Keys that are there and read alike.
        alike: Vec<String>,
    },
    /// Several customers have the key.
    #[error("{key:?} is a key of {} customers of run {run}", customers.len())]
    Ambiguous {
        /// The key.
        key: String,
        /// The run.
        run: RunRef,
        /// The customers, each with the key space that the key is of.
        customers: Vec<(String, String)>,
    },
}

impl CustomerError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown { alike, .. } if !alike.is_empty() => {
                format!("there is {}", alike.join(", "))
            }
            Self::Unknown { .. } => {
                "a key is written as the raw files have it, or as customer_id has it in the published tables".to_owned()
            }
            Self::Ambiguous { customers, .. } => {
                let customers = customers.iter();
                let customers: Vec<String> = customers
                    .map(|(customer, space)| format!("{customer} (key space {space})"))
                    .collect();
                format!("ask for one of {}", customers.join(", "))
            }
        }
    }
}

/// Finds the customer in a run and tells of it.
///
/// # Errors
/// [`CustomerError`] when there is no such customer, or more than one; otherwise when a table cannot be read.
pub fn customer_view(
    warehouse: &Warehouse,
    run: &PublishedRun,
    request: &CustomerRequest,
) -> Result<CustomerView, PipelineError> {
    let customer_id = resolve(warehouse, run, &request.key)?;
    let tables = CustomerTables::read(run, &customer_id)?;
    view::view(warehouse, run, &tables, request.personal)
}
