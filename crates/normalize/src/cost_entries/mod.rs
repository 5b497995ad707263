//! Costs beside those of goods, from the source tables that state them, as one clean table.
//!
//! What counts once: the entries of `costs`, and what interactions cost by themselves. What a campaign cost as a whole
//! counts where no entry of `costs` is its invoice: of kind campaign, in its name, and counted itself.

mod activity;
mod columns;
mod owners;

pub use activity::customer_activity;
pub use owners::{AskedOrders, OrderOwners};

use std::collections::{BTreeMap, HashSet};

use cartera_table::contracts::{CostEntries, Interactions, SourceCampaigns, SourceCosts};
use cartera_table::frame::{dates, decimal, int32, text};
use cartera_table::{Currency, Money, Table, money_at_rate};

use crate::campaign_days::campaign_days;
use crate::error::NormalizeError;
use crate::identity::Identity;
use crate::rates::Rates;
use columns::{Entry, EntryColumns};
use owners::Owner;

/// The source tables that state costs; none where the pipeline maps no such table.
#[derive(Debug, Clone, Copy, Default)]
pub struct CostSources<'s> {
    /// Entries.
    pub costs: Option<&'s Table<SourceCosts>>,
    /// Contacts up to the day, with what they cost.
    pub interactions: Option<&'s Table<Interactions>>,
    /// Campaigns with what they cost as a whole.
    pub campaigns: Option<&'s Table<SourceCampaigns>>,
    /// Costs and contacts of people who were erased: as their orders, what they cost is that of guests.
    pub erased: ErasedCosts<'s>,
}

/// What people who were erased cost the company, under no key of theirs.
#[derive(Debug, Clone, Copy, Default)]
pub struct ErasedCosts<'s> {
    /// Entries.
    pub costs: Option<&'s Table<SourceCosts>>,
    /// Contacts up to the day, with what they cost.
    pub interactions: Option<&'s Table<Interactions>>,
}

/// What costs are made clean by.
#[derive(Clone, Copy)]
pub struct CostRules<'r> {
    /// Rates into the pipeline's currency.
    pub rates: &'r Rates,
    /// The customers of source keys.
    pub identity: &'r Identity,
    /// The last day that counts.
    pub last_epoch_day: i32,
}

/// Costs in a currency that has no rate of their day: they are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unconverted {
    /// Place of their source in the pipeline.
    pub source_index: usize,
    /// Their currency.
    pub currency: Currency,
    /// Rows.
    pub rows: u64,
    /// What they add up to, in that currency.
    pub amount: Money,
}

/// Costs up to a day.
#[derive(Debug, Clone)]
pub struct CleanCosts {
    /// In the pipeline's currency.
    pub entries: Table<CostEntries>,
    /// What could not be converted.
    pub unconverted: Vec<Unconverted>,
}

/// Makes the costs of all source tables clean.
///
/// # Errors
/// When the engine fails.
pub fn clean_costs(
    sources: CostSources<'_>,
    owners: &OrderOwners,
    rules: CostRules<'_>,
) -> Result<CleanCosts, NormalizeError> {
    let mut cleaner = Cleaner {
        rules,
        columns: EntryColumns::default(),
        unconverted: BTreeMap::new(),
    };
    let mut invoiced = match sources.costs {
        Some(costs) => cleaner.add_costs(costs, Some(owners))?,
        None => HashSet::new(),
    };
    if let Some(costs) = sources.erased.costs {
        invoiced.extend(cleaner.add_costs(costs, None)?);
    }
    if let Some(campaigns) = sources.campaigns {
        cleaner.add_campaigns(campaigns, &invoiced)?;
    }
    if let Some(interactions) = sources.interactions {
        cleaner.add_interactions(interactions, false)?;
    }
    if let Some(interactions) = sources.erased.interactions {
        cleaner.add_interactions(interactions, true)?;
    }
    let unconverted = cleaner.unconverted.into_iter();
    Ok(CleanCosts {
        entries: Table::new(cleaner.columns.finish()?)?,
        unconverted: unconverted
            .map(|((source_index, currency), (rows, amount))| Unconverted {
                source_index,
                currency,
                rows,
                amount: Money(amount),
            })
            .collect(),
    })
}

struct Cleaner<'r> {
    rules: CostRules<'r>,
    columns: EntryColumns,
    unconverted: BTreeMap<(usize, Currency), (u64, i128)>,
}

impl Cleaner<'_> {
    /// Gives the campaigns whose invoices are among the entries that count. Without owners of orders all are guests'.
    fn add_costs<'c>(
        &mut self,
        costs: &'c Table<SourceCosts>,
        owners: Option<&OrderOwners>,
    ) -> Result<HashSet<&'c str>, NormalizeError> {
        let mut invoiced = HashSet::new();
        let frame = costs.frame();
        let (days, amounts) = (dates(frame, "incurred_on")?, decimal(frame, "amount")?);
        let (sources, currencies) = (int32(frame, "source_index")?, text(frame, "currency")?);
        let (kinds, spaces) = (text(frame, "kind")?, text(frame, "key_space")?);
        let (keys, orders) = (text(frame, "customer_key")?, text(frame, "order_id")?);
        let (channels, campaigns) = (text(frame, "channel")?, text(frame, "campaign_id")?);
        for row in 0..frame.height() {
            let (Some(day), Some(kind), Some(space)) = (days.get(row), kinds.get(row), spaces.get(row)) else {
                continue;
            };
            if day > self.rules.last_epoch_day {
                continue;
            }
            let money = (sources.get(row), currencies.get(row), amounts.get(row));
            let Some(amount) = self.converted(money, Some(day)) else {
                continue;
            };
            invoiced.extend(campaigns.get(row).filter(|_| kind == "campaign"));
            let own = keys.get(row).map(|key| self.rules.identity.customer_id(space, key));
            let owner = match (owners, own) {
                (None, _) => Some(Owner::Guest),
                (Some(_), Some(customer_id)) => Some(Owner::Customer(customer_id.into_owned())),
                (Some(owners), None) => orders.get(row).map(|order| owners.owner(space, order)),
            };
            self.columns.push(Entry {
                kind,
                day: Some(day),
                amount,
                owner: owner.as_ref(),
                channel: channels.get(row),
                campaign_id: campaigns.get(row),
            });
        }
        Ok(invoiced)
    }

    fn add_campaigns(
        &mut self,
        campaigns: &Table<SourceCampaigns>,
        invoiced: &HashSet<&str>,
    ) -> Result<(), NormalizeError> {
        let frame = campaigns.frame();
        let (all_days, amounts) = (campaign_days(campaigns)?, decimal(frame, "cost")?);
        let (sources, currencies) = (int32(frame, "source_index")?, text(frame, "currency")?);
        for (row, campaign_id) in text(frame, "campaign_id")?.iter().enumerate() {
            let day = campaign_id.and_then(|campaign| all_days.get(campaign)?.first);
            let is_later = day.is_some_and(|day| day > self.rules.last_epoch_day);
            if is_later || campaign_id.is_some_and(|campaign| invoiced.contains(campaign)) {
                continue;
            }
            let money = (sources.get(row), currencies.get(row), amounts.get(row));
            if let Some(amount) = self.converted(money, day) {
                self.columns.push(Entry {
                    kind: "campaign",
                    day,
                    amount,
                    owner: None,
                    // It is the channel of its contacts, not one of sales.
                    channel: None,
                    campaign_id,
                });
            }
        }
        Ok(())
    }

    fn add_interactions(&mut self, interactions: &Table<Interactions>, are_erased: bool) -> Result<(), NormalizeError> {
        let frame = interactions.frame();
        let amounts = decimal(frame, "cost")?;
        if amounts.null_count() == frame.height() {
            return Ok(());
        }
        let (sources, currencies) = (int32(frame, "source_index")?, text(frame, "currency")?);
        let (days, campaigns) = (dates(frame, "occurred_on")?, text(frame, "campaign_id")?);
        for (row, customer_id) in text(frame, "customer_id")?.iter().enumerate() {
            let (Some(customer_id), day) = (customer_id, days.get(row)) else {
                continue;
            };
            let money = (sources.get(row), currencies.get(row), amounts.get(row));
            if let Some(amount) = self.converted(money, day) {
                let owner = match are_erased {
                    true => Owner::Guest,
                    false => Owner::Customer(customer_id.to_owned()),
                };
                self.columns.push(Entry {
                    kind: "contact",
                    day,
                    amount,
                    owner: Some(&owner),
                    channel: None,
                    campaign_id: campaigns.get(row),
                });
            }
        }
        Ok(())
    }

    /// An amount in the pipeline's currency, at the rate of its day, or of the last day where it has none; nothing for
    /// no amount or zero.
    fn converted(
        &mut self,
        (source_index, code, amount): (Option<i32>, Option<&str>, Option<i128>),
        day: Option<i32>,
    ) -> Option<i128> {
        let amount = amount.filter(|&amount| amount != 0)?;
        let pipeline = self.rules.rates.pipeline_currency();
        let currency = code.and_then(Currency::parse).unwrap_or(pipeline);
        let rate = self
            .rules
            .rates
            .rate(currency, day.unwrap_or(self.rules.last_epoch_day));
        let converted = rate.and_then(|rate| money_at_rate(amount, rate));
        if converted.is_none() {
            let place = (crate::effects::place(source_index), currency);
            let (rows, sum) = self.unconverted.entry(place).or_default();
            *rows += 1;
            *sum += amount;
        }
        converted
    }
}
