//! The sections of a pipeline file that steer features, as typed and as checked.

mod bonding;
mod lifecycle;
mod lifetime;
mod profitability;
mod relations;
mod rhythm;

pub use bonding::{BondingParams, BondingValidParams, BondingWeightParams, SaturationParams};
pub use lifecycle::{LifecycleParams, LifecycleValidParams};
pub use lifetime::{ClvParams, ClvValidParams, ModelChoice};
pub use profitability::{CostDriver, ProfitabilityParams, ProfitabilityValidParams, Tellable};
pub use relations::{RelationsParams, RelationsValidParams};
pub use rhythm::{RhythmParams, RhythmValidParams};

use thiserror::Error;

/// Why a section is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{key}` is {value}, expected {expected}")]
pub struct FeatureParamsError {
    /// The section.
    pub section: &'static str,
    /// The key within it, dotted.
    pub key: String,
    /// What was given.
    pub value: String,
    /// What would be right.
    pub expected: &'static str,
}

/// Refusals of one section.
struct Refusals(&'static str);

impl Refusals {
    /// Refuses a value that does not hold.
    fn unless(
        &self,
        holds: bool,
        key: &str,
        value: impl ToString,
        expected: &'static str,
    ) -> Result<(), FeatureParamsError> {
        if holds {
            return Ok(());
        }
        Err(FeatureParamsError {
            section: self.0,
            key: key.to_owned(),
            value: value.to_string(),
            expected,
        })
    }
}
