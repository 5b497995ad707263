//! Amounts in the pipeline's currency.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;

use super::error::WordsError;
use super::locale::Locale;

/// Digits after the separator of the amounts that tables hold.
const STORED_DIGITS: i16 = 4;

/// How a language writes amounts of a currency.
pub(super) struct MoneyFormats {
    number: DecimalFormatter,
    positive: Surroundings,
    negative: Surroundings,
    /// Digits after the separator of the currency's smallest unit.
    minor_digits: i16,
}

/// What stands before and after a number: sign, symbol and blanks.
struct Surroundings {
    before: String,
    after: String,
}

impl MoneyFormats {
    pub(super) fn new(locale: Locale, code: &str) -> Result<Self, WordsError> {
        let currency = CurrencyType::try_from_str(code).map_err(|source| WordsError::Currency {
            code: code.to_owned(),
            source,
        })?;
        let formatter = formatter(locale, currency)?;
        let written = |amount: i32| formatter.format_fixed_decimal(&Decimal::from(amount)).to_string();
        // The library has no formats without its own digits, so that it is asked for one amount of each sign, and what
        // stands around the number is taken from there.
        let (positive, minor_digits) = Surroundings::of(&written(1));
        let (negative, _) = Surroundings::of(&written(-1));
        Ok(Self {
            number: DecimalFormatter::try_new(locale.of_formats().into(), Default::default())
                .map_err(|error| WordsError::Numbers(error.to_string()))?,
            positive,
            negative,
            minor_digits,
        })
    }

    pub(super) fn exact(&self, ten_thousandths: i128) -> String {
        self.rounded(ten_thousandths, self.minor_digits)
    }

    pub(super) fn whole(&self, ten_thousandths: i128) -> String {
        self.rounded(ten_thousandths, 0)
    }

    /// The symbol and sign around a number that is written already, without its sign.
    pub(super) fn around(&self, number: &str, is_negative: bool) -> String {
        let Surroundings { before, after } = if is_negative { &self.negative } else { &self.positive };
        format!("{before}{number}{after}")
    }

    fn rounded(&self, ten_thousandths: i128, digits: i16) -> String {
        let mut amount = Decimal::from(ten_thousandths.unsigned_abs());
        amount.absolute.multiply_pow10(-STORED_DIGITS);
        amount.absolute.round(-digits);
        amount.absolute.trim_end();
        amount.absolute.pad_end(-digits);
        let is_negative = ten_thousandths < 0 && !amount.absolute.is_zero();
        self.around(&self.number.format(&amount).to_string(), is_negative)
    }
}

impl Surroundings {
    /// What stands around the number of a written amount, and how many digits it has after the separator.
    fn of(written: &str) -> (Self, i16) {
        let is_digit = |character: char| character.is_ascii_digit();
        let first = written.find(is_digit).unwrap_or_default();
        let end = written.rfind(is_digit).map_or(first, |last| last + 1);
        let digits = written[first..end].chars().skip(1).filter(char::is_ascii_digit).count();
        let surroundings = Self {
            before: written[..first].to_owned(),
            after: written[end..].to_owned(),
        };
        (surroundings, i16::try_from(digits).unwrap_or_default())
    }
}

/// A pipeline has one currency, so that a narrow symbol such as `$` cannot be taken for another's; one that is made of
/// letters, such as `Fr.`, reads worse than the code.
fn formatter(locale: Locale, currency: CurrencyType) -> Result<CurrencyFormatter<DecimalFormatter>, WordsError> {
    let failed = |error: &dyn std::fmt::Display| WordsError::Numbers(error.to_string());
    let preferences = locale.of_formats().into();
    let narrow = CurrencyFormatter::try_new_symbol_narrow(preferences, currency, Default::default())
        .map_err(|error| failed(&error))?;
    let sample = narrow.format_fixed_decimal(&Decimal::from(1)).to_string();
    if sample.chars().any(char::is_alphabetic) {
        CurrencyFormatter::try_new_symbol(preferences, currency, Default::default()).map_err(|error| failed(&error))
    } else {
        Ok(narrow)
    }
}
