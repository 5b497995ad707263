//! Figures in sentences.

use cartera_table::AsOf;

use crate::grouped::grouped;

/// A share as a percentage with two decimals.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A number with thousands separated and at most two decimals.
pub(crate) fn number(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.strip_suffix(".00").unwrap_or(&text);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, ""), |(whole, rest)| (whole, rest));
    let mut separated = format!("{sign}{}", grouped(whole));
    if !fraction.is_empty() {
        separated.push('.');
        separated.push_str(fraction);
    }
    separated
}

/// `1 day`, `12 days`.
pub(crate) fn days(count: usize) -> String {
    format!(
        "{} day{}",
        number(super::metric::as_number(count as u64)),
        if count == 1 { "" } else { "s" }
    )
}

/// A day since 1970-01-01 as a date.
pub(crate) fn day(day: i32) -> String {
    AsOf::from_epoch_days(day).map_or_else(|| day.to_string(), |day| day.to_string())
}

/// `2011-06-01` or `2011-06-01 to 2011-06-09`.
pub(crate) fn day_range((first, last): (i32, i32)) -> String {
    if first == last {
        day(first)
    } else {
        format!("{} to {}", day(first), day(last))
    }
}

/// The last few ranges, newest first, and how many more there are.
pub(crate) fn day_ranges(ranges: &[(i32, i32)]) -> String {
    const SHOWN: usize = 3;
    let mut words: Vec<String> = ranges.iter().rev().take(SHOWN).map(|&range| day_range(range)).collect();
    if ranges.len() > SHOWN {
        words.push(format!("and {} earlier", ranges.len() - SHOWN));
    }
    words.join(", ")
}

/// Runs of days, ascending; `bridged` days may lie between two days of a run.
pub(crate) fn runs_of_days(days: impl IntoIterator<Item = i32>, is_bridged: impl Fn(i32) -> bool) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some(run) if (run.1 + 1..day).all(&is_bridged) => run.1 = day,
            _ => runs.push((day, day)),
        }
    }
    runs
}

/// The day of the week, 0 for Monday.
pub(crate) fn weekday(day: i32) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((i64::from(day) + 3).rem_euclid(7)).unwrap_or(0)
}

/// Their names.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_separated_and_short() {
        assert_eq!(number(1_234_567.0), "1,234,567");
        assert_eq!(number(-1_234.567), "-1,234.57");
        assert_eq!(number(0.5), "0.50");
        assert_eq!((days(1), days(1_200)), ("1 day".to_owned(), "1,200 days".to_owned()));
    }

    #[test]
    fn weekdays_are_those_of_the_calendar() {
        for (day, name) in [
            ("1970-01-01", "Thursday"),
            ("2011-12-09", "Friday"),
            ("1969-12-28", "Sunday"),
        ] {
            let day = AsOf(day.parse().expect("a day")).epoch_days();
            assert_eq!(WEEKDAYS[weekday(day)], name);
        }
    }

    #[test]
    fn runs_reach_over_bridged_days() {
        let days = [1, 2, 4, 8, 9, 12];
        assert_eq!(runs_of_days(days, |_| false), [(1, 2), (4, 4), (8, 9), (12, 12)]);
        assert_eq!(runs_of_days(days, |day| day == 3), [(1, 4), (8, 9), (12, 12)]);
        assert_eq!(
            day_ranges(&[(0, 0), (2, 2), (4, 5), (8, 8)]),
            "1970-01-09, 1970-01-05 to 1970-01-06, 1970-01-03, and 1 earlier"
        );
    }
}
