//! The languages that the report speaks.

use std::fmt;
use std::str::FromStr;

use icu_locale_core::{Locale as IcuLocale, locale};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use unic_langid::LanguageIdentifier;

/// A language of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

/// A language that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no locale is called {0:?}; there are \"en\" and \"es\"")]
pub struct UnknownLocale(String);

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// Its code, as configurations, command lines and the `lang` of pages have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// As the formats of CLDR know it.
    pub(super) fn of_formats(self) -> IcuLocale {
        match self {
            Self::En => locale!("en"),
            Self::Es => locale!("es"),
        }
    }

    /// As the rules of plurals know it.
    pub(super) fn of_plurals(self) -> LanguageIdentifier {
        // Both codes are well formed; the root's rules would do for any other.
        self.code().parse().unwrap_or_default()
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(code: &str) -> Result<Self, UnknownLocale> {
        let found = Self::ALL.into_iter().find(|locale| locale.code() == code);
        found.ok_or_else(|| UnknownLocale(code.to_owned()))
    }
}
