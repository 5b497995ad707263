//! Target lists: from a run's tables, or from those that it published, to decisions.

use std::collections::BTreeSet;

use cartera_activation::files::FileValidParams;
use cartera_activation::{
    Base, BaseParts, Candidates, CustomerKeys, DecideSources, ListOutcome, PermissionSources, Permissions, Target,
    TargetsSummary, decide,
};
use cartera_table::contracts::{
    IdentityLinks, TargetChanges, TargetDecisions, TargetHoldouts, TargetLists, TargetReasons,
};
use cartera_table::frame::text;
use cartera_table::{AsOf, Table};
use polars::prelude::DataFrame;

use super::relations::CleanRelations;
use crate::config::TargetsConfig;
use crate::error::PipelineError;

/// Columns of customers that rules look at.
pub(super) const OF_CUSTOMERS: [&str; 8] = [
    "email",
    "phone",
    "country",
    "birth_date",
    "street",
    "city",
    "postcode",
    "household_key",
];

/// What lists are made of.
#[derive(Clone, Copy)]
pub(super) struct ListSources<'t> {
    pub(super) parts: BaseParts<'t>,
    /// What is allowed, and what was done.
    pub(super) relations: &'t CleanRelations,
    pub(super) links: &'t Table<IdentityLinks>,
    /// Decisions of the run before.
    pub(super) before: Option<&'t DataFrame>,
    /// Whom the runs before held out.
    pub(super) held_out: Option<&'t DataFrame>,
    pub(super) as_of: AsOf,
    /// The day on which customers are to be contacted: caps, quiet periods and ages are held against it.
    pub(super) contacts_on: AsOf,
    /// The customers as the source files have them since, whose addresses count beside those of `parts`.
    pub(super) customers_now: Option<&'t DataFrame>,
    /// Defective rows without a readable key that stop nothing.
    pub(super) accepted_bad_rows: u64,
}

/// Lists with their reasons.
pub(super) struct Targets {
    /// The customers, with the columns that lists and their files look at.
    pub(super) base: Base,
    /// Who may be contacted.
    pub(super) permissions: Permissions,
    pub(super) lists: Table<TargetLists>,
    pub(super) decisions: Table<TargetDecisions>,
    pub(super) reasons: Table<TargetReasons>,
    pub(super) changes: Table<TargetChanges>,
    pub(super) holdouts: Table<TargetHoldouts>,
    pub(super) summary: TargetsSummary,
    /// List and customer of those who are removed or added only because of an earlier run of the same day.
    pub(super) superseded: Vec<(String, String)>,
    /// Hash of these; none without any.
    pub(super) taken_off: Option<String>,
}

/// What the plan of contacts looks at beside the lists' tables.
pub(super) struct Drawn<'l> {
    /// By rows of the customers, in the order of the waterfall.
    pub(super) outcomes: Vec<ListOutcome<'l>>,
    /// What customers are drawn by.
    pub(super) keys: CustomerKeys,
}

/// Decides about the candidates of these lists, which come in the order of the waterfall. `columns` are those of the base
/// that they and their files look at, `further_ways` channels and purposes that somebody else asks about.
pub(super) fn targets_of<'l>(
    sources: ListSources<'_>,
    lists: &'l [Target],
    columns: &BTreeSet<String>,
    config: &TargetsConfig,
    further_ways: &[(&str, &str)],
) -> Result<(Targets, Drawn<'l>), PipelineError> {
    let base = Base::new(sources.parts, columns, &config.known, sources.as_of)?;
    let ways: Vec<(&str, &str)> = lists
        .iter()
        .map(|list| (list.channel(), list.purpose()))
        .chain(further_ways.iter().copied())
        .collect();
    let relations = sources.relations;
    let permissions = Permissions::new(
        PermissionSources {
            base: base.frame(),
            as_of: sources.contacts_on,
            customers: sources.parts.customers,
            customers_now: sources.customers_now,
            consents: relations.consents.as_ref(),
            suppressions: relations.suppressions.as_ref(),
            denials: &relations.denials,
            accepted_bad_rows: sources.accepted_bad_rows,
            interactions: relations.interactions.as_ref(),
            held_out: sources.held_out,
            cases: relations.cases.as_ref(),
        },
        &ways,
        &config.rules,
    )?;
    let keys = CustomerKeys::new(sources.links, text(base.frame(), "customer_id")?)?;
    let candidates = lists
        .iter()
        .map(|list| Candidates::of(list, &base))
        .collect::<Result<Vec<_>, _>>()?;
    let decided = decide(
        DecideSources {
            permissions: &permissions,
            keys: &keys,
            control: &config.control,
            before: sources.before,
            held_out: sources.held_out,
        },
        candidates,
    )?;
    let targets = Targets {
        lists: decided.lists,
        decisions: decided.decisions,
        reasons: decided.reasons,
        changes: decided.changes,
        holdouts: decided.holdouts,
        summary: decided.summary,
        taken_off: hash_of(&decided.taken_off),
        superseded: decided.taken_off,
        permissions,
        base,
    };
    let drawn = Drawn {
        outcomes: decided.outcomes,
        keys,
    };
    Ok((targets, drawn))
}

/// The columns of the base that lists and files look at.
pub(super) fn columns<'f>(lists: &[Target], files: impl Iterator<Item = &'f FileValidParams>) -> BTreeSet<String> {
    let of_lists = lists.iter().flat_map(Target::columns);
    of_lists.chain(files.flat_map(FileValidParams::base_columns)).collect()
}

fn hash_of(taken_off: &[(String, String)]) -> Option<String> {
    let text = serde_json::to_string(taken_off).unwrap_or_default();
    (!taken_off.is_empty()).then(|| blake3::hash(text.as_bytes()).to_hex().to_string())
}
