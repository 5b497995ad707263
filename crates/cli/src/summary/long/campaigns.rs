//! Campaigns: what they cost, who answered, whom they won.

use std::io::{self, Write};

use cartera_pipeline::{CampaignSummary, CampaignsSummary};

use super::align_right;
use crate::number::{count, counted, money, percent};
use crate::render;

/// Campaigns that a summary shows.
const SHOWN: usize = 10;

/// Nothing where no contact and no cost names a campaign.
pub(super) fn campaigns(out: &mut dyn Write, summary: &CampaignsSummary, currency: &str) -> io::Result<()> {
    let campaigns = &summary.campaigns;
    if campaigns.is_empty() {
        return Ok(());
    }
    let mut table = render::people_table();
    let (cost, sales) = (format!("cost in {currency}"), "their first sales");
    table.set_header([
        "campaign",
        "contacts",
        "answers",
        "rate",
        &cost,
        "won",
        sales,
        "cost of each",
    ]);
    for campaign in campaigns.iter().take(SHOWN) {
        table.add_row(row(campaign));
    }
    align_right(&mut table, &[1, 2, 3, 4, 5, 6, 7]);
    writeln!(out, "{table}")?;
    let more = match campaigns.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", {} of them not shown", count(more as u64)),
    };
    writeln!(
        out,
        "{}{more}, by month in the table campaign_results; who was won had the last touch, which a control group alone can call an effect",
        counted(campaigns.len() as u64, "campaign")
    )
}

fn row(campaign: &CampaignSummary) -> Vec<String> {
    let called = campaign
        .name
        .as_deref()
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    let amount = |money: Option<cartera_table::Money>| {
        money.map_or_else(|| "-".to_owned(), |amount| self::money(&amount.to_string()))
    };
    vec![
        format!("{}{called}", campaign.campaign_id),
        count(campaign.contact_count),
        count(campaign.response_count),
        campaign.response_rate.map_or_else(|| "-".to_owned(), percent),
        amount(campaign.cost),
        count(campaign.customers_won),
        money(&campaign.first_order_sales.to_string()),
        amount(campaign.cost_per_customer_won),
    ]
}
