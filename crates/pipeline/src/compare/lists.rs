//! Target lists of both runs: how many they reach, and why others are kept out.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::{TargetLists, TargetReasons};
use cartera_table::frame;
use serde::Serialize;

use super::read::columns;
use crate::error::PipelineError;
use crate::store::PublishedRun;

/// A list of one of the runs or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListChange {
    /// Its name.
    pub list: String,
    /// In the first run; null where that had no such list.
    pub before: Option<ListSize>,
    /// In the second; likewise.
    pub after: Option<ListSize>,
    /// Why candidates are kept out, the greatest change first; equal counts are left out.
    pub reasons: Vec<ReasonChange>,
}

/// A list in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ListSize {
    /// written or stopped.
    pub status: String,
    /// Customers who meet its condition.
    pub candidates: i64,
    /// Of these, those to be contacted.
    pub contact: i64,
    /// Of these, those held out of it.
    pub control: i64,
    /// Of these, those held out of all lists.
    pub global_control: i64,
    /// Of these, those kept out by a rule.
    pub kept_out: i64,
}

/// A reason and its count in both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonChange {
    /// The reason.
    pub reason: String,
    /// Candidates in the first run.
    pub before: i64,
    /// Candidates in the second.
    pub after: i64,
}

pub(super) fn lists(before: &PublishedRun, after: &PublishedRun) -> Result<Vec<ListChange>, PipelineError> {
    let (mut then, mut now) = (sizes(before)?, sizes(after)?);
    let (reasons_then, reasons_now) = (reasons(before)?, reasons(after)?);
    let names: BTreeSet<String> = then.keys().chain(now.keys()).cloned().collect();
    let change = |list: String| ListChange {
        before: then.remove(&list),
        after: now.remove(&list),
        reasons: changed_reasons(reasons_then.get(&list), reasons_now.get(&list)),
        list,
    };
    Ok(names.into_iter().map(change).collect())
}

fn sizes(run: &PublishedRun) -> Result<BTreeMap<String, ListSize>, PipelineError> {
    let counts = [
        "candidate_count",
        "contact_count",
        "control_count",
        "global_control_count",
        "excluded_count",
    ];
    let Some(table) = columns::<TargetLists>(run, &[&["list", "status"][..], &counts[..]].concat())? else {
        return Ok(BTreeMap::new());
    };
    let (lists, statuses) = (frame::text(&table, "list")?, frame::text(&table, "status")?);
    let mut columns = Vec::with_capacity(counts.len());
    for name in counts {
        columns.push(frame::int64(&table, name)?);
    }
    let count = |column: usize, row: usize| columns[column].get(row).unwrap_or_default();
    let size = |row: usize| {
        let size = ListSize {
            status: statuses.get(row)?.to_owned(),
            candidates: count(0, row),
            contact: count(1, row),
            control: count(2, row),
            global_control: count(3, row),
            kept_out: count(4, row),
        };
        Some((lists.get(row)?.to_owned(), size))
    };
    Ok((0..table.height()).filter_map(size).collect())
}

type Reasons = BTreeMap<String, i64>;

/// Why candidates of each list are kept out.
fn reasons(run: &PublishedRun) -> Result<BTreeMap<String, Reasons>, PipelineError> {
    let mut found: BTreeMap<String, Reasons> = BTreeMap::new();
    let names = ["list", "decision", "reason", "customer_count"];
    let Some(table) = columns::<TargetReasons>(run, &names)? else {
        return Ok(found);
    };
    let (lists, decisions) = (frame::text(&table, "list")?, frame::text(&table, "decision")?);
    let (reasons, counts) = (frame::text(&table, "reason")?, frame::int64(&table, "customer_count")?);
    for row in 0..table.height() {
        if decisions.get(row) != Some("excluded") {
            continue;
        }
        if let (Some(list), Some(reason), Some(count)) = (lists.get(row), reasons.get(row), counts.get(row)) {
            *found
                .entry(list.to_owned())
                .or_default()
                .entry(reason.to_owned())
                .or_default() += count;
        }
    }
    Ok(found)
}

fn changed_reasons(before: Option<&Reasons>, after: Option<&Reasons>) -> Vec<ReasonChange> {
    let count = |of: Option<&Reasons>, reason: &str| of.and_then(|of| of.get(reason)).copied().unwrap_or(0);
    let names: BTreeSet<&String> = before.into_iter().chain(after).flat_map(BTreeMap::keys).collect();
    let mut changes: Vec<ReasonChange> = names
        .into_iter()
        .map(|reason| ReasonChange {
            reason: reason.clone(),
            before: count(before, reason),
            after: count(after, reason),
        })
        .filter(|change| change.before != change.after)
        .collect();
    changes.sort_by_key(|change| std::cmp::Reverse((change.after - change.before).abs()));
    changes
}
