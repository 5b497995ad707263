//! Candidates in, decisions out.

use cartera_table::Table;
use cartera_table::contracts::{TargetChanges, TargetDecisions, TargetHoldouts, TargetLists, TargetReasons};
use polars::prelude::DataFrame;

use super::candidates::Candidates;
use super::changes::{Before, Change};
use super::draw::CustomerKeys;
use super::holdouts::holdouts;
use super::params::Control;
use super::summary::{ListFigures, TargetsSummary, summary};
use super::tables;
use super::waterfall::{ListOutcome, waterfall};
use crate::error::ActivationError;
use crate::permissions::Permissions;

/// What decisions are made of.
#[derive(Debug, Clone, Copy)]
pub struct DecideSources<'s> {
    /// Who may be contacted.
    pub permissions: &'s Permissions,
    /// The keys that customers are drawn by.
    pub keys: &'s CustomerKeys,
    /// How many are held out.
    pub control: &'s Control,
    /// Of `target_decisions` of the newest run of an earlier day the columns `list`, `customer_id`, `decision` and
    /// `listed_since`, in their order; rows of those kept out may be left away. Behind them rows of earlier runs of the
    /// same day may stand, with [`SUPERSEDED`](super::SUPERSEDED) or [`TAKEN_OFF`](super::TAKEN_OFF) as their decision.
    pub before: Option<&'s DataFrame>,
    /// `target_holdouts` of the newest run of an earlier day.
    pub held_out: Option<&'s DataFrame>,
}

/// What became of all candidates.
#[derive(Debug, Clone)]
pub struct Decided<'t> {
    /// One row a list.
    pub lists: Table<TargetLists>,
    /// One row a list and candidate.
    pub decisions: Table<TargetDecisions>,
    /// One row a list, decision and reason.
    pub reasons: Table<TargetReasons>,
    /// One row a list and customer to be contacted now or before.
    pub changes: Table<TargetChanges>,
    /// One row a list, customer and day of being held out, for the caps of the nights to come.
    pub holdouts: Table<TargetHoldouts>,
    /// The same as rows of the base, in the order of the waterfall.
    pub outcomes: Vec<ListOutcome<'t>>,
    /// The same in figures.
    pub summary: TargetsSummary,
    /// List and customer of those who are removed only because an earlier run of the same day had them, or added only
    /// because one had removed them.
    pub taken_off: Vec<(String, String)>,
}

/// Decides about every candidate of every list. The lists come in the order of the waterfall, as
/// [`check_targets`](super::check_targets) gives them.
///
/// # Errors
/// When a table breaks its contract, or an order cannot be computed.
pub fn decide<'t>(sources: DecideSources<'_>, lists: Vec<Candidates<'t, '_>>) -> Result<Decided<'t>, ActivationError> {
    let permissions = sources.permissions;
    let outcomes = waterfall(permissions, lists, sources.keys, sources.control)?;
    let before = Before::new(sources.before)?;
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.target.name.as_str()).collect();
    let today = permissions.as_of().epoch_days();
    let mut figures = Vec::with_capacity(outcomes.len());
    let (mut decisions, mut changes) = (Vec::new(), Vec::new());
    let mut taken_off = Vec::new();
    let mut note = |name: &str, changes: &[Change<'_>]| {
        let superseded = changes.iter().filter(|change| change.is_superseded);
        taken_off.extend(superseded.map(|change| (name.to_owned(), change.customer_id.to_owned())));
    };
    for outcome in &outcomes {
        let compared = before.compare(outcome, permissions.ids(), today);
        figures.push(ListFigures::new(outcome, &compared));
        let name = outcome.target.name.as_str();
        note(name, &compared.changes);
        changes.push((name, tables::changes(name, &compared.changes)?));
        decisions.push((name, tables::decisions(outcome, compared.since, permissions, &names)?));
    }
    let gone = before.gone(&names);
    for (name, removed) in &gone {
        note(name, removed);
        changes.push((name, tables::changes(name, removed)?));
    }
    let gone: Vec<&str> = gone.iter().map(|(name, _)| *name).collect();
    let lists = tables::lists_table(&figures)?;
    let reasons = tables::reasons_table(&figures)?;
    let summary = summary(&figures, permissions.counts(), permissions.unknown_word_notes(), &gone);
    drop(figures);
    Ok(Decided {
        lists,
        decisions: tables::stacked(by_name(decisions))?,
        reasons,
        changes: tables::stacked(by_name(changes))?,
        summary,
        holdouts: holdouts(&outcomes, permissions, sources.held_out)?,
        outcomes,
        taken_off,
    })
}

fn by_name(mut frames: Vec<(&str, DataFrame)>) -> Vec<DataFrame> {
    frames.sort_by_key(|(name, _)| *name);
    frames.into_iter().map(|(_, frame)| frame).collect()
}
