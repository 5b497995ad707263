//! The days of a source up to the day of the run: gaps, and the last week beside the four before it.

use std::collections::BTreeMap;

use cartera_ingest::quality::{DayCount, Days};

use super::words::weekday;

/// Days of the last week.
pub(crate) const RECENT_DAYS: i32 = 7;
/// Days before it that it is compared with; whole weeks, so that both have the same weekdays.
pub(crate) const BEFORE_DAYS: i32 = 28;
/// A weekday is expected to have rows when at least this share of its days has.
const EXPECTED_SHARE: f64 = 0.75;
/// Days of a weekday that are needed to expect anything of it.
const EXPECTED_WEEKS: usize = 8;

/// The days with rows, none after the day of the run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calendar {
    days: BTreeMap<i32, DayCount>,
    pub(crate) first: i32,
    pub(crate) last: i32,
}

/// What there is of some days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    pub(crate) days: i32,
    pub(crate) count: DayCount,
}

impl Calendar {
    /// None where no row has a day up to that of the run.
    pub(crate) fn new(days: &Days, as_of: i32) -> Option<Self> {
        let days: BTreeMap<i32, DayCount> = days.0.range(..=as_of).map(|(&day, &count)| (day, count)).collect();
        let (first, last) = (*days.keys().next()?, *days.keys().next_back()?);
        Some(Self { days, first, last })
    }

    pub(crate) fn days_with_rows(&self) -> usize {
        self.days.len()
    }

    pub(crate) fn has(&self, day: i32) -> bool {
        self.days.contains_key(&day)
    }

    /// All days from the first to the last.
    pub(crate) fn whole(&self) -> Window {
        self.window(self.first, self.last)
    }

    /// The week that ends with the last day.
    pub(crate) fn recent(&self) -> Window {
        self.window(self.last - RECENT_DAYS + 1, self.last)
    }

    /// The four weeks before that; none where the source does not reach back so far.
    pub(crate) fn before(&self) -> Option<Window> {
        let last = self.last - RECENT_DAYS;
        let first = last - BEFORE_DAYS + 1;
        (first >= self.first).then(|| self.window(first, last))
    }

    fn window(&self, first: i32, last: i32) -> Window {
        let first = first.max(self.first);
        let mut count = DayCount::default();
        for (_, &day) in self.days.range(first..=last) {
            count.add(day);
        }
        Window {
            days: last - first + 1,
            count,
        }
    }

    /// The days between the first and the last that have no rows.
    pub(crate) fn gaps(&self) -> Vec<i32> {
        let mut gaps = Vec::new();
        let mut previous = None;
        for &day in self.days.keys() {
            if let Some(previous) = previous {
                gaps.extend(previous + 1..day);
            }
            previous = Some(day);
        }
        gaps
    }

    /// For each weekday the share of its days that have rows; none where there are too few of them to tell.
    pub(crate) fn weekday_shares(&self) -> [Option<f64>; 7] {
        let mut with_rows = [0_usize; 7];
        for &day in self.days.keys() {
            with_rows[weekday(day)] += 1;
        }
        let span = self.whole().days;
        let mut shares = [None; 7];
        for (offset, share) in shares.iter_mut().enumerate() {
            // The first day of that weekday, counted from the first day.
            let first = i32::try_from((offset + 7 - weekday(self.first)) % 7).unwrap_or(0);
            let weeks = usize::try_from((span - first + 6) / 7).unwrap_or(0);
            if weeks >= EXPECTED_WEEKS {
                *share = Some(super::metric::share(with_rows[offset] as u64, weeks as u64));
            }
        }
        shares
    }

    /// Gaps of the last four weeks on weekdays that usually have rows.
    pub(crate) fn unexpected_gaps(&self) -> Vec<i32> {
        let shares = self.weekday_shares();
        let from = self.last - BEFORE_DAYS;
        let is_expected = |day: i32| shares[weekday(day)].is_some_and(|share| share >= EXPECTED_SHARE);
        (from.max(self.first)..self.last)
            .filter(|&day| !self.has(day) && is_expected(day))
            .collect()
    }
}

impl Window {
    pub(crate) fn rows_per_day(self) -> f64 {
        super::metric::as_number(self.count.rows) / f64::from(self.days.max(1))
    }

    /// In ten-thousandths, rounded half-even; none without an amount.
    pub(crate) fn mean_amount(self) -> Option<i128> {
        cartera_table::ratio_half_even(self.count.amount, self.count.amount_rows.into())
    }

    /// None without a row.
    pub(crate) fn guest_share(self) -> Option<f64> {
        (self.count.rows > 0).then(|| super::metric::share(self.count.guest_rows, self.count.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(days: impl IntoIterator<Item = i32>, as_of: i32) -> Option<Calendar> {
        let count = DayCount {
            rows: 10,
            guest_rows: 1,
            amount_rows: 10,
            amount: 100_005,
        };
        Calendar::new(&Days(days.into_iter().map(|day| (day, count)).collect()), as_of)
    }

    #[test]
    fn days_after_the_run_are_not_there() {
        let calendar = calendar(0..100, 49).expect("there are days");
        assert_eq!((calendar.first, calendar.last, calendar.days_with_rows()), (0, 49, 50));
        assert!(super::tests::calendar(50..60, 49).is_none());
    }

    #[test]
    fn a_week_stands_beside_the_four_before_it() {
        let calendar = calendar((0..35).filter(|day| *day != 30), 99).expect("days");
        let recent = calendar.recent();
        assert_eq!((recent.days, recent.count.rows), (7, 60));
        let before = calendar.before().expect("35 days reach back");
        assert_eq!((before.days, before.count.rows), (28, 280));
        assert!((recent.rows_per_day() - 60.0 / 7.0).abs() < 1e-12);
        assert_eq!(
            recent.mean_amount(),
            Some(10_000),
            "10,000.5 is rounded to the even one"
        );
        assert_eq!(recent.guest_share(), Some(0.1));
        assert!(super::tests::calendar(0..34, 99).expect("days").before().is_none());
    }

    #[test]
    fn gaps_are_unexpected_on_days_that_usually_have_rows() {
        // Never on Saturdays, and not on the last Tuesday and the one half a year before.
        let tuesday = 1_000 - 1_000 % 7 + 5;
        assert_eq!(weekday(tuesday), 1);
        let closed = [tuesday, tuesday - 26 * 7];
        let open = (tuesday - 300..=tuesday + 3).filter(|day| weekday(*day) != 5 && !closed.contains(day));
        let calendar = calendar(open.clone(), 10_000).expect("days");
        assert_eq!(calendar.unexpected_gaps(), [tuesday]);
        let all: Vec<i32> = (calendar.first..=calendar.last)
            .filter(|day| !calendar.has(*day))
            .collect();
        assert_eq!(calendar.gaps(), all);
        for (name, share) in calendar.weekday_shares().into_iter().enumerate() {
            let of_weekday = (calendar.first..=calendar.last).filter(|day| weekday(*day) == name);
            let with_rows = of_weekday.clone().filter(|day| calendar.has(*day)).count();
            assert_eq!(share, Some(with_rows as f64 / of_weekday.count() as f64), "{name}");
        }
    }

    #[test]
    fn nothing_is_expected_of_a_short_history() {
        let calendar = calendar((0..50).filter(|day| *day != 44), 99).expect("days");
        assert_eq!(calendar.unexpected_gaps(), [] as [i32; 0]);
    }
}
