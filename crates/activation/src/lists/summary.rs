//! What a run says about its lists, beside the tables.

use std::collections::BTreeMap;

use serde::Serialize;

use super::changes::Compared;
use super::params::Target;
use super::power::{control_needed, detectable_effect};
use super::tables::reasons;
use super::waterfall::{Decision, ListOutcome};
use crate::permissions::{PermissionCounts, Reason};

/// The lists in figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetsSummary {
    /// One a list, in the order of the waterfall.
    pub lists: Vec<TargetSummary>,
    /// What was found in consents and suppressions.
    pub permissions: PermissionCounts,
    /// What the reader should know, such as that a list is stopped.
    pub notes: Vec<String>,
}

/// A list in figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetSummary {
    /// Its name.
    pub list: String,
    /// Through what.
    pub channel: String,
    /// Whether it is stopped.
    pub is_stopped: bool,
    /// Customers who meet its condition.
    pub candidate_count: u64,
    /// Of these, those to be contacted.
    pub contact_count: u64,
    /// Of these, those held out of the list.
    pub control_count: u64,
    /// Of these, those held out of all lists.
    pub global_control_count: u64,
    /// Of these, those kept out by a rule, by reason.
    pub excluded: BTreeMap<String, u64>,
    /// Customers to be contacted who were not before.
    pub added_count: u64,
    /// Customers to be contacted who were before.
    pub kept_count: u64,
    /// Customers who were to be contacted and are not now.
    pub removed_count: u64,
    /// Smallest rise of the rate that shows; none without control, or where none shows.
    pub detectable_effect: Option<f64>,
}

/// The figures of a list, as tables and summary have them.
pub(super) struct ListFigures<'t> {
    pub(super) target: &'t Target,
    pub(super) is_stopped: bool,
    pub(super) candidate_count: u64,
    /// Candidates by decision and reason.
    pub(super) reasons: Vec<(Decision, Reason, u64)>,
    pub(super) added_count: u64,
    pub(super) kept_count: u64,
    pub(super) removed_count: u64,
    pub(super) expected_value: Option<f64>,
}

impl<'t> ListFigures<'t> {
    pub(super) fn new(outcome: &ListOutcome<'t>, compared: &Compared<'_>) -> Self {
        let changed = |change: &str| compared.changes.iter().filter(|row| row.change == change).count() as u64;
        let expected_value = outcome.expected.as_ref().map(|expected| {
            let of_contacts = expected.iter().zip(&outcome.decisions);
            of_contacts
                .filter(|(value, decision)| **decision == Decision::Contact && !value.is_nan())
                .map(|(value, _)| value)
                .sum()
        });
        Self {
            target: outcome.target,
            is_stopped: outcome.is_stopped,
            candidate_count: outcome.rows.len() as u64,
            reasons: reasons(outcome),
            added_count: changed("added"),
            kept_count: changed("kept"),
            removed_count: changed("removed"),
            expected_value,
        }
    }

    pub(super) fn count(&self, decision: Decision) -> u64 {
        let of_decision = self.reasons.iter().filter(|(of, _, _)| *of == decision);
        of_decision.map(|(_, _, count)| count).sum()
    }

    /// What the contacts cost.
    pub(super) fn cost(&self) -> Option<i128> {
        let cost = self.target.cost_per_contact?;
        Some(i128::from(cost.0) * i128::from(self.count(Decision::Contact)))
    }

    pub(super) fn detectable_effect(&self) -> Option<f64> {
        let (contact, control) = (self.count(Decision::Contact), self.count(Decision::Control));
        detectable_effect(contact, control, self.target.base_rate)
    }

    fn summary(&self) -> TargetSummary {
        let excluded = self.reasons.iter().filter(|(of, _, _)| *of == Decision::Excluded);
        TargetSummary {
            list: self.target.name.clone(),
            channel: self.target.channel.clone(),
            is_stopped: self.is_stopped,
            candidate_count: self.candidate_count,
            contact_count: self.count(Decision::Contact),
            control_count: self.count(Decision::Control),
            global_control_count: self.count(Decision::GlobalControl),
            excluded: excluded
                .map(|(_, reason, count)| (reason.slug().to_owned(), *count))
                .collect(),
            added_count: self.added_count,
            kept_count: self.kept_count,
            removed_count: self.removed_count,
            detectable_effect: self.detectable_effect(),
        }
    }

    /// What a reader should know of the list's size.
    fn note(&self) -> Option<String> {
        let (contact, control) = (self.count(Decision::Contact), self.count(Decision::Control));
        let (name, rate) = (&self.target.name, self.target.base_rate);
        if contact + control == 0 || self.target.control_share == 0.0 {
            return None;
        }
        let shown = match self.detectable_effect() {
            Some(effect) if effect <= rate => return None,
            Some(effect) => format!(
                "shows a rise of {:.1} points or more over {:.1} %, and no smaller one",
                effect * 100.0,
                rate * 100.0
            ),
            None => "cannot show anything".to_owned(),
        };
        let more = match control_needed(contact + control, rate) {
            Some(needed) => format!(
                "{needed} would show one of {:.1} points (control_share = {:.2})",
                rate * 100.0,
                (needed as f64 / (contact + control) as f64 * 100.0).ceil() / 100.0
            ),
            None => "the list is too small to show twice the rate".to_owned(),
        };
        Some(format!(
            "target {name}: a control group of {control} beside {contact} contacted {shown}; {more}"
        ))
    }
}

/// The summary of all lists, which come in the order of the waterfall.
pub(super) fn summary(
    figures: &[ListFigures<'_>],
    permissions: PermissionCounts,
    unknown_words: Vec<String>,
    gone: &[&str],
) -> TargetsSummary {
    let mut notes = Vec::new();
    if !figures.is_empty() && !permissions.has_consents {
        notes.push("no source tells consents, so that nobody may be contacted".to_owned());
    }
    let stopped: Vec<&str> = figures
        .iter()
        .filter(|list| list.is_stopped)
        .map(|list| list.target.name.as_str())
        .collect();
    if !stopped.is_empty() {
        notes.push(format!(
            "stopped: {}; {} of consents or suppressions cannot be read and names nobody, so that it may have been anybody's withdrawal; mend what the table quarantine says, or go on all the same with --accept-bad-consents {}",
            stopped.join(", "),
            rows(permissions.unreadable_rows_without_key),
            permissions.unreadable_rows_without_key
        ));
    } else if permissions.accepts_unreadable_rows {
        notes.push(format!(
            "{} of consents or suppressions that cannot be read and names nobody was accepted",
            rows(permissions.unreadable_rows_without_key)
        ));
    }
    if permissions.denied_customers > 0 {
        notes.push(format!(
            "customers kept out because a row of theirs in consents or suppressions cannot be read: {}",
            permissions.denied_customers
        ));
    }
    if permissions.suppression_rows_without_customer > 0 {
        notes.push(format!(
            "{} of {} suppressions name no customer of this run",
            permissions.suppression_rows_without_customer, permissions.suppression_rows
        ));
    }
    notes.extend(unknown_words);
    notes.extend(figures.iter().filter_map(ListFigures::note));
    for list in gone {
        notes.push(format!(
            "target {list} is not declared any more: all its customers are removed"
        ));
    }
    TargetsSummary {
        lists: figures.iter().map(ListFigures::summary).collect(),
        permissions,
        notes,
    }
}

fn rows(count: u64) -> String {
    if count == 1 {
        "a row".to_owned()
    } else {
        format!("each of {count} rows")
    }
}
