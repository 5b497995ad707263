//! The clusters, what sets them apart, and what was done about their model.

use std::io::{self, Write};

use cartera_pipeline::SegmentSummary;

use super::align_right;
use crate::number::{count, money, percent};
use crate::render;
use crate::summary::share;

pub(super) fn clusters(out: &mut dyn Write, summary: &SegmentSummary) -> io::Result<()> {
    let Some(k_means) = &summary.k_means else {
        return Ok(());
    };
    let mut table = render::people_table();
    table.set_header(["cluster", "", "customers", "share", "net sales"]);
    for cluster in k_means.clusters.iter().filter(|cluster| cluster.customer_count > 0) {
        table.add_row([
            cluster.cluster_id.to_string(),
            cluster.cluster.clone(),
            count(cluster.customer_count),
            percent(share(cluster.customer_count, k_means.customer_count)),
            money(&cluster.net_sales.to_string()),
        ]);
    }
    align_right(&mut table, &[0, 2, 3, 4]);
    writeln!(out, "{table}")?;
    let movers = k_means.movers_share.map_or_else(String::new, |share| {
        format!("; {} moved since the run before", percent(share))
    });
    let agreement = k_means.adjusted_rand.map_or_else(String::new, |index| {
        format!(", adjusted Rand index {index:.2} with the one before")
    });
    let reasons = k_means.reasons.join("; ");
    match k_means.decision {
        "scored" if reasons.is_empty() => writeln!(out, "clusters by the model of {}{movers}", k_means.fitted_as_of)?,
        "scored" => writeln!(
            out,
            "clusters by the model of {}{movers} ({reasons}){agreement}",
            k_means.fitted_as_of
        )?,
        "candidate" => writeln!(
            out,
            "clusters by the model of {}{movers}; it was fitted anew ({reasons}), but changed too much{agreement} (min_adjusted_rand = {})",
            k_means.fitted_as_of, k_means.min_adjusted_rand
        )?,
        "accepted" => writeln!(out, "clusters: {reasons}{agreement}{movers}")?,
        _ => writeln!(out, "clusters were fitted ({reasons}){agreement}{movers}")?,
    }
    if k_means.has_candidate {
        writeln!(
            out,
            "a new model of the clusters waits: see cluster_refit, and take it with --accept-model (of the same day with --refit too)"
        )?;
    }
    Ok(())
}
