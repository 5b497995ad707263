//! Exact decimal numbers as scaled integers, and why a cell is none.

use crate::dialect::is_blank;
use crate::error::RawError;
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
/// decimal separator may be grouped by threes, all of them or none. Exponents, currency signs and
/// brackets are not numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalFormat {
    /// Decimals of the result: the value is the integer divided by ten to this power, at most 18.
    /// Default: 6. Further decimals must be zeros.
    pub scale: u8,
    /// Between whole units and decimals. Default: a point.
    pub decimal_separator: u8,
    /// Between groups of three digits. Default: none.
    pub thousands_separator: Option<u8>,
}

impl Default for DecimalFormat {
    fn default() -> Self {
        Self {
            scale: 6,
            decimal_separator: b'.',
            thousands_separator: None,
        }
    }
}

impl DecimalFormat {
    /// Refuses formats in which a number could mean two things.
    pub(crate) fn check(&self, column: &str) -> Result<(), RawError> {
        let refuse = |problem: &str| {
            Err(RawError::Column {
                column: column.to_owned(),
                problem: problem.to_owned(),
            })
        };
        if usize::from(self.scale) >= POWERS_OF_TEN.len() {
            return refuse("the scale is more than 18");
        }
        let is_taken = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-');
        if is_taken(self.decimal_separator) || self.thousands_separator.is_some_and(is_taken) {
            return refuse("a separator is a digit or a sign");
        }
        if is_blank(self.decimal_separator) {
            return refuse("the decimal separator is a blank");
        }
        if self.thousands_separator == Some(self.decimal_separator) {
            return refuse("the decimal and the thousands separator are the same");
        }
        Ok(())
    }

    /// The value of a trimmed cell, times ten to the power of the scale.
    #[inline(always)]
    pub(crate) fn parse(&self, cell: &[u8]) -> Result<i64, CellReason> {
        if cell.len() > SHORT_CELL_BYTES {
            return self.parse_long(cell);
        }
        let (negative, digits) = match cell {
            [b'-', rest @ ..] => (true, rest),
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
                // A thousands separator, or no number.
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

    /// The same for numbers of any length and for grouped ones, digit by digit.
    #[cold]
    #[inline(never)]
    fn parse_long(&self, cell: &[u8]) -> Result<i64, CellReason> {
        let (negative, digits) = match cell {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, cell),
        };
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
        let scale = usize::from(self.scale);
        let (kept, surplus) = decimals.split_at(decimals.len().min(scale));
        if surplus.iter().any(|&digit| digit != b'0') {
            return Err(CellReason::TooManyDecimals);
        }
        let missing = scale - kept.len();
        let scaled = whole
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .chain(kept)
            .try_fold(0_u64, |value, &byte| {
                value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))
            })
            .and_then(|value| value.checked_mul(POWERS_OF_TEN[missing]));
        signed(scaled, negative)
    }

    /// Digits, or digits in groups: one to three, then three each.
    fn is_whole_part(&self, whole: &[u8]) -> bool {
        let Some(separator) = self.thousands_separator else {
            return whole.iter().all(u8::is_ascii_digit);
        };
        let mut groups = whole.split(|&byte| byte == separator);
        let first = groups.next().unwrap_or_default();
        let mut grouped = false;
        let rest_is_grouped = groups.all(|group| {
            grouped = true;
            group.len() == 3 && group.iter().all(u8::is_ascii_digit)
        });
        first.iter().all(u8::is_ascii_digit) && rest_is_grouped && (!grouped || (1..=3).contains(&first.len()))
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
            assert!(format.check("price").is_err(), "{format:?}");
        }
        assert!(
            DecimalFormat {
                thousands_separator: Some(b' '),
                ..base()
            }
            .check("p")
            .is_ok()
        );
    }
}
