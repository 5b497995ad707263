//! The contact plan: what comes next for how many, why the others have nothing, and who of value is forgotten.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cartera_pipeline::ContactPlanSummary;

use super::align_right;
use crate::number::{count, counted, percent};
use crate::render;

pub(super) fn contact_plan(out: &mut dyn Write, summary: &ContactPlanSummary) -> io::Result<()> {
    if summary.customer_count == 0 {
        return Ok(());
    }
    if !summary.actions.is_empty() {
        let mut table = render::people_table();
        table.set_header(["next contact", "because of", "customers", "through"]);
        for action in &summary.actions {
            let channels = action
                .channels
                .iter()
                .map(|(channel, number)| format!("{channel} {}", count(*number)));
            table.add_row([
                action.action.clone(),
                action.source.to_owned(),
                count(action.customer_count),
                channels.collect::<Vec<_>>().join(", "),
            ]);
        }
        align_right(&mut table, &[2]);
        writeln!(out, "{table}")?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let share = summary.planned_count() as f64 / summary.customer_count as f64;
    writeln!(
        out,
        "contact plan: {} of {} ({}) have a contact in the next {}{}",
        count(summary.planned_count()),
        counted(summary.customer_count, "customer"),
        percent(share),
        counted(summary.horizon_days.into(), "day"),
        reasons(
            "; the others",
            summary.not_planned.iter().map(|(reason, number)| (*reason, *number))
        )
    )?;
    neglected(out, summary)?;
    for note in &summary.notes {
        writeln!(out, "note: contact plan: {note}")?;
    }
    Ok(())
}

/// By tier, with the reason why nothing is planned.
fn neglected(out: &mut dyn Write, summary: &ContactPlanSummary) -> io::Result<()> {
    let Some(neglected) = &summary.neglected else {
        return Ok(());
    };
    let of_value = counted(summary.of_value_count, "customer");
    let days = summary.neglected_after_days;
    if neglected.is_empty() {
        return writeln!(
            out,
            "nobody of {of_value} of value was left without a contact for {days} days"
        );
    }
    writeln!(
        out,
        "{} of {of_value} of value had no contact for {days} days; see is_neglected in the table contact_plan",
        count(summary.neglected_count())
    )?;
    let mut tiers: Vec<(&str, BTreeMap<&str, u64>)> = Vec::new();
    for row in neglected {
        if tiers.last().is_none_or(|(tier, _)| *tier != row.tier) {
            tiers.push((&row.tier, BTreeMap::new()));
        }
        if let Some((_, reasons)) = tiers.last_mut() {
            *reasons.entry(row.reason).or_default() += row.customer_count;
        }
    }
    for (tier, of_tier) in tiers {
        let all: u64 = of_tier.values().sum();
        writeln!(out, "  {tier}: {}{}", count(all), reasons("", of_tier.into_iter()))?;
    }
    Ok(())
}

fn reasons<'r>(start: &str, reasons: impl Iterator<Item = (&'r str, u64)>) -> String {
    let reasons: Vec<String> = reasons
        .map(|(reason, number)| format!("{reason} {}", count(number)))
        .collect();
    if reasons.is_empty() {
        return String::new();
    }
    format!("{start}: {}", reasons.join(", "))
}
