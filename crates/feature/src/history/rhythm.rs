//! How often a customer buys, and whether that changes.

use super::HistoryWindow;
use super::customer::{PurchaseDay, between};

/// Days of a year in the comparison of years: a multiple of no season is cut.
const YEAR_DAYS: i32 = 365;

/// The rhythm of a customer with at least one purchase.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Rhythm {
    pub(crate) gap_mean_days: Option<f64>,
    pub(crate) gap_deviation_days: Option<f64>,
    pub(crate) days_overdue: Option<f64>,
    pub(crate) last_gap_days: Option<i32>,
    pub(crate) recent: (u32, i64),
    pub(crate) previous: Option<(u32, i64)>,
    pub(crate) last_year: Option<i64>,
    pub(crate) year_before: Option<i64>,
}

impl Rhythm {
    /// From the purchase days, ascending; none of them after the window.
    pub(crate) fn of(days: &[PurchaseDay], window: &HistoryWindow, trend_days: i32) -> Self {
        let today = window.last_day;
        let gaps: Vec<f64> = days.windows(2).map(|pair| f64::from(pair[1].0 - pair[0].0)).collect();
        let gap_mean_days = mean(&gaps);
        let since_last = days.last().map(|(last, _)| f64::from(today - last));
        let has_rhythm = gaps.len() >= 2;
        // Of a period that began before the files do, nobody knows what was sold.
        let covers = |days: i32| window.first_day <= today - days + 1;
        let (last_year, year_before) = match covers(2 * YEAR_DAYS) {
            true => (
                Some(between(days, today - YEAR_DAYS, today).1),
                Some(between(days, today - 2 * YEAR_DAYS, today - YEAR_DAYS).1),
            ),
            false => (None, None),
        };
        Self {
            gap_mean_days,
            gap_deviation_days: deviation(&gaps),
            days_overdue: since_last
                .zip(gap_mean_days)
                .filter(|_| has_rhythm)
                .map(|(since, mean)| since - mean),
            last_gap_days: days
                .len()
                .checked_sub(2)
                .map(|before| days[before + 1].0 - days[before].0),
            recent: between(days, today - trend_days, today),
            previous: covers(2 * trend_days).then(|| between(days, today - 2 * trend_days, today - trend_days)),
            last_year,
            year_before,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of days")]
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The sample standard deviation; none of fewer than two values.
#[expect(clippy::cast_precision_loss, reason = "numbers of days")]
fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (values.len() >= 2).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

/// What changed from one amount to the next, as a share of the first; none where that is not above zero.
#[expect(clippy::cast_precision_loss, reason = "a share for people and models")]
pub(crate) fn change(before: i64, after: i64) -> Option<f64> {
    (before > 0).then(|| after as f64 / before as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(first_day: i32, last_day: i32) -> HistoryWindow {
        HistoryWindow {
            first_day,
            last_day,
            cut: None,
        }
    }

    #[test]
    fn gaps_and_what_is_overdue() {
        let days = [(0, 10), (10, 10), (30, 10)];
        let rhythm = Rhythm::of(&days, &window(0, 60), 30);
        assert_eq!(rhythm.gap_mean_days, Some(15.0));
        assert_eq!(rhythm.gap_deviation_days, Some(50.0_f64.sqrt()));
        assert_eq!(rhythm.days_overdue, Some(15.0));
        assert_eq!(rhythm.last_gap_days, Some(20));
        assert_eq!((rhythm.recent, rhythm.previous), ((0, 0), Some((2, 20))));
        assert_eq!(rhythm.last_year, None);
    }

    #[test]
    fn two_purchases_are_a_gap_and_no_rhythm() {
        let rhythm = Rhythm::of(&[(0, 10), (10, 10)], &window(0, 60), 90);
        assert_eq!((rhythm.gap_mean_days, rhythm.gap_deviation_days), (Some(10.0), None));
        assert_eq!((rhythm.days_overdue, rhythm.previous), (None, None));
        assert_eq!(Rhythm::of(&[(5, 10)], &window(0, 60), 90).gap_mean_days, None);
    }

    #[test]
    fn years_are_compared_where_the_files_hold_two() {
        let days = [(100, 40), (500, 10)];
        let rhythm = Rhythm::of(&days, &window(0, 729), 90);
        assert_eq!((rhythm.last_year, rhythm.year_before), (Some(10), Some(40)));
        assert_eq!(Rhythm::of(&days, &window(1, 729), 90).last_year, None);
        assert_eq!(change(40, 10), Some(-0.75));
        assert_eq!(change(0, 10), None);
    }
}
