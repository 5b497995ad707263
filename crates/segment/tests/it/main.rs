//! The segmentation through its public door.

mod cluster_nights;
mod config;
mod described;
mod k_means;
mod pareto;
mod portfolios;
mod profiles;
mod rfm;
mod signals;
mod support;
mod tiers;
mod whole;
