//! Lists of a run that is made anew because a person was erased.
//!
//! Whom a list contacted and held out is what happened: it is measured by that. What was withdrawn or mended since then
//! must not change it, so that the decisions stay as they were, without the person.

use std::collections::BTreeMap;

use cartera_table::contracts::{
    ContactPlan, TargetChanges, TargetDecisions, TargetHoldouts, TargetLists, TargetReasons,
};
use cartera_table::frame::text;
use cartera_table::{Contract, Table, TableError};
use polars::prelude::{Column, DataFrame};

use super::erased_customers::ErasedCustomers;
use super::inputs::Work;
use super::stages::Computed;
use crate::error::PipelineError;
use crate::store::PublishedRun;
use crate::store::read::read_table;

/// Counts of `target_lists` by what they count: the column, and the decision or change.
const DECIDED: [(&str, &str); 4] = [
    ("contact_count", "contact"),
    ("control_count", "control"),
    ("global_control_count", "global_control"),
    ("excluded_count", "excluded"),
];
const CHANGED: [(&str, &str); 3] = [
    ("added_count", "added"),
    ("kept_count", "kept"),
    ("removed_count", "removed"),
];

/// Puts what the old run decided in the place of what was decided now. Says whether there was anything: a run of an
/// older version has no lists.
pub(super) fn keep(work: &Work<'_>, computed: &mut Computed<'_>, old: &PublishedRun) -> Result<bool, PipelineError> {
    let (Some(decisions), Some(changes), Some(holdouts), Some(plan)) = (
        of_old::<TargetDecisions>(work, old)?,
        of_old::<TargetChanges>(work, old)?,
        of_old::<TargetHoldouts>(work, old)?,
        of_old::<ContactPlan>(work, old)?,
    ) else {
        return Ok(false);
    };
    let targets = &mut computed.targets;
    targets.reasons = reasons(&decisions)?;
    targets.lists = lists(&targets.lists, &decisions, &changes)?;
    targets.decisions = Table::new(decisions)?;
    targets.changes = Table::new(changes)?;
    targets.holdouts = Table::new(holdouts)?;
    computed.contact_plan.table = Table::new(plan)?;
    Ok(true)
}

/// A table of the old run without those who were erased.
fn of_old<T: Contract>(work: &Work<'_>, old: &PublishedRun) -> Result<Option<DataFrame>, PipelineError> {
    let Ok(path) = old.table_path(T::INFO.name) else {
        return Ok(None);
    };
    let table = read_table::<T>(&path)?;
    Ok(Some(ErasedCustomers::of(work).left_out(table.into_frame())?))
}

type Counts = BTreeMap<(String, String, String), i64>;

/// Rows by list and two words.
fn counted(frame: &DataFrame, first: &str, second: Option<&str>) -> Result<Counts, TableError> {
    let mut counts = Counts::new();
    let lists = text(frame, "list")?.iter();
    let firsts = text(frame, first)?.iter();
    let seconds = text(frame, second.unwrap_or(first))?.iter();
    for ((list, first), second) in lists.zip(firsts).zip(seconds) {
        let owned = |word: Option<&str>| word.unwrap_or_default().to_owned();
        *counts.entry((owned(list), owned(first), owned(second))).or_default() += 1;
    }
    Ok(counts)
}

fn reasons(decisions: &DataFrame) -> Result<Table<TargetReasons>, TableError> {
    let counts = counted(decisions, "decision", Some("reason"))?;
    let column = |name: &str, of: fn(&(String, String, String)) -> &str| {
        let words: Vec<&str> = counts.keys().map(of).collect();
        Column::new(name.into(), words)
    };
    let customers: Vec<i64> = counts.values().copied().collect();
    let columns = vec![
        column("list", |key| &key.0),
        column("decision", |key| &key.1),
        column("reason", |key| &key.2),
        Column::new("customer_count".into(), customers),
    ];
    Table::sorted(DataFrame::new(counts.len(), columns)?)
}

/// The lists as they are declared, with the counts of what was decided.
fn lists(
    declared: &Table<TargetLists>,
    decisions: &DataFrame,
    changes: &DataFrame,
) -> Result<Table<TargetLists>, TableError> {
    let decided = counted(decisions, "decision", None)?;
    let changed = counted(changes, "change", None)?;
    let mut frame = declared.frame().clone();
    let names: Vec<String> = text(&frame, "list")?
        .iter()
        .map(|name| name.unwrap_or_default().to_owned())
        .collect();
    let count = |counts: &Counts, word: &str| -> Vec<i64> {
        let of_list = |name: &String| {
            let key = (name.clone(), word.to_owned(), word.to_owned());
            counts.get(&key).copied().unwrap_or_default()
        };
        names.iter().map(of_list).collect()
    };
    let mut candidates = vec![0; names.len()];
    for (column, word) in DECIDED {
        let counts = count(&decided, word);
        candidates
            .iter_mut()
            .zip(&counts)
            .for_each(|(all, count)| *all += count);
        frame.replace(column, Column::new(column.into(), counts))?;
    }
    frame.replace("candidate_count", Column::new("candidate_count".into(), candidates))?;
    for (column, word) in CHANGED {
        frame.replace(column, Column::new(column.into(), count(&changed, word)))?;
    }
    Table::new(frame)
}

#[cfg(test)]
mod tests {
    use cartera_table::frame::int64;
    use polars::prelude::df;

    use super::*;

    #[test]
    fn reasons_are_counted_from_decisions() {
        let decisions = df!(
            "list" => ["a", "a", "a", "b"],
            "decision" => ["contact", "excluded", "excluded", "control"],
            "reason" => ["selected", "no_consent", "no_consent", "selected"],
        )
        .expect("a frame");
        let reasons = reasons(&decisions).expect("a table").into_frame();
        let customers: Vec<Option<i64>> = int64(&reasons, "customer_count").expect("there").iter().collect();
        assert_eq!(customers, [Some(1), Some(2), Some(1)]);
        let words: Vec<Option<&str>> = text(&reasons, "reason").expect("there").iter().collect();
        assert_eq!(words, [Some("selected"), Some("no_consent"), Some("selected")]);
    }
}
