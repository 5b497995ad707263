//! Where value lies and who moved, in a few lines.

use std::io::{self, Write};

use cartera_pipeline::SegmentSummary;

use crate::number::{count, counted, percent};
use crate::summary::share;

pub(super) fn value(out: &mut dyn Write, summary: &SegmentSummary) -> io::Result<()> {
    let others: Vec<String> = summary
        .pareto_by_other_measures
        .iter()
        .map(|pareto| format!("{} of {}", percent(pareto.top_20_percent_share), pareto.measure))
        .collect();
    if !others.is_empty() {
        writeln!(out, "the top 20 % hold {}; see pareto", others.join(", "))?;
    }
    let tiers = &summary.value_tiers;
    if tiers.tiers.iter().all(|tier| tier.customer_count == 0) {
        return Ok(());
    }
    let sizes: Vec<String> = tiers
        .tiers
        .iter()
        .filter(|tier| tier.customer_count > 0)
        .map(|tier| {
            let of_value = format!(" ({})", percent(tier.value_share));
            let is_worth = tier.value.0 > 0;
            format!(
                "{} {}{}",
                tier.tier,
                count(tier.customer_count),
                if is_worth { of_value.as_str() } else { "" }
            )
        })
        .collect();
    writeln!(
        out,
        "value tiers by {}, customers and part of the value: {}; see segments",
        tiers.measure,
        sizes.join(", ")
    )?;
    moves(out, summary)
}

/// Nothing where nobody could have moved.
fn moves(out: &mut dyn Write, summary: &SegmentSummary) -> io::Result<()> {
    if !summary.redefined.is_empty() {
        writeln!(
            out,
            "the pipeline defines {} otherwise than in the run before: see segment_migrations; nobody is told to have moved",
            summary.redefined.join(", ")
        )?;
    }
    let moves = &summary.moves;
    let compared = moves.iter().map(|moves| moves.customer_count).max().unwrap_or(0);
    if compared == 0 {
        return Ok(());
    }
    let moved: Vec<String> = moves
        .iter()
        .map(|moves| {
            let directions = match (moves.up_count, moves.down_count) {
                (0, 0) => String::new(),
                (up, down) => format!(" (up {}, down {})", count(up), count(down)),
            };
            format!(
                "{} {}{directions}",
                moves.segmentation,
                percent(share(moves.moved_count, moves.customer_count))
            )
        })
        .collect();
    writeln!(
        out,
        "of {} who were there in the run before, in another segment now: {}; see segment_moves",
        counted(compared as u64, "customer"),
        moved.join(", ")
    )
}
