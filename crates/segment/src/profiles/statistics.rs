//! Sums, means and medians of one feature in every segment at once.

use crate::labels::{Labels, OUTSIDE};
use crate::values::{FeatureValues, Numbers, power_of_ten, real_of};

/// A sum left the range of 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overflow;

/// A sum as exact as the numbers are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sum {
    /// Unscaled, with its decimals.
    Exact {
        /// The whole number.
        unscaled: i128,
        /// Decimals.
        scale: u8,
    },
    /// Added up in the order of rows.
    Real(f64),
}

/// Some customers' values together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Totals {
    /// Customers with a value.
    pub(crate) value_count: usize,
    /// The sum of their values.
    pub(crate) sum: Sum,
}

/// A feature, segment by segment.
#[derive(Debug)]
pub(crate) struct SplitFeature {
    /// Each segment's totals, by code.
    pub(crate) segments: Vec<Totals>,
    /// All segments together.
    pub(crate) base: Totals,
    values: SplitValues,
    /// What values must be divided by to be in the feature's unit.
    unit: f64,
}

impl Sum {
    /// The sum as a whole number at `scale` decimals; none when it is not exact at that scale.
    pub(crate) fn unscaled_at(self, scale: u8) -> Result<Option<i128>, Overflow> {
        match self {
            Self::Exact { unscaled, scale: own } if own <= scale => {
                let factor = 10_i128.pow(u32::from(scale - own));
                unscaled.checked_mul(factor).map(Some).ok_or(Overflow)
            }
            _ => Ok(None),
        }
    }
}

impl Totals {
    /// The mean; none without a value.
    pub(crate) fn mean(self) -> Option<f64> {
        let count = self.value_count as f64;
        let mean = match self.sum {
            Sum::Exact { unscaled, scale } => real_of(unscaled) / (count * power_of_ten(scale)),
            Sum::Real(sum) => sum / count,
        };
        (self.value_count > 0).then_some(mean)
    }
}

impl SplitFeature {
    /// Splits a feature by the segments of its customers; `sizes` are [`Labels::sizes`].
    pub(crate) fn new(feature: &FeatureValues, labels: &Labels, sizes: &[usize]) -> Result<Self, Overflow> {
        let mut values = SplitValues::new(sizes);
        // One pass in the order of rows: gathering segment by segment would jump through memory.
        let members = labels.codes.iter().map(|&code| usize::from(code)).enumerate();
        let members = members.filter(|&(row, code)| code != usize::from(OUTSIDE) && feature.is_present(row));
        let (sums, base, unit) = match &feature.numbers {
            Numbers::Exact { unscaled, scale } => {
                let mut sums = vec![0_i128; sizes.len()];
                for (row, code) in members {
                    sums[code] = sums[code].checked_add(unscaled[row]).ok_or(Overflow)?;
                    values.push(code, real_of(unscaled[row]));
                }
                let base = sums
                    .iter()
                    .try_fold(0_i128, |base, &sum| base.checked_add(sum))
                    .ok_or(Overflow)?;
                let exact = |unscaled| Sum::Exact {
                    unscaled,
                    scale: *scale,
                };
                (
                    sums.into_iter().map(exact).collect::<Vec<_>>(),
                    exact(base),
                    power_of_ten(*scale),
                )
            }
            Numbers::Real(numbers) => {
                let mut sums = vec![0.0; sizes.len()];
                for (row, code) in members {
                    sums[code] += numbers[row];
                    values.push(code, numbers[row]);
                }
                let base = sums.iter().sum();
                (sums.into_iter().map(Sum::Real).collect(), Sum::Real(base), 1.0)
            }
        };
        let count_and_sum = |(code, sum)| Totals {
            value_count: values.range(code).len(),
            sum,
        };
        let segments: Vec<Totals> = sums.into_iter().enumerate().map(count_and_sum).collect();
        let value_count = segments.iter().map(|segment| segment.value_count).sum();
        Ok(Self {
            segments,
            base: Totals { value_count, sum: base },
            values,
            unit,
        })
    }

    /// The median of a segment; none without a value.
    pub(crate) fn median(&mut self, code: usize) -> Option<f64> {
        // Unscaled numbers are exact as f64 up to 2^53; they are scaled once, at the end.
        let range = self.values.range(code);
        middle(&mut self.values.values[range]).map(|middle| middle / self.unit)
    }
}

/// Values side by side, segment by segment.
#[derive(Debug)]
struct SplitValues {
    values: Vec<f64>,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl SplitValues {
    /// Room for that many values of each segment.
    fn new(sizes: &[usize]) -> Self {
        let mut end = 0;
        let starts: Vec<usize> = sizes
            .iter()
            .map(|size| {
                let start = end;
                end += size;
                start
            })
            .collect();
        Self {
            values: vec![0.0; end],
            ends: starts.clone(),
            starts,
        }
    }

    fn push(&mut self, code: usize, value: f64) {
        self.values[self.ends[code]] = value;
        self.ends[code] += 1;
    }

    fn range(&self, code: usize) -> std::ops::Range<usize> {
        self.starts[code]..self.ends[code]
    }
}

/// The middle value, or the mean of the two in the middle.
fn middle(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let is_odd = values.len() % 2 == 1;
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if is_odd {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(unscaled: Vec<i128>, present: Option<Vec<bool>>) -> FeatureValues {
        FeatureValues {
            name: "net_sales",
            numbers: Numbers::Exact { unscaled, scale: 4 },
            present,
        }
    }

    fn split(feature: &FeatureValues, codes: &[u16]) -> Result<SplitFeature, Overflow> {
        let names = vec!["1".into(), "2".into(), "3".into()];
        let labels = Labels {
            segmentation: "cluster_id",
            names,
            codes: codes.to_vec(),
        };
        SplitFeature::new(feature, &labels, &labels.sizes())
    }

    #[test]
    fn sums_are_exact_and_medians_scaled() {
        let feature = exact(vec![10_000, 7, 1, 30_000, -4], None);
        let mut split = split(&feature, &[2, OUTSIDE, 0, 2, 2]).expect("no overflow");
        let best = split.segments[2];
        assert_eq!(
            best,
            Totals {
                value_count: 3,
                sum: Sum::Exact {
                    unscaled: 39_996,
                    scale: 4
                }
            }
        );
        assert_eq!((best.mean(), split.median(2)), (Some(1.3332), Some(1.0)));
        assert_eq!(
            split.base,
            Totals {
                value_count: 4,
                sum: Sum::Exact {
                    unscaled: 39_997,
                    scale: 4
                }
            }
        );
        assert_eq!(
            (split.median(0), split.median(1), split.segments[1].mean()),
            (Some(0.0001), None, None)
        );
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(middle(&mut [7.0, 1.0, 2.0, 5.0]), Some(3.5));
        assert_eq!(middle(&mut [4.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(middle(&mut [7.0]), Some(7.0));
        assert_eq!(middle(&mut []), None);
    }

    #[test]
    fn missing_values_count_nowhere() {
        let feature = exact(
            vec![10_000, 50_000, 30_000, 90_000],
            Some(vec![true, false, true, false]),
        );
        let mut split = split(&feature, &[0, 0, 0, 1]).expect("no overflow");
        assert_eq!(
            split.segments[0],
            Totals {
                value_count: 2,
                sum: Sum::Exact {
                    unscaled: 40_000,
                    scale: 4
                }
            }
        );
        assert_eq!((split.median(0), split.median(1)), (Some(2.0), None));
        assert_eq!((split.base.value_count, split.segments[1].value_count), (2, 0));
    }

    #[test]
    fn real_numbers_are_added_in_the_order_of_rows() {
        let numbers = Numbers::Real(vec![1e16, 8.0, 1.0, -1e16]);
        let feature = FeatureValues {
            name: "p_alive",
            numbers,
            present: None,
        };
        let mut split = split(&feature, &[0, 1, 0, 0]).expect("no overflow");
        // 1 is lost beside 1e16: another order would find it.
        assert_eq!(split.segments[0].sum, Sum::Real(0.0));
        assert_eq!((split.base.sum, split.base.mean()), (Sum::Real(8.0), Some(2.0)));
        assert_eq!(split.median(0), Some(1.0));
    }

    #[test]
    fn an_overflow_is_reported() {
        assert_eq!(split(&exact(vec![i128::MAX, 1], None), &[0, 0]).err(), Some(Overflow));
        assert_eq!(split(&exact(vec![i128::MAX, 1], None), &[0, 1]).err(), Some(Overflow));
        assert_eq!(
            Sum::Exact {
                unscaled: i128::MAX,
                scale: 0
            }
            .unscaled_at(4),
            Err(Overflow)
        );
    }

    #[test]
    fn sums_are_brought_to_a_scale_only_exactly() {
        assert_eq!(Sum::Exact { unscaled: 7, scale: 0 }.unscaled_at(4), Ok(Some(70_000)));
        assert_eq!(Sum::Exact { unscaled: 7, scale: 6 }.unscaled_at(4), Ok(None));
        assert_eq!(Sum::Real(7.0).unscaled_at(4), Ok(None));
    }
}
