//! Campaigns that contacts belong to.

use super::{CURRENCY, FILE_INDEX, ROW, SOURCE_INDEX, date, required_text, text};
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Unit};

/// Contract of the source table `campaigns`.
#[derive(Debug, Clone, Copy)]
pub struct SourceCampaigns;

impl Contract for SourceCampaigns {
    const INFO: ContractInfo = ContractInfo {
        name: "campaigns",
        description: "One row a campaign.",
        columns: &[
            SOURCE_INDEX,
            FILE_INDEX,
            ROW,
            required_text("campaign_id", "The campaign, as interactions and costs have it."),
            text("name", "Name of the campaign."),
            text("kind", "What kind of campaign, in the source's words."),
            text("channel", "Through what it reached customers."),
            date("starts_on", "First day."),
            date("ends_on", "Last day."),
            ColumnDef::nullable("cost", ColumnType::AMOUNT, Unit::OfRow, "What it cost as a whole."),
            CURRENCY,
        ],
        grain: &["campaign_id"],
        personal: false,
    };
}
