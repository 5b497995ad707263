//! The cost to serve: what entries say whose it is, and the parts of what they do not.

use std::collections::BTreeMap;

use super::acquisition::AcquisitionKey;
use super::charges::{Charge, Charged, Charges, Entries, EntryRow, cut};
use super::drivers::Drivers;
use crate::error::FeatureError;
use crate::features::Places;

/// What several have to share.
#[derive(Debug, Default)]
pub(super) struct Pools {
    /// By what it is, campaign and channel.
    pub(super) shared: BTreeMap<SharedKey, i128>,
    /// By what is known of the customers that were won.
    pub(super) acquisition: BTreeMap<AcquisitionKey, i128>,
}

/// What tells shared costs apart.
pub(super) type SharedKey = (Charge, Option<String>, Option<String>);

/// Charges what entries say whose it is, and pools the rest: cutting sums rounds once, not once an entry.
pub(super) fn charge(
    entries: &Entries<'_>,
    places: &Places<'_>,
    drivers: &Drivers<'_>,
    charges: &mut Charges,
) -> Result<Pools, FeatureError> {
    let mut pools = Pools::default();
    for entry in entries.rows() {
        charges.company[entry.charge as usize] += entry.amount;
        match charged(&entry, places) {
            Some(charged) => charges.add(entry.charge, charged, entry.amount),
            None if entry.charge == Charge::Acquisition => {
                *pools.acquisition.entry(AcquisitionKey::of(&entry)).or_default() += entry.amount;
            }
            None => {
                let campaign = entry
                    .campaign_id
                    .filter(|campaign| entry.charge == Charge::Campaign && drivers.contacts(campaign).is_some());
                let key = (
                    entry.charge,
                    campaign.map(str::to_owned),
                    entry.channel.map(str::to_owned),
                );
                *pools.shared.entry(key).or_default() += entry.amount;
            }
        }
    }
    Ok(pools)
}

/// Who an entry says that is charged; none where it is shared.
fn charged(entry: &EntryRow<'_>, places: &Places<'_>) -> Option<Charged> {
    let of_customer = |customer_id| places.row(customer_id).map_or(Charged::Nobody, Charged::Customer);
    match entry.party? {
        "customer" => Some(entry.customer_id.map_or(Charged::Nobody, of_customer)),
        "guest" => Some(Charged::Guests),
        _ => Some(Charged::Nobody),
    }
}

/// Cuts shared costs: those of campaigns by contacts, the others by the declared driver, within their channel where
/// they name one.
pub(super) fn share(
    pools: BTreeMap<SharedKey, i128>,
    drivers: &Drivers<'_>,
    charges: &mut Charges,
) -> Result<(), FeatureError> {
    for ((charge, campaign, channel), amount) in pools {
        let contacts = campaign.and_then(|campaign| drivers.contacts(&campaign));
        let weights = contacts.map_or_else(|| drivers.of(channel.as_deref()), Vec::as_slice);
        if weights.is_empty() {
            charges.add(charge, Charged::Nobody, amount);
            continue;
        }
        let plain: Vec<i128> = weights.iter().map(|&(_, weight)| weight).collect();
        for (&(charged, _), part) in weights.iter().zip(cut(amount, &plain)?) {
            charges.add(charge, charged, part);
        }
    }
    Ok(())
}
