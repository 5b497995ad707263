//! The clean model to one row per customer.
//!
//! [`customers_of_orders`] runs the pass over the orders of one partition of customers;
//! [`customer_features`] puts the partitions together and adds what only the whole base can tell:
//! days to `as_of` and the RFM scores.

mod customers;
mod error;
mod features;
mod margin;
mod rfm;

pub use customers::{CUSTOMERS, customers_of_orders};
pub use error::FeatureError;
pub use features::customer_features;
pub use rfm::{RfmParams, RfmParamsError, RfmValidParams, ScoreParams};
