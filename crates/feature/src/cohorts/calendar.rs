//! Calendar months as numbers, so that they can be counted and told apart quickly.

use cartera_table::AsOf;

/// The months of the days of a run: that of each day from the first to the last is looked up, not reckoned.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    first_day: i32,
    months: Vec<i32>,
}

impl Calendar {
    /// Of the days from one to another, inclusive. Others are known too, only not as quickly.
    pub(crate) fn new(first_day: i32, last_day: i32) -> Self {
        Self {
            first_day,
            months: (first_day..=last_day).map(month_of).collect(),
        }
    }

    /// The month of a day since 1970-01-01: twelve a year, from 0 in January of the year 0.
    pub(crate) fn month(&self, day: i32) -> i32 {
        let place = day
            .checked_sub(self.first_day)
            .and_then(|place| usize::try_from(place).ok());
        let known = place.and_then(|place| self.months.get(place));
        known.copied().unwrap_or_else(|| month_of(day))
    }
}

/// The month of a day; that of 1970-01-01 for a day of no calendar.
pub(crate) fn month_of(day: i32) -> i32 {
    let date = AsOf::from_epoch_days(day).map(|day| day.0);
    date.map_or(1970 * 12, |date| {
        i32::from(date.year()) * 12 + i32::from(date.month()) - 1
    })
}

/// A month as `2025-03`.
pub(crate) fn month_text(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// Whether a month has no day after this one.
pub(crate) fn is_last_of_month(day: i32) -> bool {
    month_of(day) != month_of(day.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        // 2011-12-09 is day 15,317, and 2024-02-29 day 19,782.
        let calendar = Calendar::new(15_317, 15_400);
        assert_eq!(month_text(calendar.month(15_317)), "2011-12");
        assert_eq!(month_text(calendar.month(15_317 + 22)), "2011-12");
        assert_eq!(month_text(calendar.month(15_317 + 23)), "2012-01");
        assert_eq!(
            month_text(calendar.month(15_317 - 9)),
            "2011-11",
            "before the first day"
        );
        assert_eq!(month_text(calendar.month(19_782)), "2024-02", "after the last day");
        assert_eq!(calendar.month(0), 1970 * 12);
        assert_eq!(calendar.month(-1), 1970 * 12 - 1);
    }

    #[test]
    fn a_month_is_over_on_its_last_day() {
        assert!(is_last_of_month(19_782));
        assert!(!is_last_of_month(19_781));
        assert!(is_last_of_month(-1));
    }
}
