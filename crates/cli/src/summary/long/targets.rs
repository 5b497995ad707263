//! Target lists: a row each, why people are kept out, and what to know.

use std::io::{self, Write};

use cartera_pipeline::{TargetSummary, TargetsSummary};

use super::align_right;
use crate::number::{count, counted};
use crate::render;

/// Nothing where the pipeline declares no list.
pub(crate) fn targets(out: &mut dyn Write, summary: &TargetsSummary) -> io::Result<()> {
    if summary.lists.is_empty() && summary.notes.is_empty() {
        return Ok(());
    }
    if !summary.lists.is_empty() {
        let lists: Vec<&TargetSummary> = summary.lists.iter().collect();
        table(out, &lists)?;
        for list in &lists {
            reasons(out, list)?;
        }
    }
    for note in &summary.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

/// The lists in figures.
pub(crate) fn table(out: &mut dyn Write, lists: &[&TargetSummary]) -> io::Result<()> {
    let mut table = render::people_table();
    table.set_header([
        "list",
        "channel",
        "candidates",
        "contact",
        "control",
        "global control",
        "kept out",
        "added",
        "kept",
        "removed",
    ]);
    for list in lists {
        let name = if list.is_stopped {
            format!("{} (stopped)", list.list)
        } else {
            list.list.clone()
        };
        table.add_row([
            name,
            list.channel.clone(),
            count(list.candidate_count),
            count(list.contact_count),
            count(list.control_count),
            count(list.global_control_count),
            count(list.excluded.values().sum::<u64>()),
            count(list.added_count),
            count(list.kept_count),
            count(list.removed_count),
        ]);
    }
    align_right(&mut table, &[2, 3, 4, 5, 6, 7, 8, 9]);
    writeln!(out, "{table}")
}

/// Why candidates are kept out; the counts add up to them.
pub(crate) fn reasons(out: &mut dyn Write, list: &TargetSummary) -> io::Result<()> {
    if list.excluded.is_empty() {
        return Ok(());
    }
    let mut reasons: Vec<(&String, &u64)> = list.excluded.iter().collect();
    reasons.sort_by_key(|(reason, customers)| (std::cmp::Reverse(**customers), *reason));
    let words: Vec<String> = reasons
        .into_iter()
        .map(|(reason, customers)| format!("{reason} {}", count(*customers)))
        .collect();
    let all = counted(list.excluded.values().sum(), "candidate");
    writeln!(out, "{}: {all} kept out: {}", list.list, words.join(", "))
}
