//! Clusters of similar customers: k-means on logarithms of features.
//!
//! The library's k-means does the fitting. Around it stands what makes the result the same on
//! every run: a start that does not depend on threads, a sample that does not depend on chance,
//! labels that are ordered by what clusters are worth, and counts taken from the labels themselves.

mod assign;
mod centroids;
mod clustering;
mod order;
mod params;
mod scaling;

pub(crate) use clustering::{Clustering, cluster};
pub use params::KMeansParams;
pub(crate) use params::KMeansValidParams;
