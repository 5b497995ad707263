//! The day that a run looks from.

use std::fmt;

pub use jiff::civil::Date;

/// Microseconds of a calendar day without daylight saving, as wall clocks count them.
pub const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// The day, inclusive, after which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsOf(pub Date);

impl AsOf {
    /// Days since 1970-01-01, as date columns hold them.
    #[must_use]
    pub fn epoch_days(self) -> i32 {
        epoch_days(self.0)
    }

    /// Its month, as `2025-03`.
    #[must_use]
    pub fn month(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    /// The day that many days after 1970-01-01; none outside the years -9999 to 9999.
    #[must_use]
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Self)
    }
}

impl AsOf {
    /// The same day of the month so many months before, or its last day where that month is shorter.
    ///
    /// A period of twelve months up to `as_of` holds the days after it.
    #[must_use]
    pub fn months_before(self, months: u16) -> Self {
        let span = jiff::Span::new().months(i32::from(months));
        Self(self.0.saturating_sub(span))
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);

fn epoch_days(date: Date) -> i32 {
    // A civil date is at most 11,000 years from the epoch, which is far within i32.
    i32::try_from(date.duration_since(EPOCH).as_hours() / 24).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2011-12-09", 15_317),
            ("2024-02-29", 19_782),
        ] {
            let as_of = AsOf(text.parse().expect("a date"));
            assert_eq!(as_of.epoch_days(), days);
            assert_eq!(AsOf::from_epoch_days(days), Some(as_of));
        }
    }
}
