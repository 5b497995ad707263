//! How often a customer was reached, how often they answered, and how they come themselves.

use std::collections::BTreeMap;

use cartera_table::contracts::Interactions;
use cartera_table::frame::{dates, int32, text};
use cartera_table::{AsOf, Table};
use polars::prelude::{Column, DataFrame};

use crate::error::FeatureError;
use crate::features::Places;
use crate::params::RelationsValidParams;

/// Days that `contact_count_90d` looks back, `as_of` being the last of them.
const CONTACT_DAYS: i32 = 90;

/// Columns of the interactions.
pub(super) fn columns(
    interactions: &Table<Interactions>,
    places: &Places<'_>,
    height: usize,
    as_of: AsOf,
    params: &RelationsValidParams,
) -> Result<Vec<Column>, FeatureError> {
    let mut found = Found::new(height);
    let mut contacts = Contacts::default();
    let mut customer = None;
    let year_ago = as_of.months_before(12).epoch_days();
    for contact in rows(interactions.frame(), params)? {
        if customer != Some(contact.customer_id) {
            found.put(customer.and_then(|customer| places.row(customer)), &contacts, as_of);
            contacts = Contacts::default();
            customer = Some(contact.customer_id);
        }
        contacts.add(&contact, as_of.epoch_days(), year_ago);
    }
    found.put(customer.and_then(|customer| places.row(customer)), &contacts, as_of);
    Ok(found.columns())
}

/// One row of the table.
struct Contact<'t> {
    customer_id: &'t str,
    day: i32,
    hour: Option<i32>,
    channel: Option<&'t str>,
    is_inbound: bool,
    is_outbound: bool,
    is_response: bool,
}

fn rows<'t>(
    frame: &'t DataFrame,
    params: &'t RelationsValidParams,
) -> Result<impl Iterator<Item = Contact<'t>>, FeatureError> {
    let times = dates(frame, "occurred_on")?
        .iter()
        .zip(int32(frame, "occurred_hour")?.iter());
    let ways = text(frame, "channel")?.iter().zip(text(frame, "direction")?.iter());
    let words = text(frame, "kind")?.iter().zip(text(frame, "outcome")?.iter());
    let values = times.zip(ways.zip(words));
    Ok(text(frame, "customer_id")?.iter().zip(values).filter_map(
        |(customer_id, ((day, hour), ((channel, direction), (kind, outcome))))| {
            let is_answer = matches!(kind, Some("response" | "redemption"));
            let is_outbound = direction == Some("outbound") && !is_answer;
            let is_response_by_outcome = is_outbound && outcome.is_some_and(|outcome| params.is_response(outcome));
            Some(Contact {
                customer_id: customer_id?,
                day: day?,
                hour,
                channel,
                is_inbound: direction == Some("inbound"),
                is_outbound,
                is_response: is_answer || is_response_by_outcome,
            })
        },
    ))
}

/// What the contacts of one customer come to.
#[derive(Default)]
struct Contacts<'t> {
    last_day: Option<i32>,
    outbound_in_90_days: i64,
    outbound_in_year: i64,
    responses_in_year: i64,
    channels: BTreeMap<&'t str, u64>,
    hours: BTreeMap<i32, u64>,
}

impl<'t> Contacts<'t> {
    fn add(&mut self, contact: &Contact<'t>, today: i32, year_ago: i32) {
        self.last_day = self.last_day.max(Some(contact.day));
        if contact.is_outbound {
            self.outbound_in_90_days += i64::from(contact.day > today - CONTACT_DAYS);
            self.outbound_in_year += i64::from(contact.day > year_ago);
        }
        if contact.is_response {
            self.responses_in_year += i64::from(contact.day > year_ago);
        }
        if contact.is_inbound || contact.is_response {
            if let Some(channel) = contact.channel {
                *self.channels.entry(channel).or_default() += 1;
            }
            if let Some(hour) = contact.hour {
                *self.hours.entry(hour).or_default() += 1;
            }
        }
    }

    /// Responses per outbound contact.
    ///
    /// # Formula
    /// `min(1, responses / contacts)`, of the same twelve months; none without a contact.
    #[expect(clippy::cast_precision_loss, reason = "numbers of contacts with one customer")]
    fn response_rate(&self) -> Option<f64> {
        (self.outbound_in_year > 0).then(|| (self.responses_in_year as f64 / self.outbound_in_year as f64).min(1.0))
    }
}

/// The key that was counted most, the first of several.
fn most<K: Copy>(counts: &BTreeMap<K, u64>) -> Option<K> {
    let most = counts.values().max()?;
    counts.iter().find(|(_, count)| *count == most).map(|(key, _)| *key)
}

/// The columns while they are filled.
struct Found {
    days: Vec<Option<i32>>,
    in_90_days: Vec<i64>,
    rates: Vec<Option<f64>>,
    channels: Vec<Option<String>>,
    hours: Vec<Option<i32>>,
}

impl Found {
    fn new(height: usize) -> Self {
        Self {
            days: vec![None; height],
            in_90_days: vec![0; height],
            rates: vec![None; height],
            channels: vec![None; height],
            hours: vec![None; height],
        }
    }

    fn put(&mut self, row: Option<usize>, contacts: &Contacts<'_>, as_of: AsOf) {
        let Some(row) = row else { return };
        self.days[row] = contacts.last_day.map(|last| as_of.epoch_days() - last);
        self.in_90_days[row] = contacts.outbound_in_90_days;
        self.rates[row] = contacts.response_rate();
        self.channels[row] = most(&contacts.channels).map(str::to_owned);
        self.hours[row] = most(&contacts.hours);
    }

    fn columns(self) -> Vec<Column> {
        vec![
            Column::new("days_since_last_contact".into(), self.days),
            Column::new("contact_count_90d".into(), self.in_90_days),
            Column::new("response_rate".into(), self.rates),
            Column::new("preferred_channel".into(), self.channels),
            Column::new("preferred_hour".into(), self.hours),
        ]
    }
}
