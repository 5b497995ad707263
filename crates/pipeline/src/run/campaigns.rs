//! What campaigns earned, and the proof that their costs are those of the income statement.

use cartera_activation::{CampaignSources, Campaigns, campaign_results};
use cartera_feature::{CustomerBase, Profit};
use cartera_normalize::CleanCosts;
use cartera_table::Contract;
use cartera_table::contracts::{CampaignResults, CustomerFeatures};
use cartera_table::frame::{decimal, text};

use super::inputs::Work;
use super::relations::CleanRelations;
use super::tables::SourceTables;
use crate::error::PipelineError;
use crate::store::Staging;
use crate::store::read::recount;

/// The results of campaigns, from the contacts and costs that features and profit were made of.
pub(super) fn campaigns_of(
    work: &Work<'_>,
    base: &CustomerBase,
    tables: &SourceTables,
    relations: &CleanRelations,
    costs: Option<&CleanCosts>,
) -> Result<Campaigns, PipelineError> {
    let sources = CampaignSources {
        customers: base.frame(),
        interactions: relations.interactions.as_ref(),
        entries: costs.map(|costs| &costs.entries),
        campaigns: tables.campaigns.as_ref(),
        is_response: &|outcome| work.config.relations.is_response(outcome),
    };
    Ok(campaign_results(sources, &work.config.campaigns)?)
}

/// What has to stand in both tables.
const COSTS: [&str; 2] = ["contact_cost", "campaign_cost"];

/// Counts again what was written: contacts and campaigns cost what the income statement says, the parts of each cost
/// are the cost, and no more customers were won than there are with an order.
pub(super) fn campaigns_agree(staging: &Staging<'_>, profit: &Profit) -> Result<(), PipelineError> {
    let table = CampaignResults::INFO.name;
    let expect = |what: &str, written: i128, expected: i128| {
        if written == expected {
            return Ok(());
        }
        let detail = format!("{what} (money in ten-thousandths): {written} stand in it, {expected} are accounted for");
        Err(PipelineError::Recount { table, detail })
    };
    let columns = ["contact_cost", "campaign_cost", "further_cost", "cost", "customers_won"];
    let written = recount(&staging.table_path(table), &columns)?.sums;
    let frame = profit.statement.frame();
    let amounts = text(frame, "party")?.iter().zip(decimal(frame, "amount")?.iter());
    for (item, (party, amount)) in text(frame, "item")?.iter().zip(amounts) {
        let place = COSTS.iter().position(|cost| Some(*cost) == item);
        if let Some(place) = place.filter(|_| party == Some("company")) {
            expect(COSTS[place], written[place], amount.unwrap_or_default())?;
        }
    }
    expect("cost", written[3], written[..3].iter().sum())?;
    let customers = recount(&staging.table_path(CustomerFeatures::INFO.name), &[])?.rows;
    if written[4] > i128::from(customers) {
        let detail = format!("customers won: {} stand in it, there are {customers}", written[4]);
        return Err(PipelineError::Recount { table, detail });
    }
    Ok(())
}
