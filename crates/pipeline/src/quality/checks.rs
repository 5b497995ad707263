//! Whether the demands of the pipeline hold.

use cartera_ingest::quality::{ColumnFacts, SourceQuality};

use super::changes::{change_of, recent_and_before};
use super::metric::{Metric, Status, as_number, share};
use super::params::{LimitParams, Severity, ValidCheck};
use super::source_metrics::{RECENT, SourceFacts, moved};
use super::words::{number, percent};

/// Values that a message lists.
const LISTED_VALUES: usize = 5;

/// Looks at every demand of a check, notes what does not hold on its figure, and tells whether one of them stops the
/// run.
pub(crate) fn evaluate(
    check: &ValidCheck,
    facts: &SourceFacts<'_>,
    quality: &SourceQuality,
    metrics: &mut Vec<Metric>,
) -> bool {
    let (source, table) = (facts.name, facts.table);
    let mut failures = Failures {
        source,
        metrics,
        found: false,
    };
    let params = &check.params;
    for (metric, limits) in [
        ("rows_per_day", params.rows_per_day),
        ("mean_amount", params.mean_amount),
        ("guest_share", params.guest_share),
    ] {
        if let Some(limits) = limits {
            failures.of_limits(metric, limits);
        }
    }
    if let Some(limit) = params.freshness_days {
        failures.of_freshness(limit);
    }
    for (column, &limit) in &params.max_null_share {
        failures.of_nulls(column, limit);
    }
    if !params.unique.is_empty() {
        failures.of_unique(&params.unique);
    }
    let columns = quality.whole.columns();
    for (column, values) in &params.accepted_values {
        failures.of_accepted(column, values, columns.iter().find(|facts| facts.name == *column));
    }
    for (column, &limit) in &params.referential {
        failures.of_referential(table, column, limit);
    }
    failures.found && params.severity == Severity::Stop
}

/// The columns that a `unique` demand looks at, as the metric names them.
pub(crate) fn key_name(columns: &[String]) -> String {
    columns.join("+")
}

struct Failures<'m> {
    source: &'m str,
    metrics: &'m mut Vec<Metric>,
    found: bool,
}

impl Failures<'_> {
    fn figure(&mut self, metric: &str, item: Option<&str>) -> Option<&mut Metric> {
        self.metrics
            .iter_mut()
            .find(|known| known.is(self.source, metric, item))
    }

    /// Notes a failure on a figure; a figure that is not there is put there for it.
    fn fail(&mut self, metric: &str, item: Option<&str>, column: Option<&str>, text: String) {
        self.found = true;
        let mut wanted = Metric::of_source(self.source, metric);
        wanted.key.item = item.map(str::to_owned);
        wanted.key.column = column.map(str::to_owned);
        if let Some(known) = self.metrics.iter_mut().find(|known| known.key == wanted.key) {
            known.note(Status::Failed, text);
        } else {
            wanted.note(Status::Failed, text);
            self.metrics.push(wanted);
        }
    }

    fn of_limits(&mut self, metric: &str, limits: LimitParams) {
        let title = match metric {
            "rows_per_day" => "rows a day over the last 7 days",
            "mean_amount" => "the mean amount over the last 7 days",
            _ => "the share of rows without a customer over the last 7 days",
        };
        let tell = if metric == "guest_share" { percent } else { number };
        let Some(found) = self.figure(metric, Some(RECENT)).and_then(|figure| figure.number) else {
            let text = format!("{title} cannot be told: no row has it up to as_of");
            return self.fail(metric, Some(RECENT), None, text);
        };
        if let Some(min) = limits.min.filter(|&min| found < min) {
            let text = format!("{title}: {}, at least {} is demanded", tell(found), tell(min));
            self.fail(metric, Some(RECENT), None, text);
        }
        if let Some(max) = limits.max.filter(|&max| found > max) {
            let text = format!("{title}: {}, at most {} is allowed", tell(found), tell(max));
            self.fail(metric, Some(RECENT), None, text);
        }
        // Without 28 days before there is nothing to have changed from.
        if let (Some(limit), Some((recent, before))) =
            (limits.max_change, recent_and_before(self.metrics, self.source, metric))
            && change_of(metric, recent, before) > limit
        {
            let unit = if metric == "guest_share" { " (in points)" } else { "" };
            let text = format!(
                "{metric}: {}, a change of at most {}{unit} is allowed",
                moved(metric, recent, before),
                percent(limit)
            );
            self.fail(metric, Some(RECENT), None, text);
        }
    }

    fn of_freshness(&mut self, limit: u32) {
        let found = self
            .figure("days_since_last_day", None)
            .and_then(|figure| figure.number);
        let text = match found {
            Some(days) if days <= f64::from(limit) => return,
            Some(days) => format!(
                "the last rows are {} days old, at most {limit} are allowed: look for files that did not arrive",
                number(days)
            ),
            None => "no row has a day up to as_of".to_owned(),
        };
        self.fail("days_since_last_day", None, None, text);
    }

    fn of_nulls(&mut self, column: &str, limit: f64) {
        let found = self
            .metrics
            .iter()
            .find(|known| known.is_of_column(self.source, column, "filled_share"))
            .and_then(|figure| figure.number);
        let text = match found {
            // A share of whole rows: what rounding could add is far below a row.
            Some(filled) if 1.0 - filled <= limit + 1e-12 => return,
            Some(filled) => format!(
                "{column} is empty or unreadable in {} of the rows, at most {} is allowed",
                percent(1.0 - filled),
                percent(limit)
            ),
            None => format!("{column} was not read: the source has no rows"),
        };
        self.fail("filled_share", None, Some(column), text);
    }

    fn of_unique(&mut self, columns: &[String]) {
        let item = key_name(columns);
        let Some(figure) = self.figure("repeated_share", Some(&item)) else {
            // No row, no repeat.
            return;
        };
        let Some(repeated) = figure.number.filter(|&share| share > 0.0) else {
            return;
        };
        let detail = figure.detail.take().unwrap_or_default();
        let text = format!(
            "{item} is not unique: {} of the rows repeat a key ({detail})",
            percent(repeated)
        );
        self.fail("repeated_share", Some(&item), None, text);
    }

    fn of_accepted(&mut self, column: &str, accepted: &[String], facts: Option<&ColumnFacts>) {
        let Some(facts) = facts.filter(|facts| facts.filled > 0) else {
            return;
        };
        let Some(values) = &facts.values else {
            let text = format!(
                "{column} has about {} different values, {} are accepted",
                number(as_number(facts.distinct_count)),
                accepted.len()
            );
            return self.fail("unaccepted_share", None, Some(column), text);
        };
        let others: Vec<&(String, u64)> = values.iter().filter(|(value, _)| !accepted.contains(value)).collect();
        let rows: u64 = others.iter().map(|(_, rows)| rows).sum();
        let found = share(rows, facts.filled);
        self.metrics.push(
            Metric::of_source(self.source, "unaccepted_share")
                .column(column)
                .number(found),
        );
        if others.is_empty() {
            return;
        }
        let mut listed: Vec<String> = others
            .iter()
            .take(LISTED_VALUES)
            .map(|(value, rows)| format!("{value:?} ({})", number(as_number(*rows))))
            .collect();
        if others.len() > LISTED_VALUES {
            listed.push(format!("and {} more", others.len() - LISTED_VALUES));
        }
        let text = format!(
            "{column} holds values that are not accepted in {} of its rows: {}",
            percent(found),
            listed.join(", ")
        );
        self.fail("unaccepted_share", None, Some(column), text);
    }

    fn of_referential(&mut self, table: &str, column: &str, limit: f64) {
        // A table with several sources is held against its partners as a whole.
        let found = [self.source, table].into_iter().find_map(|source| {
            self.metrics
                .iter()
                .position(|known| known.is_of_column(source, column, "matched_share"))
        });
        let Some(place) = found else {
            let text = format!("{column} names no partner: no other source holds what it names");
            return self.fail("matched_share", None, Some(column), text);
        };
        let figure = &mut self.metrics[place];
        let share = figure.number.unwrap_or(0.0);
        if share < limit {
            let partner = figure.key.item.clone().unwrap_or_default();
            let detail = figure.detail.clone().unwrap_or_default();
            let text = format!(
                "{column} finds its partner in {partner} in {}, at least {} is demanded ({detail})",
                percent(share),
                percent(limit)
            );
            figure.note(Status::Failed, text);
            self.found = true;
        }
    }
}
