//! What campaigns earned: contacts, answers, costs and customers won, month by month.
//!
//! Costs are those that the income statement counts, entry by entry, so that nothing counts twice and both agree. Whom
//! a campaign won is a matter of the last touch, which is not the same as what it caused: that only a control group
//! can tell.

mod answer;
mod calendar;
mod params;
mod results;
mod summary;
mod tally;

pub use answer::InteractionWords;
pub use params::{CampaignParams, CampaignParamsError, CampaignValidParams};
pub use results::{CampaignSources, Campaigns, campaign_results};
pub use summary::{CampaignSummary, CampaignsSummary};
