//! Histories of purchases, and many of them as their distinct values with weights.

use rayon::slice::ParallelSliceMut;

/// Days of a week, the unit of time of all models.
pub const DAYS_PER_WEEK: f64 = 7.0;

/// What a model of repeat purchases knows of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct History {
    /// Days with a purchase after the first such day: `x`.
    pub repeat_count: u32,
    /// Days from the first to the last purchase, 0 without a repeat: `t_x`.
    pub recency_days: u32,
    /// Days from the first purchase to the end of the observation: `T`.
    pub age_days: u32,
}

impl History {
    /// `x` as a number.
    #[must_use]
    pub fn x(&self) -> f64 {
        f64::from(self.repeat_count)
    }

    /// `t_x` in weeks.
    #[must_use]
    pub fn t_x(&self) -> f64 {
        f64::from(self.recency_days) / DAYS_PER_WEEK
    }

    /// `T` in weeks.
    #[must_use]
    pub fn age(&self) -> f64 {
        f64::from(self.age_days) / DAYS_PER_WEEK
    }
}

/// The distinct histories of a base, sorted, with the number of customers of each: all that a likelihood needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histories {
    distinct: Vec<(History, u64)>,
}

impl Histories {
    /// Counts equal histories. The order of the input does not matter.
    #[must_use]
    pub fn new(mut histories: Vec<History>) -> Self {
        histories.par_sort_unstable();
        let mut distinct: Vec<(History, u64)> = Vec::new();
        for history in histories {
            match distinct.last_mut() {
                Some((last, count)) if *last == history => *count += 1,
                _ => distinct.push((history, 1)),
            }
        }
        Self { distinct }
    }

    /// The distinct histories, ascending, with their numbers of customers.
    #[must_use]
    pub fn distinct(&self) -> &[(History, u64)] {
        &self.distinct
    }

    /// The place of a history among the distinct ones; none where no customer has it.
    #[must_use]
    pub fn place(&self, history: &History) -> Option<usize> {
        self.distinct.binary_search_by(|(known, _)| known.cmp(history)).ok()
    }

    /// Customers in all.
    #[must_use]
    pub fn customer_count(&self) -> u64 {
        self.distinct.iter().map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_histories_are_counted_whatever_their_order() {
        let history = |repeat_count, recency_days, age_days| History {
            repeat_count,
            recency_days,
            age_days,
        };
        let histories = Histories::new(vec![history(1, 3, 9), history(0, 0, 9), history(1, 3, 9)]);
        assert_eq!(histories.distinct(), [(history(0, 0, 9), 1), (history(1, 3, 9), 2)]);
        assert_eq!(histories.customer_count(), 3);
        assert_eq!(histories.place(&history(1, 3, 9)), Some(1));
        assert_eq!(histories.place(&history(1, 4, 9)), None);
    }
}
