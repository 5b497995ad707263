//! The purchase days of one customer, and what they tell.

use cartera_clv::History;

use super::HistoryWindow;

/// A day on which a customer bought: the epoch day, and the sales in ten-thousandths.
pub(crate) type PurchaseDay = (i32, i64);

/// What models of repeat purchases and of spend know of a customer on some day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Observed {
    pub(crate) history: History,
    /// Repeat purchases with sales above zero.
    pub(crate) value_count: u32,
    /// Their mean sales; 0 without one.
    pub(crate) value_mean: f64,
}

/// What came after the cut, and what the simplest guesses would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Holdout {
    pub(crate) purchases: u32,
    /// In ten-thousandths.
    pub(crate) sales: i64,
    /// Purchases of the equally long period before.
    pub(crate) purchases_before: u32,
    /// Sales of that period.
    pub(crate) sales_before: i64,
}

/// What is known of the days up to one, inclusive; the days ascend. None before the first purchase.
pub(crate) fn observed(days: &[PurchaseDay], through: i32) -> Option<Observed> {
    let known = &days[..days.partition_point(|(day, _)| *day <= through)];
    let (first, last) = (known.first()?.0, known.last()?.0);
    let (mut value_count, mut value_sum) = (0, 0_i64);
    for &(_, sales) in &known[1..] {
        if sales > 0 {
            value_count += 1;
            value_sum = value_sum.saturating_add(sales);
        }
    }
    let days_between = |from: i32, to: i32| u32::try_from(to - from).unwrap_or(0);
    Some(Observed {
        history: History {
            repeat_count: u32::try_from(known.len() - 1).unwrap_or(u32::MAX),
            recency_days: days_between(first, last),
            age_days: days_between(first, through),
        },
        value_count,
        value_mean: mean_of_money(value_sum, value_count),
    })
}

/// Money of models is a plain number of the pipeline's currency.
#[expect(clippy::cast_precision_loss, reason = "for models")]
fn mean_of_money(ten_thousandths: i64, count: u32) -> f64 {
    if count == 0 {
        return 0.0;
    }
    ten_thousandths as f64 / 1e4 / f64::from(count)
}

/// What came after the cut, from the days as they are known now; and what came as long before it, from those that were
/// known then.
pub(crate) fn holdout(now: &[PurchaseDay], then: &[PurchaseDay], window: &HistoryWindow, cut: i32) -> Holdout {
    let length = window.last_day - cut;
    let (purchases, sales) = between(now, cut, window.last_day);
    let (purchases_before, sales_before) = between(then, cut - length, cut);
    Holdout {
        purchases,
        sales,
        purchases_before,
        sales_before,
    }
}

/// Purchases and sales after one day, through another.
pub(crate) fn between(days: &[PurchaseDay], after: i32, through: i32) -> (u32, i64) {
    let start = days.partition_point(|(day, _)| *day <= after);
    let end = days.partition_point(|(day, _)| *day <= through);
    let within = &days[start..end.max(start)];
    let sales = within.iter().fold(0_i64, |sum, (_, sales)| sum.saturating_add(*sales));
    (u32::try_from(within.len()).unwrap_or(u32::MAX), sales)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: [PurchaseDay; 4] = [(10, 50_000), (17, 0), (24, 30_000), (40, 70_000)];

    #[test]
    fn what_is_known_of_a_day_is_what_stands_up_to_it() {
        let known = observed(&DAYS, 24).expect("bought");
        assert_eq!(
            known.history,
            History {
                repeat_count: 2,
                recency_days: 14,
                age_days: 14
            }
        );
        assert_eq!(
            (known.value_count, known.value_mean),
            (1, 3.0),
            "the first day is no repeat, and a day of nothing no spend"
        );
        assert_eq!(observed(&DAYS, 9), None);
        assert_eq!(observed(&DAYS, 10).map(|known| known.history.repeat_count), Some(0));
    }

    #[test]
    fn the_cut_itself_is_calibration() {
        let window = HistoryWindow {
            first_day: 0,
            last_day: 40,
            cut: Some(24),
        };
        let after = holdout(&DAYS, &DAYS, &window, 24);
        assert_eq!((after.purchases, after.sales), (1, 70_000));
        assert_eq!((after.purchases_before, after.sales_before), (3, 80_000));
    }
}
