//! The days that histories of purchases look at.

use crate::params::ClvValidParams;

/// Fewest days that models are fitted to before they are tried.
const SHORTEST_CALIBRATION_DAYS: i32 = 28;

/// Longest holdout where none is declared: a year holds all seasons.
const LONGEST_DEFAULT_HOLDOUT_DAYS: i32 = 365;

/// Longest history. A purchase of the year 1, the day that some systems write for none, tells nothing of anybody.
const LONGEST_HISTORY_DAYS: i32 = 20 * 365 + 5;

/// First and last day of the history, and the day that cuts it in two: up to it models are fitted, after it they are
/// tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryWindow {
    /// First day of any line, or that of twenty years before the last one: what lies before is not looked at.
    pub first_day: i32,
    /// The day of the run, inclusive.
    pub last_day: i32,
    /// Last day of the calibration, inclusive; none where the history is too short to be cut.
    pub cut: Option<i32>,
}

impl HistoryWindow {
    /// The cut is the declared number of days before the last one, else a fifth of the history before it, a year at
    /// most.
    #[must_use]
    pub fn new(first_day: i32, last_day: i32, clv: &ClvValidParams) -> Self {
        let first_day = first_day.max(last_day - LONGEST_HISTORY_DAYS);
        let days = last_day - first_day;
        let holdout_days = clv.holdout_days.unwrap_or((days / 5).min(LONGEST_DEFAULT_HOLDOUT_DAYS));
        let cut = last_day - holdout_days;
        let can_be_cut = holdout_days > 0 && cut - first_day >= SHORTEST_CALIBRATION_DAYS;
        Self {
            first_day,
            last_day,
            cut: can_be_cut.then_some(cut),
        }
    }

    /// Days of the holdout.
    #[must_use]
    pub fn holdout_days(&self) -> Option<i32> {
        Some(self.last_day - self.cut?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::ClvParams;

    fn window(days: i32, holdout_days: Option<u16>) -> HistoryWindow {
        let clv = ClvParams {
            holdout_days,
            ..ClvParams::default()
        };
        HistoryWindow::new(1000, 1000 + days, &clv.check().expect("valid"))
    }

    #[test]
    fn the_last_fifth_is_held_out_and_a_year_at_most() {
        assert_eq!(window(500, None).cut, Some(1400));
        assert_eq!(window(500, None).holdout_days(), Some(100));
        assert_eq!(window(4000, None).holdout_days(), Some(365));
        assert_eq!(window(500, Some(273)).cut, Some(1227));
    }

    #[test]
    fn a_day_of_another_age_begins_no_history() {
        assert_eq!(window(700_000, None).last_day - window(700_000, None).first_day, 7_305);
    }

    #[test]
    fn a_short_history_is_not_cut() {
        assert_eq!(window(30, None).cut, None);
        assert_eq!(window(300, Some(280)).cut, None);
        assert_eq!(window(0, None).cut, None);
    }
}
