//! Who may be contacted, through what, what for, and from when on.
//!
//! It fails closed: nobody may be contacted of whom nothing says that they allowed it. Consents, suppressions and the
//! rows of both that could not be read are held by row of the base, so that millions of customers can be asked about in
//! a second; only the ways (channel and purpose) that somebody asks for are kept.

mod address;
mod blocks;
mod cases;
mod consents;
mod contacts;
mod mailboxes;
mod numbers;
mod params;
mod people;
mod reason;
mod rows;
mod shared;
mod traits;
mod unknown;
mod ways;
mod words;

pub use address::{closes, suppressed_by_address};
pub use params::{CapParams, ContactRulesParams, ContactRulesValidParams};
pub use reason::{ContactDetail, Detail, Reason, Refusal};
pub use ways::Way;

pub(crate) use contacts::Planned;
pub(crate) use params::check_age;
pub(crate) use rows::{Ids, ROWS_OF_WORKER};
pub(crate) use words::is_every;

use std::collections::BTreeSet;

use cartera_table::contracts::{Cases, Consents, Interactions, Suppressions};
use cartera_table::frame::text;
use cartera_table::{AsOf, Denial, Table, TableError};
use polars::prelude::DataFrame;
use serde::Serialize;

use blocks::{Block, Blocks};
use cases::QuietCases;
use consents::LastWords;
use contacts::Contacts;
use people::{Named, People};
use shared::close_shared;
use traits::Traits;
use unknown::UnknownWords;
use ways::{Effect, Meaning, Ways};

/// What permissions are made of.
#[derive(Debug, Clone, Copy)]
pub struct PermissionSources<'s> {
    /// The customers: a frame with `customer_id`, ascending.
    pub base: &'s DataFrame,
    /// The day of the contact: that of the run, or a later one where a list is written later.
    pub as_of: AsOf,
    /// Rows of `customers`, in the order of that table: `customer_id` and whichever of `email`, `phone`, `country`,
    /// `birth_date`, `street`, `city`, `postcode` and `household_key` there are.
    pub customers: &'s DataFrame,
    /// The same of `customer_id`, `email`, `phone` and `country` as the source files have them since the run, where a list is
    /// written later: who is named by either address is meant.
    pub customers_now: Option<&'s DataFrame>,
    /// What customers allowed; none where no source tells, which allows nothing to nobody.
    pub consents: Option<&'s Table<Consents>>,
    /// Who must not be contacted.
    pub suppressions: Option<&'s Table<Suppressions>>,
    /// What defective rows of these two deny.
    pub denials: &'s [Denial],
    /// Defective rows that name nobody and yet stop nothing, if there are no more of them.
    pub accepted_bad_rows: u64,
    /// Past contacts.
    pub interactions: Option<&'s Table<Interactions>>,
    /// Of `target_holdouts` the columns `customer_id`, `channel` and `held_out_on`: caps count these days as contacts, so
    /// that those held out come back when those contacted do. They count only where there are interactions.
    pub held_out: Option<&'s DataFrame>,
    /// Complaints and incidents.
    pub cases: Option<&'s Table<Cases>>,
}

/// Who may be contacted.
#[derive(Debug, Clone)]
pub struct Permissions {
    ids: Ids,
    as_of: AsOf,
    rules: ContactRulesValidParams,
    ways: Ways,
    words: LastWords,
    denied: Blocks,
    suppressed: Blocks,
    /// The defective row that stops each way.
    stops: Vec<Option<u32>>,
    denial_places: Vec<(usize, usize, u64)>,
    suppression_reasons: Vec<String>,
    traits: Traits,
    cases: QuietCases,
    contacts: Contacts,
    /// What each channel needs to reach somebody, by code.
    details: Vec<Option<ContactDetail>>,
    /// Code of the mailbox of each customer who shares it with another one.
    mailboxes: Vec<u32>,
    unknown_words: UnknownWords,
    counts: PermissionCounts,
}

/// What was found in the sources, for the notes of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct PermissionCounts {
    /// Whether any source tells consents.
    pub has_consents: bool,
    /// Rows of suppressions.
    pub suppression_rows: u64,
    /// Of these, rows that name no customer of the run.
    pub suppression_rows_without_customer: u64,
    /// Customers of the run whom a suppression names.
    pub suppressed_customers: u64,
    /// Defective rows of consents and suppressions.
    pub unreadable_rows: u64,
    /// Of these, rows that tell nobody's key.
    pub unreadable_rows_without_key: u64,
    /// Customers of the run whom a defective row denies.
    pub denied_customers: u64,
    /// Whether rows without a key were accepted, and so stop nothing.
    pub accepts_unreadable_rows: bool,
}

impl Permissions {
    /// Reads the sources. Of channels and purposes only the `ways` can be asked for later.
    ///
    /// # Errors
    /// When a frame lacks a column.
    pub fn new<S: AsRef<str>>(
        sources: PermissionSources<'_>,
        ways: &[(S, S)],
        rules: &ContactRulesValidParams,
    ) -> Result<Self, TableError> {
        let ids = Ids::new(text(sources.base, "customer_id")?);
        let ways = Ways::new(ways);
        let frames = [Some(sources.customers), sources.customers_now];
        let people = frames
            .into_iter()
            .flatten()
            .map(|customers| People::new(customers, &ids))
            .collect::<Result<Vec<_>, _>>()?;
        let country = rules.default_country.as_deref();
        let mut counts = PermissionCounts {
            has_consents: sources.consents.is_some(),
            ..PermissionCounts::default()
        };
        let suppressions = Suppressed::new(sources.suppressions)?;
        let suppressed = suppressions.blocks(&people, &ids, &ways, country, &mut counts);
        let denied = denied(sources.denials, &people, &ids, &ways, country, &mut counts);
        counts.accepts_unreadable_rows =
            counts.unreadable_rows_without_key > 0 && counts.unreadable_rows_without_key <= sources.accepted_bad_rows;
        let stops = if counts.accepts_unreadable_rows {
            vec![None; ways.len()]
        } else {
            stops(sources.denials, &ways)
        };
        let mut words = LastWords::new(sources.consents, &ids, &ways)?;
        // An address that a list holds once is that of the run.
        let mut mailboxes = Vec::new();
        for people in people.iter().rev() {
            mailboxes = close_shared(&mut words, people, &ways, country, ids.len());
        }
        let mut unknown_words = std::mem::take(&mut words.unknown);
        suppressions.note_unknown(&ways, &mut unknown_words);
        for denial in sources.denials {
            ways.note_unknown(denial.channel.as_deref(), None, &mut unknown_words);
        }
        let details = ways.channels().iter();
        Ok(Self {
            words,
            details: details.map(|channel| ContactDetail::of_channel(channel)).collect(),
            mailboxes,
            unknown_words,
            denied,
            suppressed,
            stops,
            denial_places: sources.denials.iter().map(place).collect(),
            suppression_reasons: suppressions.reasons,
            traits: Traits::new(sources.customers, &people[0].rows, ids.len())?,
            cases: QuietCases::new(sources.cases, &ids, rules)?,
            contacts: Contacts::new(
                sources.interactions,
                sources.held_out,
                &ids,
                rules,
                sources.as_of.epoch_days(),
            )?,
            counts,
            ids,
            as_of: sources.as_of,
            rules: rules.clone(),
            ways,
        })
    }

    /// The way of this channel and purpose; none where it is not one of those that it was made for.
    #[must_use]
    pub fn way(&self, channel: &str, purpose: &str) -> Option<Way> {
        self.ways.find(channel, purpose)
    }

    /// Whether a customer may be contacted on the day of the run, by all rules that do not depend on tonight's lists.
    ///
    /// # Errors
    /// The first rule that keeps the customer out.
    pub fn verdict(&self, row: u32, way: Way) -> Result<(), Refusal> {
        self.verdict_with(row, way, self.rules.minimum_age, Planned::default())
    }

    /// The same for a list of its own age, beside contacts that are planned for tonight.
    pub(crate) fn verdict_with(&self, row: u32, way: Way, age: u32, planned: Planned) -> Result<(), Refusal> {
        self.allowed_at_age(row, way, age)?;
        let today = self.as_of.epoch_days();
        self.cases.check_quiet(row, today)?;
        self.contacts.check(row, self.channel(way), today, planned)
    }

    /// Whether a customer may be contacted at all: by all rules but the quiet period and the caps, which pass.
    ///
    /// # Errors
    /// The first rule that keeps the customer out.
    pub fn allowed(&self, row: u32, way: Way) -> Result<(), Refusal> {
        self.allowed_at_age(row, way, self.rules.minimum_age)
    }

    fn allowed_at_age(&self, row: u32, way: Way, age: u32) -> Result<(), Refusal> {
        if let Some(denial) = self.stops[usize::from(way.0)] {
            return Err(Refusal::new(Reason::ConsentUnreadable, Detail::Denial(denial)));
        }
        self.words.check(row, way)?;
        if let Some(denial) = self.denied.why(row, way, &self.ways) {
            return Err(Refusal::new(Reason::ConsentUnreadable, Detail::Denial(denial)));
        }
        if let Some(why) = self.suppressed.why(row, way, &self.ways) {
            return Err(Refusal::new(Reason::Suppressed, Detail::Suppression(why)));
        }
        if self.traits.is_younger(row, age, self.as_of) {
            return Err(Refusal::plain(Reason::UnderAge));
        }
        let needed = self.details[self.channel_code(way)].filter(|_| self.rules.required_details);
        if let Some(missing) = needed.filter(|&needed| !self.traits.has(row, needed)) {
            return Err(Refusal::new(Reason::NoContactDetail, Detail::Missing(missing)));
        }
        self.cases.check_open(row)
    }

    /// The first day after the day of the run, and not more than `horizon_days` after it, on which quiet period and caps
    /// allow a contact, as days since 1970-01-01; none where there is none. It holds for a customer who is
    /// [`allowed`](Self::allowed), and when no other contact comes before.
    #[must_use]
    pub fn free_from(&self, row: u32, way: Way, horizon_days: u16) -> Option<i32> {
        let today = self.as_of.epoch_days();
        let tomorrow = today.saturating_add(1).max(self.cases.free_from(row));
        let free = self.contacts.free_from(row, self.channel(way), tomorrow);
        (free <= today.saturating_add(i32::from(horizon_days))).then_some(free)
    }

    /// Contacts of the last days up to the day of the run, as far back as the longest period of a cap.
    #[must_use]
    pub fn contacts_in(&self, row: u32, days: u16) -> usize {
        let first = self.as_of.epoch_days().saturating_sub(i32::from(days));
        self.contacts.count_after(row, first)
    }

    /// Day of the last contact, as days since 1970-01-01; none where there was none.
    #[must_use]
    pub fn last_contact(&self, row: u32) -> Option<i32> {
        self.contacts.last(row)
    }

    /// Whether a defective row that names nobody stops a way.
    #[must_use]
    pub fn is_stopped(&self, way: Way) -> bool {
        self.stops[usize::from(way.0)].is_some()
    }

    /// What a rule saw, in words; none where there is nothing to tell, and of lists and households, which it knows not.
    #[must_use]
    pub fn words(&self, detail: Detail) -> Option<String> {
        match detail {
            Detail::Day(day) => AsOf::from_epoch_days(day).map(|day| day.to_string()),
            Detail::Denial(place) => self
                .denial_places
                .get(place as usize)
                .map(|(source, file, row)| format!("row {row} of file {} of source {}", file + 1, source + 1)),
            Detail::Suppression(place) => self.suppression_reasons.get(place as usize).cloned(),
            Detail::Missing(missing) => Some(missing.word().to_owned()),
            Detail::Cap(place) => self.rules.caps.get(usize::from(place)).map(params::Cap::words),
            Detail::ValueUnknown => Some("expected value not known".to_owned()),
            Detail::None | Detail::List(_) | Detail::Customer(_) => None,
        }
    }

    /// What was found in the sources.
    #[must_use]
    pub fn counts(&self) -> PermissionCounts {
        self.counts
    }

    /// A note for each word of a channel or purpose that closed everything because nobody knows it.
    pub(crate) fn unknown_word_notes(&self) -> Vec<String> {
        self.unknown_words.notes()
    }

    /// A code for each mailbox of two or more customers, `u32::MAX` for the others; none where the way goes to none.
    pub(crate) fn mailboxes(&self, way: Way) -> Option<&[u32]> {
        let goes_to_mailboxes = self.details[self.channel_code(way)] == Some(ContactDetail::Email);
        (goes_to_mailboxes && !self.mailboxes.is_empty()).then_some(&self.mailboxes[..])
    }

    /// Days of the contacts within the longest period of a cap, ascending.
    pub(crate) fn recent_contacts(&self, row: u32) -> &[i32] {
        self.contacts.days(row)
    }

    /// The first day after the quiet period of a case; long ago without one.
    pub(crate) fn quiet_until(&self, row: u32) -> i32 {
        self.cases.free_from(row)
    }

    /// Most contacts and the days that they are counted in, of each cap on all channels together.
    pub(crate) fn caps_on_all(&self) -> Vec<(i32, u32)> {
        let caps = self.rules.caps.iter().filter(|cap| cap.channel.is_none());
        caps.map(|cap| (cap.days, cap.contacts)).collect()
    }

    /// The last day on which what was done lies too far back for every cap.
    pub(crate) fn last_uncapped_day(&self) -> i32 {
        self.as_of.epoch_days().saturating_sub(self.rules.longest_cap_days())
    }

    /// The day of the run.
    pub(crate) fn as_of(&self) -> AsOf {
        self.as_of
    }

    /// The customers.
    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }

    /// A code for each household of two or more members, `u32::MAX` for the others.
    pub(crate) fn households(&self) -> &[u32] {
        self.traits.households()
    }

    /// Code of the way's channel, and how many there are.
    pub(crate) fn channel_code(&self, way: Way) -> usize {
        usize::from(self.ways.channel(way))
    }

    pub(crate) fn channel_count(&self) -> usize {
        self.ways.channels().len()
    }

    fn channel(&self, way: Way) -> &str {
        &self.ways.channels()[self.channel_code(way)]
    }
}

/// The rows of suppressions.
struct Suppressed<'s> {
    named: Vec<Named<'s>>,
    /// Channel, purpose and place of the reason of each row.
    closed: Vec<(Option<&'s str>, Option<&'s str>, u32)>,
    reasons: Vec<String>,
}

impl<'s> Suppressed<'s> {
    fn new(suppressions: Option<&'s Table<Suppressions>>) -> Result<Self, TableError> {
        let (mut named, mut closed, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(suppressions) = suppressions {
            let frame = suppressions.frame();
            let of = |name| Ok::<_, TableError>(text(frame, name)?.iter());
            let why: Vec<&str> = of("reason")?.map(Option::unwrap_or_default).collect();
            reasons = why.iter().map(|&why| why.to_owned()).collect();
            reasons.sort_unstable();
            reasons.dedup();
            let keys = of("customer_id")?.zip(of("email")?.zip(of("phone")?));
            named = keys
                .map(|(customer_id, (email, phone))| Named {
                    customer_id,
                    email,
                    phone,
                })
                .collect();
            let place = |why: &str| reasons.partition_point(|reason| reason.as_str() < why) as u32;
            closed = of("channel")?
                .zip(of("purpose")?)
                .zip(why)
                .map(|((channel, purpose), why)| (channel, purpose, place(why)))
                .collect();
        }
        Ok(Self { named, closed, reasons })
    }

    fn note_unknown(&self, ways: &Ways, unknown: &mut UnknownWords) {
        for &(channel, purpose, _) in &self.closed {
            ways.note_unknown(channel, purpose, unknown);
        }
    }

    fn blocks(
        &self,
        people: &[People],
        ids: &Ids,
        ways: &Ways,
        country: Option<&str>,
        counts: &mut PermissionCounts,
    ) -> Blocks {
        let found = named_by_any(people, &self.named, ids, country);
        let (customers, rows) = distinct(&found);
        counts.suppression_rows = self.named.len() as u64;
        counts.suppression_rows_without_customer = counts.suppression_rows - rows;
        counts.suppressed_customers = customers;
        let block = |(place, row): (u32, u32)| {
            let (channel, purpose, why) = self.closed[place as usize];
            Block {
                row,
                why,
                channel: every_or(channel, |channel| ways.channel_of(channel, Effect::Closes)),
                purpose: every_or(purpose, |purpose| ways.purpose_of(purpose, Effect::Closes)),
            }
        };
        Blocks::new(found.into_iter().map(block).collect(), ids.len(), ways)
    }
}

fn denied(
    denials: &[Denial],
    people: &[People],
    ids: &Ids,
    ways: &Ways,
    country: Option<&str>,
    counts: &mut PermissionCounts,
) -> Blocks {
    let named: Vec<Named<'_>> = denials
        .iter()
        .map(|denial| Named {
            customer_id: denial.customer_id.as_deref(),
            email: denial.email.as_deref(),
            phone: denial.phone.as_deref(),
        })
        .collect();
    let found = named_by_any(people, &named, ids, country);
    counts.denied_customers = distinct(&found).0;
    counts.unreadable_rows = places(denials).len() as u64;
    counts.unreadable_rows_without_key = denials.iter().filter(|denial| denial.stops_channel()).count() as u64;
    let block = |(place, row): (u32, u32)| Block {
        row,
        why: place,
        channel: every_or(denials[place as usize].channel.as_deref(), |channel| {
            ways.channel_of(channel, Effect::Closes)
        }),
        purpose: Meaning::Every,
    };
    Blocks::new(found.into_iter().map(block).collect(), ids.len(), ways)
}

/// Source, file and row of a defective row.
fn place(denial: &Denial) -> (usize, usize, u64) {
    (denial.origin.source_index, denial.origin.file_index, denial.row)
}

/// The defective rows, each once: one that names somebody and yet stops a channel denies twice.
fn places(denials: &[Denial]) -> BTreeSet<(usize, usize, u64)> {
    denials.iter().map(place).collect()
}

/// The first row that stops each way, of those that name nobody.
fn stops(denials: &[Denial], ways: &Ways) -> Vec<Option<u32>> {
    let mut stops = vec![None; ways.len()];
    for (place, denial) in denials.iter().enumerate().filter(|(_, denial)| denial.stops_channel()) {
        let channel = every_or(denial.channel.as_deref(), |channel| {
            ways.channel_of(channel, Effect::Closes)
        });
        for way in ways.covered(channel, Meaning::Every) {
            stops[way].get_or_insert(place as u32);
        }
    }
    stops
}

/// Place in `named` and row of the base of everybody whom any of these files knows by that key or address, ascending.
fn named_by_any(people: &[People], named: &[Named<'_>], ids: &Ids, country: Option<&str>) -> Vec<(u32, u32)> {
    let mut found: Vec<_> = people
        .iter()
        .flat_map(|people| people.named(named, ids, country))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What is not told stands for every one.
fn every_or(text: Option<&str>, meaning: impl Fn(&str) -> Meaning) -> Meaning {
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => meaning(text),
        None => Meaning::Every,
    }
}

/// Distinct customers and distinct rows among what was found, which comes by row.
fn distinct(found: &[(u32, u32)]) -> (u64, u64) {
    let mut customers: Vec<u32> = found.iter().map(|(_, row)| *row).collect();
    customers.sort_unstable();
    customers.dedup();
    let rows = found.chunk_by(|one, other| one.0 == other.0).count();
    (customers.len() as u64, rows as u64)
}

#[cfg(test)]
mod tests {
    use cartera_table::Origin;

    use super::*;

    #[test]
    fn a_row_that_denies_somebody_and_stops_a_channel_is_one_row() {
        let denial = |row, customer_id: Option<&str>| Denial {
            origin: Origin {
                source_index: 0,
                file_index: 0,
            },
            row,
            customer_id: customer_id.map(str::to_owned),
            email: None,
            phone: None,
            channel: None,
        };
        assert_eq!(
            places(&[denial(6, None), denial(6, Some("a")), denial(7, None)]).len(),
            2
        );
    }
}
