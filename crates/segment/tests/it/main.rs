//! The segmentation through its public door.

mod config;
mod k_means;
mod pareto;
mod profiles;
mod rfm;
mod support;
mod whole;
