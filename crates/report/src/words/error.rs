//! Why words cannot be had.

use icu_datetime::DateTimeFormatterLoadError;
use icu_locale_core::ParseError;
use thiserror::Error;

/// Why words cannot be had. But for the currency, tests rule all of it out.
#[derive(Debug, Error)]
pub enum WordsError {
    /// The code of the currency is no code.
    #[error("{code:?} is no code of a currency: {source}")]
    Currency {
        /// The code.
        code: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// A message of the built-in catalogue cannot be parsed.
    #[error("the catalogue of {locale:?} is damaged: {detail}")]
    Catalogue {
        /// Code of the language.
        locale: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// Formats of numbers of the language are not built in.
    #[error("formats of numbers: {0}")]
    Numbers(String),
    /// Formats of dates of the language are not built in.
    #[error("formats of dates: {0}")]
    Dates(#[from] DateTimeFormatterLoadError),
}
