//! Recency, frequency and monetary scores.
//!
//! With bins, equal values score equal: no customer's score depends on the order of rows. With cut
//! points, a score means the same every night.

use cartera_table::ratio_half_even;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Fewest and most bins.
const BINS: std::ops::RangeInclusive<u8> = 3..=10;

/// `[rfm]`, as typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RfmParams {
    /// Days since the last order; fewer score higher.
    pub recency: ScoreParams,
    /// Number of orders; more score higher.
    pub frequency: ScoreParams,
    /// Net sales; more score higher.
    pub monetary: ScoreParams,
}

/// How one value is scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreParams {
    /// Number of scores, 3 to 10, each for about the same number of customers. Default 5.
    pub bins: u8,
    /// Fixed limits in place of equal shares, ascending: days, orders, or money with at most 4 decimals. A
    /// value equal to a limit lies above it. Their number is that of the scores less one, and `bins` is then
    /// not used. Default none.
    pub cut_points: Option<Vec<f64>>,
}

impl Default for ScoreParams {
    fn default() -> Self {
        Self {
            bins: 5,
            cut_points: None,
        }
    }
}

/// Checked scores. Only [`RfmParams::check`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RfmValidParams {
    pub(crate) recency: Scale,
    pub(crate) frequency: Scale,
    pub(crate) monetary: Scale,
}

impl RfmValidParams {
    /// Scores of recency, frequency and monetary value.
    #[must_use]
    pub fn bins(&self) -> [u8; 3] {
        [self.recency.bins(), self.frequency.bins(), self.monetary.bins()]
    }
}

/// Why `[rfm]` is refused. Keys are dotted paths within it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RfmParamsError {
    /// Too few or too many bins.
    #[error("`{key}` is {bins}, expected 3 to 10")]
    Bins {
        /// The key.
        key: String,
        /// What was given.
        bins: u8,
    },
    /// Cut points that are too few, too many, not ascending, or not exact.
    #[error("`{key}` is {value}, expected 2 to 9 ascending numbers with at most 4 decimals")]
    CutPoints {
        /// The key.
        key: String,
        /// What was given.
        value: String,
    },
}

impl RfmParamsError {
    /// The offending key as a dotted path within `[rfm]`.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Bins { key, .. } | Self::CutPoints { key, .. } => key,
        }
    }
}

impl RfmParams {
    /// Checks bins and cut points.
    ///
    /// # Errors
    /// The first key that is refused.
    pub fn check(&self) -> Result<RfmValidParams, RfmParamsError> {
        Ok(RfmValidParams {
            recency: self.recency.check("recency", 1)?,
            frequency: self.frequency.check("frequency", 1)?,
            monetary: self.monetary.check("monetary", 10_000)?,
        })
    }
}

impl ScoreParams {
    /// `unit` is what a value of 1 is as a whole number: 1 for days and orders, 10,000 for money.
    fn check(&self, key: &str, unit: i32) -> Result<Scale, RfmParamsError> {
        let Some(cut_points) = &self.cut_points else {
            if !BINS.contains(&self.bins) {
                return Err(RfmParamsError::Bins {
                    key: format!("{key}.bins"),
                    bins: self.bins,
                });
            }
            return Ok(Scale::EqualShares { bins: self.bins });
        };
        let refused = || RfmParamsError::CutPoints {
            key: format!("{key}.cut_points"),
            value: format!("{cut_points:?}"),
        };
        let limits = cut_points
            .iter()
            .map(|&limit| exact(limit, unit))
            .collect::<Option<Vec<_>>>()
            .ok_or_else(refused)?;
        let is_ascending = limits.windows(2).all(|pair| pair[0] < pair[1]);
        if !is_ascending || !(2..=9).contains(&limits.len()) {
            return Err(refused());
        }
        Ok(Scale::CutPoints(limits))
    }
}

/// A number of the config as a whole number of its unit; none where it has further decimals.
fn exact(value: f64, unit: i32) -> Option<i128> {
    let scaled = value * f64::from(unit);
    let is_whole = (scaled - scaled.round()).abs() < 1e-6 && scaled.abs() < 1e15;
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and below 10^15")]
    is_whole.then_some(scaled.round() as i128)
}

/// How values become scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scale {
    EqualShares { bins: u8 },
    CutPoints(Vec<i128>),
}

/// Which end of a value is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    High,
    Low,
}

impl Scale {
    pub(crate) fn bins(&self) -> u8 {
        match self {
            Self::EqualShares { bins } => *bins,
            // At most nine cut points were let through.
            Self::CutPoints(limits) => u8::try_from(limits.len() + 1).unwrap_or(u8::MAX),
        }
    }

    /// The score of each value, 1 to the number of bins.
    ///
    /// # Formula
    /// `1 + floor(bins (r - 1) / n)`, r the smallest rank of the value among all n values, ascending;
    /// `bins + 1 -` that where low values are better.
    ///
    /// # Units
    /// Any whole numbers: only their order counts, or their place among the cut points.
    pub(crate) fn scores(&self, values: &[i128], better: Better) -> Vec<i32> {
        let ascending = match self {
            Self::EqualShares { bins } => equal_shares(values, *bins),
            Self::CutPoints(limits) => {
                let below = |value: &i128| limits.partition_point(|limit| limit <= value);
                values
                    .iter()
                    .map(|value| 1 + i32::try_from(below(value)).unwrap_or(i32::MAX))
                    .collect()
            }
        };
        let turned = i32::from(self.bins()) + 1;
        match better {
            Better::High => ascending,
            Better::Low => ascending.into_iter().map(|score| turned - score).collect(),
        }
    }
}

fn equal_shares(values: &[i128], bins: u8) -> Vec<i32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by_key(|&index| values[index]);
    let mut scores = vec![0; values.len()];
    let mut first_of_equals = 0;
    for (rank, &index) in order.iter().enumerate() {
        if values[index] != values[order[first_of_equals]] {
            first_of_equals = rank;
        }
        let score = 1 + usize::from(bins) * first_of_equals / values.len();
        scores[index] = i32::try_from(score).unwrap_or(i32::MAX);
    }
    scores
}

/// The scores in one text; a separator keeps them apart where one can have two digits.
pub(crate) fn combined(scores: [i32; 3], bins: [u8; 3]) -> String {
    let [recency, frequency, monetary] = scores;
    if bins.iter().all(|&bins| bins < 10) {
        format!("{recency}{frequency}{monetary}")
    } else {
        format!("{recency}-{frequency}-{monetary}")
    }
}

/// Sales of orders by their number, rounded half-even at the scale of the sales.
pub(crate) fn average_order_value(gross_sales: i128, order_count: i64) -> Option<i128> {
    ratio_half_even(gross_sales, i128::from(order_count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn five() -> Scale {
        Scale::EqualShares { bins: 5 }
    }

    #[test]
    fn ten_customers_fill_five_scores_evenly() {
        let values: Vec<i128> = (1..=10).collect();
        assert_eq!(five().scores(&values, Better::High), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(five().scores(&values, Better::Low), [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    }

    #[test]
    fn equal_values_take_the_smallest_rank() {
        assert_eq!(five().scores(&[1, 1, 1, 1, 9], Better::High), [1, 1, 1, 1, 5]);
        assert_eq!(five().scores(&[1, 9, 9, 9, 9], Better::High), [1, 2, 2, 2, 2]);
    }

    #[test]
    fn a_value_on_a_cut_point_lies_above_it() {
        let scale = Scale::CutPoints(vec![30, 90]);
        assert_eq!(scale.scores(&[29, 30, 89, 90], Better::High), [1, 2, 2, 3]);
        assert_eq!(scale.scores(&[29, 30, 89, 90], Better::Low), [3, 2, 2, 1]);
    }

    #[test]
    fn money_cut_points_are_exact() {
        let params = ScoreParams {
            cut_points: Some(vec![0.1, 12.3456]),
            ..ScoreParams::default()
        };
        assert_eq!(
            params.check("monetary", 10_000),
            Ok(Scale::CutPoints(vec![1_000, 123_456]))
        );
    }

    #[test]
    fn refuses_two_bins_and_eleven() {
        for bins in [2, 11] {
            let params = RfmParams {
                frequency: ScoreParams { bins, cut_points: None },
                ..RfmParams::default()
            };
            assert_eq!(
                params.check(),
                Err(RfmParamsError::Bins {
                    key: "frequency.bins".into(),
                    bins
                })
            );
        }
    }

    #[test]
    fn refuses_cut_points_that_are_no_scale() {
        let many: Vec<f64> = (0..10).map(f64::from).collect();
        for cut_points in [
            vec![1.0],
            vec![2.0, 1.0],
            vec![1.0, 1.0],
            vec![1.0, f64::NAN],
            vec![1.0, 2.00001],
            many,
        ] {
            let params = ScoreParams {
                cut_points: Some(cut_points),
                ..ScoreParams::default()
            };
            let error = params.check("monetary", 10_000).expect_err("refused");
            assert_eq!(error.key(), "monetary.cut_points");
        }
    }

    #[test]
    fn scores_of_two_digits_are_kept_apart() {
        assert_eq!(combined([5, 4, 5], [5, 5, 5]), "545");
        assert_eq!(combined([10, 1, 5], [10, 10, 10]), "10-1-5");
    }

    proptest! {
        /// The published formula, with the rank counted by hand.
        #[test]
        fn scores_follow_the_formula(values in prop::collection::vec(-20i128..20, 1..60), bins in 3u8..=10) {
            let scores = Scale::EqualShares { bins }.scores(&values, Better::High);
            for (value, score) in values.iter().zip(scores) {
                let rank = 1 + values.iter().filter(|other| *other < value).count();
                let expected = 1 + usize::from(bins) * (rank - 1) / values.len();
                prop_assert_eq!(usize::try_from(score).expect("positive"), expected);
            }
        }
    }
}
