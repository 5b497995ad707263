//! Campaigns over all months, for people.

use std::collections::HashMap;

use cartera_table::{Money, ratio_half_even};

use super::results::{Row, response_rate};
use super::tally::{Counts, NO_CAMPAIGN};

/// All campaigns in short.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CampaignsSummary {
    /// Those that there are, the most expensive first, of equal ones the one with more contacts, then by id.
    pub campaigns: Vec<CampaignSummary>,
}

/// A campaign over all months.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignSummary {
    /// Its id.
    pub campaign_id: String,
    /// What the campaign files call it; none where they do not tell.
    pub name: Option<String>,
    /// Outbound interactions.
    pub contact_count: u64,
    /// Answers.
    pub response_count: u64,
    /// Answers per contact; none without a contact.
    pub response_rate: Option<f64>,
    /// What it cost; none where no source states costs.
    pub cost: Option<Money>,
    /// Customers whose first order followed its touch.
    pub customers_won: u64,
    /// What they bought on that day.
    pub first_order_sales: Money,
    /// Cost per customer won; none without any.
    pub cost_per_customer_won: Option<Money>,
}

impl CampaignsSummary {
    pub(super) fn of<'n>(
        rows: &[Row],
        id_of: impl Fn(u32) -> Option<&'n str>,
        names: &HashMap<&str, &str>,
        knows_costs: bool,
    ) -> Self {
        let mut sums: Vec<(&str, Counts)> = Vec::new();
        // Rows are in the order of campaigns.
        for ((code, _), counts) in rows.iter().filter(|((code, _), _)| *code != NO_CAMPAIGN) {
            let Some(id) = id_of(*code) else { continue };
            match sums.last_mut().filter(|(last, _)| *last == id) {
                Some((_, sum)) => sum.add(counts),
                None => sums.push((id, *counts)),
            }
        }
        sums.sort_by(|(_, one), (_, other)| {
            let key = |counts: &Counts| (counts.cost(), counts.contacts);
            key(other).cmp(&key(one))
        });
        let whole = |number: i64| u64::try_from(number).unwrap_or_default();
        let campaigns = sums.into_iter().map(|(id, sum)| CampaignSummary {
            campaign_id: id.to_owned(),
            name: names.get(id).map(|name| (*name).to_owned()),
            contact_count: whole(sum.contacts),
            response_count: whole(sum.responses),
            response_rate: response_rate(&sum),
            cost: knows_costs.then_some(Money(sum.cost())),
            customers_won: whole(sum.customers_won),
            first_order_sales: Money(sum.first_order_sales),
            cost_per_customer_won: ratio_half_even(sum.cost(), sum.customers_won.into())
                .filter(|_| knows_costs)
                .map(Money),
        });
        Self {
            campaigns: campaigns.collect(),
        }
    }
}
