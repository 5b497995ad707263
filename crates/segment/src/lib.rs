//! Features to labels.
//!
//! [`segment`] takes one row a customer and says which named RFM segment, which Pareto class and
//! which k-means cluster the customer is in, what these segments look like, and how concentrated
//! sales are. It reads the customer table and its parameters and nothing else, so equal inputs
//! give equal bytes, whatever the number of threads.
//!
//! The algorithms work on plain vectors; only `columns` and `tables` know frames.

mod columns;
mod error;
mod k_means;
mod labels;
mod params;
mod pareto;
mod profiles;
mod rfm_map;
mod segmentation;
mod summary;
mod tables;
mod values;

pub use error::SegmentError;
pub use k_means::KMeansParams;
pub use params::{SegmentParams, SegmentValidParams};
pub use pareto::ParetoParams;
pub use rfm_map::{NO_ORDERS, RfmMapParams, RfmRule};
pub use segmentation::{Segmentation, segment};
pub use summary::{
    ClusterSummary, KMeansSummary, ParetoClassSummary, ParetoSummary, RfmSegmentSummary, SegmentSummary,
};
