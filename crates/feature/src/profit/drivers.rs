//! What shared costs are shared by: a weight of each customer, and one of all guests together.

use std::collections::{BTreeMap, HashMap};

use cartera_table::frame::{decimal, int64, text};

use super::ProfitInputs;
use super::charges::Charged;
use super::customers::CustomerSums;
use crate::error::FeatureError;
use crate::features::Places;
use crate::params::CostDriver;

/// The weight of those who have one, in the order of customers; guests come last.
pub(super) type Weights = Vec<(Charged, i128)>;

/// The weights of a run.
pub(super) struct Drivers<'d> {
    /// Over all that was bought.
    all: Weights,
    /// Over what was bought in each channel.
    by_channel: BTreeMap<&'d str, Weights>,
    /// Contacts by campaign; those with people who never bought are nobody's.
    contacts: BTreeMap<&'d str, Weights>,
}

impl<'d> Drivers<'d> {
    pub(super) fn new(
        driver: CostDriver,
        customers: &CustomerSums,
        places: &Places<'_>,
        inputs: &ProfitInputs<'d>,
    ) -> Result<Self, FeatureError> {
        let activity = match driver {
            CostDriver::Interactions => Some(counted(places, inputs, "interaction")?),
            CostDriver::Cases => Some(counted(places, inputs, "case")?),
            CostDriver::Orders | CostDriver::Lines | CostDriver::Sales => None,
        };
        let mut all: Weights = (0..customers.len())
            .map(|row| {
                let weight = match (&activity, driver) {
                    (Some(counts), _) => counts.get(&row).copied().unwrap_or_default(),
                    (None, CostDriver::Lines) => customers.line_counts[row],
                    (None, CostDriver::Sales) => customers.net_sales[row].max(0),
                    (None, _) => customers.order_counts[row],
                };
                (Charged::Customer(row), weight)
            })
            .collect();
        let of_guests = match driver {
            CostDriver::Orders => inputs.guest_order_count,
            CostDriver::Lines => inputs.guest_line_count,
            CostDriver::Sales => inputs.guests.net_sales.max(0),
            CostDriver::Interactions | CostDriver::Cases => 0,
        };
        all.push((Charged::Guests, of_guests));
        all.retain(|&(_, weight)| weight > 0);
        Ok(Self {
            all,
            by_channel: by_channel(driver, activity.as_ref(), places, inputs)?,
            contacts: contacts(places, inputs)?,
        })
    }

    /// The weights of those who bought in a channel, where any of them has one; else of all. Empty where nobody has.
    pub(super) fn of(&self, channel: Option<&str>) -> &[(Charged, i128)] {
        let in_channel = channel.and_then(|channel| self.by_channel.get(channel));
        in_channel.filter(|weights| !weights.is_empty()).unwrap_or(&self.all)
    }

    /// The contacts of a campaign.
    pub(super) fn contacts(&self, campaign_id: &str) -> Option<&Weights> {
        self.contacts.get(campaign_id)
    }
}

fn by_channel<'d>(
    driver: CostDriver,
    activity: Option<&HashMap<usize, i128>>,
    places: &Places<'_>,
    inputs: &ProfitInputs<'d>,
) -> Result<BTreeMap<&'d str, Weights>, FeatureError> {
    let frame = inputs.channels.frame();
    let counts = int64(frame, "order_count")?
        .iter()
        .zip(int64(frame, "line_count")?.iter());
    let values = counts.zip(decimal(frame, "net_sales")?.iter());
    let keys = text(frame, "customer_id")?.iter().zip(text(frame, "channel")?.iter());
    let mut weights: BTreeMap<&str, Weights> = BTreeMap::new();
    let mut guests: BTreeMap<&str, i128> = BTreeMap::new();
    for ((customer_id, channel), ((orders, lines), sales)) in keys.zip(values) {
        let Some(channel) = channel else { continue };
        let row = customer_id.and_then(|customer_id| places.row(customer_id));
        let weight = match (driver, activity) {
            (CostDriver::Lines, _) => lines.unwrap_or_default().into(),
            (CostDriver::Sales, _) => sales.unwrap_or_default().max(0),
            (_, Some(activity)) => row.and_then(|row| activity.get(&row)).copied().unwrap_or_default(),
            _ => orders.unwrap_or_default().into(),
        };
        if weight <= 0 {
            continue;
        }
        match (customer_id, row) {
            (Some(_), Some(row)) => weights
                .entry(channel)
                .or_default()
                .push((Charged::Customer(row), weight)),
            // Of a customer that the run does not publish nothing can be told.
            (Some(_), None) => {}
            (None, _) => *guests.entry(channel).or_default() += weight,
        }
    }
    for (channel, weight) in guests {
        weights.entry(channel).or_default().push((Charged::Guests, weight));
    }
    Ok(weights)
}

/// How often each customer did something, by row.
fn counted(
    places: &Places<'_>,
    inputs: &ProfitInputs<'_>,
    activity: &str,
) -> Result<HashMap<usize, i128>, FeatureError> {
    let frame = inputs.activity.frame();
    let values = text(frame, "activity")?
        .iter()
        .zip(int64(frame, "activity_count")?.iter());
    let mut counts: HashMap<usize, i128> = HashMap::new();
    for (customer_id, (found, count)) in text(frame, "customer_id")?.iter().zip(values) {
        let row = customer_id.and_then(|customer_id| places.row(customer_id));
        if let Some(row) = row.filter(|_| found == Some(activity)) {
            *counts.entry(row).or_default() += i128::from(count.unwrap_or_default());
        }
    }
    Ok(counts)
}

fn contacts<'d>(places: &Places<'_>, inputs: &ProfitInputs<'d>) -> Result<BTreeMap<&'d str, Weights>, FeatureError> {
    let frame = inputs.activity.frame();
    let values = text(frame, "activity")?
        .iter()
        .zip(int64(frame, "activity_count")?.iter());
    let keys = text(frame, "customer_id")?
        .iter()
        .zip(text(frame, "campaign_id")?.iter());
    let mut contacts: BTreeMap<&str, Weights> = BTreeMap::new();
    let mut strangers: BTreeMap<&str, i128> = BTreeMap::new();
    for ((customer_id, campaign), (activity, count)) in keys.zip(values) {
        let (Some(campaign), Some("interaction")) = (campaign, activity) else {
            continue;
        };
        let count = i128::from(count.unwrap_or_default());
        match customer_id.and_then(|customer_id| places.row(customer_id)) {
            Some(row) => contacts
                .entry(campaign)
                .or_default()
                .push((Charged::Customer(row), count)),
            None => *strangers.entry(campaign).or_default() += count,
        }
    }
    for (campaign, count) in strangers {
        contacts.entry(campaign).or_default().push((Charged::Nobody, count));
    }
    Ok(contacts)
}
