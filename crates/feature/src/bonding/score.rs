//! Tenure, and all ties in one number.

use cartera_table::frame::{dates, int64};
use polars::prelude::{Column, DataFrame};

use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::params::BondingValidParams;

/// Adds `tenure_days` and `bonding`. The counts of breadth are taken from the base, where they are.
///
/// # Errors
/// When the engine fails.
pub fn add_bonding(base: &mut CustomerBase, params: &BondingValidParams) -> Result<(), FeatureError> {
    let frame = base.frame();
    let today = base.as_of().epoch_days();
    let tenures: Vec<Option<i32>> = dates(frame, "first_order_date")?
        .iter()
        .map(|first| Some(today - first?))
        .collect();
    let order_days = int64(frame, "order_day_count")?.iter();
    let categories = optional_counts(frame, "category_count")?;
    let products = optional_counts(frame, "product_count")?;
    let channels = optional_counts(frame, "channel_count")?;
    let scores: Vec<Option<f64>> = tenures
        .iter()
        .zip(order_days)
        .enumerate()
        .map(|(row, (tenure_days, order_days))| {
            let ties = Ties {
                categories: categories[row],
                products: products[row],
                tenure_days: (*tenure_days)?,
                order_days: order_days?,
                channels: channels[row],
            };
            ties.bonding(params)
        })
        .collect();
    base.add(vec![
        Column::new("tenure_days".into(), tenures),
        Column::new("bonding".into(), scores),
    ])
}

/// A column that may not be there.
fn optional_counts(frame: &DataFrame, name: &str) -> Result<Vec<Option<i64>>, FeatureError> {
    if !frame.schema().contains(name) {
        return Ok(vec![None; frame.height()]);
    }
    Ok(int64(frame, name)?.iter().collect())
}

/// What ties a customer with an order to the company.
#[derive(Debug, Clone, Copy)]
struct Ties {
    categories: Option<i64>,
    products: Option<i64>,
    tenure_days: i32,
    order_days: i64,
    channels: Option<i64>,
}

const DAYS_PER_YEAR: f64 = 365.25;

impl Ties {
    /// All ties in one number.
    ///
    /// # Formula
    /// `100 x sum(weight x min(1, value / saturation)) / sum(weight)` over the components that are known. A year is
    /// 365.25 days; a tenure below one counts as one, so that a first order is not 365 a year.
    ///
    /// # Units
    /// 0 to 100, rounded to 2 decimals; none where the known components weigh nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of one customer")]
    fn bonding(self, params: &BondingValidParams) -> Option<f64> {
        let BondingValidParams {
            saturation, weights, ..
        } = params;
        let years = (f64::from(self.tenure_days) / DAYS_PER_YEAR).max(1.0);
        let count = |count: Option<i64>| count.map(|count| count as f64);
        let components = [
            (count(self.categories), saturation.categories, weights.categories),
            (count(self.products), saturation.products, weights.products),
            (
                Some(f64::from(self.tenure_days)),
                saturation.tenure_days,
                weights.tenure,
            ),
            (
                Some(self.order_days as f64 / years),
                saturation.order_days_per_year,
                weights.frequency,
            ),
            (count(self.channels), saturation.channels, weights.channels),
        ];
        let (mut sum, mut known) = (0.0, 0.0);
        for (value, saturation, weight) in components {
            if let Some(value) = value {
                sum += weight * (value / saturation).min(1.0);
                known += weight;
            }
        }
        (known > 0.0).then(|| (10_000.0 * sum / known).round() / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::{BondingParams, BondingWeightParams};

    const TIES: Ties = Ties {
        categories: Some(2),
        products: Some(5),
        tenure_days: 730,
        order_days: 12,
        channels: Some(3),
    };

    #[test]
    fn components_are_weighed() {
        let params = BondingParams::default().check().expect("valid");
        // 0.25 x 2/5 + 0.15 x 5/20 + 0.2 x 730/1095 + 0.3 x (12 / (730/365.25))/12 + 0.1 x 1
        // = 0.1 + 0.0375 + 0.133333 + 0.150103 + 0.1 = 0.520936
        assert_eq!(TIES.bonding(&params), Some(52.09));
    }

    #[test]
    fn what_is_not_known_drops_out() {
        let params = BondingParams::default().check().expect("valid");
        let ties = Ties {
            categories: None,
            products: None,
            channels: None,
            ..TIES
        };
        // (0.133333 + 0.150103) / 0.5
        assert_eq!(ties.bonding(&params), Some(56.69));
        let only_channels = BondingParams {
            weights: BondingWeightParams {
                categories: 0.0,
                products: 0.0,
                tenure: 0.0,
                frequency: 0.0,
                channels: 1.0,
            },
            ..BondingParams::default()
        };
        let params = only_channels.check().expect("valid");
        assert_eq!(ties.bonding(&params), None);
        assert_eq!(TIES.bonding(&params), Some(100.0));
    }

    #[test]
    fn a_first_order_is_one_a_year() {
        let params = BondingParams::default().check().expect("valid");
        let ties = Ties {
            categories: None,
            products: None,
            tenure_days: 0,
            order_days: 1,
            channels: None,
        };
        // 0.3 x 1/12 / 0.5
        assert_eq!(ties.bonding(&params), Some(5.0));
    }
}
