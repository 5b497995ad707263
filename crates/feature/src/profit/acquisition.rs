//! What it cost to win customers, where no entry says which one.

use std::collections::{BTreeMap, HashMap};

use cartera_table::AsOf;
use cartera_table::frame::{dates, text};

use super::ProfitInputs;
use super::charges::{Charge, Charged, Charges, EntryRow, cut};
use super::customers::stated;
use crate::error::FeatureError;
use crate::features::{CustomerBase, Places};

/// What an entry says of the customers that it won.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AcquisitionKey {
    campaign_id: Option<String>,
    channel: Option<String>,
    month: Option<String>,
}

impl AcquisitionKey {
    pub(super) fn of(entry: &EntryRow<'_>) -> Self {
        Self {
            campaign_id: entry.campaign_id.map(str::to_owned),
            channel: entry.channel.map(str::to_owned),
            month: entry.month(),
        }
    }
}

/// The rows of customers with an order, by how and when they came.
#[derive(Debug, Default)]
pub(super) struct Acquired {
    campaigns: HashMap<String, Vec<usize>>,
    channels: HashMap<String, Vec<usize>>,
    months: HashMap<String, Vec<usize>>,
}

impl Acquired {
    pub(super) fn new(
        base: &CustomerBase,
        places: &Places<'_>,
        inputs: &ProfitInputs<'_>,
    ) -> Result<Self, FeatureError> {
        let first_orders: Vec<Option<i32>> = dates(base.frame(), "first_order_date")?.iter().collect();
        let stated = stated(base, "acquisition_channel")?;
        let bought = first_channels(places, inputs, first_orders.len())?;
        let contacts = first_campaigns(places, inputs, first_orders.len())?;
        let mut acquired = Self::default();
        for (row, first_order) in first_orders.into_iter().enumerate() {
            let Some(day) = first_order else { continue };
            if let Some(month) = AsOf::from_epoch_days(day).map(AsOf::month) {
                acquired.months.entry(month).or_default().push(row);
            }
            if let Some(channel) = stated[row].or(bought[row].map(|(_, channel)| channel)) {
                acquired.channels.entry(channel.to_owned()).or_default().push(row);
            }
            // A campaign wins nobody who had bought before.
            if let Some((_, campaign)) = contacts[row].filter(|&(contact, _)| contact <= day) {
                acquired.campaigns.entry(campaign.to_owned()).or_default().push(row);
            }
        }
        Ok(acquired)
    }

    /// Those whom an entry won: by its campaign, else by its channel, else in its month.
    fn of(&self, key: &AcquisitionKey) -> Option<&[usize]> {
        let campaign = key.campaign_id.as_ref().and_then(|name| self.campaigns.get(name));
        let channel = key.channel.as_ref().and_then(|name| self.channels.get(name));
        let month = key.month.as_ref().and_then(|name| self.months.get(name));
        campaign.or(channel).or(month).map(Vec::as_slice)
    }
}

/// Cuts what entries cost in equal parts among those whom they won; what won nobody is nobody's.
pub(super) fn share(
    pools: BTreeMap<AcquisitionKey, i128>,
    acquired: &Acquired,
    charges: &mut Charges,
) -> Result<(), FeatureError> {
    for (key, amount) in pools {
        let Some(rows) = acquired.of(&key) else {
            charges.add(Charge::Acquisition, Charged::Nobody, amount);
            continue;
        };
        for (&row, part) in rows.iter().zip(cut(amount, &vec![1; rows.len()])?) {
            charges.add(Charge::Acquisition, Charged::Customer(row), part);
        }
    }
    Ok(())
}

/// The first of something of each customer, with its day: of one day the one whose name comes first.
type Firsts<'i> = Vec<Option<(i32, &'i str)>>;

fn note<'i>(firsts: &mut Firsts<'i>, row: Option<usize>, day: Option<i32>, name: Option<&'i str>) {
    if let (Some(row), Some(day), Some(name)) = (row, day, name) {
        let found = (day, name);
        firsts[row] = Some(firsts[row].map_or(found, |first| first.min(found)));
    }
}

/// The channel of the first order.
fn first_channels<'i>(
    places: &Places<'_>,
    inputs: &ProfitInputs<'i>,
    height: usize,
) -> Result<Firsts<'i>, FeatureError> {
    let frame = inputs.channels.frame();
    let values = text(frame, "channel")?
        .iter()
        .zip(dates(frame, "first_order_date")?.iter());
    let mut firsts = vec![None; height];
    for (customer_id, (channel, day)) in text(frame, "customer_id")?.iter().zip(values) {
        note(&mut firsts, customer_id.and_then(|id| places.row(id)), day, channel);
    }
    Ok(firsts)
}

/// The campaign of the first contact.
fn first_campaigns<'i>(
    places: &Places<'_>,
    inputs: &ProfitInputs<'i>,
    height: usize,
) -> Result<Firsts<'i>, FeatureError> {
    let frame = inputs.activity.frame();
    let values = text(frame, "campaign_id")?.iter().zip(dates(frame, "first_on")?.iter());
    let mut firsts = vec![None; height];
    for (customer_id, (campaign, day)) in text(frame, "customer_id")?.iter().zip(values) {
        note(&mut firsts, customer_id.and_then(|id| places.row(id)), day, campaign);
    }
    Ok(firsts)
}
