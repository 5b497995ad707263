//! A limit as an exact share.

/// Parts of a whole: a tenth of a basis point, five decimals.
const PARTS: i128 = 100_000;

/// How far a configured share may stand from the exact one: the noise of decimal text as f64.
const PARTS_TOLERANCE: f64 = 1e-6;

/// A share above 0 and at most 1, exact to five decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExactShare {
    parts: i128,
}

impl ExactShare {
    /// The share; none when it is not above 0 and at most 1, or has more than five decimals.
    pub(crate) fn new(share: f64) -> Option<Self> {
        if !(share > 0.0 && share <= 1.0) {
            return None;
        }
        let parts = share * PARTS as f64;
        let whole = parts.round();
        let exact = whole >= 1.0 && (parts - whole).abs() <= PARTS_TOLERANCE;
        exact.then_some(Self { parts: whole as i128 })
    }

    /// The smallest whole number that is at least this share of `total`, which must not be negative.
    pub(crate) fn reached_at(self, total: i128) -> i128 {
        // Split so that the product stays in range for any total.
        let (quotient, remainder) = (total / PARTS, total % PARTS);
        quotient * self.parts + (remainder * self.parts + PARTS - 1) / PARTS
    }

    /// The share as a real number.
    pub(crate) fn as_f64(self) -> f64 {
        self.parts as f64 / PARTS as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_reached_at_the_smallest_whole_number() {
        let eighty = ExactShare::new(0.8).expect("a share");
        for (total, reached) in [(0, 0), (1, 1), (5, 4), (6, 5), (100_000, 80_000), (100_001, 80_001)] {
            assert_eq!(eighty.reached_at(total), reached, "{total}");
        }
    }

    #[test]
    fn the_largest_total_does_not_overflow() {
        assert_eq!(ExactShare::new(1.0).expect("a share").reached_at(i128::MAX), i128::MAX);
    }

    #[test]
    fn shares_outside_of_the_range_or_too_fine_are_refused() {
        for share in [0.0, -0.1, 1.000_01, f64::NAN, f64::INFINITY, 0.800_001, 0.000_001] {
            assert_eq!(ExactShare::new(share), None, "{share}");
        }
        assert_eq!(ExactShare::new(0.333_33).map(ExactShare::as_f64), Some(0.333_33));
    }
}
