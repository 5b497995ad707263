//! Findings about the data that are new, and those that are settled.

use std::collections::BTreeMap;

use cartera_table::contracts::DataQuality;
use cartera_table::frame;
use serde::Serialize;

use super::lists::ReasonChange;
use super::read::columns;
use crate::error::PipelineError;
use crate::store::{PublishedRun, RunRecord};

/// What is unusual, and which checks do not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct QualityChanges {
    /// Findings of the second run alone, failed checks first.
    pub new: Vec<QualityFinding>,
    /// Findings of the first run alone.
    pub settled: Vec<QualityFinding>,
    /// How many both have.
    pub remaining: usize,
    /// Rows set aside, by reason; equal counts are left out.
    pub set_aside: Vec<ReasonChange>,
}

/// A row of `data_quality` that is not ok.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualityFinding {
    /// failed or warning.
    pub status: String,
    /// The source.
    pub source: String,
    /// What was measured.
    pub metric: String,
    /// What is wrong.
    pub detail: String,
}

/// Source, column, metric, item.
type Figure = [Option<String>; 4];

pub(super) fn quality(before: &PublishedRun, after: &PublishedRun) -> Result<QualityChanges, PipelineError> {
    let (then, now) = (findings(before)?, findings(after)?);
    let alone = |of: &BTreeMap<Figure, QualityFinding>, beside: &BTreeMap<Figure, QualityFinding>| {
        let of = of.iter().filter(|(figure, finding)| {
            // One that warned and fails now is new.
            beside.get(*figure).is_none_or(|other| other.status != finding.status)
        });
        let mut alone: Vec<QualityFinding> = of.map(|(_, finding)| finding.clone()).collect();
        alone.sort_by_key(|finding| finding.status != "failed");
        alone
    };
    let new = alone(&now, &then);
    Ok(QualityChanges {
        remaining: now.len() - new.len(),
        new,
        settled: alone(&then, &now),
        set_aside: set_aside(&before.manifest.record, &after.manifest.record),
    })
}

fn findings(run: &PublishedRun) -> Result<BTreeMap<Figure, QualityFinding>, PipelineError> {
    let names = ["source", "column", "metric", "item", "status", "detail"];
    let Some(table) = columns::<DataQuality>(run, &names)? else {
        return Ok(BTreeMap::new());
    };
    let mut texts = Vec::with_capacity(names.len());
    for name in names {
        texts.push(frame::text(&table, name)?);
    }
    let text = |column: usize, row: usize| texts[column].get(row).map(str::to_owned);
    let finding = |row: usize| {
        let status = text(4, row).filter(|status| status != "ok")?;
        let finding = QualityFinding {
            status,
            source: text(0, row)?,
            metric: text(2, row)?,
            detail: text(5, row).unwrap_or_default(),
        };
        Some(([text(0, row), text(1, row), text(2, row), text(3, row)], finding))
    };
    Ok((0..table.height()).filter_map(finding).collect())
}

fn set_aside(before: &RunRecord, after: &RunRecord) -> Vec<ReasonChange> {
    let mut rows: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (record, is_after) in [(before, false), (after, true)] {
        for line in record.ledger.iter().filter(|line| line.disposition == "quarantined") {
            let counts = rows.entry(line.reason.as_deref().unwrap_or("unknown")).or_default();
            let count = if is_after { &mut counts.1 } else { &mut counts.0 };
            *count += i64::try_from(line.rows).unwrap_or(i64::MAX);
        }
    }
    let changed = rows.into_iter().filter(|(_, (before, after))| before != after);
    changed
        .map(|(reason, (before, after))| ReasonChange {
            reason: reason.to_owned(),
            before,
            after,
        })
        .collect()
}
