//! The plan itself, on plain numbers: every customer for themself, so that threads and order do not matter.

use rayon::prelude::*;

use super::caps::OpenContacts;
use super::reason::ContactPlanReason;

/// A channel with the purpose that needs a consent for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactWay {
    /// The channel.
    pub channel: String,
    /// The purpose.
    pub purpose: String,
}

/// What the plan asks of permissions. Rows are those of `customer_features`, ways those of
/// `ContactPlanValidParams::ways`, days are since 1970-01-01.
pub(super) trait ContactPermissions: Sync {
    /// Whether the customer may be contacted so at all, whatever the day: consent, suppressions, age, address, open
    /// cases.
    ///
    /// # Errors
    /// The rule that keeps the customer out.
    fn allows(&self, row: u32, way: u16) -> Result<(), ContactPlanReason>;

    /// The first day after that of the run on which quiet periods and caps allow a contact, not later than so many days
    /// after the run; later days are free as well, as nothing but this contact comes.
    ///
    /// # Errors
    /// The rule that takes all these days.
    fn free_from(&self, row: u32, way: u16, horizon_days: u16) -> Result<i32, ContactPlanReason>;

    /// The day of the last contact up to that of the run.
    fn last_contact(&self, row: u32) -> Option<i32>;

    /// The days of contacts up to that of the run within the longest window of the caps, in any order.
    fn recent_contacts(&self, row: u32) -> &[i32];
}

/// An action, with what it asks for as codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) name: String,
    /// Whether it asks for signals.
    pub(super) is_of_signals: bool,
    /// A bit a lifecycle stage.
    pub(super) stages: u32,
    /// A bit a value tier.
    pub(super) tiers: u32,
    /// A bit a signal, of which the customer has one at least; none where it asks for none.
    pub(super) signals: u64,
    /// Places of its ways, the preferred one first.
    pub(super) ways: Vec<u16>,
    pub(super) every_days: i32,
}

/// What is known of each customer, by row.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// Codes of lifecycle stages.
    pub(super) stages: Vec<u8>,
    /// Codes of value tiers.
    pub(super) tiers: Vec<u8>,
    /// A bit a signal that an action asks for.
    pub(super) signals: Vec<u64>,
    /// The first of tonight's lists that contacts the customer, counted from 1; 0 without one.
    pub(super) lists: Vec<u16>,
    /// How many of tonight's lists do.
    pub(super) list_counts: Vec<u8>,
    /// Whether one of tonight's lists, or all of them, hold the customer out.
    pub(super) in_control: Vec<bool>,
}

/// What holds for all customers.
pub(super) struct Rules<'r> {
    pub(super) as_of: i32,
    pub(super) horizon_days: u16,
    /// In the order in which they are tried.
    pub(super) actions: &'r [Action],
    pub(super) open: Option<&'r OpenContacts>,
    pub(super) permissions: &'r dyn ContactPermissions,
    /// Whether any source tells of contacts.
    pub(super) knows_contacts: bool,
    /// A bit a tier that is of value.
    pub(super) of_value: u32,
    pub(super) neglected_after_days: i32,
}

/// What is planned for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) reason: ContactPlanReason,
    /// What the contact is; none where nothing is planned.
    pub(super) contact: Option<Contact>,
    /// None without a cap on all channels together.
    pub(super) open_contacts: Option<i64>,
    /// Of the longest window of the caps.
    pub(super) recent_contacts: u32,
    pub(super) last_contact: Option<i32>,
    /// None where nobody knows of contacts.
    pub(super) is_neglected: Option<bool>,
}

/// A planned contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contact {
    /// Tonight's list of this place.
    List(u16),
    /// The action of this place, through its way of this place, on this day.
    Action {
        /// Its place.
        action: u16,
        /// The place of its way.
        way: u8,
        /// Days since 1970-01-01.
        day: i32,
    },
}

/// Plans a contact for every customer.
pub(super) fn decide(facts: &Facts, rules: &Rules<'_>) -> Vec<Planned> {
    (0..facts.stages.len())
        .into_par_iter()
        .with_min_len(4_096)
        .map_init(Vec::new, |days, row| rules.plan(facts, row, days))
        .collect()
}

impl Rules<'_> {
    /// `days` is room to count in.
    fn plan(&self, facts: &Facts, row: usize, days: &mut Vec<i32>) -> Planned {
        let last = self.permissions.last_contact(row as u32);
        let found = self.next_contact(facts, row, last);
        let recent = self.permissions.recent_contacts(row as u32);
        let open_contacts = self.open.map(|open| {
            days.clear();
            days.extend(recent.iter().map(|day| day - self.as_of));
            days.extend(std::iter::repeat_n(1, facts.list_counts[row].into()));
            if let Ok(Contact::Action { day, .. }) = found {
                days.push(day - self.as_of);
            }
            open.count(days)
        });
        let is_long_ago = last.is_none_or(|last| self.as_of - last >= self.neglected_after_days);
        let is_neglected = is_long_ago && has_bit(self.of_value, facts.tiers[row]);
        Planned {
            reason: found.err().unwrap_or(ContactPlanReason::Planned),
            contact: found.ok(),
            open_contacts,
            recent_contacts: recent.len() as u32,
            last_contact: last,
            is_neglected: self.knows_contacts.then_some(is_neglected),
        }
    }

    /// Tonight's list, else the first action that can be.
    fn next_contact(&self, facts: &Facts, row: usize, last: Option<i32>) -> Result<Contact, ContactPlanReason> {
        if let Some(list) = facts.lists[row].checked_sub(1) {
            return Ok(Contact::List(list));
        }
        if facts.in_control[row] {
            return Err(ContactPlanReason::InControl);
        }
        let mut furthest = ContactPlanReason::NothingToDo;
        for (place, action) in self.actions.iter().enumerate() {
            if !action.asks_for(facts, row) {
                continue;
            }
            let since_last = last.map_or(i32::MIN, |last| last.saturating_add(action.every_days));
            for (way_place, &way) in action.ways.iter().enumerate() {
                match self.first_day(row as u32, way, since_last) {
                    Ok(day) => {
                        return Ok(Contact::Action {
                            action: place as u16,
                            way: way_place as u8,
                            day,
                        });
                    }
                    Err(reason) => furthest = furthest.max(reason),
                }
            }
        }
        Err(furthest)
    }

    /// The first day for a contact, not before one that the action names.
    fn first_day(&self, row: u32, way: u16, not_before: i32) -> Result<i32, ContactPlanReason> {
        self.permissions.allows(row, way)?;
        let free = self.permissions.free_from(row, way, self.horizon_days)?;
        let day = free.max(not_before).max(self.as_of + 1);
        if day > self.as_of + i32::from(self.horizon_days) {
            return Err(ContactPlanReason::TooSoon);
        }
        Ok(day)
    }
}

impl Action {
    fn asks_for(&self, facts: &Facts, row: usize) -> bool {
        has_bit(self.stages, facts.stages[row])
            && has_bit(self.tiers, facts.tiers[row])
            && (!self.is_of_signals || self.signals & facts.signals[row] != 0)
    }
}

/// Whether a set of codes has one of them; codes are below 32.
pub(super) fn has_bit(set: u32, code: u8) -> bool {
    set.checked_shr(code.into()).is_some_and(|rest| rest & 1 == 1)
}

#[cfg(test)]
mod tests;
