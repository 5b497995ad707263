//! Segments in a few lines.

use std::io;

use cartera_pipeline::SegmentSummary;

use super::{Page, Seen};
use crate::number::count;
use crate::summary::share;

/// RFM segments that are named.
const NAMED: usize = 7;
/// Segmentations whose moves are told; the others are in `segment_moves`.
const MOVES: [&str; 4] = ["rfm_segment", "lifecycle_stage", "value_tier", "cluster"];

pub(super) fn segments(page: &mut Page<'_>, seen: &Seen<'_>) -> io::Result<()> {
    let summary = seen.segments;
    let pareto = &summary.pareto;
    if pareto.customer_count == 0 {
        return Ok(());
    }
    let title = format!(
        "segments: the top 20 % ({}) hold {} of {}",
        count(pareto.top_20_percent_customer_count),
        short_percent(pareto.top_20_percent_share),
        pareto.measure
    );
    page.line(&page.paint.heading(title))?;
    page.entry("RFM", &rfm(summary), 2)?;
    if let Some(tiers) = tiers(summary) {
        page.entry("value tiers", &tiers, 1)?;
    }
    if let Some(clusters) = clusters(summary) {
        page.entry("clusters", &clusters, 2)?;
    }
    match moves(summary) {
        Some(moves) => page.entry("moved", &moves, 1),
        None => Ok(()),
    }
}

fn short_percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn rfm(summary: &SegmentSummary) -> String {
    let segments = summary.rfm_segments.iter().take(NAMED);
    let words: Vec<String> = segments
        .map(|segment| format!("{} {}", segment.segment, count(segment.customer_count)))
        .collect();
    match summary.rfm_segments.len().saturating_sub(NAMED) {
        0 => words.join(", "),
        more => format!("{}, and {more} more", words.join(", ")),
    }
}

fn tiers(summary: &SegmentSummary) -> Option<String> {
    let tiers = summary.value_tiers.tiers.iter().filter(|tier| tier.customer_count > 0);
    let words: Vec<String> = tiers
        .map(|tier| format!("{} {}", tier.tier, count(tier.customer_count)))
        .collect();
    (!words.is_empty()).then(|| format!("{} by {}", words.join(", "), summary.value_tiers.measure))
}

fn clusters(summary: &SegmentSummary) -> Option<String> {
    let k_means = summary.k_means.as_ref()?;
    let clusters = k_means.clusters.iter().filter(|cluster| cluster.customer_count > 0);
    let words: Vec<String> = clusters
        .map(|cluster| {
            format!(
                "{} {} {}",
                cluster.cluster_id,
                cluster.cluster,
                count(cluster.customer_count)
            )
        })
        .collect();
    let candidate = match k_means.has_candidate {
        true => "a new model waits, see --accept-model; ",
        false => "",
    };
    Some(format!("{candidate}{}", words.join(", ")))
}

/// None where nobody could have moved.
fn moves(summary: &SegmentSummary) -> Option<String> {
    let compared = summary
        .moves
        .iter()
        .map(|moves| moves.customer_count)
        .max()
        .unwrap_or(0);
    let redefined = match summary.redefined.is_empty() {
        true => String::new(),
        false => format!("; defined otherwise than before: {}", summary.redefined.join(", ")),
    };
    if compared == 0 {
        return (!redefined.is_empty()).then(|| redefined.trim_start_matches("; ").to_owned());
    }
    let told = summary
        .moves
        .iter()
        .filter(|moves| MOVES.contains(&moves.segmentation.as_str()));
    let words: Vec<String> = told
        .map(|moves| {
            let share = share(moves.moved_count, moves.customer_count);
            format!("{} {}", moves.segmentation, short_percent(share))
        })
        .collect();
    Some(format!("of {}: {}{redefined}", count(compared), words.join(", ")))
}
