//! Carterization: which owner (an account manager, a store, a team) looks after which customer.
//!
//! Portfolios change as little as they can from night to night: who has an owner keeps the owner, unless the owner is
//! gone, takes the customer's territory or segment no more, or has no room beside customers who are worth more. Those
//! who have none find one, the most valuable first, each the least loaded owner who takes them. No capacity is ever
//! exceeded; who finds nobody is listed with the reason.
//!
//! The assignment works on plain vectors; only `base`, `owners` and `tables` know frames.

mod assign;
mod base;
mod coverage;
mod desk;
mod fair;
mod notes;
mod owners;
mod params;
mod pool;
mod reason;
mod rebalance;
mod stage;
mod summary;
mod tables;

pub use params::{BalanceParams, PortfolioParams, PortfolioValidParams, WhoParams, WorkloadParams};
pub use stage::{PortfolioSources, PortfolioTables, portfolios};
pub use summary::PortfolioSummary;
