//! What a person should look at: failures first, everything counted, the first of each kind with what to do.

use std::io;

use cartera_pipeline::{Finding, Status};

use super::{Page, Seen};
use crate::number::{count, counted, percent};
use crate::terminal::wrapped_to;

/// Columns for how many there are of what.
const NAME_COLUMNS: usize = 18;
/// Lines of text that a kind of warning may have; failures have twice as many.
const MOST_LINES: usize = 1;
/// Reasons of defects that are named.
const REASONS: usize = 4;

/// Warnings of a kind.
struct Group {
    name: &'static str,
    is_failure: bool,
    count: u64,
    /// The first of them, or all of them in short.
    text: String,
}

pub(super) fn warnings(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let groups = groups(seen);
    let title = match groups.is_empty() {
        true => page.paint.good(format!("nothing to look at{}", checks(seen))),
        false => page
            .paint
            .heading(format!("to look at; --verbose shows all of it{}", checks(seen))),
    };
    page.line(&title)?;
    for group in groups {
        let name = format!("{} {}", count(group.count), group.name);
        let mark = match group.is_failure {
            true => page.paint.bad("!"),
            false => page.paint.warning("!"),
        };
        let columns = page.columns.saturating_sub(NAME_COLUMNS + 2);
        let most_lines = if group.is_failure { 2 * MOST_LINES } else { MOST_LINES };
        for (place, line) in wrapped_to(&group.text, columns, most_lines).iter().enumerate() {
            match place {
                0 => page.line(&format!("{mark} {name:<NAME_COLUMNS$}{line}"))?,
                _ => page.line(&format!("  {:<NAME_COLUMNS$}{line}", ""))?,
            }
        }
    }
    Ok(())
}

/// How many checks hold; nothing where the pipeline has none.
fn checks(seen: &Seen<'_>) -> String {
    let demands = seen.quality.demands;
    let failed = seen.quality.of(Status::Failed).count();
    match demands {
        0 => String::new(),
        demands => format!(
            "; {} of {} hold",
            count(demands.saturating_sub(failed)),
            counted(demands as u64, "check")
        ),
    }
}

fn groups(seen: &Seen<'_>) -> Vec<Group> {
    let findings = |status: Status| -> Vec<&Finding> { seen.quality.of(status).collect() };
    let of_findings = |name, status: Status| {
        let found = findings(status);
        first(
            name,
            found.iter().map(|finding| finding.to_string()),
            status == Status::Failed,
        )
    };
    let stopped = seen.targets.lists.iter().filter(|list| list.is_stopped);
    let stopped = stopped.map(|list| {
        format!(
            "{}: rows of consents or suppressions name nobody; see the notes",
            list.list
        )
    });
    let notes = seen.targets.notes.iter().map(ToString::to_string);
    let of_portfolios = seen
        .portfolios
        .into_iter()
        .flat_map(|portfolios| portfolios.notes.iter().cloned());
    let all = [
        of_findings("failed checks", Status::Failed),
        defects(seen),
        first("stopped lists", stopped, true),
        of_findings("unusual", Status::Warning),
        first("of forecasts", seen.totals.lifetime.cautions().into_iter(), false),
        first("of segments", seen.segments.notes().into_iter(), false),
        first("of lists", notes, false),
        first("of portfolios", of_portfolios, false),
        first(
            "of the tables",
            seen.schema_changes.iter().map(ToString::to_string),
            false,
        ),
        first("of the plan", seen.contact_plan.notes.iter().cloned(), false),
    ];
    all.into_iter().flatten().collect()
}

fn first(name: &'static str, texts: impl Iterator<Item = String>, is_failure: bool) -> Option<Group> {
    let texts: Vec<String> = texts.collect();
    let text = texts.first()?.clone();
    Some(Group {
        name,
        is_failure,
        count: texts.len() as u64,
        text,
    })
}

/// Rows that were set aside: how many, why, and whether they are too many.
fn defects(seen: &Seen<'_>) -> Option<Group> {
    let defects = seen.defects;
    if defects.rows == 0 {
        return None;
    }
    let mut reasons: Vec<(&&str, &u64)> = defects.by_reason.iter().collect();
    reasons.sort_by_key(|(reason, rows)| (std::cmp::Reverse(**rows), **reason));
    let mut words: Vec<String> = reasons
        .iter()
        .take(REASONS)
        .map(|(reason, rows)| format!("{reason} {}", count(**rows)))
        .collect();
    if reasons.len() > REASONS {
        words.push(format!("and {} more reasons", reasons.len() - REASONS));
    }
    let many = match seen.has_many_defects {
        true => format!(
            "; {} of {} is more than warn_quarantined_share = {} allows (exit code 1)",
            percent(defects.worst_table.share()),
            defects.worst_table.table,
            percent(seen.config.limits.warn_quarantined_share)
        ),
        false => String::new(),
    };
    Some(Group {
        name: "rows set aside",
        is_failure: seen.has_many_defects,
        count: defects.rows,
        text: format!(
            "{} of all: {}{many}; see quarantine",
            percent(defects.share()),
            words.join(", ")
        ),
    })
}
