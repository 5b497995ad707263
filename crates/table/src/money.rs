//! Exact money: whole numbers of a ten-thousandth of the currency unit.

use std::fmt;

/// Decimals of an amount.
pub const AMOUNT_SCALE: u8 = 4;
/// Decimals of a quantity and of a unit price.
pub const QUANTITY_SCALE: u8 = 6;

/// The largest amount of a line: 18 digits.
const MAX_AMOUNT: i128 = 999_999_999_999_999_999;

/// A sum of amounts at scale 4, for messages and ledgers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
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
