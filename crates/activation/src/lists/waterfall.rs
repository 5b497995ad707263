//! One list after the other: who is kept out by which rule, who is selected, who of these is held out.
//!
//! Customers who are held out count for the lists behind like those who are contacted: for the waterfall, the household
//! and the caps. Else they would be contacted by another list, and the comparison would not be fair.

use rayon::prelude::*;

use super::candidates::Candidates;
use super::draw::{CustomerKeys, Draw};
use super::params::{Control, Target};
use crate::error::ActivationError;
use crate::permissions::{Detail, Permissions, Planned, ROWS_OF_WORKER, Reason, Refusal, Way};

/// No list, customer or rank.
pub(super) const NONE: u32 = u32::MAX;
/// No list.
const NO_LIST: u16 = u16::MAX;

/// What becomes of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// To be contacted.
    Contact,
    /// Held out of the list.
    Control,
    /// Held out of all lists.
    GlobalControl,
    /// Kept out by a rule.
    Excluded,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Contact, Self::Control, Self::GlobalControl, Self::Excluded];

    /// Its word in the tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Control => "control",
            Self::GlobalControl => "global_control",
            Self::Excluded => "excluded",
        }
    }
}

/// What became of the candidates of one list.
#[derive(Debug, Clone)]
pub struct ListOutcome<'t> {
    pub(crate) target: &'t Target,
    pub(crate) is_stopped: bool,
    pub(crate) rows: Vec<u32>,
    pub(crate) decisions: Vec<Decision>,
    /// Why each is kept out; [`Reason::Selected`] where nothing does.
    pub(crate) refusals: Vec<Refusal>,
    /// Place among the selected from 1; `NONE` for the others.
    pub(crate) ranks: Vec<u32>,
    pub(crate) expected: Option<Vec<f64>>,
}

impl ListOutcome<'_> {
    /// The list.
    #[must_use]
    pub fn target(&self) -> &Target {
        self.target
    }

    /// Rows of the base of all candidates, ascending.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// What became of each of them.
    #[must_use]
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Rows of those to be contacted, by rank.
    #[must_use]
    pub fn contacts(&self) -> Vec<u32> {
        let mut contacts: Vec<(u32, u32)> = self
            .rows
            .iter()
            .zip(&self.ranks)
            .zip(&self.decisions)
            .filter(|(_, decision)| **decision == Decision::Contact)
            .map(|((&row, &rank), _)| (rank, row))
            .collect();
        contacts.par_sort_unstable();
        contacts.into_iter().map(|(_, row)| row).collect()
    }
}

/// Of whom a list takes one.
struct Groups<'g> {
    /// Code of each customer's household.
    households: &'g [u32],
    /// Code of each customer's mailbox, where the list goes to mailboxes.
    mailboxes: Option<&'g [u32]>,
}

/// What the lists so far took.
struct Tonight {
    /// The exclusive list that has each customer.
    claimed: Vec<u16>,
    /// Contacts of each customer by code of the channel.
    planned: Vec<Vec<u8>>,
    /// The member of each household that is contacted, the first one where there are several.
    holders: Vec<u32>,
    /// Place of each open row among the candidates of the list at hand.
    places: Vec<u32>,
}

/// Decides all lists, in the order that they come in.
pub(super) fn waterfall<'t>(
    permissions: &Permissions,
    lists: Vec<Candidates<'t, '_>>,
    keys: &CustomerKeys,
    control: &Control,
) -> Result<Vec<ListOutcome<'t>>, ActivationError> {
    let height = permissions.ids().len();
    let mut tonight = Tonight {
        claimed: vec![NO_LIST; height],
        planned: vec![vec![0; height]; permissions.channel_count()],
        holders: unheld(permissions.households()),
        places: vec![0; height],
    };
    let global = Draw::of_all(&control.salt, control.global_share);
    let mut outcomes = Vec::with_capacity(lists.len());
    for (place, list) in lists.into_iter().enumerate() {
        let way = permissions.way(&list.target.channel, &list.target.purpose);
        let mut refusals = match way {
            Some(way) => refusals(permissions, &list, way, &tonight),
            // Nobody asked what was allowed for it: nothing was.
            None => vec![Refusal::plain(Reason::NoConsent); list.rows.len()],
        };
        let groups = Groups {
            households: permissions.households(),
            mailboxes: way.and_then(|way| permissions.mailboxes(way)),
        };
        let selected = select(&list, &groups, &mut refusals, &mut tonight)?;
        if let Some(way) = way {
            tonight.take(&list, &selected, place as u16, permissions, way);
        }
        let mut ranks = vec![NONE; list.rows.len()];
        for (rank, &place) in (1..).zip(&selected) {
            ranks[place] = rank;
        }
        let own = Draw::of_list(&control.salt, &list.target.name, list.target.control_share);
        let decisions = list
            .rows
            .par_iter()
            .zip(&ranks)
            .with_min_len(ROWS_OF_WORKER / 16)
            .map(|(&row, &rank)| {
                let id = permissions.ids().get(row as usize);
                if rank == NONE {
                    Decision::Excluded
                } else if keys.is_drawn(row, id, &global) {
                    Decision::GlobalControl
                } else if keys.is_drawn(row, id, &own) {
                    Decision::Control
                } else {
                    Decision::Contact
                }
            })
            .collect();
        outcomes.push(ListOutcome {
            target: list.target,
            is_stopped: way.is_some_and(|way| permissions.is_stopped(way)),
            rows: list.rows,
            decisions,
            refusals,
            ranks,
            expected: list.expected,
        });
    }
    Ok(outcomes)
}

/// By all rules that look at one customer at a time.
fn refusals(permissions: &Permissions, list: &Candidates<'_, '_>, way: Way, tonight: &Tonight) -> Vec<Refusal> {
    let channel = permissions.channel_code(way);
    let refusal = |&row: &u32| {
        let planned = |code: usize| u32::from(tonight.planned[code][row as usize]);
        let planned = Planned {
            on_channel: planned(channel),
            on_any: (0..tonight.planned.len()).map(planned).sum(),
        };
        if let Err(refusal) = permissions.verdict_with(row, way, list.target.minimum_age, planned) {
            return refusal;
        }
        match tonight.claimed[row as usize] {
            other if other != NO_LIST && list.target.exclusive => {
                Refusal::new(Reason::InOtherList, Detail::List(other))
            }
            _ => Refusal::plain(Reason::Selected),
        }
    };
    list.rows
        .par_iter()
        .with_min_len(ROWS_OF_WORKER / 16)
        .map(refusal)
        .collect()
}

/// By all rules that look at the list's order; the places of those who are selected, by rank.
fn select(
    list: &Candidates<'_, '_>,
    groups: &Groups<'_>,
    refusals: &mut [Refusal],
    tonight: &mut Tonight,
) -> Result<Vec<usize>, ActivationError> {
    let mut open = Vec::new();
    for (place, &row) in list.rows.iter().enumerate() {
        if refusals[place].reason == Reason::Selected {
            tonight.places[row as usize] = place as u32;
            open.push(row);
        }
    }
    let sorted = list.sorted(&open)?;
    let order: Vec<u32> = sorted.iter().map(|&row| tonight.places[row as usize]).collect();
    let target = list.target;
    let pays = |place: usize| match (&list.expected, target.cost_per_contact) {
        (Some(expected), Some(cost)) => expected[place] >= cost.0 as f64 / 10_000.0,
        _ => true,
    };
    let is_in = |refusals: &[Refusal], place: usize| refusals[place].reason == Reason::Selected;
    if target.one_per_household {
        one_per_group(list, groups.households, &order, refusals, tonight.holders.clone(), pays);
    }
    if let Some(mailboxes) = groups.mailboxes {
        one_per_group(list, mailboxes, &order, refusals, unheld(mailboxes), pays);
    }
    let affordable = match (target.budget, target.cost_per_contact) {
        (Some(budget), Some(cost)) if cost.0 > 0 => (budget.0 / cost.0) as u64,
        _ => u64::MAX,
    };
    let limit = target.limit.unwrap_or(u64::MAX);
    let mut selected = Vec::new();
    for place in order.into_iter().map(|place| place as usize) {
        if !is_in(refusals, place) {
            continue;
        }
        if !pays(place) {
            let is_known = list.expected.as_ref().is_some_and(|expected| !expected[place].is_nan());
            let detail = if is_known { Detail::None } else { Detail::ValueUnknown };
            refusals[place] = Refusal::new(Reason::DoesNotPay, detail);
        } else if selected.len() as u64 >= affordable {
            refusals[place] = Refusal::plain(Reason::OverBudget);
        } else if selected.len() as u64 >= limit {
            refusals[place] = Refusal::plain(Reason::OverLimit);
        } else {
            selected.push(place);
        }
    }
    Ok(selected)
}

/// Nobody has a place yet, of as many groups as there are.
fn unheld(codes: &[u32]) -> Vec<u32> {
    let last = codes.iter().filter(|&&code| code != NONE).max();
    vec![NONE; last.map_or(0, |&code| code as usize + 1)]
}

/// Keeps of each household or mailbox the one who is chosen already, else the first one that pays, else the first one.
fn one_per_group(
    list: &Candidates<'_, '_>,
    codes: &[u32],
    order: &[u32],
    refusals: &mut [Refusal],
    mut chosen: Vec<u32>,
    pays: impl Fn(usize) -> bool,
) {
    let members: Vec<(usize, u32, usize)> = order
        .iter()
        .map(|&place| place as usize)
        .filter(|&place| refusals[place].reason == Reason::Selected)
        .map(|place| (place, list.rows[place]))
        .filter(|(_, row)| codes[*row as usize] != NONE)
        .map(|(place, row)| (place, row, codes[row as usize] as usize))
        .collect();
    for &(place, row, household) in &members {
        if chosen[household] == NONE && pays(place) {
            chosen[household] = row;
        }
    }
    for (place, row, household) in members {
        if chosen[household] == NONE {
            chosen[household] = row;
        }
        if chosen[household] != row {
            refusals[place] = Refusal::new(Reason::Household, Detail::Customer(chosen[household]));
        }
    }
}

impl Tonight {
    /// Remembers whom a list selected, who come by rank. Also a list that contacts several members of a household has one
    /// of them for the lists behind that contact only one.
    fn take(&mut self, list: &Candidates<'_, '_>, selected: &[usize], place: u16, permissions: &Permissions, way: Way) {
        let planned = &mut self.planned[permissions.channel_code(way)];
        let households = permissions.households();
        for row in selected.iter().map(|&place| list.rows[place] as usize) {
            planned[row] = planned[row].saturating_add(1);
            if list.target.exclusive {
                self.claimed[row] = place;
            }
            let holder = self.holders.get_mut(households[row] as usize);
            if let Some(holder) = holder.filter(|holder| **holder == NONE) {
                *holder = row as u32;
            }
        }
    }
}
