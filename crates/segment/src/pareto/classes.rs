//! Ranks customers by a measure and cuts them into classes.

use rayon::slice::ParallelSliceMut;

use super::limit::ExactShare;

/// Class of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ParetoClass {
    /// Up to and including the customer who reaches the first limit.
    A,
    /// From there to the customer who reaches the second limit.
    B,
    /// The rest, and every customer whose value is zero or less.
    C,
}

impl ParetoClass {
    /// All classes, best first.
    pub(crate) const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The class as published.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// Its place in [`Self::ALL`].
    pub(crate) fn code(self) -> u16 {
        self as u16
    }
}

/// What customers hold, from the best down.
///
/// Only positive values add up: a customer whose returns exceed his sales takes nothing away from
/// what the others hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Concentration {
    customer_count: usize,
    /// What the positive customers hold together, by rank from 1: `cumulative[i]` after `i + 1` customers.
    cumulative: Vec<i128>,
}

impl Concentration {
    /// The positive values of that many customers, largest first; none when their sum overflows.
    pub(crate) fn new(customer_count: usize, positive: impl Iterator<Item = i128>) -> Option<Self> {
        let mut sum = 0_i128;
        let cumulative = positive
            .map(|value| {
                sum = sum.checked_add(value)?;
                Some(sum)
            })
            .collect::<Option<_>>()?;
        Some(Self {
            customer_count,
            cumulative,
        })
    }

    /// All customers.
    pub(crate) fn customer_count(&self) -> usize {
        self.customer_count
    }

    /// Those with a positive value.
    pub(crate) fn positive_count(&self) -> usize {
        self.cumulative.len()
    }

    /// The total of the positive values.
    pub(crate) fn total(&self) -> i128 {
        self.cumulative.last().copied().unwrap_or(0)
    }

    /// What the first `rank` customers hold.
    pub(crate) fn held_by_first(&self, rank: usize) -> i128 {
        match rank.min(self.cumulative.len()) {
            0 => 0,
            counted => self.cumulative[counted - 1],
        }
    }

    /// What the first `rank` customers hold, by the total; zero without a positive value.
    pub(crate) fn share_of_first(&self, rank: usize) -> f64 {
        match self.total() {
            0 => 0.0,
            total => self.held_by_first(rank) as f64 / total as f64,
        }
    }

    /// How many customers it takes to reach a share of the total; zero without a positive value.
    pub(crate) fn customers_to_reach(&self, share: ExactShare) -> usize {
        match self.total() {
            0 => 0,
            total => {
                let reached = share.reached_at(total);
                self.cumulative.partition_point(|&held| held < reached) + 1
            }
        }
    }

    /// The first fifth of all customers, rounded up.
    pub(crate) fn top_20_percent(&self) -> usize {
        self.customer_count.div_ceil(5)
    }

    /// `rank`, and all further positive customers whose value is that of the last one: equal values share the
    /// better class.
    pub(crate) fn with_equals(&self, rank: usize) -> usize {
        let value = |rank: usize| self.held_by_first(rank) - self.held_by_first(rank - 1);
        if rank == 0 {
            return 0;
        }
        let last = value(rank);
        let further = (rank + 1..=self.positive_count()).take_while(|&next| value(next) == last);
        rank + further.count()
    }

    /// The ranks that classes A and B end with.
    pub(crate) fn class_ends(&self, class_a_share: ExactShare, class_b_share: ExactShare) -> [usize; 2] {
        let class_a_end = self.with_equals(self.customers_to_reach(class_a_share));
        let class_b_end = self.with_equals(self.customers_to_reach(class_b_share));
        [class_a_end, class_b_end]
    }

    /// How unequal the positive values are: 0 where all hold the same, near 1 where one holds nearly everything;
    /// none without a positive value, or where the sums overflow.
    ///
    /// # Formula
    /// `1 + 1/n - 2 (sum of k x_k) / (n S)`, `x_k` the k-th largest of n values and S their sum. As the sum of
    /// `k x_k` is `n S` less the cumulative sums before the last, this is
    /// `2 (sum of the cumulative sums before the last) / (n S) + 1/n - 1`.
    ///
    /// # Source
    /// Gini (1912), in the form of Damgaard and Weiner (2000), Ecology 81, 1139.
    pub(crate) fn gini(&self) -> Option<f64> {
        let (_, before_last) = self.cumulative.split_last()?;
        let sums = before_last
            .iter()
            .try_fold(0_i128, |sum, &held| sum.checked_add(held))?;
        let count = self.positive_count() as f64;
        let mean_sum = sums as f64 / (count * self.total() as f64);
        // Rounding can leave values that are all equal a hair below zero.
        Some((2.0 * mean_sum + 1.0 / count - 1.0).max(0.0))
    }
}

/// Customers with a positive value, from the best down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParetoRanking {
    /// Their rows by value descending, then by row.
    rows: Vec<u32>,
    /// What they hold.
    pub(crate) concentration: Concentration,
}

impl ParetoRanking {
    /// Ranks the values, one a customer in the order of `customer_id`; none when their sum overflows.
    pub(crate) fn new(values: &[i128]) -> Option<Self> {
        let positive = (0_u32..).zip(values).filter(|&(_, &value)| value > 0);
        // Half of the memory, and twice as fast, where the values fit, as money does.
        let narrow: Result<Vec<(i64, u32)>, _> = positive
            .clone()
            .map(|(row, &value)| i64::try_from(value).map(|value| (value, row)))
            .collect();
        let (rows, concentration) = match narrow {
            Ok(pairs) => ranked(pairs, values.len()),
            Err(_) => ranked(positive.map(|(row, &value)| (value, row)).collect(), values.len()),
        };
        Some(Self {
            rows,
            concentration: concentration?,
        })
    }

    /// Rows of the positive customers, best first.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The class of each customer, in the order of the values that were ranked.
    pub(crate) fn classes(&self, class_a_share: ExactShare, class_b_share: ExactShare) -> Vec<u16> {
        let [class_a_end, class_b_end] = self.concentration.class_ends(class_a_share, class_b_share);
        let mut classes = vec![ParetoClass::C.code(); self.concentration.customer_count()];
        for (rank, &row) in self.rows[..class_b_end].iter().enumerate() {
            let class = if rank < class_a_end {
                ParetoClass::A
            } else {
                ParetoClass::B
            };
            classes[row as usize] = class.code();
        }
        classes
    }
}

/// Sorts customers by value descending; the row settles ties, so the order is the only one and threads cannot
/// change it.
fn ranked<Value: Ord + Copy + Send + Into<i128>>(
    mut pairs: Vec<(Value, u32)>,
    customer_count: usize,
) -> (Vec<u32>, Option<Concentration>) {
    pairs.par_sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    let concentration = Concentration::new(customer_count, pairs.iter().map(|&(value, _)| value.into()));
    let rows = pairs.into_iter().map(|(_, row)| row).collect();
    (rows, concentration)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn share(share: f64) -> ExactShare {
        ExactShare::new(share).expect("a share")
    }

    fn classes(values: &[i128]) -> String {
        let ranking = ParetoRanking::new(values).expect("no overflow");
        ranking
            .classes(share(0.8), share(0.95))
            .into_iter()
            .map(|code| ParetoClass::ALL[usize::from(code)].name())
            .collect()
    }

    #[test]
    fn the_customer_who_reaches_a_limit_belongs_to_the_class() {
        assert_eq!(classes(&[50, 30, 15, 5]), "AABC");
        assert_eq!(classes(&[5, 15, 30, 50]), "CBAA");
        assert_eq!(classes(&[50, 29, 16, 5]), "AAAC");
    }

    #[test]
    fn a_single_customer_who_holds_everything_is_a() {
        assert_eq!(classes(&[7]), "A");
        assert_eq!(classes(&[100, 0, -3]), "ACC");
    }

    #[test]
    fn values_of_zero_or_less_are_c_and_take_nothing_away() {
        assert_eq!(classes(&[80, 20, -1_000, 0]), "ABCC");
    }

    #[test]
    fn equal_values_share_the_better_class() {
        assert_eq!(classes(&[10; 10]), "AAAAAAAAAA");
        assert_eq!(classes(&[60, 20, 20]), "AAA");
    }

    #[test]
    fn no_positive_value_means_that_all_are_c() {
        assert_eq!(classes(&[0, -5, 0]), "CCC");
        assert_eq!(classes(&[]), "");
        let ranking = ParetoRanking::new(&[0, -5]).expect("no overflow").concentration;
        assert_eq!(
            (
                ranking.total(),
                ranking.customers_to_reach(share(0.8)),
                ranking.share_of_first(1)
            ),
            (0, 0, 0.0)
        );
    }

    #[test]
    fn an_overflow_is_reported() {
        assert_eq!(ParetoRanking::new(&[i128::MAX, 1]), None);
    }

    #[test]
    fn the_top_fifth_is_rounded_up_over_all_customers() {
        for (customers, top) in [(0, 0), (1, 1), (5, 1), (6, 2), (2_357, 472)] {
            assert_eq!(
                ParetoRanking::new(&vec![0; customers])
                    .expect("no overflow")
                    .concentration
                    .top_20_percent(),
                top,
                "{customers}"
            );
        }
    }

    /// House rule read literally and slowly: for each customer, add up everyone who stands before.
    fn slow_classes(values: &[i128], share_a_percent: i128, share_b_percent: i128) -> Vec<ParetoClass> {
        let total: i128 = values.iter().filter(|&&value| value > 0).sum();
        values
            .iter()
            .map(|&value| {
                // The best placed of those with the same value decides: only strictly larger ones stand before.
                let before: i128 = values.iter().filter(|&&other| other > value && other > 0).sum();
                if value <= 0 {
                    ParetoClass::C
                } else if before * 100 < total * share_a_percent {
                    ParetoClass::A
                } else if before * 100 < total * share_b_percent {
                    ParetoClass::B
                } else {
                    ParetoClass::C
                }
            })
            .collect()
    }

    proptest! {
        #[test]
        fn classes_equal_those_of_a_slow_version(
            values in prop::collection::vec(prop_oneof![-20_i128..60, 0_i128..5, 1_i128..100_000], 0..60),
            first in 1_u8..=100,
            second in 1_u8..=100,
        ) {
            let (a, b) = (first.min(second), first.max(second));
            let ranking = ParetoRanking::new(&values).expect("no overflow");
            let fast = ranking.classes(share(f64::from(a) / 100.0), share(f64::from(b) / 100.0));
            let slow: Vec<u16> = slow_classes(&values, a.into(), b.into()).into_iter().map(ParetoClass::code).collect();
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn the_customers_to_reach_a_share_are_the_fewest(
            values in prop::collection::vec(-20_i128..1_000, 1..60),
            percent in 1_u8..=100,
        ) {
            let ranking = ParetoRanking::new(&values).expect("no overflow").concentration;
            let mut sorted: Vec<i128> = values.iter().copied().filter(|&value| value > 0).collect();
            sorted.sort_unstable_by(|left, right| right.cmp(left));
            let total: i128 = sorted.iter().sum();
            let slow = (0..=sorted.len()).find(|&count| sorted[..count].iter().sum::<i128>() * 100 >= total * i128::from(percent));
            prop_assert_eq!(Some(ranking.customers_to_reach(share(f64::from(percent) / 100.0))), slow);
        }

        #[test]
        fn gini_equals_the_mean_difference_of_all_pairs(values in prop::collection::vec(-5_i128..500, 1..40)) {
            let gini = ParetoRanking::new(&values).expect("no overflow").concentration.gini();
            let positive: Vec<f64> = values.iter().filter(|&&value| value > 0).map(|&value| value as f64).collect();
            let pairs = positive.iter().flat_map(|left| positive.iter().map(move |right| (left - right).abs()));
            let (count, total) = (positive.len() as f64, positive.iter().sum::<f64>());
            let slow = (!positive.is_empty()).then(|| pairs.sum::<f64>() / (2.0 * count * total));
            prop_assert_eq!(gini.is_some(), slow.is_some());
            if let (Some(gini), Some(slow)) = (gini, slow) {
                prop_assert!((gini - slow).abs() < 1e-12, "{} {}", gini, slow);
            }
        }
    }

    #[test]
    fn gini_is_read_at_known_points() {
        let gini = |values: &[i128]| ParetoRanking::new(values).expect("no overflow").concentration.gini();
        assert_eq!(gini(&[3, 3, 3, -1]), Some(0.0));
        assert_eq!(gini(&[1, 3]), Some(0.25));
        assert_eq!(gini(&[0, -2]), None);
        assert_eq!(gini(&[]), None);
    }

    #[test]
    fn values_beyond_64_bits_are_ranked_alike() {
        let wide = i128::from(i64::MAX) + 7;
        let ranking = ParetoRanking::new(&[5, wide, -1, wide]).expect("no overflow");
        assert_eq!(ranking.rows(), [1, 3, 0]);
        assert_eq!(ranking.concentration.total(), 2 * wide + 5);
    }
}
