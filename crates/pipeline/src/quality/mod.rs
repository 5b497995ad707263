//! What the sources are like, beside what they were in the run before, and whether the pipeline's checks hold.
//!
//! The figures come from what `ingest` measured while it read. [`assess`] adds the figures of the run before, notes
//! what is unusual, looks at the checks, and leaves the table `data_quality` and the findings, worst first. A figure
//! that is unusual warns; a check that does not hold makes the run exit with 1, or stops it before anything is
//! published.

mod calendar;
mod changes;
mod checks;
mod column_metrics;
mod metric;
mod params;
mod source_metrics;
mod table;
mod words;

pub use metric::Status;
pub use params::{CheckParamsError, Severity};

pub(crate) use params::{CheckParams, CheckedSource, ValidCheck};
pub(crate) use source_metrics::{Referential, SourceFacts};
pub(crate) use table::Previous;

use cartera_ingest::quality::SourceQuality;
use cartera_table::contracts::DataQuality;
use cartera_table::{SourceTable, Table, TableError};
use serde::Serialize;

/// The column of a table that tells which day a row falls on; none where a table has none.
pub(crate) fn day_column(table: SourceTable) -> Option<&'static str> {
    match table {
        SourceTable::OrderLines => Some("ordered_at"),
        SourceTable::Interactions => Some("occurred_at"),
        SourceTable::Cases => Some("opened_at"),
        SourceTable::Costs => Some("incurred_on"),
        _ => None,
    }
}

/// Something about the data that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// [`Status::Failed`] for a check that does not hold, else [`Status::Warning`].
    #[serde(skip)]
    pub status: Status,
    /// The source.
    pub source: String,
    /// What is wrong, with figures, and what to do.
    pub text: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.source, self.text)
    }
}

/// What was found, in short.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QualityReport {
    /// Worst first, then in the order of the sources.
    pub findings: Vec<Finding>,
    /// Demands of the pipeline that were looked at.
    pub demands: usize,
    /// Figures that were told.
    pub figures: usize,
}

impl QualityReport {
    /// Findings of a status.
    pub fn of(&self, status: Status) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.status == status)
    }

    /// Whether a check does not hold.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.of(Status::Failed).next().is_some()
    }
}

/// Everything that is known of the data's quality.
#[derive(Debug, Clone)]
pub(crate) struct Assessment {
    pub(crate) table: Table<DataQuality>,
    pub(crate) report: QualityReport,
    /// Whether a check that does not hold stops the run.
    pub(crate) stops: bool,
}

/// Makes the figures of all sources, compares and checks them.
pub(crate) fn assess(
    sources: &[(SourceFacts<'_>, SourceQuality)],
    referential: &[Referential],
    checks: &[ValidCheck],
    previous: &Previous,
    as_of: i32,
) -> Result<Assessment, TableError> {
    let mut metrics = Vec::new();
    for (facts, quality) in sources {
        metrics.extend(source_metrics::source_metrics(facts, quality, as_of));
        metrics.extend(column_metrics::column_metrics(facts.name, quality));
    }
    metrics.extend(referential.iter().map(source_metrics::referential_metric));
    previous.fill_in(&mut metrics);
    let has_own_limit = |source: &str, metric: &str| {
        checks.iter().any(|check| {
            sources[check.source_index].0.name == source
                && match metric {
                    "rows_per_day" => check.params.rows_per_day.is_some(),
                    "mean_amount" => check.params.mean_amount.is_some(),
                    _ => check.params.guest_share.is_some(),
                }
        })
    };
    changes::note_changes(&mut metrics, &has_own_limit);
    let mut stops = false;
    for check in checks {
        let (facts, quality) = &sources[check.source_index];
        stops |= checks::evaluate(check, facts, quality, &mut metrics);
    }
    let table = table::table(&metrics)?;
    let mut findings: Vec<Finding> = metrics
        .iter()
        .filter(|metric| metric.status != Status::Ok)
        .map(|metric| Finding {
            status: metric.status,
            source: metric.key.source.clone(),
            text: metric.detail.clone().unwrap_or_default(),
        })
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    Ok(Assessment {
        table,
        report: QualityReport {
            findings,
            demands: checks.iter().map(|check| check.params.demands()).sum(),
            figures: metrics.len(),
        },
        stops,
    })
}
