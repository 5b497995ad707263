//! Days and months.

use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::{YM, YMD};
use icu_datetime::input::Date as IcuDate;
use jiff::civil::Date;

use super::error::WordsError;
use super::locale::Locale;

/// A day by a formatter, whose types differ by what they show; a day that the calendar does not know as ISO 8601 has it.
macro_rules! formatted {
    ($formatter:expr, $day:expr) => {
        match IcuDate::try_new_iso(
            i32::from($day.year()),
            $day.month().unsigned_abs(),
            $day.day().unsigned_abs(),
        ) {
            Ok(day) => $formatter.format(&day).to_string(),
            Err(_) => $day.to_string(),
        }
    };
}

/// The formats of days and months of a language.
pub(super) struct DateFormats {
    day: DateTimeFormatter<YMD>,
    month: DateTimeFormatter<YM>,
    month_short: DateTimeFormatter<YM>,
}

impl DateFormats {
    pub(super) fn new(locale: Locale) -> Result<Self, WordsError> {
        Ok(Self {
            day: DateTimeFormatter::try_new(locale.of_formats().into(), YMD::medium())?,
            month: DateTimeFormatter::try_new(locale.of_formats().into(), YM::long())?,
            month_short: DateTimeFormatter::try_new(locale.of_formats().into(), YM::medium())?,
        })
    }

    pub(super) fn day(&self, day: Date) -> String {
        formatted!(self.day, day)
    }

    pub(super) fn month(&self, day: Date) -> String {
        formatted!(self.month, day)
    }

    pub(super) fn month_short(&self, day: Date) -> String {
        formatted!(self.month_short, day)
    }
}
