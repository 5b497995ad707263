//! Sums, means and medians of one feature, in all customers and in every segment at once.

use super::keys::{Keys, Kind};
use crate::labels::{Labels, OUTSIDE};
use crate::spread::Distances;
use crate::values::{power_of_ten, real_of};

/// Distinct values up to which they are counted in place of sorted.
const COUNTED_VALUES: usize = 1 << 12;

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

/// All customers of a segmentation together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Base {
    pub(crate) totals: Totals,
    pub(crate) median: Option<f64>,
    /// Sum of the squared distances from the mean.
    pub(crate) squares: f64,
}

/// One segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Segment {
    pub(crate) totals: Totals,
    pub(crate) median: Option<f64>,
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
    fn none(keys: &Keys) -> Self {
        let sum = match keys.kind {
            Kind::Whole { scale } | Kind::Wide { scale, .. } => Sum::Exact { unscaled: 0, scale },
            Kind::Real => Sum::Real(0.0),
        };
        Self { value_count: 0, sum }
    }

    fn add(&mut self, keys: &Keys, row: usize, key: i64) -> Result<(), Overflow> {
        self.value_count += 1;
        match &mut self.sum {
            Sum::Real(sum) => *sum += keys.value(key),
            Sum::Exact { unscaled: sum, .. } => {
                let value = match &keys.kind {
                    Kind::Wide { unscaled, .. } => unscaled[row],
                    _ => key.into(),
                };
                *sum = sum.checked_add(value).ok_or(Overflow)?;
            }
        }
        Ok(())
    }

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

impl Base {
    /// Those of the customers that `is_member` takes. `buffer` is room for their values.
    pub(crate) fn new(keys: &Keys, buffer: &mut Vec<i64>, is_member: impl Fn(usize) -> bool) -> Result<Self, Overflow> {
        let members = || {
            let rows = (0..keys.len()).filter(|&row| is_member(row));
            rows.filter_map(|row| keys.get(row).map(|key| (row, key)))
        };
        let mut totals = Totals::none(keys);
        for (row, key) in members() {
            totals.add(keys, row, key)?;
        }
        let mean = totals.mean().unwrap_or(0.0);
        let squares = members()
            .map(|(_, key)| keys.value(key) - mean)
            .fold(Distances::default(), Distances::add)
            .squares();
        buffer.clear();
        buffer.extend(members().map(|(_, key)| key));
        Ok(Self {
            totals,
            median: median(keys, buffer),
            squares,
        })
    }
}

/// Splits a feature by the segments of its customers; `sizes` are [`Labels::sizes`]. `range` is
/// [`Keys::whole_range`], and `buffer` is room for the values.
pub(crate) fn segments(
    keys: &Keys,
    labels: &Labels,
    sizes: &[usize],
    range: Option<(i64, i64)>,
    buffer: &mut Vec<i64>,
) -> Result<Vec<Segment>, Overflow> {
    let values = range.and_then(|(least, most)| {
        let values = usize::try_from(most.checked_sub(least)?).ok()?.checked_add(1)?;
        (values <= COUNTED_VALUES).then_some((least, values))
    });
    match values {
        Some((least, values)) => Ok(counted(keys, labels, sizes.len(), least, values)),
        None => split(keys, labels, sizes, buffer),
    }
}

/// The members of all segments in the order of rows: their row, code and key.
fn members(keys: &Keys, labels: &Labels) -> impl Iterator<Item = (usize, usize, i64)> {
    let codes = labels.codes.iter().enumerate().filter(|(_, code)| **code != OUTSIDE);
    codes.filter_map(|(row, &code)| keys.get(row).map(|key| (row, usize::from(code), key)))
}

/// Few distinct whole numbers: how often each stands in each segment says everything.
fn counted(keys: &Keys, labels: &Labels, segments: usize, least: i64, values: usize) -> Vec<Segment> {
    let mut counts = vec![0_usize; segments * values];
    for (_, code, key) in members(keys, labels) {
        // Within the range that was looked up.
        counts[code * values + (key - least) as usize] += 1;
    }
    let none = Totals::none(keys);
    counts
        .chunks_exact(values)
        .map(|counts| {
            let valued = || (least..).zip(counts);
            let value_count = counts.iter().sum();
            // Frames have at most 2^32 rows, and keys 64 bits: the sum stays in range.
            let whole: i128 = valued().map(|(key, &count)| i128::from(key) * count as i128).sum();
            let sum = match none.sum {
                Sum::Exact { scale, .. } => Sum::Exact { unscaled: whole, scale },
                Sum::Real(_) => none.sum,
            };
            Segment {
                totals: Totals { value_count, sum },
                median: median_of_counts(keys, least, counts, value_count),
            }
        })
        .collect()
}

fn median_of_counts(keys: &Keys, least: i64, counts: &[usize], value_count: usize) -> Option<f64> {
    let key_at = |rank: usize| {
        let mut below = 0;
        (least..).zip(counts).find_map(|(key, count)| {
            below += count;
            (below > rank).then_some(key)
        })
    };
    let upper = key_at(value_count / 2)?;
    if value_count % 2 == 1 {
        return Some(keys.value(upper));
    }
    Some(keys.midpoint(key_at(value_count / 2 - 1)?, upper))
}

/// One pass in the order of rows, as gathering segment by segment would jump through memory.
fn split(keys: &Keys, labels: &Labels, sizes: &[usize], buffer: &mut Vec<i64>) -> Result<Vec<Segment>, Overflow> {
    let mut end = 0;
    let starts: Vec<usize> = sizes
        .iter()
        .map(|size| {
            let start = end;
            end += size;
            start
        })
        .collect();
    // What stands there from before is written over, or not looked at.
    buffer.resize(end, 0);
    let mut totals = vec![Totals::none(keys); sizes.len()];
    for (row, code, key) in members(keys, labels) {
        buffer[starts[code] + totals[code].value_count] = key;
        totals[code].add(keys, row, key)?;
    }
    let segment = |(start, totals): (usize, Totals)| Segment {
        totals,
        median: median(keys, &mut buffer[start..start + totals.value_count]),
    };
    Ok(starts.into_iter().zip(totals).map(segment).collect())
}

/// The middle value, or the mean of the two in the middle.
fn median(keys: &Keys, values: &mut [i64]) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let is_odd = values.len() % 2 == 1;
    let (below, &mut upper, _) = values.select_nth_unstable(middle);
    if is_odd {
        return Some(keys.value(upper));
    }
    let lower = below.iter().copied().max()?;
    Some(keys.midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::{FeatureValues, Numbers};

    fn keys(numbers: Numbers, present: Option<Vec<bool>>) -> Keys {
        Keys::new(FeatureValues {
            name: "net_sales",
            numbers,
            present,
        })
    }

    fn exact(unscaled: Vec<i128>, present: Option<Vec<bool>>) -> Keys {
        keys(Numbers::Exact { unscaled, scale: 4 }, present)
    }

    fn labels(codes: &[u16]) -> Labels {
        Labels {
            segmentation: "cluster",
            names: vec!["1".into(), "2".into(), "3".into()],
            codes: codes.to_vec(),
        }
    }

    fn segments_of(keys: &Keys, codes: &[u16]) -> Result<Vec<Segment>, Overflow> {
        let labels = labels(codes);
        segments(keys, &labels, &labels.sizes(), keys.whole_range(), &mut Vec::new())
    }

    #[test]
    fn sums_are_exact_and_medians_scaled() {
        let far = i128::from(i64::MAX) * 4;
        for others in [30_000, far] {
            let keys = exact(vec![10_000, 7, 1, others, -4], None);
            let segments = segments_of(&keys, &[2, OUTSIDE, 0, 2, 2]).expect("no overflow");
            let sum = Sum::Exact {
                unscaled: 9_996 + others,
                scale: 4,
            };
            assert_eq!(segments[2].totals, Totals { value_count: 3, sum });
            assert_eq!(segments[2].median, Some(1.0));
            assert_eq!(segments[0].median, Some(0.0001));
            assert_eq!((segments[1].median, segments[1].totals.mean()), (None, None));
        }
    }

    #[test]
    fn missing_values_count_nowhere() {
        let keys = exact(
            vec![10_000, 50_000, 30_000, 90_000],
            Some(vec![true, false, true, false]),
        );
        let segments = segments_of(&keys, &[0, 0, 0, 1]).expect("no overflow");
        assert_eq!((segments[0].totals.value_count, segments[0].median), (2, Some(2.0)));
        assert_eq!((segments[1].totals.value_count, segments[1].median), (0, None));
        let base = Base::new(&keys, &mut Vec::new(), |_| true).expect("no overflow");
        assert_eq!(
            (base.totals.mean(), base.median, base.squares),
            (Some(2.0), Some(2.0), 2.0)
        );
        let nobody = Base::new(&keys, &mut Vec::new(), |_| false).expect("no overflow");
        assert_eq!((nobody.totals.mean(), nobody.median, nobody.squares), (None, None, 0.0));
    }

    #[test]
    fn real_numbers_are_added_in_the_order_of_rows() {
        let keys = keys(Numbers::Real(vec![1e16, 8.0, 1.0, -1e16]), None);
        let segments = segments_of(&keys, &[0, 1, 0, 0]).expect("no overflow");
        // 1 is lost beside 1e16: another order would find it.
        assert_eq!(segments[0].totals.sum, Sum::Real(0.0));
        assert_eq!(segments[0].median, Some(1.0));
        assert_eq!(
            Base::new(&keys, &mut Vec::new(), |_| true).expect("no overflow").median,
            Some(4.5)
        );
    }

    #[test]
    fn an_overflow_is_reported() {
        let keys = exact(vec![i128::MAX, 1], None);
        assert_eq!(segments_of(&keys, &[0, 0]), Err(Overflow));
        assert_eq!(Base::new(&keys, &mut Vec::new(), |_| true), Err(Overflow));
        let sum = Sum::Exact {
            unscaled: i128::MAX,
            scale: 0,
        };
        assert_eq!(sum.unscaled_at(4), Err(Overflow));
    }

    #[test]
    fn sums_are_brought_to_a_scale_only_exactly() {
        assert_eq!(Sum::Exact { unscaled: 7, scale: 0 }.unscaled_at(4), Ok(Some(70_000)));
        assert_eq!(Sum::Exact { unscaled: 7, scale: 6 }.unscaled_at(4), Ok(None));
        assert_eq!(Sum::Real(7.0).unscaled_at(4), Ok(None));
    }

    proptest! {
        #[test]
        fn counting_and_sorting_agree(
            customers in prop::collection::vec((-50_i128..50, prop::bool::ANY, prop_oneof![Just(OUTSIDE), 0_u16..3]), 0..80),
        ) {
            let values = customers.iter().map(|customer| customer.0).collect();
            let present = customers.iter().map(|customer| customer.1).collect();
            let keys = exact(values, Some(present));
            let labels = labels(&customers.iter().map(|customer| customer.2).collect::<Vec<_>>());
            let mut used = vec![7; 3];
            let sorted = split(&keys, &labels, &labels.sizes(), &mut used).expect("no overflow");
            prop_assert_eq!(&counted(&keys, &labels, 3, -50, 100), &sorted);
            for (code, segment) in sorted.iter().enumerate() {
                let base = Base::new(&keys, &mut Vec::new(), |row| usize::from(labels.codes[row]) == code).expect("no overflow");
                prop_assert_eq!((base.totals, base.median), (segment.totals, segment.median));
            }
        }
    }
}
