//! The figures of a whole source.

use std::collections::{BTreeMap, BTreeSet};

use cartera_ingest::quality::{Days, SourceQuality};
use cartera_table::{DuplicatePolicy, Money};

use super::calendar::{Calendar, Window};
use super::metric::{Metric, Status, as_number, share};
use super::words::{WEEKDAYS, day, day_ranges, days, number, percent, runs_of_days, weekday};

/// Item of a mean over all days of the source.
pub(crate) const ALL_DAYS: &str = "all_days";
/// Item of a mean over the last seven days.
pub(crate) const RECENT: &str = "last_7_days";
/// Item of a mean over the 28 days before these.
pub(crate) const BEFORE: &str = "28_days_before";

/// What is said of a source besides its figures.
#[derive(Debug, Clone)]
pub(crate) struct SourceFacts<'f> {
    pub(crate) name: &'f str,
    /// The names of its files, in their order.
    pub(crate) files: Vec<&'f str>,
    pub(crate) duplicates: DuplicatePolicy,
    /// The combinations of columns that are watched for repeats.
    pub(crate) unique_keys: &'f [Vec<String>],
    /// Whether its amounts are all in one currency.
    pub(crate) has_one_currency: bool,
    /// Whether a row without a customer means something.
    pub(crate) has_guests: bool,
    /// Its table.
    pub(crate) table: &'f str,
}

/// Rows that find their partner in another source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Referential {
    /// The source whose rows look for a partner; their table where it has several sources.
    pub(crate) source: String,
    /// The column that names the partner.
    pub(crate) column: String,
    /// Where the partner is looked for, such as `products`.
    pub(crate) partner: String,
    /// Those that find it.
    pub(crate) matched: u64,
    /// All that name one.
    pub(crate) total: u64,
}

pub(crate) fn source_metrics(facts: &SourceFacts<'_>, quality: &SourceQuality, as_of: i32) -> Vec<Metric> {
    let of = |metric: &str| Metric::of_source(facts.name, metric);
    let whole = &quality.whole;
    let mut metrics = vec![of("rows").count(whole.records())];
    for (reason, &rows) in whole.rejected() {
        metrics.push(of("failed_rows").item(reason.as_str()).count(rows));
    }
    for (key, repeats) in facts.unique_keys.iter().zip(whole.key_repeats()) {
        let metric = of("repeated_share")
            .item(key.join("+"))
            .number(share(repeats.repeated_rows(), repeats.rows));
        metrics.push(if repeats.is_whole {
            metric.detail(format!(
                "{} rows repeat the key of another row",
                number(as_number(repeats.repeated_rows()))
            ))
        } else {
            let keys = number(as_number(repeats.keys));
            metric.detail(format!("counted in all rows of {keys} random keys"))
        });
    }
    if let Some(calendar) = Calendar::new(whole.days(), as_of) {
        metrics.extend(day_metrics(facts, &calendar, as_of));
    }
    if let Some(metric) = overlapping_days(facts, &quality.days_of_files, as_of) {
        metrics.push(metric);
    }
    metrics
}

/// The share of rows that find their partner.
pub(crate) fn referential_metric(relation: &Referential) -> Metric {
    Metric::of_source(&relation.source, "matched_share")
        .column(&relation.column)
        .item(relation.partner.as_str())
        .number(share(relation.matched, relation.total))
        .detail(format!(
            "{} of {} that name a partner find it",
            number(as_number(relation.matched)),
            number(as_number(relation.total))
        ))
}

fn day_metrics(facts: &SourceFacts<'_>, calendar: &Calendar, as_of: i32) -> Vec<Metric> {
    let of = |metric: &str| Metric::of_source(facts.name, metric);
    let mut metrics = vec![
        of("first_day").value(day(calendar.first)),
        of("last_day").value(day(calendar.last)),
        of("days_since_last_day").number(f64::from(as_of - calendar.last)),
        of("days_with_rows").count(calendar.days_with_rows() as u64),
        days_without_data(facts.name, calendar),
    ];
    let windows = [
        (ALL_DAYS, Some(calendar.whole())),
        (RECENT, Some(calendar.recent())),
        (BEFORE, calendar.before()),
    ];
    for (item, window) in windows {
        if let Some(window) = window {
            metrics.extend(window_metrics(facts, item, window));
        }
    }
    metrics
}

fn window_metrics(facts: &SourceFacts<'_>, item: &str, window: Window) -> Vec<Metric> {
    let of = |metric: &str| Metric::of_source(facts.name, metric).item(item);
    let mut metrics = vec![of("rows_per_day").number(window.rows_per_day())];
    if let Some(mean) = window.mean_amount().filter(|_| facts.has_one_currency) {
        #[expect(clippy::cast_precision_loss, reason = "the exact amount stands beside it")]
        let number = mean as f64 / 10_000.0;
        metrics.push(of("mean_amount").value(Money(mean).to_string()).number(number));
    }
    if let Some(share) = window.guest_share().filter(|_| facts.has_guests) {
        metrics.push(of("guest_share").number(share));
    }
    metrics
}

fn days_without_data(source: &str, calendar: &Calendar) -> Metric {
    let gaps = calendar.gaps();
    let mut metric = Metric::of_source(source, "days_without_data").count(gaps.len() as u64);
    if gaps.is_empty() {
        return metric;
    }
    let never: Vec<usize> = calendar
        .weekday_shares()
        .iter()
        .enumerate()
        .filter(|(_, share)| **share == Some(0.0))
        .map(|(weekday, _)| weekday)
        .collect();
    let is_closed = |day: i32| never.contains(&weekday(day));
    let mut words: Vec<String> = never
        .iter()
        .map(|&weekday| format!("every {}", WEEKDAYS[weekday]))
        .collect();
    let others = runs_of_days(gaps.iter().copied().filter(|&day| !is_closed(day)), is_closed);
    if !others.is_empty() {
        words.push(day_ranges(&others));
    }
    metric.detail = Some(words.join(", "));
    let unexpected = calendar.unexpected_gaps();
    if !unexpected.is_empty() {
        let ranges = day_ranges(&runs_of_days(unexpected.iter().copied(), is_closed));
        metric.note(
            Status::Warning,
            format!("no rows on {ranges}, which usually have some: look for files that did not arrive"),
        );
    }
    metric
}

/// Days on which several files have rows; nothing where the source has one file.
fn overlapping_days(facts: &SourceFacts<'_>, days_of_files: &BTreeMap<usize, Days>, as_of: i32) -> Option<Metric> {
    if days_of_files.len() < 2 {
        return None;
    }
    let mut files_of_day: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (&file, days) in days_of_files {
        for &day in days.0.range(..=as_of).map(|(day, _)| day) {
            files_of_day.entry(day).or_default().push(file);
        }
    }
    files_of_day.retain(|_, files| files.len() > 1);
    let mut metric = Metric::of_source(facts.name, "overlapping_days").count(files_of_day.len() as u64);
    if files_of_day.is_empty() {
        return Some(metric);
    }
    let files: BTreeSet<usize> = files_of_day.values().flatten().copied().collect();
    let names: Vec<&str> = files
        .iter()
        .filter_map(|&file| facts.files.get(file).copied())
        .collect();
    let names = match names.as_slice() {
        [one, two] => format!("{one} and {two}"),
        _ => format!("{} files", names.len()),
    };
    let ranges = day_ranges(&runs_of_days(files_of_day.keys().copied(), |_| false));
    let advice = match facts.duplicates {
        DuplicatePolicy::Keep => {
            "every line counts: where exports overlap, set policy = \"across_files\" in [source.duplicates]"
        }
        DuplicatePolicy::AcrossFiles => "identical lines count as often as in the file that has them most",
        DuplicatePolicy::LatestByKey => "the newest file's line counts",
    };
    let count = days(files_of_day.len());
    metric.note(
        Status::Warning,
        format!("{names} overlap on {count} ({ranges}): {advice}"),
    );
    Some(metric)
}

/// The same figure of two windows, told as a change.
pub(crate) fn moved(metric: &str, recent: f64, before: f64) -> String {
    let tell = if metric == "guest_share" { percent } else { number };
    format!(
        "{} over the last 7 days, {} over the 28 days before",
        tell(recent),
        tell(before)
    )
}
