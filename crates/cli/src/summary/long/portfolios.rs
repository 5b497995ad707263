//! Portfolios in two lines: who has an owner, and who should have one and has none.

use std::io::{self, Write};

use cartera_pipeline::PortfolioSummary;

use crate::number::{count, counted, percent};

/// Nothing where the pipeline maps no owners.
pub(super) fn portfolios(out: &mut dyn Write, summary: Option<&PortfolioSummary>) -> io::Result<()> {
    let Some(summary) = summary else { return Ok(()) };
    let fullest = match &summary.fullest {
        Some((owner, share)) => format!("; the fullest is {owner} with {} of its capacity", percent(*share)),
        None => String::new(),
    };
    writeln!(
        out,
        "portfolios: {} of {} active have {} ({} kept, {} new, {} moved), ranked by {}{fullest}",
        count(summary.active_owner_count as u64),
        counted(summary.owner_count as u64, "owner"),
        counted(summary.assigned_count as u64, "customer"),
        count(summary.kept_count as u64),
        count(summary.new_count as u64),
        count(summary.moved_count as u64),
        summary.value,
    )?;
    let without = summary.unassigned_count() as u64;
    if without > 0 {
        let reasons: Vec<String> = summary
            .unassigned
            .iter()
            .map(|(reason, customers)| format!("{reason} {}", count(*customers as u64)))
            .collect();
        writeln!(
            out,
            "{} should have an owner and found none: {}; see status = unassigned in the table portfolios",
            counted(without, "customer"),
            reasons.join(", "),
        )?;
    }
    for note in &summary.notes {
        writeln!(out, "note: portfolios: {note}")?;
    }
    Ok(())
}
