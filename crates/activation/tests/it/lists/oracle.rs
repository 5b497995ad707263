//! The same decisions, made slowly: one rule after the other, as they are written down.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::tables::Row;
use super::world::{Closed, HOUR, List, Person, World, Written};

fn is_every(word: &str) -> bool {
    matches!(word, "all" | "any" | "*")
}

/// What closes a channel or purpose: its word, one for all, and one that nobody knows.
fn closes(word: &str, asked: &str) -> bool {
    let is_same = match word {
        "correo" => matches!(asked, "email" | "post"),
        "publicidad" => asked == "marketing",
        _ => word == asked,
    };
    is_same || is_every(word) || word == "pigeon"
}

fn opens(word: &str, asked: &str) -> bool {
    let is_same = match word {
        "correo" => asked == "email",
        "publicidad" => asked == "marketing",
        _ => word == asked,
    };
    is_same || is_every(word)
}

fn covers(closed: &Closed, channel: &str, purpose: Option<&str>) -> bool {
    let on_channel = closed.channel.is_none_or(|own| closes(own, channel));
    let for_purpose = match (closed.purpose, purpose) {
        (Some(own), Some(purpose)) => closes(own, purpose),
        _ => true,
    };
    on_channel && for_purpose
}

impl World {
    fn names(&self, closed: &Closed, person: &Person) -> bool {
        let who = &closed.who;
        who.key.as_ref().is_some_and(|key| self.owner(key) == person.id)
            || who
                .email
                .zip(person.email)
                .is_some_and(|(one, other)| one.number == other.number)
            || who
                .phone
                .zip(person.phone)
                .is_some_and(|(one, other)| one.number == other.number)
    }

    /// Whether the world lets somebody be contacted so: consent, defective rows, suppressions.
    pub(crate) fn consent_refusal(&self, person: &Person, channel: &str, purpose: &str) -> Option<&'static str> {
        let is_nobody =
            |denial: &&Closed| denial.who.key.is_none() && denial.who.email.is_none() && denial.who.phone.is_none();
        let nobodies = self.denials.iter().filter(is_nobody).count() as u64;
        let mut stops = self.denials.iter().filter(is_nobody);
        if nobodies > self.accepted && stops.any(|denial| covers(denial, channel, None)) {
            return Some("consent_unreadable");
        }
        match self.last_word(person, channel, purpose) {
            None => return Some("no_consent"),
            Some((_, true)) => return Some("consent_withdrawn"),
            Some((_, false)) => {}
        }
        let has_same_address = |other: &&Person| {
            let is_same = |one: Option<Written>, two: Option<Written>| {
                one.zip(two).is_some_and(|(one, two)| one.number == two.number)
            };
            match channel {
                "email" => is_same(person.email, other.email),
                "sms" => is_same(person.phone, other.phone),
                _ => false,
            }
        };
        let mut sharers = self.people.iter().filter(has_same_address);
        if sharers.any(|other| matches!(self.last_word(other, channel, purpose), Some((_, true)))) {
            return Some("consent_withdrawn");
        }
        let denies = |denial: &Closed| self.names(denial, person) && covers(denial, channel, None);
        if self.denials.iter().any(denies) {
            return Some("consent_unreadable");
        }
        let suppresses = |row: &Closed| self.names(row, person) && covers(row, channel, Some(purpose));
        self.suppressions.iter().any(suppresses).then_some("suppressed")
    }

    /// When the last word of one person about a channel was said, and whether it is a withdrawal.
    fn last_word(&self, person: &Person, channel: &str, purpose: &str) -> Option<(i64, bool)> {
        let mut words: Vec<(i64, bool)> = Vec::new();
        for row in self.consents.iter().flatten() {
            let is_about = if row.is_granted { opens } else { closes };
            let is_it =
                self.owner(&row.key) == person.id && is_about(row.channel, channel) && is_about(row.purpose, purpose);
            let is_future = row.since >= i64::from(self.as_of + 1) * 24 * HOUR;
            if is_it && !(row.is_granted && is_future) {
                words.push((row.since, !row.is_granted));
            }
        }
        words.into_iter().max()
    }

    fn refusal(&self, person: &Person, list: &List, tonight: &[(String, &'static str)]) -> Option<&'static str> {
        if let Some(reason) = self.consent_refusal(person, list.channel, list.purpose) {
            return Some(reason);
        }
        // Birthdays are those of 2007-06-29, 06-30 and the like: the age turns with the day.
        let age = list.minimum_age.unwrap_or(18);
        let born_by = if age == 18 {
            self.as_of - 6_575
        } else {
            self.as_of - 10_958
        };
        if person.birth.is_some_and(|birth| birth > born_by) {
            return Some("under_age");
        }
        let is_reached = match list.channel {
            "email" => person.email.is_some(),
            "sms" => person.phone.is_some(),
            "post" => person.street && person.city,
            _ => true,
        };
        if self.required_details && !is_reached {
            return Some("no_contact_detail");
        }
        let cases = || {
            self.cases
                .iter()
                .filter(|case| self.owner(&case.key) == person.id && matches!(case.kind, "complaint" | "incident"))
        };
        if cases().any(|case| case.is_open == Some(true)) {
            return Some("open_case");
        }
        if cases().any(|case| self.as_of - case.day < self.quiet_days) {
            return Some("quiet_period");
        }
        for cap in &self.caps {
            if cap.channel.is_some_and(|channel| channel != list.channel) {
                continue;
            }
            let known = |count: usize| if self.knows_contacts { count } else { 0 };
            let past = self.contacts.iter().filter(|contact| {
                let is_outbound = contact.direction == Some("outbound") && contact.kind != "response"
                    || contact.direction.is_none() && contact.kind == "contact";
                let channel = contact.channel.map(|channel| channel.trim().to_lowercase());
                self.owner(&contact.key) == person.id
                    && is_outbound
                    && self.as_of - contact.day < cap.days
                    && (cap.channel.is_none() || channel.is_none_or(|channel| channel == list.channel))
            });
            let held_out = self.held_out.iter().filter(|held_out| {
                held_out.customer == person.id
                    && self.as_of - held_out.day < cap.days
                    && (cap.channel.is_none() || held_out.channel == list.channel)
            });
            let planned = tonight.iter().filter(|(customer, channel)| {
                *customer == person.id && (cap.channel.is_none() || *channel == list.channel)
            });
            if known(past.count() + held_out.count()) + planned.count() >= cap.contacts {
                return Some("frequency_cap");
            }
        }
        None
    }

    /// All decisions.
    pub(crate) fn expected(&self) -> Vec<Row> {
        let mut lists: Vec<(i64, &List)> = self
            .lists
            .iter()
            .enumerate()
            .map(|(place, list)| (list.priority.unwrap_or(place as i64 + 1), list))
            .collect();
        lists.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        let mut rows = Vec::new();
        let mut tonight: Vec<(String, &'static str)> = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        let mut holders: BTreeMap<usize, String> = BTreeMap::new();
        for (_, list) in lists {
            let mut people: Vec<&Person> = self
                .people
                .iter()
                .filter(|person| person.order_count >= list.at_least)
                .collect();
            people.sort_by(|one, other| (-one.order_count, &one.id).cmp(&(-other.order_count, &other.id)));
            let mut reasons: BTreeMap<&str, &'static str> = BTreeMap::new();
            for person in &people {
                let refusal = self.refusal(person, list, &tonight);
                let refusal = refusal.or((list.exclusive && taken.contains(&person.id)).then_some("in_other_list"));
                if let Some(reason) = refusal {
                    reasons.insert(&person.id, reason);
                }
            }
            if list.one_per_household.unwrap_or(self.one_per_household) {
                for household in 0..3 {
                    let members: Vec<&&Person> = people
                        .iter()
                        .filter(|person| person.household == Some(household) && !reasons.contains_key(&*person.id))
                        .collect();
                    let first = members.iter().find(|member| list.pays(member)).or(members.first());
                    let holder = holders.get(&household).cloned().or(first.map(|first| first.id.clone()));
                    for member in members {
                        if Some(&member.id) != holder.as_ref() {
                            reasons.insert(&member.id, "household");
                        }
                    }
                }
            }
            for number in (0..6).filter(|_| list.channel == "email") {
                let sharers: Vec<&&Person> = people
                    .iter()
                    .filter(|person| person.email.is_some_and(|email| email.number == number))
                    .filter(|person| !reasons.contains_key(&*person.id))
                    .collect();
                let first = sharers.iter().find(|sharer| list.pays(sharer)).or(sharers.first());
                let first = first.map(|first| first.id.clone());
                for sharer in sharers {
                    if Some(&sharer.id) != first.as_ref() {
                        reasons.insert(&sharer.id, "household");
                    }
                }
            }
            let mut selected = Vec::new();
            for person in &people {
                if reasons.contains_key(&*person.id) {
                    continue;
                }
                let next = selected.len() as i64 + 1;
                let is_over_budget = list
                    .budget
                    .zip(list.cost)
                    .is_some_and(|(budget, cost)| next * cost > budget);
                if !list.pays(person) {
                    reasons.insert(&person.id, "does_not_pay");
                } else if is_over_budget {
                    reasons.insert(&person.id, "over_budget");
                } else if list.limit.is_some_and(|limit| next > limit as i64) {
                    reasons.insert(&person.id, "over_limit");
                } else {
                    selected.push(person.id.clone());
                }
            }
            for person in &people {
                let rank = selected
                    .iter()
                    .position(|id| *id == person.id)
                    .map(|place| place as i64 + 1);
                let share = list.control_share.unwrap_or(self.share);
                let decision = match rank {
                    None => "excluded",
                    Some(_) if person.is_drawn("global", self.global_share) => "global_control",
                    Some(_) if person.is_drawn(&format!("list/{}", list.name), share) => "control",
                    Some(_) => "contact",
                };
                rows.push(Row {
                    list: list.name.clone(),
                    customer: person.id.clone(),
                    decision: decision.to_owned(),
                    reason: reasons.get(&*person.id).copied().unwrap_or("selected").to_owned(),
                    rank,
                });
            }
            for person in people.iter().filter(|person| selected.contains(&person.id)) {
                tonight.push((person.id.clone(), list.channel));
                if list.exclusive {
                    taken.push(person.id.clone());
                }
                if let Some(household) = person.household {
                    holders.entry(household).or_insert_with(|| person.id.clone());
                }
            }
        }
        rows.sort();
        rows
    }
}

impl List {
    fn pays(&self, person: &Person) -> bool {
        match self.cost.filter(|_| self.has_value) {
            Some(cost) => person
                .p_alive
                .is_some_and(|p_alive| p_alive * 10.0 >= cost as f64 / 100.0),
            None => true,
        }
    }
}

impl Person {
    fn is_drawn(&self, name: &str, share: f64) -> bool {
        self.keys.iter().any(|key| {
            let hash = Sha256::digest(format!("salt\0{name}\0{key}").as_bytes());
            let first: [u8; 8] = hash[..8].try_into().expect("eight bytes");
            ((u64::from_be_bytes(first) / 2_048) as f64) < share * 2f64.powi(53)
        })
    }
}
