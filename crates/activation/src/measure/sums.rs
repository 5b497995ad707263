//! What a group of customers did, added up.

/// An outcome of a group of customers. Values are whole numbers, such as money in ten-thousandths, so that sums are
/// exact and no order of adding changes them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutcomeSums {
    customers: u64,
    nonzero: u64,
    ones: u64,
    missing: u64,
    sum: i128,
    squares: i128,
}

impl OutcomeSums {
    /// Adds a customer with a value, where 1 is written as `one`; none where the sums become too large.
    #[must_use]
    pub fn with(self, value: i64, one: i64) -> Option<Self> {
        let value_wide = i128::from(value);
        Some(Self {
            customers: self.customers + 1,
            nonzero: self.nonzero + u64::from(value != 0),
            ones: self.ones + u64::from(value == one),
            sum: self.sum.checked_add(value_wide)?,
            squares: self.squares.checked_add(value_wide * value_wide)?,
            ..self
        })
    }

    /// A group of which so many customers did it.
    #[must_use]
    pub fn of_rate(customers: u64, successes: u64) -> Self {
        let successes = successes.min(customers);
        Self {
            customers,
            nonzero: successes,
            ones: successes,
            missing: 0,
            sum: i128::from(successes),
            squares: i128::from(successes),
        }
    }

    /// Adds customers of whom the outcome is not known.
    #[must_use]
    pub fn with_missing(self, customers: u64) -> Self {
        Self {
            missing: self.missing + customers,
            ..self
        }
    }

    /// Both groups together; none where the sums become too large.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        Some(Self {
            customers: self.customers + other.customers,
            nonzero: self.nonzero + other.nonzero,
            ones: self.ones + other.ones,
            missing: self.missing + other.missing,
            sum: self.sum.checked_add(other.sum)?,
            squares: self.squares.checked_add(other.squares)?,
        })
    }

    /// Customers whose outcome is known.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers
    }

    /// Of these, those with another value than zero.
    #[must_use]
    pub fn nonzero(&self) -> u64 {
        self.nonzero
    }

    /// Customers whose outcome is not known.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// The exact sum, in the unit that the values were added in.
    #[must_use]
    pub fn sum(&self) -> i128 {
        self.sum
    }

    /// Whether every value is 0 or 1.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.nonzero == self.ones
    }

    /// The mean, where 1 is written as `one`; none without customers.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact up to here")]
    pub fn mean(&self, one: i64) -> Option<f64> {
        (self.customers > 0).then(|| self.sum as f64 / self.customers as f64 / one as f64)
    }

    /// The variance between customers, with `n - 1`; none below two customers.
    ///
    /// The squares are taken around the whole number nearest to the mean, exactly, so that values far from zero lose no
    /// digits.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact up to here")]
    pub fn variance(&self, one: i64) -> Option<f64> {
        if self.customers < 2 {
            return None;
        }
        let count = i128::from(self.customers);
        let center = self.sum.div_euclid(count);
        // What is left is smaller than the squares themselves; only on the way there may numbers wrap.
        let around = self
            .squares
            .wrapping_sub(self.sum.wrapping_mul(2 * center))
            .wrapping_add(count.wrapping_mul(center.wrapping_mul(center)));
        let rest = (self.sum - count * center) as f64 / count as f64;
        let squares = around as f64 - count as f64 * rest * rest;
        Some((squares / (count - 1) as f64).max(0.0) / (one as f64 * one as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(values: &[i64]) -> OutcomeSums {
        let none = OutcomeSums::default();
        values
            .iter()
            .fold(none, |sums, &value| sums.with(value, 1).expect("small"))
    }

    #[test]
    fn the_variance_is_that_of_the_definition() {
        assert_eq!(sums(&[2, 4, 4, 4, 5, 5, 7, 9]).variance(1), Some(32.0 / 7.0));
        assert_eq!(sums(&[-3, -3]).variance(1), Some(0.0));
        assert_eq!(sums(&[1]).variance(1), None);
        assert_eq!(OutcomeSums::default().mean(1), None);
    }

    #[test]
    fn values_far_from_zero_lose_no_digits() {
        let far = 4_000_000_000_000_000;
        assert_eq!(sums(&[far, far + 1, far + 2]).variance(1), Some(1.0));
        assert_eq!(sums(&[-far, -far - 1, -far - 2]).variance(1), Some(1.0));
    }

    #[test]
    fn groups_add_up_in_any_order() {
        let (one, other) = (sums(&[1, 0, 3]), sums(&[0, 7]).with_missing(2));
        assert_eq!(one.and(other), other.and(one));
        assert_eq!(one.and(other), Some(sums(&[0, 7, 1, 0, 3]).with_missing(2)));
    }

    #[test]
    fn ones_and_zeros_are_told_from_numbers() {
        assert!(sums(&[0, 1, 1]).is_binary());
        assert!(!sums(&[0, 1, 2]).is_binary());
        assert_eq!(sums(&[0, 1, 1]), OutcomeSums::of_rate(3, 2));
    }

    #[test]
    fn what_is_too_large_to_add_is_told() {
        let mut all = OutcomeSums::default();
        for _ in 0..2 {
            all = all.with(i64::MAX, 1).expect("two squares fit");
        }
        assert_eq!(all.with(i64::MAX, 1), None);
    }
}
