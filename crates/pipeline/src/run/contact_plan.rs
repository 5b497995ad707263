//! The next contact with every customer, and whether what was written of it holds.

use std::collections::BTreeMap;

use cartera_activation::{
    ContactPlanSources, ContactPlanSummary, CustomerKeys, ListOutcome, Permissions, PlannedContacts, contact_plan,
};
use cartera_table::contracts::{ContactPlan, CustomerFeatures, CustomerSegments, Signals, TargetDecisions};
use cartera_table::frame::{boolean, text};
use cartera_table::{AsOf, Contract, Table};

use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::Staging;
use crate::store::read::{ReadOptions, read_frame, recount};

/// What the plan is made of.
#[derive(Clone, Copy)]
pub(super) struct PlanSources<'p> {
    pub(super) features: &'p Table<CustomerFeatures>,
    pub(super) segments: &'p Table<CustomerSegments>,
    pub(super) signals: &'p Table<Signals>,
    /// Tonight's lists.
    pub(super) lists: &'p [ListOutcome<'p>],
    /// Made for the ways of [`ways_of_plan`] too.
    pub(super) permissions: &'p Permissions,
    pub(super) keys: &'p CustomerKeys,
    /// Whether any source tells of contacts.
    pub(super) knows_contacts: bool,
    pub(super) as_of: AsOf,
}

/// Channels and purposes that the plan asks permissions about.
pub(super) fn ways_of_plan(config: &PipelineConfig) -> Vec<(&str, &str)> {
    let ways = config.contact_plan.ways().iter();
    ways.map(|way| (way.channel.as_str(), way.purpose.as_str())).collect()
}

/// The plan.
pub(super) fn contact_plan_of(
    config: &PipelineConfig,
    sources: PlanSources<'_>,
) -> Result<PlannedContacts, PipelineError> {
    let sources = ContactPlanSources {
        features: sources.features,
        segments: sources.segments,
        signals: sources.signals,
        lists: sources.lists,
        permissions: sources.permissions,
        keys: sources.keys,
        control: &config.targets.control,
        knows_contacts: sources.knows_contacts,
        as_of: sources.as_of,
    };
    Ok(contact_plan(sources, &config.contact_plan)?)
}

/// Counts again what was written: every customer stands there once, with the reasons and the neglect that the summary
/// tells; whom a list contacts has a list's contact planned, and nobody else has.
pub(super) fn contact_plan_agrees(staging: &Staging<'_>, summary: &ContactPlanSummary) -> Result<(), PipelineError> {
    let path = staging.table_path(ContactPlan::INFO.name);
    let customers = recount(&staging.table_path(CustomerFeatures::INFO.name), &[])?.rows;
    expect("customers", recount(&path, &[])?.rows, customers)?;
    let some = |columns: &[&str]| ReadOptions {
        columns: Some(columns.iter().map(|&column| column.to_owned()).collect()),
        rows: None,
    };
    let written = read_frame(
        &path,
        &ContactPlan::INFO,
        &some(&["customer_id", "source", "reason", "is_neglected"]),
    )?;
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for reason in text(&written, "reason")?.iter().flatten() {
        *reasons.entry(reason).or_default() += 1;
    }
    expect(
        "planned",
        reasons.remove("planned").unwrap_or_default(),
        summary.planned_count(),
    )?;
    for (reason, count) in &summary.not_planned {
        expect(reason, reasons.remove(reason).unwrap_or_default(), *count)?;
    }
    expect("of other reasons", reasons.values().sum(), 0)?;
    let neglected = boolean(&written, "is_neglected")?.sum().unwrap_or_default();
    expect("neglected", neglected.into(), summary.neglected_count())?;
    let decisions = read_frame(
        &staging.table_path(TargetDecisions::INFO.name),
        &TargetDecisions::INFO,
        &some(&["customer_id", "decision"]),
    )?;
    let decided = text(&decisions, "customer_id")?
        .iter()
        .zip(text(&decisions, "decision")?.iter());
    let mut contacted: Vec<&str> = decided
        .filter(|(_, decision)| *decision == Some("contact"))
        .filter_map(|(id, _)| id)
        .collect();
    // A list after the other: this merges a few sorted runs.
    contacted.sort();
    contacted.dedup();
    let by_list = text(&written, "customer_id")?
        .iter()
        .zip(text(&written, "source")?.iter());
    let by_list = by_list.filter(|(_, source)| *source == Some("list"));
    let (found, strangers): (Vec<_>, Vec<_>) =
        by_list.partition(|(id, _)| id.is_some_and(|id| contacted.binary_search(&id).is_ok()));
    expect("contacted by lists", found.len() as u64, contacted.len() as u64)?;
    expect("contacted by no list", strangers.len() as u64, 0)
}

fn expect(what: &str, written: u64, expected: u64) -> Result<(), PipelineError> {
    if written == expected {
        return Ok(());
    }
    Err(PipelineError::Recount {
        table: ContactPlan::INFO.name,
        detail: format!("customers, {what}: {written} stand in it, {expected} are accounted for"),
    })
}
