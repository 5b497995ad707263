//! Names for combinations of RFM scores.
//!
//! Whatever the source (the default map or a configured list), a map ends as one table with a name
//! for every cell of `bins x bins x bins`, so that no customer can fall through.

mod default_map;
mod labels;
mod map;
mod matrix;
mod params;

pub(crate) use labels::rfm_labels;
pub(crate) use map::RfmMap;
pub(crate) use matrix::{MatrixCell, rfm_matrix};
pub use params::{RfmMapParams, RfmRule};

/// Segment of a customer without an order, who has no scores.
pub const NO_ORDERS: &str = "no_orders";

/// Fewest bins of a score.
pub(crate) const MIN_BINS: u8 = 3;
/// Most bins of a score.
pub(crate) const MAX_BINS: u8 = 10;
