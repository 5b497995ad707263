//! Tiers of value: platinum, gold and so on, by rank or by amount.

mod customers;
mod limits;
mod params;

pub(crate) use customers::{Tiers, VALUE_MEASURES};
pub(crate) use limits::{TierLimits, hold};
pub(crate) use params::ValueTierValidParams;
pub use params::{TierRule, ValueTierParams, ValueTiersBy};

/// Tier of a customer whose measure is not known, zero or less.
pub const NO_VALUE: &str = "no_value";
