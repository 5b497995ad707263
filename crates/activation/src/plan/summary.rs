//! The plan in numbers, for people: what is planned, why the others have nothing, and who of value is forgotten.

use std::collections::BTreeMap;

use super::decide::{Contact, Facts, Planned};
use super::params::ContactPlanValidParams;
use super::reason::ContactPlanReason;
use super::stage::ListTonight;
use super::table::Values;

/// The plan in short.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactPlanSummary {
    /// All customers.
    pub customer_count: u64,
    /// Those with a contact in the plan, by what it is: lists first, then actions, in the order in which they are tried.
    pub actions: Vec<PlannedActionSummary>,
    /// The others, by reason, in the order of the reasons.
    pub not_planned: Vec<(&'static str, u64)>,
    /// Customers in a tier of value.
    pub of_value_count: u64,
    /// Of these, those without a contact for long, by tier, the best first, and reason; none where nobody knows of
    /// contacts.
    pub neglected: Option<Vec<NeglectedSummary>>,
    /// Days that are long.
    pub neglected_after_days: i32,
    /// Days ahead that contacts are planned in.
    pub horizon_days: u16,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// A list or an action in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedActionSummary {
    /// Its name.
    pub action: String,
    /// list, signal or lifecycle.
    pub source: &'static str,
    /// Customers whose next contact it is.
    pub customer_count: u64,
    /// Of these, through each channel; in the order of preference, those without any left out.
    pub channels: Vec<(String, u64)>,
}

/// Customers of value without a contact for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeglectedSummary {
    /// Their tier.
    pub tier: String,
    /// planned, or why nothing is.
    pub reason: &'static str,
    /// How many.
    pub customer_count: u64,
}

impl ContactPlanSummary {
    /// Customers with a contact in the plan.
    #[must_use]
    pub fn planned_count(&self) -> u64 {
        self.actions.iter().map(|action| action.customer_count).sum()
    }

    /// Customers of value without a contact for long.
    #[must_use]
    pub fn neglected_count(&self) -> u64 {
        self.neglected.iter().flatten().map(|row| row.customer_count).sum()
    }

    pub(super) fn of(
        planned: &[Planned],
        facts: &Facts,
        lists: &[ListTonight],
        params: &ContactPlanValidParams,
        values: &Values,
    ) -> Self {
        let mut contacts: BTreeMap<(bool, u16, u8), u64> = BTreeMap::new();
        let mut reasons = [0_u64; ContactPlanReason::ALL.len()];
        let mut neglected: BTreeMap<(u8, ContactPlanReason), u64> = BTreeMap::new();
        let mut of_value_count = 0;
        for (one, &tier) in planned.iter().zip(&facts.tiers) {
            of_value_count += u64::from(super::decide::has_bit(params.of_value, tier));
            reasons[one.reason as usize] += 1;
            match one.contact {
                Some(Contact::List(list)) => *contacts.entry((false, list, 0)).or_default() += 1,
                Some(Contact::Action { action, way, .. }) => *contacts.entry((true, action, way)).or_default() += 1,
                None => {}
            }
            if one.is_neglected == Some(true) {
                *neglected.entry((tier, one.reason)).or_default() += 1;
            }
        }
        let knows_contacts = planned.first().is_none_or(|one| one.is_neglected.is_some());
        let neglected = neglected
            .into_iter()
            .map(|((tier, reason), customer_count)| NeglectedSummary {
                tier: params.tiers.get(usize::from(tier)).cloned().unwrap_or_default(),
                reason: reason.slug(),
                customer_count,
            });
        let others = ContactPlanReason::ALL.into_iter().zip(reasons).skip(1);
        Self {
            customer_count: planned.len() as u64,
            actions: actions(&contacts, lists, params),
            not_planned: others
                .filter(|(_, count)| *count > 0)
                .map(|(reason, count)| (reason.slug(), count))
                .collect(),
            of_value_count,
            neglected: knows_contacts.then(|| neglected.collect()),
            neglected_after_days: params.neglected_after_days,
            horizon_days: params.horizon_days,
            notes: notes(params, values, planned.len(), knows_contacts),
        }
    }
}

fn actions(
    contacts: &BTreeMap<(bool, u16, u8), u64>,
    lists: &[ListTonight],
    params: &ContactPlanValidParams,
) -> Vec<PlannedActionSummary> {
    let mut rows: Vec<PlannedActionSummary> = Vec::new();
    let mut last = None;
    for (&(is_action, place, way), &count) in contacts {
        let place_of = usize::from(place);
        let (name, source, channel) = if is_action {
            let action = &params.actions[place_of];
            let source = if action.is_of_signals { "signal" } else { "lifecycle" };
            (
                &action.name,
                source,
                &params.ways[usize::from(action.ways[usize::from(way)])].channel,
            )
        } else {
            (&lists[place_of].name, "list", &lists[place_of].way.channel)
        };
        if last.replace((is_action, place)) != Some((is_action, place)) {
            rows.push(PlannedActionSummary {
                action: name.clone(),
                source,
                customer_count: 0,
                channels: Vec::new(),
            });
        }
        if let Some(row) = rows.last_mut() {
            row.customer_count += count;
            row.channels.push((channel.clone(), count));
        }
    }
    rows
}

fn notes(params: &ContactPlanValidParams, values: &Values, customers: usize, knows_contacts: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if values.measure != params.value && customers > 0 {
        notes.push(format!(
            "no customer has a {}: contacts are ranked by {}",
            params.value, values.measure
        ));
    }
    if !knows_contacts {
        notes.push("no source of interactions: nobody knows who was contacted, or who is neglected".to_owned());
    }
    notes
}
