//! The CDNOW sample as histories: calibration to a day, what came after, and the values of repeat purchases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cartera_clv::{Histories, History};

/// One customer of the sample.
pub(crate) struct Customer {
    pub(crate) history: History,
    /// Days with a purchase after the split.
    pub(crate) holdout: u32,
    /// Mean value of the repeat days of the calibration, 0 without one.
    pub(crate) mean_value: f64,
}

/// A file of the real data, or none after saying that the test was skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn real_data(file: &str) -> Option<String> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("CARTERA_REAL_DATA")
        .map_or(default, Into::into)
        .join(file);
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: this test needs {}", path.display());
    }
    text
}

/// Days since 1970-01-01 of a day written as YYYYMMDD.
fn day(text: &str) -> i64 {
    let number: i64 = text.parse().unwrap();
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    // Years from March on, so that a leap day ends a year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469
}

/// The customers by their number in the sample; purchases on the day of the split belong to the calibration.
pub(crate) fn customers(split: &str) -> Option<Vec<Customer>> {
    let text = real_data("cdnow/CDNOW_sample.txt")?;
    let mut days: BTreeMap<u32, BTreeMap<i64, f64>> = BTreeMap::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let value: f64 = fields[4].parse().unwrap();
        *days
            .entry(fields[1].parse().unwrap())
            .or_default()
            .entry(day(fields[2]))
            .or_default() += value;
    }
    let split = day(split);
    let number = |days: i64| u32::try_from(days).unwrap();
    let customer = |days: BTreeMap<i64, f64>| {
        let first = *days.keys().next().unwrap();
        let repeats: Vec<(i64, f64)> = days
            .range(first + 1..=split)
            .map(|(day, value)| (*day, *value))
            .collect();
        let sum: f64 = repeats.iter().map(|(_, value)| value).sum();
        Customer {
            history: History {
                repeat_count: number(repeats.len() as i64),
                recency_days: number(repeats.last().map_or(0, |(day, _)| day - first)),
                age_days: number(split - first),
            },
            holdout: number(days.range(split + 1..).count() as i64),
            mean_value: sum / (repeats.len() as f64).max(1.0),
        }
    };
    Some(days.into_values().map(customer).collect())
}

/// Histories and spend of the calibration period.
pub(crate) struct Cdnow {
    pub(crate) histories: Histories,
    /// Repeat days and their mean value, for customers with any repeat.
    pub(crate) spend: Vec<(u32, f64)>,
}

/// The base that models are fitted to, up to 1997-09-30.
pub(crate) fn cdnow() -> Option<Cdnow> {
    let customers = customers("19970930")?;
    let repeat_buyers = customers.iter().filter(|customer| customer.history.repeat_count > 0);
    Some(Cdnow {
        histories: Histories::new(customers.iter().map(|customer| customer.history).collect()),
        spend: repeat_buyers
            .map(|customer| (customer.history.repeat_count, customer.mean_value))
            .collect(),
    })
}
