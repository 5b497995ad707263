//! How far ahead to look, and what later money is worth.

use crate::error::ClvError;
use crate::history::DAYS_PER_WEEK;

/// Weeks of a month of 365.25 / 12 days.
pub const WEEKS_PER_MONTH: f64 = 365.25 / 12.0 / DAYS_PER_WEEK;

/// Months of the year for which every customer is scored beside the horizon.
const YEAR: u32 = 12;

/// The horizon of the predictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    months: u32,
    annual_discount_rate: f64,
    interval: f64,
}

/// Expected purchases up to the end of a number of months, plain and discounted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Purchases {
    pub(crate) expected: f64,
    pub(crate) discounted: f64,
}

impl Outlook {
    /// A horizon in months, the effective discount rate of a year (0.1 for 10 %) and the probability that a predictive
    /// interval shall hold (0.8 leaves 10 % on either side).
    ///
    /// # Errors
    /// When the horizon is 0, the rate is below 0 or not finite, or the probability is not between 0 and 1.
    pub fn new(months: u32, annual_discount_rate: f64, interval: f64) -> Result<Self, ClvError> {
        let refused = |name, value, expected| Err(ClvError::Outlook { name, value, expected });
        if months == 0 {
            return refused("months", 0.0, "a whole number above 0");
        }
        if !(annual_discount_rate.is_finite() && annual_discount_rate >= 0.0) {
            return refused("annual_discount_rate", annual_discount_rate, "a number from 0");
        }
        if !(interval > 0.0 && interval < 1.0) {
            return refused("interval", interval, "a probability above 0 and below 1");
        }
        Ok(Self {
            months,
            annual_discount_rate,
            interval,
        })
    }

    /// The horizon in weeks.
    #[must_use]
    pub fn weeks(&self) -> f64 {
        f64::from(self.months) * WEEKS_PER_MONTH
    }

    /// The levels of the two ends of an interval.
    #[must_use]
    pub fn levels(&self) -> [f64; 2] {
        let outside = 0.5 * (1.0 - self.interval);
        [outside, 1.0 - outside]
    }

    /// What a month's purchases are worth: those of the `month`th month from now (1 is the first) are discounted
    /// from its end, by `(1 + d)^(-month / 12)`.
    #[must_use]
    pub fn discount(&self, month: u32) -> f64 {
        (-f64::from(month) / 12.0 * self.annual_discount_rate.ln_1p()).exp()
    }

    /// Purchases of 12 months and of the horizon, from the expected purchases up to a number of weeks.
    ///
    /// # Formula
    /// `sum over m = 1..M of (E(t_m) - E(t_(m-1))) (1 + d)^(-m / 12)`, `t_m` being `m` months in weeks.
    ///
    /// # Source
    /// Fader, Hardie and Lee (2005), RFM and CLV, Journal of Marketing Research 42 (4): discounted expected
    /// transactions, here over whole months up to a horizon.
    pub(crate) fn purchases(&self, expected: impl Fn(f64) -> f64) -> (Purchases, Purchases) {
        let (mut year, mut horizon) = (Purchases::default(), Purchases::default());
        let mut sum = Purchases::default();
        for month in 1..=self.months.max(YEAR) {
            let until = expected(f64::from(month) * WEEKS_PER_MONTH).max(sum.expected);
            sum.discounted += (until - sum.expected) * self.discount(month);
            sum.expected = until;
            if month == YEAR {
                year = sum;
            }
            if month == self.months {
                horizon = sum;
            }
        }
        (year, horizon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_discounted_from_their_ends() {
        let outlook = Outlook::new(18, 0.21, 0.8).unwrap();
        let (year, horizon) = outlook.purchases(|weeks| weeks);
        assert!((year.expected - 365.25 / 7.0).abs() < 1e-9 && (horizon.expected - 1.5 * 365.25 / 7.0).abs() < 1e-9);
        let of = |months: i32| -> f64 {
            (1..=months)
                .map(|m| WEEKS_PER_MONTH / 1.21f64.powf(f64::from(m) / 12.0))
                .sum()
        };
        assert!((year.discounted - of(12)).abs() < 1e-9 && (horizon.discounted - of(18)).abs() < 1e-9);
        let [low, high] = outlook.levels();
        assert!((low - 0.1).abs() < 1e-12 && (high - 0.9).abs() < 1e-12);
        let (year, month) = Outlook::new(1, 0.0, 0.8).unwrap().purchases(|weeks| weeks);
        assert!((year.discounted - 365.25 / 7.0).abs() < 1e-9 && (month.discounted - WEEKS_PER_MONTH).abs() < 1e-9);
    }

    #[test]
    fn an_impossible_outlook_is_refused() {
        for (months, rate, interval) in [
            (0, 0.1, 0.8),
            (12, -0.1, 0.8),
            (12, f64::NAN, 0.8),
            (12, 0.1, 1.0),
            (12, 0.1, 0.0),
        ] {
            let error = Outlook::new(months, rate, interval).unwrap_err().to_string();
            assert!(error.contains("expected"), "{error}");
        }
    }
}
