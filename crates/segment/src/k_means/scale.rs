//! Features of any unit and size on one scale, which a few extreme customers do not move.
//!
//! Counts and money are skewed by orders of magnitude, so they are taken as logarithms that also take zero and
//! negative values; then each value is told in spreads from the median, and cut off at a stated distance.

use serde::{Deserialize, Serialize};

/// How a value is taken before it is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// `sign(x) ln(1 + |x|)`: zero stays zero, and order is kept.
    SignedLog,
    /// As it is.
    None,
}

impl Transform {
    /// The transformed value.
    pub(crate) fn apply(self, value: f64) -> f64 {
        match self {
            Self::SignedLog => value.abs().ln_1p().copysign(value),
            Self::None => value,
        }
    }

    /// The value that this one was transformed from.
    pub(crate) fn undo(self, value: f64) -> f64 {
        match self {
            Self::SignedLog => value.abs().exp_m1().copysign(value),
            Self::None => value,
        }
    }
}

/// What a spread was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SpreadSource {
    /// The distance between the quartiles / 1.349, which is the standard deviation where values are normal.
    Quartiles,
    /// Where these are equal: the distance between the 5 % and the 95 % quantile / 3.290, for the same reason.
    Tails,
    /// Where these are equal too: the standard deviation.
    Deviation,
}

/// Median and spread of a feature's transformed values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scale {
    #[serde(with = "super::exact_text")]
    pub(crate) median: f64,
    #[serde(with = "super::exact_text")]
    pub(crate) spread: f64,
    pub(crate) spread_source: SpreadSource,
}

impl Scale {
    /// The scale of these transformed values, which are sorted and finite; none where all are equal or there are
    /// none.
    pub(crate) fn of_sorted(sorted: &[f64]) -> Option<Self> {
        let (first, last) = (sorted.first()?, sorted.last()?);
        if first == last {
            return None;
        }
        let distance = |low: f64, high: f64| quantile(sorted, high) - quantile(sorted, low);
        let (quartiles, tails) = (distance(0.25, 0.75), distance(0.05, 0.95));
        let (spread, spread_source) = if quartiles > 0.0 {
            (quartiles / 1.349, SpreadSource::Quartiles)
        } else if tails > 0.0 {
            (tails / 3.290, SpreadSource::Tails)
        } else {
            (deviation(sorted), SpreadSource::Deviation)
        };
        // Differences so small that they vanish in a square tell no customer from another.
        (spread.is_finite() && spread * spread > 0.0).then(|| Self {
            median: quantile(sorted, 0.5),
            spread,
            spread_source,
        })
    }

    /// Where a transformed value lies: in spreads from the median, at most `limit` away.
    pub(crate) fn position(&self, transformed: f64, limit: f64) -> f64 {
        ((transformed - self.median) / self.spread).clamp(-limit, limit)
    }

    /// The transformed value that lies there.
    pub(crate) fn undo(&self, position: f64) -> f64 {
        position * self.spread + self.median
    }
}

/// The value below which this share of the sorted values lies, between two of them by their distances.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor();
    let (low, high) = (sorted[below as usize], sorted[place.ceil() as usize]);
    // Not `low + (high - low) * ..` alone: equal neighbours must give just that value.
    if low == high {
        low
    } else {
        low + (high - low) * (place - below)
    }
}

/// Standard deviation of the population.
fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_takes_every_sign_and_can_be_undone() {
        let log = |value| Transform::SignedLog.apply(value);
        assert_eq!(log(0.0), 0.0);
        assert!((log(std::f64::consts::E - 1.0) - 1.0).abs() < 1e-15);
        assert!((log(1.0 - std::f64::consts::E) + 1.0).abs() < 1e-15);
        for value in [-1e9, -0.5, 0.0, 1e-6, 12_345.67] {
            let back = Transform::SignedLog.undo(log(value));
            assert!((back - value).abs() <= 1e-12 * f64::abs(value), "{value}");
            assert_eq!(Transform::None.undo(Transform::None.apply(value)), value);
        }
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.5), 3.0);
        assert_eq!(quantile(&sorted, 1.0), 8.0);
        assert_eq!(quantile(&[7.0], 0.25), 7.0);
    }

    #[test]
    fn the_spread_falls_back_where_most_have_one_value() {
        let source = |ones: usize, others: usize| {
            let mut values = vec![1.0; ones];
            values.extend((0..others).map(|other| 2.0 + other as f64));
            Scale::of_sorted(&values).map(|scale| (scale.median, scale.spread_source))
        };
        assert_eq!(source(50, 50), Some((1.5, SpreadSource::Quartiles)));
        assert_eq!(source(80, 20), Some((1.0, SpreadSource::Tails)));
        assert_eq!(source(99, 1), Some((1.0, SpreadSource::Deviation)));
        assert_eq!(source(99, 0), None);
        assert_eq!(source(0, 0), None);
    }

    #[test]
    fn an_outlier_moves_nobody_else_and_is_cut_off() {
        let mut values: Vec<f64> = (0..101).map(f64::from).collect();
        let before = Scale::of_sorted(&values).expect("varies");
        values[100] = 1e12;
        let after = Scale::of_sorted(&values).expect("varies");
        assert_eq!((before.median, before.spread), (after.median, after.spread));
        assert_eq!(after.position(1e12, 4.0), 4.0);
        assert_eq!(after.position(-1e12, 4.0), -4.0);
        assert!((after.undo(after.position(70.0, 4.0)) - 70.0).abs() < 1e-9);
    }
}
