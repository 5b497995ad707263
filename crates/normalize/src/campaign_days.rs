//! When campaigns are.

use std::collections::HashMap;

use cartera_table::contracts::SourceCampaigns;
use cartera_table::frame::{dates, text};
use cartera_table::{Table, TableError};

/// First and last day of a campaign, each standing in for the other.
pub(crate) struct CampaignDays {
    pub(crate) first: Option<i32>,
    pub(crate) last: Option<i32>,
}

/// The days of each campaign.
pub(crate) fn campaign_days(campaigns: &Table<SourceCampaigns>) -> Result<HashMap<&str, CampaignDays>, TableError> {
    let frame = campaigns.frame();
    let days = dates(frame, "starts_on")?.iter().zip(dates(frame, "ends_on")?.iter());
    let days = days.map(|(first, last)| CampaignDays {
        first: first.or(last),
        last: last.or(first),
    });
    Ok(text(frame, "campaign_id")?
        .iter()
        .zip(days)
        .filter_map(|(campaign, days)| Some((campaign?, days)))
        .collect())
}
