//! The figures of each column.

use std::borrow::Cow;

use cartera_ingest::masked;
use cartera_ingest::quality::{ColumnFacts, SourceQuality};
use cartera_table::SourceTable;

use super::metric::{Metric, as_number, share};
use super::words::number;

pub(crate) fn column_metrics(source: &str, quality: &SourceQuality) -> Vec<Metric> {
    let rows = quality.whole.rows();
    quality
        .whole
        .columns()
        .iter()
        .flat_map(|facts| of_column(source, facts, rows))
        .collect()
}

fn of_column(source: &str, facts: &ColumnFacts, rows: u64) -> Vec<Metric> {
    let of = |metric: &str| Metric::of_source(source, metric).column(&facts.name);
    let mut metrics = vec![of("filled_share").number(share(facts.filled, rows))];
    let distinct = of("distinct_count").count(facts.distinct_count);
    metrics.push(if facts.is_distinct_exact {
        distinct
    } else {
        distinct.detail("estimated, standard error 0.81 %")
    });
    for (reason, &rows) in &facts.failures {
        metrics.push(of("failed_rows").item(reason.as_str()).count(rows));
    }
    if let Some([least, greatest]) = &facts.least_and_greatest {
        metrics.push(with_number(of("min"), least));
        metrics.push(with_number(of("max"), greatest));
    }
    if let Some([shortest, longest]) = facts.text_bytes {
        metrics.push(of("shortest_bytes").count(shortest));
        metrics.push(of("longest_bytes").count(longest));
    }
    for (place, (value, share)) in facts.top_values.iter().enumerate() {
        let metric = of("top_value")
            .item((place + 1).to_string())
            .value(&*shown(&facts.name, value))
            .number(*share);
        metrics.push(match facts.sampled_rows {
            Some(sampled) => metric.detail(format!(
                "share estimated from {} random rows",
                number(as_number(sampled))
            )),
            None => metric,
        });
    }
    metrics
}

/// A frequent value, or only its shape where it may be a name or an e-mail that slipped into the column: one
/// with an `@`, or with a blank in a column that takes a few words only.
fn shown<'v>(column: &str, value: &'v str) -> Cow<'v, str> {
    let closed_lists = SourceTable::ALL
        .into_iter()
        .filter_map(|table| table.contract().column(column))
        .map(|definition| definition.allowed_values)
        .filter(|allowed| !allowed.is_empty());
    let is_odd_word = value.contains(' ') && closed_lists.clone().count() > 0;
    if value.contains('@') || (is_odd_word && !closed_lists.flatten().any(|allowed| *allowed == value)) {
        return Cow::Owned(masked(value));
    }
    Cow::Borrowed(value)
}

/// A value as text, and as a number where it is one.
fn with_number(metric: Metric, value: &str) -> Metric {
    let metric = metric.value(value);
    match value.parse() {
        Ok(number) => metric.number(number),
        Err(_) => metric,
    }
}
