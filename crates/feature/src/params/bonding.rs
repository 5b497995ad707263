//! `[bonding]`: when a tie is as strong as it gets, and how much it weighs.

use serde::{Deserialize, Serialize};

use super::{FeatureParamsError, Refusals};

/// `[bonding]`, as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BondingParams {
    /// Whether products and channels of lines are counted by customer, which costs a further pass over the lines.
    /// Default: products where a source of lines maps `product_id` and there is a source of products, channels where
    /// a source of lines maps `channel`.
    pub breadth: Option<bool>,
    /// The values from which a component is 1.
    pub saturation: SaturationParams,
    /// The weights of the components. They need not add up to 1.
    pub weights: BondingWeightParams,
}

/// The values from which a component is 1. They are fixed, so that a bonding means the same every night.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaturationParams {
    /// Distinct categories. Default 5.
    pub categories: f64,
    /// Distinct products. Default 20.
    pub products: f64,
    /// Days since the first order. Default 1095.
    pub tenure_days: f64,
    /// Days with an order a year. Default 12.
    pub order_days_per_year: f64,
    /// Distinct channels. Default 3.
    pub channels: f64,
}

impl Default for SaturationParams {
    fn default() -> Self {
        Self {
            categories: 5.0,
            products: 20.0,
            tenure_days: 1095.0,
            order_days_per_year: 12.0,
            channels: 3.0,
        }
    }
}

/// The weights of the components.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BondingWeightParams {
    /// Of categories. Default 0.25.
    pub categories: f64,
    /// Of products. Default 0.15.
    pub products: f64,
    /// Of tenure. Default 0.2.
    pub tenure: f64,
    /// Of frequency. Default 0.3.
    pub frequency: f64,
    /// Of channels. Default 0.1.
    pub channels: f64,
}

impl Default for BondingWeightParams {
    fn default() -> Self {
        Self {
            categories: 0.25,
            products: 0.15,
            tenure: 0.2,
            frequency: 0.3,
            channels: 0.1,
        }
    }
}

/// Checked `[bonding]`. Only [`BondingParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BondingValidParams {
    breadth: Option<bool>,
    pub(crate) saturation: SaturationParams,
    pub(crate) weights: BondingWeightParams,
}

impl BondingValidParams {
    /// Whether breadth is asked for; none where the sources decide.
    #[must_use]
    pub fn breadth(&self) -> Option<bool> {
        self.breadth
    }
}

impl BondingParams {
    /// Checks saturations and weights.
    ///
    /// # Errors
    /// The first key that is refused.
    pub fn check(self) -> Result<BondingValidParams, FeatureParamsError> {
        let refusals = Refusals("bonding");
        let Self {
            breadth,
            saturation,
            weights,
        } = self;
        for (key, value) in [
            ("saturation.categories", saturation.categories),
            ("saturation.products", saturation.products),
            ("saturation.tenure_days", saturation.tenure_days),
            ("saturation.order_days_per_year", saturation.order_days_per_year),
            ("saturation.channels", saturation.channels),
        ] {
            let is_limit = value > 0.0 && value <= 1e6;
            refusals.unless(is_limit, key, value, "a number above 0, up to 1000000")?;
        }
        let all = [
            ("weights.categories", weights.categories),
            ("weights.products", weights.products),
            ("weights.tenure", weights.tenure),
            ("weights.frequency", weights.frequency),
            ("weights.channels", weights.channels),
        ];
        for (key, value) in all {
            refusals.unless((0.0..=1000.0).contains(&value), key, value, "a number from 0 to 1000")?;
        }
        let total: f64 = all.iter().map(|(_, value)| value).sum();
        refusals.unless(total > 0.0, "weights", "all zero", "at least one weight above 0")?;
        Ok(BondingValidParams {
            breadth,
            saturation,
            weights,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut BondingParams)) -> String {
        let mut params = BondingParams::default();
        change(&mut params);
        params.check().expect_err("refused").key
    }

    #[test]
    fn values_that_mean_nothing_are_refused() {
        assert!(BondingParams::default().check().is_ok());
        assert_eq!(
            refused(|params| params.saturation.categories = 0.0),
            "saturation.categories"
        );
        assert_eq!(
            refused(|params| params.saturation.products = -1.0),
            "saturation.products"
        );
        assert_eq!(
            refused(|params| params.saturation.tenure_days = f64::NAN),
            "saturation.tenure_days"
        );
        assert_eq!(
            refused(|params| params.saturation.order_days_per_year = f64::INFINITY),
            "saturation.order_days_per_year"
        );
        assert_eq!(
            refused(|params| params.saturation.channels = 0.0),
            "saturation.channels"
        );
        assert_eq!(refused(|params| params.weights.categories = -0.1), "weights.categories");
        assert_eq!(refused(|params| params.weights.products = f64::NAN), "weights.products");
        assert_eq!(refused(|params| params.weights.tenure = 1001.0), "weights.tenure");
        assert_eq!(refused(|params| params.weights.frequency = -1.0), "weights.frequency");
        assert_eq!(refused(|params| params.weights.channels = -1.0), "weights.channels");
        let nothing = |params: &mut BondingParams| {
            params.weights = BondingWeightParams {
                categories: 0.0,
                products: 0.0,
                tenure: 0.0,
                frequency: 0.0,
                channels: 0.0,
            };
        };
        assert_eq!(refused(nothing), "weights");
    }
}
