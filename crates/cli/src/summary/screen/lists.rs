//! Target lists, the contact plan and signals: who is to be contacted, who is not, and what to look at.

use std::io;

use cartera_pipeline::{SignalSummary, TargetSummary};

use super::{Page, Seen};
use crate::number::{count, counted};

/// Lists that are told one by one.
const LISTS: usize = 6;
/// Signals that are named.
const SIGNALS: usize = 3;

pub(super) fn lists(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let lists = &seen.targets.lists;
    if !lists.is_empty() {
        let header = format!(
            "{:<36}{:>12}{:>12}{:>12}{:>12}{:>12}",
            "lists", "contact", "control", "kept out", "added", "removed"
        );
        page.line(&page.paint.heading(header))?;
    }
    for list in lists.iter().take(LISTS) {
        let text = line(list);
        let text = if list.is_stopped { page.paint.bad(text) } else { text };
        page.line(&text)?;
    }
    if lists.len() > LISTS {
        page.entry(
            "",
            &format!("and {} more, see target_lists", count(lists.len() - LISTS)),
            1,
        )?;
    }
    contact_plan(page, seen)?;
    portfolios(page, seen)?;
    signals(page, seen)
}

fn line(list: &TargetSummary) -> String {
    let stopped = if list.is_stopped { " (stopped)" } else { "" };
    format!(
        "  {:<34}{:>12}{:>12}{:>12}{:>12}{:>12}",
        format!("{}, {}{stopped}", list.list, list.channel),
        count(list.contact_count),
        count(list.control_count + list.global_control_count),
        count(list.excluded.values().sum::<u64>()),
        count(list.added_count),
        count(list.removed_count)
    )
}

fn contact_plan(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let plan = seen.contact_plan;
    if plan.customer_count == 0 {
        return Ok(());
    }
    let mut text = format!(
        "{} of {} planned in {}",
        count(plan.planned_count()),
        counted(plan.customer_count, "customer"),
        counted(plan.horizon_days.into(), "day"),
    );
    if plan.neglected.is_some() {
        text.push_str(&format!(
            "; {} of {} of value had none for {} days",
            count(plan.neglected_count()),
            count(plan.of_value_count),
            plan.neglected_after_days
        ));
    }
    page.entry("contact plan", &text, 1)
}

/// Nothing where everybody has an owner who should.
fn portfolios(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let Some(portfolios) = seen.portfolios.filter(|portfolios| portfolios.unassigned_count() > 0) else {
        return Ok(());
    };
    let text = format!(
        "{} have {}; {} should have an owner and found none",
        counted(portfolios.owner_count as u64, "owner"),
        counted(portfolios.assigned_count as u64, "customer"),
        count(portfolios.unassigned_count() as u64),
    );
    page.entry("portfolios", &text, 1)
}

/// The signals with most at stake.
fn signals(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let mut shown: Vec<&SignalSummary> = seen
        .signals
        .signals
        .iter()
        .filter(|signal| signal.customer_count > 0)
        .collect();
    if shown.is_empty() {
        return Ok(());
    }
    let all: u64 = shown.iter().map(|signal| signal.customer_count).sum();
    shown.sort_by_key(|signal| std::cmp::Reverse(signal.value_at_stake));
    let words: Vec<String> = shown
        .iter()
        .take(SIGNALS)
        .map(|signal| format!("{} {}", signal.signal, count(signal.customer_count)))
        .collect();
    page.entry(
        "signals",
        &format!("{}; most at stake: {}", count(all), words.join(", ")),
        1,
    )
}
