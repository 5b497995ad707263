//! The boundaries between stages, where a test can lose a row.
//!
//! That a lost row makes the run fail is the promise of the ledger, and it is tested by losing one.
//! Without the failure points that only test builds switch on, a frame crosses as it is.

use polars::prelude::DataFrame;

/// Between reading and normalizing.
pub(super) const READ: &str = "boundary_read";
/// Between normalizing and merging to parts of orders.
pub(super) const NORMALIZED: &str = "boundary_normalized";
/// Between the parts of orders and the orders.
pub(super) const PARTS: &str = "boundary_parts";
/// Between orders and customers.
pub(super) const ORDERS: &str = "boundary_orders";
/// Between customers and the published features.
pub(super) const CUSTOMERS: &str = "boundary_customers";

/// Between features and segments.
pub(super) const FEATURES: &str = "boundary_features";

/// Passes a frame over a boundary.
#[allow(unused_variables, reason = "without failure points nobody asks for the name")]
pub(super) fn cross(boundary: &str, frame: DataFrame) -> DataFrame {
    fail::fail_point!(boundary, |_| frame.slice(1, frame.height()));
    frame
}
