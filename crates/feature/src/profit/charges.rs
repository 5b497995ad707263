//! Costs as they are read, and whom they are charged with.

use cartera_table::contracts::CostEntries;
use cartera_table::frame::{dates, decimal, text};
use cartera_table::{AsOf, Table, TableError};
use polars::prelude::{Int32Chunked, Int128Chunked, StringChunked};

use crate::error::FeatureError;

/// What a cost is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Charge {
    /// Of a customer or an order.
    Direct,
    /// Of a contact.
    Contact,
    /// Of a campaign.
    Campaign,
    /// Of nobody in particular.
    Shared,
    /// Of winning customers.
    Acquisition,
}

/// How many kinds of charges there are.
pub(super) const CHARGES: usize = 5;

impl Charge {
    /// Those that are costs to serve.
    pub(super) const TO_SERVE: [Self; 4] = [Self::Direct, Self::Contact, Self::Campaign, Self::Shared];

    /// What an entry of a kind is.
    pub(super) fn of(kind: &str, has_party: bool) -> Self {
        match kind {
            "acquisition" => Self::Acquisition,
            "campaign" => Self::Campaign,
            "contact" => Self::Contact,
            _ if has_party => Self::Direct,
            _ => Self::Shared,
        }
    }
}

/// Money by kind of charge.
pub(super) type Amounts = [i128; CHARGES];

/// What customers, guests and nobody are charged with.
#[derive(Debug, Clone)]
pub(super) struct Charges {
    /// By kind, then by row of the customers.
    pub(super) customers: [Vec<i128>; CHARGES],
    pub(super) guests: Amounts,
    pub(super) unallocated: Amounts,
    /// All that was read, whoever is charged with it.
    pub(super) company: Amounts,
}

/// Who is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charged {
    Customer(usize),
    Guests,
    Nobody,
}

impl Charges {
    pub(super) fn new(customers: usize) -> Self {
        Self {
            customers: std::array::from_fn(|_| vec![0; customers]),
            guests: [0; CHARGES],
            unallocated: [0; CHARGES],
            company: [0; CHARGES],
        }
    }

    pub(super) fn add(&mut self, charge: Charge, charged: Charged, amount: i128) {
        let kind = charge as usize;
        match charged {
            Charged::Customer(row) => self.customers[kind][row] += amount,
            Charged::Guests => self.guests[kind] += amount,
            Charged::Nobody => self.unallocated[kind] += amount,
        }
    }

    /// The cost to serve of a customer.
    pub(super) fn cost_to_serve(&self, row: usize) -> i128 {
        Charge::TO_SERVE
            .iter()
            .map(|&charge| self.customers[charge as usize][row])
            .sum()
    }

    /// The acquisition cost of a customer.
    pub(super) fn acquisition_cost(&self, row: usize) -> i128 {
        self.customers[Charge::Acquisition as usize][row]
    }
}

/// The cost to serve among amounts.
pub(super) fn to_serve(amounts: &Amounts) -> i128 {
    Charge::TO_SERVE.iter().map(|&charge| amounts[charge as usize]).sum()
}

/// The columns of the clean costs.
pub(super) struct Entries<'e> {
    kinds: &'e StringChunked,
    days: &'e Int32Chunked,
    amounts: &'e Int128Chunked,
    parties: &'e StringChunked,
    customer_ids: &'e StringChunked,
    channels: &'e StringChunked,
    campaigns: &'e StringChunked,
}

/// One cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntryRow<'e> {
    pub(super) charge: Charge,
    pub(super) day: Option<i32>,
    pub(super) amount: i128,
    pub(super) party: Option<&'e str>,
    pub(super) customer_id: Option<&'e str>,
    pub(super) channel: Option<&'e str>,
    pub(super) campaign_id: Option<&'e str>,
}

impl EntryRow<'_> {
    /// The month of its day.
    pub(super) fn month(&self) -> Option<String> {
        self.day.and_then(AsOf::from_epoch_days).map(AsOf::month)
    }
}

impl<'e> Entries<'e> {
    pub(super) fn new(table: &'e Table<CostEntries>) -> Result<Self, FeatureError> {
        let frame = table.frame();
        Ok(Self {
            kinds: text(frame, "kind")?,
            days: dates(frame, "incurred_on")?,
            amounts: decimal(frame, "amount")?,
            parties: text(frame, "party")?,
            customer_ids: text(frame, "customer_id")?,
            channels: text(frame, "channel")?,
            campaigns: text(frame, "campaign_id")?,
        })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = EntryRow<'e>> {
        let names = self.channels.iter().zip(self.campaigns.iter());
        let owners = self.parties.iter().zip(self.customer_ids.iter()).zip(names);
        let values = self.days.iter().zip(self.amounts.iter()).zip(owners);
        self.kinds.iter().zip(values).map(
            |(kind, ((day, amount), ((party, customer_id), (channel, campaign_id))))| EntryRow {
                charge: Charge::of(kind.unwrap_or_default(), party.is_some()),
                day,
                amount: amount.unwrap_or_default(),
                party,
                customer_id,
                channel,
                campaign_id,
            },
        )
    }
}

/// The cut of a total by weights, of which one at least is above zero.
pub(super) fn cut(total: i128, weights: &[i128]) -> Result<Vec<i128>, FeatureError> {
    cartera_table::split(total, weights).ok_or_else(|| {
        TableError::Overflow {
            what: "cut of a shared cost".into(),
        }
        .into()
    })
}
