//! Exact decimal numbers as scaled integers, and why a cell is none.

use crate::decimal_marks::{Marks, NegativeStyles, check_currency_signs, group_separators};
use crate::failure::CellReason;

/// Ten to the powers 0 to 18: all that fit an `i64`.
const POWERS_OF_TEN: [u64; 19] = {
    let mut powers = [1; 19];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// Any number of this many bytes has a value below 10^18, so that 64 bits hold it.
const SHORT_CELL_BYTES: usize = 18;

/// How numbers are written, and with how many decimals they are kept.
///
/// A number is an optional sign, digits, and optionally a decimal separator with digits; digits may
/// be missing on one side of the separator. With a thousands separator, the digits before the
/// decimal separator may be grouped by threes, all of them or none. What else may stand around the
/// digits has to be declared; exponents are not numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecimalFormat {
    /// Decimals of the result: the value is the integer divided by ten to this power, at most 18.
    /// Default: 6. Further decimals must be zeros.
    pub scale: u8,
    /// Between whole units and decimals: a point or a comma. Default: a point.
    pub decimal_separator: u8,
    /// Between groups of three digits. Default: none. A blank stands for no-break blanks (U+00A0,
    /// U+202F) too, and `'` for the typographic apostrophe (U+2019).
    pub thousands_separator: Option<u8>,
    /// How negative numbers are marked. Default: by a minus sign before them.
    pub negatives: NegativeStyles,
    /// Texts of which one may stand before or after a number, with or without blanks (no-break ones
    /// too) between them: `€`, `EUR`. Default: none.
    pub currency_signs: Vec<String>,
    /// Whether a number may end in a percent sign, and is then one of hundredths. Default: false.
    pub percent: bool,
}

impl Default for DecimalFormat {
    fn default() -> Self {
        Self {
            scale: 6,
            decimal_separator: b'.',
            thousands_separator: None,
            negatives: NegativeStyles::default(),
            currency_signs: Vec::new(),
            percent: false,
        }
    }
}

impl DecimalFormat {
    /// Refuses formats in which a number could mean two things.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        let refuse = |problem: &str| Err(problem.to_owned());
        if usize::from(self.scale) >= POWERS_OF_TEN.len() {
            return refuse("the scale is more than 18");
        }
        if !matches!(self.decimal_separator, b'.' | b',') {
            return refuse("the decimal separator is neither `.` nor `,`");
        }
        if self
            .thousands_separator
            .is_some_and(|byte| group_separators(byte).next().is_none())
        {
            return refuse("the thousands separator is none of `.`, `,`, `'`, `_` and a blank");
        }
        if self.negatives == NegativeStyles::NONE {
            return refuse("no way to mark negative numbers is accepted");
        }
        if self.thousands_separator == Some(self.decimal_separator) {
            return refuse("the decimal and the thousands separator are the same");
        }
        match check_currency_signs(&self.currency_signs, self.decimal_separator) {
            Some(problem) => refuse(&problem),
            None => Ok(()),
        }
    }

    /// The value of a trimmed cell, times ten to the power of the scale.
    #[inline(always)]
    pub(crate) fn parse(&self, cell: &[u8]) -> Result<i64, CellReason> {
        if cell.len() > SHORT_CELL_BYTES {
            return self.parse_long(cell);
        }
        let (negative, digits) = match cell {
            [b'-', rest @ ..] if self.negatives.minus => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, cell),
        };
        let mut value = 0_u64;
        let mut digit_count = 0;
        // Where the decimals start, once the separator is behind.
        let mut decimals_start = None;
        for &byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                value = value * 10 + u64::from(digit);
                digit_count += 1;
            } else if byte == self.decimal_separator && decimals_start.is_none() {
                decimals_start = Some(digit_count);
            } else {
                // A thousands separator, a mark that is declared, or no number.
                return self.parse_long(cell);
            }
        }
        if digit_count == 0 {
            return Err(CellReason::NotANumber);
        }
        let decimals = digit_count - decimals_start.unwrap_or(digit_count);
        let scale = usize::from(self.scale);
        let scaled = if decimals <= scale {
            value.checked_mul(POWERS_OF_TEN[scale - decimals])
        } else {
            let surplus = POWERS_OF_TEN[decimals - scale];
            if !value.is_multiple_of(surplus) {
                return Err(CellReason::TooManyDecimals);
            }
            Some(value / surplus)
        };
        signed(scaled, negative)
    }

    /// The same for numbers of any length, for grouped ones and for those with marks around them.
    #[cold]
    #[inline(never)]
    fn parse_long(&self, cell: &[u8]) -> Result<i64, CellReason> {
        let marks = Marks::around(cell, self).ok_or(CellReason::NotANumber)?;
        self.parse_digits(marks.number, marks.negative, if marks.percent { 2 } else { 0 })
    }

    /// The value of a number without marks, divided by ten to the power of `shift`.
    fn parse_digits(&self, digits: &[u8], negative: bool, shift: usize) -> Result<i64, CellReason> {
        let separator = memchr::memchr(self.decimal_separator, digits);
        let (whole, decimals) = match separator {
            Some(position) => (&digits[..position], &digits[position + 1..]),
            None => (digits, &digits[..0]),
        };
        if whole.is_empty() && decimals.is_empty() {
            return Err(CellReason::NotANumber);
        }
        if !self.is_whole_part(whole) || !decimals.iter().all(u8::is_ascii_digit) {
            return Err(CellReason::NotANumber);
        }
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        // What the last digit counts is known; those beyond the scale must be zeros.
        let digit_count = whole.iter().filter(is_digit).count() + decimals.len();
        let below_point = decimals.len() + shift;
        let scale = usize::from(self.scale);
        let kept_count = digit_count.saturating_sub(below_point.saturating_sub(scale));
        let all_digits = || whole.iter().filter(is_digit).chain(decimals);
        if all_digits().skip(kept_count).any(|&digit| digit != b'0') {
            return Err(CellReason::TooManyDecimals);
        }
        let scaled = all_digits().take(kept_count).try_fold(0_u64, |value, &byte| {
            value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))
        });
        let missing = scale.saturating_sub(below_point);
        signed(
            scaled.and_then(|value| value.checked_mul(POWERS_OF_TEN[missing])),
            negative,
        )
    }

    /// Digits, or digits in groups: one to three, then three each.
    fn is_whole_part(&self, whole: &[u8]) -> bool {
        let Some(separator) = self.thousands_separator else {
            return whole.iter().all(u8::is_ascii_digit);
        };
        let mut rest = whole;
        let mut group_count = 0;
        loop {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let after = &rest[digits..];
            let is_last = after.is_empty();
            let is_group = match group_count {
                // A number that is not grouped is as long as it likes.
                // Nobody groups digits after a zero: `0.500` is a half, with the other separator for decimals.
                0 => is_last || ((1..=3).contains(&digits) && rest[0] != b'0'),
                _ => digits == 3,
            };
            if !is_group || is_last {
                return is_group;
            }
            let Some(separator) = group_separators(separator).find(|text| after.starts_with(text)) else {
                return false;
            };
            rest = &after[separator.len()..];
            group_count += 1;
        }
    }

    /// Writes a number of plain notation (`-12.5`, `1e3`), as formats with types have it, in the way
    /// that this format reads. What is no such number is written as it is.
    pub fn write_plain(&self, number: &[u8], text: &mut Vec<u8>) {
        let expanded = crate::decimal_marks::without_exponent(number);
        let number = expanded.as_deref().unwrap_or(number);
        let (negative, digits) = match number {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, number),
        };
        let (before, after): (&[u8], &[u8]) = match (negative, self.negatives) {
            (false, _) => (b"", b""),
            (true, styles) if styles.minus => (b"-", b""),
            (true, styles) if styles.trailing_minus => (b"", b"-"),
            (true, styles) if styles.parentheses => (b"(", b")"),
            // No format without any of them is accepted.
            (true, _) => (b"-", b""),
        };
        text.extend_from_slice(before);
        text.extend(digits.iter().map(|&byte| match byte {
            b'.' => self.decimal_separator,
            other => other,
        }));
        text.extend_from_slice(after);
    }
}

/// Applies the sign; the smallest `i64` has no positive counterpart.
#[inline(always)]
fn signed(scaled: Option<u64>, negative: bool) -> Result<i64, CellReason> {
    let value = scaled.ok_or(CellReason::NumberOutOfRange)?;
    let signed = if negative {
        0_i64.checked_sub_unsigned(value)
    } else {
        i64::try_from(value).ok()
    };
    signed.ok_or(CellReason::NumberOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CellReason::{NotANumber, NumberOutOfRange, TooManyDecimals};

    fn with_scale(scale: u8, cell: &str) -> Result<i64, CellReason> {
        DecimalFormat {
            scale,
            ..DecimalFormat::default()
        }
        .parse(cell.as_bytes())
    }

    #[test]
    fn numbers_are_exact() {
        for (cell, value) in [
            ("0", 0),
            ("-0", 0),
            ("12.5", 125_000),
            ("+12.5", 125_000),
            ("-.5", -5_000),
            ("7.", 70_000),
            ("0.0001", 1),
            ("1.50000000", 15_000),
            ("000000000000000000000000012.5", 125_000),
            ("1.5000000000000000000000000000", 15_000),
            ("922337203685477.5807", i64::MAX),
            ("-922337203685477.5808", i64::MIN),
        ] {
            assert_eq!(with_scale(4, cell), Ok(value), "{cell}");
        }
        assert_eq!(with_scale(0, "9223372036854775807"), Ok(i64::MAX));
        assert_eq!(with_scale(18, "9"), Ok(9_000_000_000_000_000_000));
    }

    #[test]
    fn what_is_no_number_fails() {
        for cell in [
            "-",
            "+",
            ".",
            "-.",
            "1e3",
            "1.2.3",
            "--1",
            "1-",
            "(5)",
            "1,000",
            " 1",
            "1 2",
            "\u{a3}5",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "12345678901234567890a",
            "1..........................2",
        ] {
            assert_eq!(with_scale(4, cell), Err(NotANumber), "{cell}");
        }
    }

    #[test]
    fn decimals_are_not_rounded() {
        assert_eq!(with_scale(2, "1.005"), Err(TooManyDecimals));
        assert_eq!(with_scale(0, "0.1"), Err(TooManyDecimals));
        assert_eq!(with_scale(2, "1.00000000000000000000000001"), Err(TooManyDecimals));
    }

    #[test]
    fn what_64_bits_do_not_hold_fails() {
        for (scale, cell) in [
            (4, "922337203685477.5808"),
            (4, "-922337203685477.5809"),
            (18, "10"),
            (18, "-99"),
            (0, "9223372036854775808"),
            (0, "99999999999999999999999999999999999999999999"),
        ] {
            assert_eq!(with_scale(scale, cell), Err(NumberOutOfRange), "{cell}");
        }
    }

    #[test]
    fn groups_are_of_three_digits() {
        let format = DecimalFormat {
            scale: 2,
            decimal_separator: b',',
            thousands_separator: Some(b'.'),
            ..DecimalFormat::default()
        };
        for (cell, value) in [
            ("1.234,50", 123_450),
            ("-1.234.567", -123_456_700),
            ("1234,5", 123_450),
            ("999.999.999.999.999,99", 99_999_999_999_999_999),
            (",5", 50),
        ] {
            assert_eq!(format.parse(cell.as_bytes()), Ok(value), "{cell}");
        }
        // The decimal point of another country is no separator of thousands.
        for cell in ["0.500", "0.001", "000.123", "-0.500"] {
            assert_eq!(format.parse(cell.as_bytes()), Err(NotANumber), "{cell}");
        }
        for cell in ["1.23", "12.34,5", "1234.567", ".123", "1.", "1..234", "1,234.567", "."] {
            assert_eq!(format.parse(cell.as_bytes()), Err(NotANumber), "{cell}");
        }
    }

    #[test]
    fn ambiguous_formats_are_refused() {
        let base = DecimalFormat::default;
        for format in [
            DecimalFormat { scale: 19, ..base() },
            DecimalFormat {
                decimal_separator: b'1',
                ..base()
            },
            DecimalFormat {
                decimal_separator: b' ',
                ..base()
            },
            DecimalFormat {
                thousands_separator: Some(b'-'),
                ..base()
            },
            DecimalFormat {
                thousands_separator: Some(b'.'),
                ..base()
            },
        ] {
            assert!(format.check().is_err(), "{format:?}");
        }
        assert!(
            DecimalFormat {
                thousands_separator: Some(b' '),
                ..base()
            }
            .check()
            .is_ok()
        );
    }
}
