//! How often customers were contacted of late, and how often they may be.

use std::ops::RangeInclusive;

use cartera_table::contracts::Interactions;
use cartera_table::frame::{dates, text};
use cartera_table::{Table, TableError};
use polars::prelude::{DataFrame, Int32Chunked, StringChunked};
use rayon::prelude::*;

use super::params::{Cap, ContactRulesValidParams};
use super::reason::{Detail, Reason, Refusal};
use super::rows::{Ids, parts};
use super::words::channel_word;

/// No contact.
const NEVER: i32 = i32::MIN;
/// A channel that no cap names.
const OTHER_CHANNEL: u16 = u16::MAX;
/// The source does not tell the channel: the contact counts for every one.
const UNKNOWN_CHANNEL: u16 = u16::MAX - 1;
/// Parts of the table whose results wait at once.
const WAITING_PARTS: usize = 64;

/// A contact that a cap can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Contact {
    row: u32,
    day: i32,
    /// Place among the channels that caps name.
    channel: u16,
}

/// The contacts of each customer within the longest period of a cap, by day.
#[derive(Debug, Clone)]
pub(super) struct Contacts {
    /// Where the contacts of each row begin; one more than there are rows.
    starts: Vec<u32>,
    days: Vec<i32>,
    channels: Vec<u16>,
    /// Day of the last contact of each row, however long ago.
    last: Vec<i32>,
    caps: Vec<(Cap, Option<u16>)>,
}

impl Contacts {
    /// Of past contacts and, as if they were some, of days on which customers were held out; of nothing where no source
    /// tells of contacts, because then caps hold for nobody.
    pub(super) fn new(
        interactions: Option<&Table<Interactions>>,
        held_out: Option<&DataFrame>,
        ids: &Ids,
        rules: &ContactRulesValidParams,
        as_of: i32,
    ) -> Result<Self, TableError> {
        let mut capped: Vec<&str> = rules.caps.iter().filter_map(|cap| cap.channel.as_deref()).collect();
        capped.sort_unstable();
        capped.dedup();
        let code = |channel: &str| {
            capped
                .iter()
                .position(|known| *known == channel)
                .map(|place| place as u16)
        };
        let caps = rules
            .caps
            .iter()
            .map(|cap| (cap.clone(), cap.channel.as_deref().and_then(code)))
            .collect();
        let mut contacts = Self {
            starts: vec![0; ids.len() + 1],
            days: Vec::new(),
            channels: Vec::new(),
            last: vec![NEVER; ids.len()],
            caps,
        };
        let Some(interactions) = interactions else {
            return Ok(contacts);
        };
        let columns = Columns::new(interactions)?;
        let first_day = as_of.saturating_sub(rules.longest_cap_days());
        let mut all = Vec::new();
        for waiting in parts(&columns.customers).chunks(WAITING_PARTS) {
            let found: Vec<_> = waiting
                .par_iter()
                .map(|part| columns.of(part.clone(), ids, &capped, first_day..=as_of))
                .collect();
            for part in found {
                for (row, day) in part.last {
                    contacts.last[row as usize] = day;
                }
                all.extend(part.contacts);
            }
        }
        if let Some(held_out) = held_out {
            all.extend(holdouts(held_out, ids, &capped, first_day..=as_of)?);
            all.par_sort_by_key(|contact| (contact.row, contact.day));
        }
        for contact in &all {
            contacts.starts[contact.row as usize + 1] += 1;
        }
        contacts.days = all.iter().map(|contact| contact.day).collect();
        contacts.channels = all.iter().map(|contact| contact.channel).collect();
        for row in 0..ids.len() {
            contacts.starts[row + 1] += contacts.starts[row];
        }
        Ok(contacts)
    }

    /// Whether one contact more on a day keeps the caps. `on_channel` and `on_any` are contacts of that day that are
    /// planned already, through this channel and in all.
    pub(super) fn check(&self, row: u32, channel: &str, day: i32, planned: Planned) -> Result<(), Refusal> {
        for (place, (cap, code)) in self.caps.iter().enumerate() {
            if cap.channel.as_deref().is_some_and(|capped| capped != channel) {
                continue;
            }
            let past = self
                .of(row, *code)
                .take_while(|&past| past > day.saturating_sub(cap.days));
            let planned = if code.is_some() {
                planned.on_channel
            } else {
                planned.on_any
            };
            if past.count() + planned as usize >= cap.contacts as usize {
                return Err(Refusal::new(Reason::FrequencyCap, Detail::Cap(place as u16)));
            }
        }
        Ok(())
    }

    /// The first day from one on on which the caps allow a contact, when no other one comes between.
    pub(super) fn free_from(&self, row: u32, channel: &str, day: i32) -> i32 {
        let mut free = day;
        for (cap, code) in &self.caps {
            if cap.channel.as_deref().is_some_and(|capped| capped != channel) {
                continue;
            }
            // The last contacts fill the cap until the earliest of them is out of its period.
            if let Some(past) = self.of(row, *code).nth(cap.contacts as usize - 1) {
                free = free.max(past.saturating_add(cap.days));
            }
        }
        free
    }

    /// Days of a customer's contacts that count for a channel, the last first.
    fn of(&self, row: u32, channel: Option<u16>) -> impl Iterator<Item = i32> + '_ {
        let range = self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize;
        let contacts = self.days[range.clone()].iter().zip(&self.channels[range]).rev();
        contacts
            .filter(move |(_, of)| channel.is_none_or(|channel| **of == channel || **of == UNKNOWN_CHANNEL))
            .map(|(&day, _)| day)
    }

    /// Contacts since a day, that day not included, as far back as the longest period of a cap.
    pub(super) fn count_after(&self, row: u32, day: i32) -> usize {
        self.of(row, None).take_while(|&past| past > day).count()
    }

    /// Days of the contacts within the longest period of a cap, ascending.
    pub(super) fn days(&self, row: u32) -> &[i32] {
        &self.days[self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize]
    }

    /// Day of the last contact.
    pub(super) fn last(&self, row: u32) -> Option<i32> {
        Some(self.last[row as usize]).filter(|&day| day != NEVER)
    }
}

/// Contacts of a day that are planned already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Planned {
    /// Through the channel that is asked about.
    pub(crate) on_channel: u32,
    /// Through any.
    pub(crate) on_any: u32,
}

/// Days on which customers were held out, after the first of these days and up to the last.
fn holdouts(
    held_out: &DataFrame,
    ids: &Ids,
    capped: &[&str],
    days: RangeInclusive<i32>,
) -> Result<Vec<Contact>, TableError> {
    let mut cursor = ids.cursor();
    let facts = text(held_out, "channel")?
        .iter()
        .zip(dates(held_out, "held_out_on")?.iter());
    let rows = text(held_out, "customer_id")?.iter().zip(facts);
    let contact = |(customer, (channel, day)): (Option<&str>, (Option<&str>, Option<i32>))| {
        let day = day.filter(|day| day > days.start() && day <= days.end())?;
        Some(Contact {
            row: cursor.find(customer?)?,
            day,
            channel: channel_among(capped, channel),
        })
    };
    Ok(rows.filter_map(contact).collect())
}

/// Place of a channel among those that caps name.
fn channel_among(capped: &[&str], channel: Option<&str>) -> u16 {
    let channel = channel.map(channel_word).filter(|channel| !channel.is_empty());
    channel.map_or(UNKNOWN_CHANNEL, |channel| {
        let place = capped.iter().position(|known| *known == channel);
        place.map_or(OTHER_CHANNEL, |place| place as u16)
    })
}

struct Columns {
    customers: StringChunked,
    days: Int32Chunked,
    channels: StringChunked,
    directions: StringChunked,
    kinds: StringChunked,
}

#[derive(Default)]
struct Found {
    contacts: Vec<Contact>,
    last: Vec<(u32, i32)>,
}

impl Columns {
    fn new(interactions: &Table<Interactions>) -> Result<Self, TableError> {
        let frame = interactions.frame();
        let whole = |name| Ok::<_, TableError>(text(frame, name)?.rechunk().into_owned());
        Ok(Self {
            customers: whole("customer_id")?,
            days: dates(frame, "occurred_on")?.rechunk().into_owned(),
            channels: whole("channel")?,
            directions: whole("direction")?,
            kinds: whole("kind")?,
        })
    }

    /// Contacts of a part; its rows come by customer and day.
    fn of(&self, part: std::ops::Range<usize>, ids: &Ids, capped: &[&str], days: RangeInclusive<i32>) -> Found {
        let mut found = Found::default();
        let mut cursor = ids.cursor();
        for at in part {
            if !self.is_contact(at) {
                continue;
            }
            let customer = self.customers.get(at);
            let Some((row, day)) = customer
                .and_then(|customer| cursor.find(customer))
                .zip(self.days.get(at).filter(|day| day <= days.end()))
            else {
                continue;
            };
            match found.last.last_mut() {
                Some(last) if last.0 == row => last.1 = last.1.max(day),
                _ => found.last.push((row, day)),
            }
            if day > *days.start() {
                let channel = channel_among(capped, self.channels.get(at));
                found.contacts.push(Contact { row, day, channel });
            }
        }
        found
    }

    /// Whether the company reached out: outbound and no answer; where nothing tells the direction, a contact.
    fn is_contact(&self, at: usize) -> bool {
        let kind = self.kinds.get(at);
        match self.directions.get(at) {
            Some(direction) => direction == "outbound" && !matches!(kind, Some("response" | "redemption")),
            None => kind == Some("contact"),
        }
    }
}
