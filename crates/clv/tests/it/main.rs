//! Published numbers, and properties that every model keeps.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod cdnow;
mod convergence;
mod goldens_fit;
mod goldens_predict;
mod intervals;
mod limits;
mod properties;
mod recovery;
mod simulate;
