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

    /// Index into [`Self::ALL`].
    pub(crate) fn code(self) -> u16 {
        self as u16
    }
}

/// Customers from the best down.
///
/// Only positive values add up: a customer whose returns exceed his sales takes nothing away from
/// what the others hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParetoRanking {
    /// Rows by value descending, then by row.
    rows: Vec<u32>,
    /// What the positive customers hold together, by rank from 1: `cumulative[i]` after `i + 1` customers.
    cumulative: Vec<i128>,
}

impl ParetoRanking {
    /// Ranks the values, one a customer in the order of `customer_id`; none when their sum overflows.
    pub(crate) fn new(values: &[i128]) -> Option<Self> {
        // Frames have at most 2^32 rows.
        let mut rows: Vec<u32> = (0..values.len() as u32).collect();
        // The row settles ties, so the order is the only one and threads cannot change it.
        rows.par_sort_unstable_by(|&left, &right| {
            values[right as usize]
                .cmp(&values[left as usize])
                .then(left.cmp(&right))
        });
        let mut sum = 0_i128;
        let mut cumulative = Vec::new();
        for value in rows
            .iter()
            .map(|&row| values[row as usize])
            .take_while(|&value| value > 0)
        {
            sum = sum.checked_add(value)?;
            cumulative.push(sum);
        }
        Some(Self { rows, cumulative })
    }

    /// All customers.
    pub(crate) fn customer_count(&self) -> usize {
        self.rows.len()
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
        self.customer_count().div_ceil(5)
    }

    /// The class of each customer, in the order of the values that were ranked.
    pub(crate) fn classes(
        &self,
        values: &[i128],
        class_a_share: ExactShare,
        class_b_share: ExactShare,
    ) -> Vec<ParetoClass> {
        let class_a_end = self.customers_to_reach(class_a_share);
        let class_b_end = self.customers_to_reach(class_b_share);
        let mut classes = vec![ParetoClass::C; values.len()];
        let mut previous: Option<(i128, ParetoClass)> = None;
        for (rank, &row) in self.rows[..self.cumulative.len()].iter().enumerate() {
            let value = values[row as usize];
            let class = match previous {
                // Equal values share the better class, and the better one came first.
                Some((same, class)) if same == value => class,
                _ if rank < class_a_end => ParetoClass::A,
                _ if rank < class_b_end => ParetoClass::B,
                _ => ParetoClass::C,
            };
            classes[row as usize] = class;
            previous = Some((value, class));
        }
        classes
    }
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
            .classes(values, share(0.8), share(0.95))
            .into_iter()
            .map(ParetoClass::name)
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
        let ranking = ParetoRanking::new(&[0, -5]).expect("no overflow");
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
            let fast = ranking.classes(&values, share(f64::from(a) / 100.0), share(f64::from(b) / 100.0));
            prop_assert_eq!(fast, slow_classes(&values, a.into(), b.into()));
        }

        #[test]
        fn the_customers_to_reach_a_share_are_the_fewest(
            values in prop::collection::vec(-20_i128..1_000, 1..60),
            percent in 1_u8..=100,
        ) {
            let ranking = ParetoRanking::new(&values).expect("no overflow");
            let mut sorted: Vec<i128> = values.iter().copied().filter(|&value| value > 0).collect();
            sorted.sort_unstable_by(|left, right| right.cmp(left));
            let total: i128 = sorted.iter().sum();
            let slow = (0..=sorted.len()).find(|&count| sorted[..count].iter().sum::<i128>() * 100 >= total * i128::from(percent));
            prop_assert_eq!(Some(ranking.customers_to_reach(share(f64::from(percent) / 100.0))), slow);
        }
    }
}
