//! Binary numbers as the decimal text that stands for them.
//!
//! Spreadsheets and Parquet files hold what was once a decimal as the nearest binary number. The
//! columns of a source are read from text, so the decimal has to be found again, exactly.

use std::fmt::Write as _;

/// Whole numbers below this are exact in 64 bits of floating point.
const EXACT_WHOLE: f64 = 9_007_199_254_740_992.0;
/// What a spreadsheet shows and keeps of a number.
const SPREADSHEET_DIGITS: usize = 15;

/// Appends a number as a spreadsheet shows it: whole numbers in full, others with at most 15
/// significant digits, so that the result of `=0.1+0.2` is `0.3`. Never with an exponent.
pub(crate) fn push_spreadsheet_number(text: &mut String, value: f64, decimal_separator: u8) {
    if value.fract() == 0.0 && value.abs() < EXACT_WHOLE || !value.is_finite() {
        push_shortest_number(text, value, decimal_separator);
        return;
    }
    let scientific = format!("{value:.*e}", SPREADSHEET_DIGITS - 1);
    match scientific.split_once('e') {
        Some((mantissa, exponent)) => push_plain(text, mantissa, exponent.parse().unwrap_or(0), decimal_separator),
        None => text.push_str(&scientific),
    }
}

/// Appends the shortest decimal that reads back as the same number. Never with an exponent; whole
/// numbers have no decimals.
pub(crate) fn push_shortest_number(text: &mut String, value: impl Into<Shortest>, decimal_separator: u8) {
    let start = text.len();
    match value.into() {
        Shortest::Double(value) => push(text, value + 0.0),
        Shortest::Single(value) => push(text, value + 0.0),
    }
    replace_point(text, start, decimal_separator);
}

/// Appends a number that is kept as a whole number of its last decimal.
pub(crate) fn push_decimal(text: &mut String, unscaled: i128, scale: usize, decimal_separator: u8) {
    if unscaled < 0 {
        text.push('-');
    }
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, decimals) = digits.split_at(digits.len() - scale);
    text.push_str(whole);
    if !decimals.is_empty() {
        text.push(char::from(decimal_separator));
        text.push_str(decimals);
    }
}

/// A number of 32 or 64 bits: the shortest text differs.
pub(crate) enum Shortest {
    Single(f32),
    Double(f64),
}

impl From<f32> for Shortest {
    fn from(value: f32) -> Self {
        Self::Single(value)
    }
}

impl From<f64> for Shortest {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

/// Appends what is displayed.
pub(crate) fn push(text: &mut String, value: impl std::fmt::Display) {
    // Writing to a `String` does not fail.
    let _ = write!(text, "{value}");
}

/// Appends `mantissa` x 10^`exponent`; the mantissa has one digit before its point.
fn push_plain(text: &mut String, mantissa: &str, exponent: i32, decimal_separator: u8) {
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let digits: String = unsigned.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if unsigned.len() < mantissa.len() {
        text.push('-');
    }
    let separator = char::from(decimal_separator);
    match usize::try_from(exponent) {
        Ok(exponent) if digits.len() <= exponent + 1 => {
            text.push_str(digits);
            text.extend(std::iter::repeat_n('0', exponent + 1 - digits.len()));
        }
        Ok(exponent) => {
            text.push_str(&digits[..=exponent]);
            text.push(separator);
            text.push_str(&digits[exponent + 1..]);
        }
        Err(_) => {
            text.push('0');
            text.push(separator);
            text.extend(std::iter::repeat_n('0', exponent.unsigned_abs() as usize - 1));
            text.push_str(digits);
        }
    }
}

fn replace_point(text: &mut String, start: usize, decimal_separator: u8) {
    if decimal_separator != b'.'
        && let Some(offset) = text[start..].find('.')
    {
        let place = start + offset;
        text.replace_range(place..=place, char::from(decimal_separator).encode_utf8(&mut [0; 4]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spreadsheet(value: f64) -> String {
        let mut text = String::new();
        push_spreadsheet_number(&mut text, value, b'.');
        text
    }

    fn shortest(value: impl Into<Shortest>) -> String {
        let mut text = String::new();
        push_shortest_number(&mut text, value, b'.');
        text
    }

    #[test]
    fn a_spreadsheet_shows_fifteen_digits() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (12345.0, "12345"),
            (-12345.0, "-12345"),
            (0.0, "0"),
            (-0.0, "0"),
            (2.55, "2.55"),
            (-11062.06, "-11062.06"),
            (0.000_001_25, "0.00000125"),
            (-0.05, "-0.05"),
            (1.0 / 3.0, "0.333333333333333"),
            (2.0 / 3.0, "0.666666666666667"),
            (0.999_999_999_999_999_9, "1"),
            (99_999.999_999_999_999, "100000"),
            (123_456_789_012.345, "123456789012.345"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e21, "1000000000000000000000"),
            (1.234_567_890_123_456_7e17, "123456789012346000"),
            (80_995.000_000_000_01, "80995"),
        ] {
            assert_eq!(spreadsheet(value), text);
        }
    }

    #[test]
    fn every_decimal_of_fifteen_digits_is_found_again() {
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let whole = state >> 15;
            let digits = (whole % 1_000_000_000_000_000).to_string();
            let decimals = (state % 9) as usize + 1;
            let digits = format!("{digits:0>width$}", width = decimals + 1);
            let (whole, rest) = digits.split_at(digits.len() - decimals);
            let rest = rest.trim_end_matches('0');
            let text = if rest.is_empty() {
                whole.to_owned()
            } else {
                format!("{whole}.{rest}")
            };
            let value: f64 = text.parse().expect("a number");
            assert_eq!(spreadsheet(value), text);
            assert_eq!(shortest(value), text);
        }
    }

    #[test]
    fn the_shortest_text_reads_back() {
        for (value, text) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (17850.0, "17850"),
            (-0.0, "0"),
            (1e-7, "0.0000001"),
            (1e23, "100000000000000000000000"),
        ] {
            assert_eq!(shortest(value), text);
            assert_eq!(text.parse(), Ok(value));
        }
        assert_eq!(shortest(12.1_f32), "12.1");
        assert_eq!(shortest(f64::NAN), "NaN");
    }

    #[test]
    fn decimals_keep_their_places() {
        for (unscaled, scale, text) in [
            (12_500, 3, "12.500"),
            (-5, 2, "-0.05"),
            (0, 0, "0"),
            (7, 0, "7"),
            (i128::MIN, 38, "-1.70141183460469231731687303715884105728"),
        ] {
            let mut found = String::new();
            push_decimal(&mut found, unscaled, scale, b'.');
            assert_eq!(found, text);
        }
    }

    #[test]
    fn the_separator_is_the_declared_one() {
        let mut text = "12.5 ".to_owned();
        push_spreadsheet_number(&mut text, 0.1 + 0.2, b',');
        push_shortest_number(&mut text, 1.5, b',');
        push_decimal(&mut text, 150, 2, b',');
        assert_eq!(text, "12.5 0,31,51,50");
    }
}
