//! Which tier a value is in, on whole numbers.

use super::params::TierLimitParams;
use crate::pareto::Concentration;

/// Where tiers begin, from the best down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TierLimits {
    /// Least value of each tier but the last; none where nobody has a positive value.
    floors: Vec<Option<i128>>,
}

impl TierLimits {
    /// The limits over these customers. A share becomes the value of the customer who completes it, rounded up to a
    /// whole customer; whoever has the same value is in the same tier.
    pub(crate) fn new(limits: &TierLimitParams, concentration: &Concentration) -> Self {
        let floors = match limits {
            TierLimitParams::Amounts(amounts) => amounts.iter().copied().map(Some).collect(),
            TierLimitParams::Shares(shares) => {
                let positive = concentration.positive_count();
                let value_of = |rank: usize| concentration.held_by_first(rank) - concentration.held_by_first(rank - 1);
                shares
                    .iter()
                    .map(|share| {
                        // Frames have at most 2^32 rows.
                        let rank = share.reached_at(positive as i128) as usize;
                        (rank > 0).then(|| value_of(rank))
                    })
                    .collect()
            }
        };
        Self { floors }
    }

    /// The tier of a value, 0 for the best; one past the last for values of zero or less.
    pub(crate) fn tier(&self, value: i128) -> u16 {
        let rest = self.floors.len();
        let tier = match value {
            ..=0 => rest + 1,
            _ => {
                let reaches = |floor: &Option<i128>| floor.is_some_and(|floor| value >= floor);
                self.floors.iter().position(reaches).unwrap_or(rest)
            }
        };
        tier as u16
    }
}

/// The tier of a customer who was in `before`: that one, where it is better and the value lies at most
/// `hold_millionths` below its lower limit. Values of zero or less are never held.
pub(crate) fn hold(limits: &TierLimits, value: i128, before: u16, hold_millionths: i128) -> u16 {
    const WHOLE: i128 = 1_000_000;
    let now = limits.tier(value);
    if before >= now || value <= 0 {
        return now;
    }
    let floor = limits.floors.get(usize::from(before)).copied().flatten();
    let is_near = floor.is_some_and(|floor| {
        // Split so that the product stays in range for any amount; a part of a ten-thousandth is a whole one.
        let kept = WHOLE - hold_millionths;
        value >= floor / WHOLE * kept + (floor % WHOLE * kept + WHOLE - 1) / WHOLE
    });
    if is_near { before } else { now }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pareto::{ExactShare, ParetoRanking};

    fn limits(values: &[i128], shares: &[f64]) -> TierLimits {
        let shares = shares
            .iter()
            .map(|&share| ExactShare::new(share).expect("a share"))
            .collect();
        let concentration = ParetoRanking::new(values).expect("no overflow").concentration;
        TierLimits::new(&TierLimitParams::Shares(shares), &concentration)
    }

    fn tiers(values: &[i128], shares: &[f64]) -> Vec<u16> {
        let limits = limits(values, shares);
        values.iter().map(|&value| limits.tier(value)).collect()
    }

    #[test]
    fn shares_are_of_the_customers_with_a_positive_value() {
        assert_eq!(tiers(&[10, 9, 8, 7, 6, 0, -1], &[0.2, 0.6]), [0, 1, 1, 2, 2, 3, 3]);
    }

    #[test]
    fn a_part_of_a_customer_is_a_whole_one() {
        assert_eq!(tiers(&[10, 9, 8], &[0.01, 0.5]), [0, 1, 2]);
    }

    #[test]
    fn equal_values_share_the_better_tier() {
        assert_eq!(tiers(&[5, 5, 5, 4], &[0.25, 0.5]), [0, 0, 0, 2]);
        assert_eq!(tiers(&[], &[0.25]), [] as [u16; 0]);
        assert_eq!(tiers(&[0, -5], &[0.25]), [2, 2]);
    }

    #[test]
    fn amounts_include_their_limit() {
        let limits = TierLimits {
            floors: vec![Some(100), Some(50)],
        };
        let tiers: Vec<u16> = [100, 99, 50, 49, 1, 0]
            .iter()
            .map(|&value| limits.tier(value))
            .collect();
        assert_eq!(tiers, [0, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn a_customer_just_below_keeps_the_tier_and_one_far_below_does_not() {
        let limits = TierLimits {
            floors: vec![Some(1_000), Some(500)],
        };
        let held = |value, before| hold(&limits, value, before, 50_000);
        assert_eq!((held(950, 0), held(949, 0), held(950, 1)), (0, 1, 1));
        assert_eq!((held(475, 1), held(474, 1), held(475, 0)), (1, 2, 2));
        assert_eq!((held(0, 2), held(-5, 0), held(1, 3)), (3, 3, 2));
        assert_eq!(hold(&limits, 999, 0, 0), 1, "without a hold nobody is held");
    }

    proptest! {
        #[test]
        fn tiers_equal_those_of_a_slow_version(
            values in prop::collection::vec(prop_oneof![-5_i128..20, 1_i128..1_000], 0..60),
            percents in prop::collection::btree_set(1_u32..100, 1..4),
        ) {
            let shares: Vec<f64> = percents.iter().map(|&percent| f64::from(percent) / 100.0).collect();
            let positive: Vec<i128> = values.iter().copied().filter(|&value| value > 0).collect();
            let slow: Vec<u16> = values.iter().map(|&value| {
                let better = positive.iter().filter(|&&other| other > value).count();
                // In the tier if fewer are better than the tier has places.
                let place = percents.iter().position(|&percent| {
                    better < (positive.len() * percent as usize).div_ceil(100)
                });
                match value {
                    ..=0 => shares.len() as u16 + 1,
                    _ => place.unwrap_or(shares.len()) as u16,
                }
            }).collect();
            prop_assert_eq!(tiers(&values, &shares), slow);
        }
    }
}
