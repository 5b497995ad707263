//! What is unusual without anybody having to ask: sudden changes. They warn and never stop a run.
//!
//! One rule for rows a day, the mean amount and the share of guests: the last seven days of a source beside the 28
//! days before them. And one for the run before: what was there must not have become less.

use super::metric::{Metric, Status};
use super::source_metrics::{BEFORE, RECENT, moved};
use super::words::{number, percent};

/// Rows of the 28 days before, below which chance alone moves the figures far.
const LEAST_ROWS_PER_DAY: f64 = 10.0;
/// Rows a day and mean amounts may fall to this part, or rise to its inverse.
const LEAST_PART: f64 = 0.5;
/// Points that the share of guests, and of filled cells since the run before, may move.
const SHARE_POINTS: f64 = 0.1;

/// Which of the figures of a source have a limit of their own in a check, so that the built-in one does not apply.
pub(crate) type HasOwnLimit<'c> = &'c dyn Fn(&str, &str) -> bool;

/// Notes sudden changes on the figures. The previous ones stand in them already.
pub(crate) fn note_changes(metrics: &mut [Metric], has_own_limit: HasOwnLimit<'_>) {
    let mut notes = Vec::new();
    for (place, metric) in metrics.iter().enumerate() {
        if let Some(text) = recent_change(metrics, metric, has_own_limit).or_else(|| since_the_run_before(metric)) {
            notes.push((place, text));
        }
    }
    for (place, text) in notes {
        metrics[place].note(Status::Warning, text);
    }
}

/// The figure of the last seven days and of the 28 days before, of the same metric as one of them.
pub(crate) fn recent_and_before(metrics: &[Metric], source: &str, metric: &str) -> Option<(f64, f64)> {
    let figure = |item: &str| {
        metrics
            .iter()
            .find(|other| other.is(source, metric, Some(item)))?
            .number
    };
    Some((figure(RECENT)?, figure(BEFORE)?))
}

/// How far a figure moved: in points for shares, else as a part of what it was.
pub(crate) fn change_of(metric: &str, recent: f64, before: f64) -> f64 {
    let difference = (recent - before).abs();
    if metric == "guest_share" {
        difference
    } else if before == 0.0 {
        if difference == 0.0 { 0.0 } else { f64::INFINITY }
    } else {
        difference / before.abs()
    }
}

fn recent_change(metrics: &[Metric], metric: &Metric, has_own_limit: HasOwnLimit<'_>) -> Option<String> {
    let (source, name) = (metric.key.source.as_str(), metric.key.metric.as_str());
    if metric.key.item.as_deref() != Some(RECENT) || has_own_limit(source, name) {
        return None;
    }
    let (recent, before) = recent_and_before(metrics, source, name)?;
    let (_, rows_before) = recent_and_before(metrics, source, "rows_per_day")?;
    if rows_before < LEAST_ROWS_PER_DAY {
        return None;
    }
    let (is_sudden, title, advice) = match name {
        "rows_per_day" => (
            is_far(recent, before),
            "rows a day",
            "look for files that are cut off, missing or doubled",
        ),
        "mean_amount" => (
            is_far(recent, before),
            "the mean amount",
            "look for another unit, currency or decimal separator",
        ),
        "guest_share" => (
            change_of(name, recent, before) > SHARE_POINTS,
            "the share of rows without a customer",
            "look whether customer keys are still exported",
        ),
        _ => return None,
    };
    is_sudden.then(|| format!("{title}: {}; {advice}", moved(name, recent, before)))
}

fn is_far(recent: f64, before: f64) -> bool {
    // Of different signs, or one of them zero, they are far from each other as well.
    let part = recent / before;
    before != 0.0 && !(LEAST_PART..=1.0 / LEAST_PART).contains(&part)
}

fn since_the_run_before(metric: &Metric) -> Option<String> {
    let (now, before) = (metric.number?, metric.previous_number?);
    match (metric.key.metric.as_str(), &metric.key.column) {
        ("rows", None) if now < before => Some(format!(
            "{} rows, {} in the run before: look for files that are gone or cut off",
            number(now),
            number(before)
        )),
        ("filled_share", Some(column)) if before - now > SHARE_POINTS => Some(format!(
            "{column} is filled in {} of the rows, {} in the run before: look whether it is still exported",
            percent(now),
            percent(before)
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(metric: &str, recent: f64, before: f64) -> Vec<Metric> {
        let of = |metric: &str, item: &str, number| Metric::of_source("shop", metric).item(item).number(number);
        let mut metrics = vec![of("rows_per_day", BEFORE, 100.0), of("rows_per_day", RECENT, 100.0)];
        metrics.retain(|known| known.key.metric != metric);
        metrics.extend([of(metric, RECENT, recent), of(metric, BEFORE, before)]);
        metrics
    }

    fn warned(mut metrics: Vec<Metric>) -> Vec<String> {
        note_changes(&mut metrics, &|_, _| false);
        let noted = metrics.into_iter().filter(|metric| metric.status == Status::Warning);
        noted.filter_map(|metric| metric.detail).collect()
    }

    #[test]
    fn half_and_double_are_the_limits() {
        for metric in ["rows_per_day", "mean_amount"] {
            for (recent, count) in [(50.0, 0), (49.9, 1), (200.0, 0), (200.1, 1), (0.0, 1)] {
                assert_eq!(warned(windows(metric, recent, 100.0)).len(), count, "{metric} {recent}");
            }
        }
        assert_eq!(warned(windows("mean_amount", -60.0, 100.0)).len(), 1);
        assert_eq!(
            warned(windows("rows_per_day", 20.0, 1_000.0)),
            [
                "rows a day: 20 over the last 7 days, 1,000 over the 28 days before; look for files that are cut off, missing or doubled"
            ]
        );
    }

    #[test]
    fn guests_may_move_by_ten_points() {
        for (recent, count) in [(0.3, 0), (0.31, 1), (0.1, 0), (0.09, 1)] {
            assert_eq!(warned(windows("guest_share", recent, 0.2)).len(), count, "{recent}");
        }
    }

    #[test]
    fn few_rows_say_nothing() {
        assert!(warned(windows("rows_per_day", 1.0, 9.0)).is_empty());
    }

    #[test]
    fn an_own_limit_takes_the_place_of_the_built_in_one() {
        let mut metrics = windows("rows_per_day", 1.0, 100.0);
        note_changes(&mut metrics, &|source, metric| {
            (source, metric) == ("shop", "rows_per_day")
        });
        assert!(metrics.iter().all(|metric| metric.status == Status::Ok));
    }

    #[test]
    fn what_became_less_since_the_run_before_is_told() {
        let with_previous = |metric: Metric, previous| Metric {
            previous_number: Some(previous),
            ..metric
        };
        let rows = |now, before| vec![with_previous(Metric::of_source("shop", "rows").number(now), before)];
        assert_eq!(warned(rows(99.0, 100.0)).len(), 1);
        assert!(warned(rows(100.0, 100.0)).is_empty() && warned(rows(101.0, 100.0)).is_empty());
        let filled = |now, before| {
            let metric = Metric::of_source("shop", "filled_share").column("channel").number(now);
            vec![with_previous(metric, before)]
        };
        assert!(
            warned(filled(0.4, 0.9))[0].contains("channel is filled in 40.00 % of the rows, 90.00 % in the run before")
        );
        assert!(warned(filled(0.85, 0.9)).is_empty() && warned(filled(0.9, 0.4)).is_empty());
    }
}
