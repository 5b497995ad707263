//! When a customer buys: the usual gap, the day that it ends, and the orders of two years by month.

use cartera_report::customer::{Event, MonthOfOrders, Rhythm};
use cartera_table::{AsOf, Date};
use serde_json::Value;

use super::cells::{Cells, day_of};

/// Months of the timeline.
const MONTHS: i32 = 24;

/// What the features and the last orders tell; `parameters` are those of the run.
pub(super) fn rhythm(features: Option<Cells<'_>>, orders: &[Event], parameters: &Value, as_of: Date) -> Rhythm {
    let Some(row) = features else {
        return Rhythm::default();
    };
    let last_order_date = row.day("last_order_date");
    let order_gap_mean_days = row.real("order_gap_mean_days");
    let per_kind = parameters["customer_events"]["per_kind"].as_u64().unwrap_or(0);
    let history = History {
        order_count: row.whole("order_count").unwrap_or(0),
        first_day: row.day("first_order_date"),
        per_kind: usize::try_from(per_kind).unwrap_or(usize::MAX),
        drops_returned: parameters["returns"]["orders"] == "after_returns",
    };
    Rhythm {
        first_order_date: row.day("first_order_date"),
        last_order_date,
        days_since_last_order: row.whole("days_since_last_order"),
        order_gap_mean_days,
        order_gap_deviation_days: row.real("order_gap_deviation_days"),
        days_overdue: row.real("days_overdue"),
        sales_trend: row.real("sales_trend"),
        due_on: last_order_date
            .zip(order_gap_mean_days)
            .and_then(|(last, gap)| after(last, gap)),
        months: months(orders, history, as_of),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "gaps are shorter than time itself")]
fn after(day: Date, days: f64) -> Option<Date> {
    let days = days.round();
    (days.abs() < 100_000.0)
        .then(|| AsOf(day).epoch_days() + days as i32)
        .and_then(day_of)
}

/// What is known of a customer's orders beside the events.
#[derive(Debug, Clone, Copy)]
struct History {
    /// Orders that count.
    order_count: i64,
    /// Day of the first of them.
    first_day: Option<Date>,
    /// Events of a kind that are kept of a customer.
    per_kind: usize,
    /// Whether orders that came back whole count for none.
    drops_returned: bool,
}

/// The orders of each month up to the day. Where as many events are kept as there may be, nobody knows how many orders
/// lie before the oldest one, nor whether those of its own month are all; but before the first order there is none.
fn months(orders: &[Event], history: History, as_of: Date) -> Vec<MonthOfOrders> {
    let number = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
    let counts = |order: &&Event| {
        order.event == "ordered" && !(history.drops_returned && order.status.as_deref() == Some("returned"))
    };
    let days: Vec<Date> = orders
        .iter()
        .filter(counts)
        .filter_map(|order| order.occurred_on)
        .collect();
    let counted: Vec<i32> = days.iter().copied().map(number).collect();
    let is_cut = orders.len() >= history.per_kind;
    let has_first = days.iter().min() == history.first_day.as_ref();
    let has_all = i64::try_from(days.len()).is_ok_and(|count| count >= history.order_count) && has_first;
    let oldest = orders.iter().filter_map(|order| order.occurred_on).map(number).min();
    let known_from = match oldest {
        _ if history.order_count == 0 || !is_cut || has_all => i32::MIN,
        Some(oldest) => oldest + 1,
        None => i32::MAX,
    };
    let first = history.first_day.map_or(i32::MIN, number);
    let last = number(as_of);
    (last - MONTHS + 1..=last)
        .map(|month| {
            let found = counted.iter().filter(|day| **day == month).count();
            let is_known = month >= known_from || month < first;
            MonthOfOrders {
                month: format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1),
                orders: is_known.then(|| u32::try_from(found).unwrap_or(u32::MAX)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(day: &str) -> Event {
        Event {
            event: "ordered".to_owned(),
            occurred_on: Some(day.parse().expect("a day")),
            ..Event::default()
        }
    }

    fn shown(orders: &[Event], order_count: i64, first_day: &str, per_kind: usize) -> String {
        let history = History {
            order_count,
            first_day: first_day.parse().ok(),
            per_kind,
            drops_returned: true,
        };
        let months = months(orders, history, "2024-12-31".parse().expect("a day"));
        assert_eq!((months[0].month.as_str(), months.len()), ("2023-01", 24));
        let sign = |month: &MonthOfOrders| month.orders.map_or("?".to_owned(), |orders| orders.to_string());
        months[12..].iter().map(sign).collect()
    }

    #[test]
    fn months_up_to_the_oldest_order_that_is_kept_are_not_known() {
        let orders = ["2024-12-31", "2024-12-01", "2024-03-05"].map(order);
        assert_eq!(shown(&orders, 3, "2024-03-05", 10), "001000000002");
        assert_eq!(
            shown(&orders, 3, "2024-03-05", 3),
            "001000000002",
            "as many as there are"
        );
        assert_eq!(shown(&orders, 9, "2023-01-01", 3), "???000000002");
        assert_eq!(
            shown(&orders, 4, "2024-02-05", 3),
            "0??000000002",
            "none before the first"
        );
        assert_eq!(shown(&[], 4, "2023-01-01", 0), "????????????");
        assert_eq!(shown(&[], 0, "", 0), "000000000000");
    }

    #[test]
    fn orders_that_came_back_whole_count_for_none_and_take_the_place_of_others() {
        let mut orders = ["2024-12-05", "2024-11-05", "2024-10-05", "2024-09-05"].map(order);
        for order in &mut orders[..2] {
            order.status = Some("returned".to_owned());
        }
        assert_eq!(shown(&orders, 4, "2024-03-05", 4), "00???????100");
    }

    #[test]
    fn the_next_order_is_due_after_the_usual_gap() {
        let day = "2025-12-20".parse().expect("a day");
        assert_eq!(
            after(day, 14.6).map(|day| day.to_string()).as_deref(),
            Some("2026-01-04")
        );
        assert_eq!(after(day, f64::INFINITY), None);
    }
}
