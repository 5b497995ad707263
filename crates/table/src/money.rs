//! Exact money: whole numbers of a ten-thousandth of the currency unit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Decimals of an amount.
pub const AMOUNT_SCALE: u8 = 4;
/// Decimals of a quantity and of a unit price.
pub const QUANTITY_SCALE: u8 = 6;
/// Decimals of a rate of exchange.
pub const RATE_SCALE: u8 = 10;

/// The largest amount of a line: 18 digits.
const MAX_AMOUNT: i128 = 999_999_999_999_999_999;

/// A sum of amounts at scale 4, for messages and ledgers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Money(pub i128);

impl fmt::Display for Money {
    /// Plain decimal text with at least two decimals and no thousands separator: `1234.50`, `-0.0010`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let unscaled = self.0.unsigned_abs();
        let (whole, fraction) = (unscaled / 10_000, unscaled % 10_000);
        if fraction % 100 == 0 {
            write!(formatter, "{sign}{whole}.{:02}", fraction / 100)
        } else {
            write!(formatter, "{sign}{whole}.{fraction:04}")
        }
    }
}

/// Text that is no amount: something else than decimal digits with a point, or more than four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an amount such as 0.35, with at most four decimals")]
pub struct NotMoney;

impl FromStr for Money {
    type Err = NotMoney;

    /// Plain decimal text with at most four decimals; zeros behind them say nothing.
    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = fraction.trim_end_matches('0');
        if !is_number(whole) || !is_number(fraction) || decimals.len() > usize::from(AMOUNT_SCALE) {
            return Err(NotMoney);
        }
        let unscaled: i128 = format!("{whole}{decimals:0<4}").parse().map_err(|_| NotMoney)?;
        Ok(Self(sign * unscaled))
    }
}

/// Exact plain text of an unscaled decimal, with all the digits of its scale: `12.3456`, `-0.0005`.
#[must_use]
pub fn decimal_text(unscaled: i128, scale: usize) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// `quantity x unit_price` at scale 4, rounded half-even once; both are unscaled at scale 6.
///
/// None when the amount has more than 18 digits.
///
/// ```
/// use cartera_table::line_amount;
/// // 3 x 0.00125 = 0.00375 -> 0.0038; 1 x 0.00125 = 0.00125 -> 0.0012
/// assert_eq!(line_amount(3_000_000, 1_250), Some(38));
/// assert_eq!(line_amount(1_000_000, 1_250), Some(12));
/// ```
#[must_use]
pub fn line_amount(quantity: i64, unit_price: i64) -> Option<i64> {
    let product = i128::from(quantity) * i128::from(unit_price);
    let amount = ratio_half_even(product, 100_000_000)?;
    if amount.abs() <= MAX_AMOUNT {
        i64::try_from(amount).ok()
    } else {
        None
    }
}

/// An amount in another currency: `amount x rate` at scale 4, rounded half-even once; the amount is unscaled
/// at scale 4, the rate (what one unit is worth) at scale 10.
///
/// None when the result has more than 18 digits.
///
/// ```
/// use cartera_table::money_at_rate;
/// // 12.50 x 1.1001 = 13.75125 -> 13.7512; 12.50 x 1.1003 = 13.75375 -> 13.7538
/// assert_eq!(money_at_rate(125_000, 11_001_000_000), Some(137_512));
/// assert_eq!(money_at_rate(125_000, 11_003_000_000), Some(137_538));
/// ```
#[must_use]
pub fn money_at_rate(amount: i128, rate: i128) -> Option<i128> {
    within_amounts(ratio_half_even(amount.checked_mul(rate)?, 10_i128.pow(10))?)
}

/// `quantity x unit_cost x rate` at scale 4, rounded half-even once; quantity and unit cost are unscaled at
/// scale 6, the rate at scale 10.
///
/// None when the cost has more than 18 digits, as it has whenever the product overflows.
///
/// ```
/// use cartera_table::cost_amount;
/// // 3 x 0.00125 x 2 = 0.0075
/// assert_eq!(cost_amount(3_000_000, 1_250, 20_000_000_000), Some(75));
/// ```
#[must_use]
pub fn cost_amount(quantity: i128, unit_cost: i128, rate: i128) -> Option<i128> {
    let product = quantity.checked_mul(unit_cost)?.checked_mul(rate)?;
    within_amounts(ratio_half_even(product, 10_i128.pow(18))?)
}

fn within_amounts(amount: i128) -> Option<i128> {
    (amount.abs() <= MAX_AMOUNT).then_some(amount)
}

/// `numerator / denominator` rounded to the nearest whole number, halves to the even one.
///
/// None when the denominator is zero.
///
/// ```
/// use cartera_table::ratio_half_even;
/// assert_eq!(ratio_half_even(5, 2), Some(2));
/// assert_eq!(ratio_half_even(7, 2), Some(4));
/// assert_eq!(ratio_half_even(-5, 2), Some(-2));
/// ```
#[must_use]
pub fn ratio_half_even(numerator: i128, denominator: i128) -> Option<i128> {
    let quotient = numerator.checked_div_euclid(denominator)?;
    let remainder = numerator.rem_euclid(denominator).unsigned_abs();
    let rest = denominator.unsigned_abs() - remainder;
    // Euclidean division leaves a remainder of 0 or more: the next whole number away is towards the divisor's sign.
    let next = quotient + denominator.signum();
    Some(match remainder.cmp(&rest) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => next,
        std::cmp::Ordering::Equal if quotient % 2 == 0 => quotient,
        std::cmp::Ordering::Equal => next,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_prints_cents_and_only_as_many_decimals_as_needed() {
        assert_eq!(Money(97_477_479_340).to_string(), "9747747.9340");
        assert_eq!(Money(-12_500).to_string(), "-1.25");
        assert_eq!(Money(-5).to_string(), "-0.0005");
        assert_eq!(Money(0).to_string(), "0.00");
    }

    #[test]
    fn money_is_read_exactly() {
        for (text, expected) in [
            ("12.3400", Some(123_400)),
            ("-0.5", Some(-5_000)),
            ("7", Some(70_000)),
            ("1.234500", Some(12_345)),
            ("", None),
            (".5", None),
            ("5.", None),
            ("1.23456", None),
            ("1,5", None),
            ("1e3", None),
            ("+1", None),
            ("9999999999999999999999999999999999999999", None),
        ] {
            assert_eq!(text.parse().ok(), expected.map(Money), "{text}");
        }
    }

    #[test]
    fn decimals_keep_all_their_digits() {
        assert_eq!(decimal_text(-5, 4), "-0.0005");
        assert_eq!(decimal_text(123_456, 4), "12.3456");
        assert_eq!(decimal_text(7, 0), "7");
    }

    #[test]
    fn an_amount_of_nineteen_digits_is_refused() {
        assert_eq!(line_amount(1_000_000_000_000_000, 1_000_000_000_000_000), None);
        assert_eq!(line_amount(i64::MAX, i64::MIN), None);
    }

    #[test]
    fn conversion_rounds_halves_to_even_once_on_both_sides_of_zero() {
        let cases = [
            // 0.0001 x 0.5 = 0.00005 -> 0; 0.0003 x 0.5 = 0.00015 -> 0.0002
            (1, 5_000_000_000, 0),
            (3, 5_000_000_000, 2),
            (-1, 5_000_000_000, 0),
            (-3, 5_000_000_000, -2),
            (5, 5_000_000_000, 2),
            // A ten-billionth beyond the half tips it.
            (1, 5_000_000_001, 1),
            (1, 4_999_999_999, 0),
            (123_456_789, 10_000_000_000, 123_456_789),
            (0, 11_856_000_000, 0),
        ];
        for (amount, rate, expected) in cases {
            assert_eq!(money_at_rate(amount, rate), Some(expected), "{amount} x {rate}");
        }
        assert_eq!(money_at_rate(MAX_AMOUNT, 10_000_000_000), Some(MAX_AMOUNT));
        assert_eq!(money_at_rate(MAX_AMOUNT, 10_000_000_001), None, "19 digits");
        assert_eq!(money_at_rate(i128::MAX, 2), None);
    }

    #[test]
    fn a_cost_is_rounded_once_and_not_at_each_factor() {
        // 1 x 0.00005 x 1.5 = 0.000075 -> 0.0001; rounding the product first would give 0.
        assert_eq!(cost_amount(1_000_000, 50, 15_000_000_000), Some(1));
        assert_eq!(cost_amount(-2_000_000, 1_250_000, 10_000_000_000), Some(-25_000));
        assert_eq!(
            cost_amount(i128::from(i64::MAX), i128::from(i64::MAX), 10_000_000_000),
            None
        );
        assert_eq!(cost_amount(i128::MAX, 2, 1), None);
    }

    #[test]
    fn ratios_round_halves_to_even_on_both_sides_of_zero() {
        let cases = [
            (1, 2, 0),
            (3, 2, 2),
            (-1, 2, 0),
            (-3, 2, -2),
            (5, 3, 2),
            (-5, 3, -2),
            (4, 3, 1),
            (-4, 3, -1),
            (1, -2, 0),
            (3, -2, -2),
            (5, -3, -2),
        ];
        for (numerator, denominator, expected) in cases {
            assert_eq!(
                ratio_half_even(numerator, denominator),
                Some(expected),
                "{numerator} / {denominator}"
            );
        }
        assert_eq!(ratio_half_even(1, 0), None);
    }
}
