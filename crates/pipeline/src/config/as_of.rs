//! The day that a run looks back from.

use jiff::civil::Date;

/// `as_of` of the pipeline; the command line may override it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AsOfSetting {
    /// The last business day in the data that is not after today.
    Latest,
    /// Today in the pipeline's time zone.
    Today,
    /// A fixed day, inclusive.
    Date(Date),
}

impl AsOfSetting {
    /// Reads `latest`, `today` or a date such as `2011-12-09`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "latest" => Some(Self::Latest),
            "today" => Some(Self::Today),
            // jiff would also take a time of day, and leave it out without a word.
            date if date.len() == 10 => date.parse().ok().map(Self::Date),
            _ => None,
        }
    }

    /// The same for a value of a pipeline file, where a date may stand without quotes.
    pub(crate) fn from_toml(value: &toml::Value) -> Option<Self> {
        match value {
            toml::Value::String(text) => Self::from_text(text),
            toml::Value::Datetime(date) => Self::from_text(&date.to_string()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_dates_are_read() {
        assert_eq!(AsOfSetting::from_text("latest"), Some(AsOfSetting::Latest));
        assert_eq!(AsOfSetting::from_text("today"), Some(AsOfSetting::Today));
        let date = AsOfSetting::Date(Date::constant(2011, 12, 9));
        assert_eq!(AsOfSetting::from_text("2011-12-09"), Some(date));
    }

    #[test]
    fn anything_else_is_not() {
        for text in ["", "Latest", "2011-02-29", "09.12.2011", "2011-12-09T10:00", "20111209"] {
            assert_eq!(AsOfSetting::from_text(text), None, "{text}");
        }
    }
}
