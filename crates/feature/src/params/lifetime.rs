//! `[clv]`: the model of repeat purchases, the horizon and the discount.

use cartera_clv::PurchaseModelKind;
use serde::{Deserialize, Serialize};

use super::{FeatureParamsError, Refusals};

/// `[clv]`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClvParams {
    /// The model of repeat purchases. Default `auto`: the one that predicts the holdout best.
    pub model: ModelChoice,
    /// Months ahead that `clv_horizon` and VIN look. 1 to 120. Default 36.
    pub horizon_months: u16,
    /// Discount as an annual effective rate: 0.10 takes a tenth off in a year. 0 to 1. Default 0.10.
    pub discount_rate: f64,
    /// Margin as a share of sales, 0 to 1, for customers whose cost of goods is not known. Default none: their
    /// lifetime value is then null where no costs are known at all.
    pub margin_rate: Option<f64>,
    /// Days at the end of the history that the models are tried on. Default a fifth of the history, at most 365.
    pub holdout_days: Option<u16>,
    /// Share of outcomes that the intervals hold, 0.5 to 0.99. Default 0.8.
    pub interval: f64,
}

/// Which model of repeat purchases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelChoice {
    /// The one that predicts the holdout best.
    #[default]
    Auto,
    /// BG/NBD.
    BgNbd,
    /// MBG/NBD.
    MbgNbd,
    /// Pareto/NBD.
    ParetoNbd,
    /// No lifetime value at all.
    None,
}

impl ModelChoice {
    /// The models to try, those that fit fastest first.
    pub(crate) fn kinds(self) -> Vec<PurchaseModelKind> {
        match self {
            Self::Auto => PurchaseModelKind::ALL.to_vec(),
            Self::BgNbd => vec![PurchaseModelKind::BgNbd],
            Self::MbgNbd => vec![PurchaseModelKind::MbgNbd],
            Self::ParetoNbd => vec![PurchaseModelKind::ParetoNbd],
            Self::None => Vec::new(),
        }
    }
}

impl Default for ClvParams {
    fn default() -> Self {
        Self {
            model: ModelChoice::Auto,
            horizon_months: 36,
            discount_rate: 0.10,
            margin_rate: None,
            holdout_days: None,
            interval: 0.8,
        }
    }
}

/// Checked `[clv]`. Only [`ClvParams::check`] makes one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClvValidParams {
    pub(crate) model: ModelChoice,
    pub(crate) horizon_months: u16,
    pub(crate) discount_rate: f64,
    pub(crate) margin_rate: Option<f64>,
    pub(crate) holdout_days: Option<i32>,
    pub(crate) interval: f64,
}

impl ClvValidParams {
    /// Months of the horizon.
    #[must_use]
    pub fn horizon_months(&self) -> u16 {
        self.horizon_months
    }
}

impl ClvParams {
    /// Checks horizon, rates and shares.
    ///
    /// # Errors
    /// The first key that is refused.
    pub fn check(self) -> Result<ClvValidParams, FeatureParamsError> {
        let refusals = Refusals("clv");
        let months = self.horizon_months;
        refusals.unless((1..=120).contains(&months), "horizon_months", months, "1 to 120 months")?;
        let discount = self.discount_rate;
        let is_rate = (0.0..=1.0).contains(&discount);
        refusals.unless(
            is_rate,
            "discount_rate",
            discount,
            "an annual rate from 0 to 1, such as 0.10",
        )?;
        if let Some(rate) = self.margin_rate {
            let is_share = rate > 0.0 && rate <= 1.0;
            refusals.unless(is_share, "margin_rate", rate, "a share of sales above 0, up to 1")?;
        }
        if let Some(days) = self.holdout_days {
            refusals.unless((7..=3650).contains(&days), "holdout_days", days, "7 to 3650 days")?;
        }
        let interval = self.interval;
        let is_share = (0.5..=0.99).contains(&interval);
        refusals.unless(is_share, "interval", interval, "a share from 0.5 to 0.99")?;
        Ok(ClvValidParams {
            model: self.model,
            horizon_months: months,
            discount_rate: discount,
            margin_rate: self.margin_rate,
            holdout_days: self.holdout_days.map(i32::from),
            interval,
        })
    }
}
