//! How far tonight's customers are from those that a model was fitted to.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::measures::grows_with_the_calendar;
use super::points::{BLOCK_ROWS, FeatureColumn, evenly_spaced};
use super::scale::quantile;

/// Most bins of a feature.
const MAX_BINS: usize = 10;
/// Customers a bin, at least: with fewer the index would tell chance.
const MIN_BIN_CUSTOMERS: usize = 50;
/// The cuts between bins are taken from no more customers than this.
const CUT_SAMPLE: usize = 100_000;
/// A share that stands for none, so that logarithms stay finite.
const LEAST_SHARE: f64 = 1e-4;

/// How the customers of a fit were spread over a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BaseShares {
    /// Where the next bin begins, ascending, in the feature's unit.
    #[serde(with = "super::exact_text::list")]
    pub(crate) cuts: Vec<f64>,
    /// Share of the customers in each bin, at last that of those without a value.
    #[serde(with = "super::exact_text::list")]
    pub(crate) shares: Vec<f64>,
}

impl BaseShares {
    /// Bins with about as many customers each, as far as equal values allow.
    pub(crate) fn of(column: &FeatureColumn) -> Self {
        let mut sample: Vec<f64> = evenly_spaced(column.values.len(), CUT_SAMPLE)
            .into_iter()
            .map(|row| column.values[row])
            .filter(|value| !value.is_nan())
            .collect();
        sample.sort_unstable_by(f64::total_cmp);
        let bins = (sample.len() / MIN_BIN_CUSTOMERS).clamp(2, MAX_BINS);
        let mut cuts = Vec::new();
        if let Some(least) = sample.first() {
            // A cut at the least value would have nobody below it.
            let between = (1..bins).map(|bin| quantile(&sample, bin as f64 / bins as f64));
            cuts.extend(between.filter(|cut| cut > least));
            cuts.dedup();
            if cuts.is_empty() {
                // Nearly all have one value: who leaves it, on either side, has to be seen.
                cuts = vec![*least, least.next_up()];
            }
        }
        let mut base = Self {
            cuts,
            shares: Vec::new(),
        };
        base.shares = base.spread(column, 0.0);
        base
    }

    /// The population stability index of tonight's customers.
    ///
    /// # Formula
    /// Sum over the bins of `(q - p) ln(q / p)`, `p` the share at the fit and `q` tonight, each at least 0.0001.
    /// `age_days` is how long ago the fit was: who was there then has that much more of a feature that counts the
    /// days of the calendar, which is no change of the customers, so that it is taken off.
    ///
    /// # Source
    /// Siddiqi (2006), Credit Risk Scorecards: below 0.1 little has changed, above 0.25 much.
    pub(crate) fn stability_index(&self, tonight: &FeatureColumn, age_days: i32) -> f64 {
        let grown = if grows_with_the_calendar(&tonight.name) {
            f64::from(age_days)
        } else {
            0.0
        };
        let terms = self
            .shares
            .iter()
            .zip(self.spread(tonight, grown))
            .map(|(before, now)| {
                let (before, now) = (before.max(LEAST_SHARE), now.max(LEAST_SHARE));
                (now - before) * (now / before).ln()
            });
        terms.sum()
    }

    /// Shares of the bins, each value less what it has `grown`, and of those without a value; all zero without
    /// customers.
    fn spread(&self, column: &FeatureColumn, grown: f64) -> Vec<f64> {
        let bins = self.cuts.len() + 2;
        let counts = column
            .values
            .par_chunks(BLOCK_ROWS)
            .map(|block| {
                let mut counts = vec![0_u64; bins];
                for value in block {
                    let bin = if value.is_nan() {
                        bins - 1
                    } else {
                        self.cuts.partition_point(|cut| *cut <= value - grown)
                    };
                    counts[bin] += 1;
                }
                counts
            })
            .reduce(
                || vec![0; bins],
                |one, other| one.iter().zip(other).map(|(one, other)| one + other).collect(),
            );
        let all = column.values.len().max(1) as f64;
        counts.into_iter().map(|count| count as f64 / all).collect()
    }
}

/// Share of the customers in a cluster of both runs whose cluster is another one, and how many are in both; none
/// where nobody is.
pub(crate) fn movers<'a>(
    before: impl Iterator<Item = (Option<&'a str>, Option<i32>)>,
    tonight: impl Iterator<Item = (Option<&'a str>, Option<i32>)>,
) -> Option<(f64, u64)> {
    // Both are sorted by customer.
    let mut before = before.peekable();
    let (mut moved, mut both) = (0_u64, 0_u64);
    for (customer, cluster) in tonight {
        while before.next_if(|(known, _)| *known < customer).is_some() {}
        if let Some((_, known_cluster)) = before.next_if(|(known, _)| *known == customer)
            && let (Some(known_cluster), Some(cluster)) = (known_cluster, cluster)
        {
            both += 1;
            moved += u64::from(known_cluster != cluster);
        }
    }
    (both > 0).then(|| (moved as f64 / both as f64, both))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: Vec<f64>) -> FeatureColumn {
        FeatureColumn::new("order_count", values)
    }

    fn draws(count: usize, shift: f64) -> FeatureColumn {
        column(
            (0..count)
                .map(|row| (row * 7_919 % 10_007) as f64 / 100.0 + shift)
                .collect(),
        )
    }

    #[test]
    fn the_same_customers_have_not_drifted() {
        let base = draws(10_000, 0.0);
        let shares = BaseShares::of(&base);
        assert_eq!((shares.cuts.len(), shares.shares.len()), (9, 11));
        assert!((shares.shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(shares.stability_index(&base, 0), 0.0);
    }

    #[test]
    fn a_shift_is_seen_and_more_of_it_more() {
        let shares = BaseShares::of(&draws(10_000, 0.0));
        let index = |shift| shares.stability_index(&draws(10_000, shift), 0);
        assert!(index(2.0) < 0.1 && index(20.0) > 0.25 && index(40.0) > index(20.0));
    }

    #[test]
    fn the_index_is_that_of_a_slow_count() {
        let base = draws(1_000, 0.0);
        let tonight = draws(700, 11.0);
        let shares = BaseShares::of(&base);
        let share = |column: &FeatureColumn, bin: usize| {
            let low = if bin == 0 {
                f64::NEG_INFINITY
            } else {
                shares.cuts[bin - 1]
            };
            let high = shares.cuts.get(bin).copied().unwrap_or(f64::INFINITY);
            let inside = column.values.iter().filter(|value| **value >= low && **value < high);
            (inside.count() as f64 / column.values.len() as f64).max(LEAST_SHARE)
        };
        let slow: f64 = (0..=shares.cuts.len())
            .map(|bin| {
                let (before, now) = (share(&base, bin), share(&tonight, bin));
                (now - before) * (now / before).ln()
            })
            .sum();
        assert!((slow - shares.stability_index(&tonight, 0)).abs() < 1e-12);
    }

    #[test]
    fn days_that_pass_for_everybody_are_no_drift() {
        let aged = |name: &str, days: i32| {
            let values = draws(10_000, 0.0).values;
            FeatureColumn::new(name, values.into_iter().map(|value| value + f64::from(days)).collect())
        };
        let shares = BaseShares::of(&aged("tenure_days", 0));
        assert_eq!(shares.stability_index(&aged("tenure_days", 40), 40), 0.0);
        // Nobody has grown older so fast.
        assert!(shares.stability_index(&aged("tenure_days", 40), 5) > 0.25);
        assert!(shares.stability_index(&aged("days_since_last_order", 40), 40) > 0.25);
    }

    #[test]
    fn missing_values_are_a_bin_of_their_own() {
        let base = draws(1_000, 0.0);
        let shares = BaseShares::of(&base);
        let mut values = base.values.clone();
        values.iter_mut().step_by(2).for_each(|value| *value = f64::NAN);
        assert!(shares.stability_index(&column(values), 0) > 0.25);
    }

    #[test]
    fn whoever_leaves_the_one_value_is_seen() {
        let shares = BaseShares::of(&column(vec![3.0; 200]));
        assert_eq!(shares.shares, [0.0, 1.0, 0.0, 0.0]);
        for other in [2.9, 3.1] {
            let mut values = vec![3.0; 100];
            values.extend([other; 100]);
            assert!(shares.stability_index(&column(values), 0) > 0.25, "{other}");
        }
        let nothing = BaseShares::of(&column(vec![f64::NAN; 3]));
        assert_eq!(nothing.shares, [0.0, 1.0]);
    }

    #[test]
    fn movers_are_those_who_were_there_and_are_elsewhere() {
        let before = [("a", Some(1)), ("b", Some(2)), ("c", None), ("e", Some(1))];
        let tonight = [
            ("b", Some(3)),
            ("c", Some(1)),
            ("d", Some(1)),
            ("e", Some(1)),
            ("f", None),
        ];
        let iter =
            |rows: &'static [(&'static str, Option<i32>)]| rows.iter().map(|(id, cluster)| (Some(*id), *cluster));
        let before: &'static [_] = Box::leak(Box::new(before));
        let tonight: &'static [_] = Box::leak(Box::new(tonight));
        assert_eq!(movers(iter(before), iter(tonight)), Some((0.5, 2)));
        assert_eq!(movers(iter(&[]), iter(tonight)), None);
    }
}
