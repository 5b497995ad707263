//! Counts, decimals, percentages, and short forms for axes.

use icu_decimal::input::{Decimal, SignDisplay};
use icu_decimal::{CompactDecimalFormatter, DecimalFormatter};
use icu_experimental::dimension::percent::formatter::PercentFormatter;
use icu_experimental::dimension::percent::options::{Display, PercentFormatterOptions};

use super::UNKNOWN;
use super::error::WordsError;
use super::locale::Locale;

/// Digits of a number on an axis: ticks at quarters of a million need three.
const COMPACT_DIGITS: i16 = 3;

/// The formats of numbers of a language.
pub(super) struct NumberFormats {
    decimal: DecimalFormatter,
    compact: CompactDecimalFormatter,
    percent: PercentFormatter<DecimalFormatter>,
    signed_percent: PercentFormatter<DecimalFormatter>,
}

impl NumberFormats {
    pub(super) fn new(locale: Locale) -> Result<Self, WordsError> {
        let of_locale = locale.of_formats();
        let signed = PercentFormatterOptions::from(Display::ExplicitSign);
        Ok(Self {
            decimal: DecimalFormatter::try_new((&of_locale).into(), Default::default()).map_err(failed)?,
            compact: CompactDecimalFormatter::try_new_short((&of_locale).into(), Default::default()).map_err(failed)?,
            percent: PercentFormatter::try_new((&of_locale).into(), Default::default()).map_err(failed)?,
            signed_percent: PercentFormatter::try_new((&of_locale).into(), signed).map_err(failed)?,
        })
    }

    pub(super) fn count(&self, count: i64) -> String {
        self.decimal.format(&Decimal::from(count)).to_string()
    }

    pub(super) fn number(&self, number: f64, digits: u8) -> String {
        rounded(number, digits).map_or_else(unknown, |decimal| self.decimal.format(&decimal).to_string())
    }

    pub(super) fn signed(&self, number: f64, digits: u8) -> String {
        let Some(mut decimal) = rounded(number, digits) else {
            return unknown();
        };
        decimal.apply_sign_display(SignDisplay::ExceptZero);
        self.decimal.format(&decimal).to_string()
    }

    pub(super) fn compact(&self, number: f64) -> String {
        let Some(decimal) = plain(number) else { return unknown() };
        let mut significand = three_digits(decimal);
        let magnitude = significand.absolute.nonzero_magnitude_start();
        let exponent = self.compact.compact_exponent_for_magnitude(magnitude);
        significand.absolute.multiply_pow10(-i16::from(exponent));
        significand.absolute.trim_end();
        // The exponent is the one that the formatter itself told, so that it has words for it.
        let text = self
            .compact
            .format_with_exponent(&significand, exponent)
            .map(|text| text.to_string());
        text.unwrap_or_else(|_| number.to_string())
    }

    pub(super) fn percent(&self, share: f64, digits: u8, signed: bool) -> String {
        let Some(decimal) = rounded(share * 100.0, digits) else {
            return unknown();
        };
        // No change has no sign.
        let formatter = if signed && !decimal.absolute.is_zero() {
            &self.signed_percent
        } else {
            &self.percent
        };
        formatter.format(&decimal).to_string()
    }
}

fn unknown() -> String {
    UNKNOWN.to_owned()
}

/// To that many digits, half-even; none for what is no number.
fn rounded(number: f64, digits: u8) -> Option<Decimal> {
    parsed(&format!("{number:.*}", usize::from(digits)))
}

fn failed(error: impl std::fmt::Display) -> WordsError {
    WordsError::Numbers(error.to_string())
}

/// The shortest decimal that is this number.
fn plain(number: f64) -> Option<Decimal> {
    parsed(&number.to_string())
}

/// A decimal of plain digits, as Rust writes numbers; zero has no sign.
fn parsed(text: &str) -> Option<Decimal> {
    let mut decimal: Decimal = text.parse().ok()?;
    if decimal.absolute.is_zero() {
        decimal.sign = Decimal::from(0).sign;
    }
    Some(decimal)
}

fn three_digits(mut decimal: Decimal) -> Decimal {
    let last = decimal.absolute.nonzero_magnitude_start() + 1 - COMPACT_DIGITS;
    // Before its exponent is asked for, so that 999,999 becomes a million.
    decimal.absolute.round(last);
    decimal.absolute.trim_end();
    decimal
}
