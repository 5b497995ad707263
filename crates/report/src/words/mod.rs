//! What the report says and how it writes numbers, in English and Spanish.
//!
//! One catalogue holds every sentence and label of a language; formats of numbers, dates and money are those of
//! CLDR. No other module writes a word or a figure for people, so that a language is added in one place.

mod catalogue;
mod dates;
mod error;
mod labels;
mod locale;
mod money;
mod numbers;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use catalogue::Catalogue;
use dates::DateFormats;
use money::MoneyFormats;
use numbers::NumberFormats;

pub use catalogue::Argument;
pub use error::WordsError;
pub use locale::{Locale, UnknownLocale};

/// What stands for a figure that is not known.
pub(crate) const UNKNOWN: &str = "–";

/// The words and formats of one language, with the pipeline's currency.
///
/// Not shared between threads: who writes in parallel makes one each, which is cheap.
pub struct Words {
    locale: Locale,
    catalogue: Catalogue,
    numbers: NumberFormats,
    money: MoneyFormats,
    dates: DateFormats,
}

impl Words {
    /// The words of a language, and money in the currency of that ISO 4217 code.
    ///
    /// # Errors
    /// Where the code is no three letters, or what is built in cannot be read.
    pub fn new(locale: Locale, currency: &str) -> Result<Self, WordsError> {
        Ok(Self {
            locale,
            catalogue: Catalogue::new(locale)?,
            numbers: NumberFormats::new(locale)?,
            money: MoneyFormats::new(locale, currency)?,
            dates: DateFormats::new(locale)?,
        })
    }

    /// The language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The message of the catalogue; the key itself where there is none.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The message of the catalogue with these arguments; the key itself where there is none.
    #[must_use]
    pub fn say_with(&self, key: &str, arguments: &[(&str, Argument)]) -> String {
        self.catalogue.message(key, arguments).unwrap_or_else(|| key.to_owned())
    }

    /// Whether the catalogue has a message of that name.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.catalogue.message(key, &[]).is_some()
    }

    /// What people call the value of a column: `label("lifecycle_stage", "at_risk")` is "At risk" or "En riesgo".
    ///
    /// Generated names of clusters are put together word by word. A slug that the catalogue does not know, such as the
    /// name of a segment or list of the pipeline's own, stands as it was written, with blanks and a capital.
    #[must_use]
    pub fn label(&self, kind: &str, slug: &str) -> String {
        labels::label(&self.catalogue, kind, slug)
    }

    /// A whole number, with separators: `1,234,567`.
    #[must_use]
    pub fn count(&self, count: i64) -> String {
        self.numbers.count(count)
    }

    /// A number with that many digits after the separator, half-even.
    #[must_use]
    pub fn number(&self, number: f64, digits: u8) -> String {
        self.numbers.number(number, digits)
    }

    /// A difference with its sign and that many digits: `+0.5`.
    #[must_use]
    pub fn change_number(&self, number: f64, digits: u8) -> String {
        self.numbers.signed(number, digits)
    }

    /// A number in at most three digits, for axes: `1.25M`.
    #[must_use]
    pub fn compact(&self, number: f64) -> String {
        self.numbers.compact(number)
    }

    /// An amount of ten-thousandths to the currency's smallest unit, half-even, with its symbol.
    #[must_use]
    pub fn money(&self, ten_thousandths: i128) -> String {
        self.money.exact(ten_thousandths)
    }

    /// An amount of ten-thousandths without digits after the separator, half-even, with the currency's symbol.
    #[must_use]
    pub fn money_whole(&self, ten_thousandths: i128) -> String {
        self.money.whole(ten_thousandths)
    }

    /// An amount in units of the currency in at most three digits, for axes: `€1.25M`.
    #[must_use]
    pub fn money_compact(&self, amount: f64) -> String {
        let number = self.numbers.compact(amount.abs());
        if amount.is_finite() {
            self.money.around(&number, amount < 0.0)
        } else {
            number
        }
    }

    /// A share as a percentage with that many digits after the separator: `0.125` is `12.5%`.
    #[must_use]
    pub fn percent(&self, share: f64, digits: u8) -> String {
        self.numbers.percent(share, digits, false)
    }

    /// A change as a percentage with one digit and its sign: `+12.5%`.
    #[must_use]
    pub fn change_percent(&self, share: f64) -> String {
        self.numbers.percent(share, 1, true)
    }

    /// A day: `Nov 22, 2026`.
    #[must_use]
    pub fn date(&self, day: Date) -> String {
        self.dates.day(day)
    }

    /// The month of a day: `November 2026`.
    #[must_use]
    pub fn month(&self, day: Date) -> String {
        self.dates.month(day)
    }

    /// The month of a day, short, for axes: `Nov 2026`.
    #[must_use]
    pub fn month_short(&self, day: Date) -> String {
        self.dates.month_short(day)
    }
}
