//! What an analyst typed, section by section, before any check.
//!
//! Sections that steer a stage are the parameter structs of that stage's crate, so that a key is
//! declared, documented and checked in one place.

use cartera_activation::{CampaignParams, ContactPlanParams, ContactRulesParams, ControlParams, TargetParams};
use cartera_feature::{
    BondingParams, ClvParams, LifecycleParams, ProfitabilityParams, RelationsParams, RfmParams, RhythmParams,
};
use cartera_ingest::SourceParams;
use cartera_normalize::{CostParams, CurrencyParams, LineKindParams, ReturnsParams};
use cartera_report::Locale;
use cartera_segment::{
    KMeansParams, ParetoParams, PortfolioParams, ProfileParams, RfmMapParams, SignalsParams, ValueTierParams,
};
use serde::Deserialize;

use super::customer_events::CustomerEventsParams;
use crate::quality::CheckParams;

/// A whole pipeline file, as typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LowConfig {
    /// What holds for the whole pipeline. Required.
    pub(crate) pipeline: PipelineParams,
    /// How many defects are too many.
    #[serde(default)]
    pub(crate) limits: LimitsParams,
    /// Where the data comes from. At least one.
    #[serde(default, rename = "source")]
    pub(crate) sources: Vec<SourceParams>,
    /// What must hold of the data.
    #[serde(default, rename = "check")]
    pub(crate) checks: Vec<CheckParams>,
    /// What the lines are.
    #[serde(default)]
    pub(crate) order_lines: LineKindParams,
    /// How old rates may be.
    #[serde(default)]
    pub(crate) currency: CurrencyParams,
    /// What a line costs where nobody says.
    #[serde(default)]
    pub(crate) costs: CostParams,
    /// Whether returns are matched with sales.
    #[serde(default)]
    pub(crate) returns: ReturnsParams,
    /// Recency, frequency and monetary scores.
    #[serde(default)]
    pub(crate) rfm: RfmParams,
    /// The periods that are compared.
    #[serde(default)]
    pub(crate) rhythm: RhythmParams,
    /// The model of repeat purchases, the horizon and the discount.
    #[serde(default)]
    pub(crate) clv: ClvParams,
    /// How shared costs find their customers, and what profit is told by.
    #[serde(default)]
    pub(crate) profitability: ProfitabilityParams,
    /// What is a response, what is marketing, and how surveys are scored.
    #[serde(default)]
    pub(crate) relations: RelationsParams,
    /// When a tie is as strong as it gets, and how much it weighs.
    #[serde(default)]
    pub(crate) bonding: BondingParams,
    /// The limits between the stages of a customer's life.
    #[serde(default)]
    pub(crate) lifecycle: LifecycleParams,
    /// Named segments of the scores.
    #[serde(default)]
    pub(crate) rfm_map: RfmMapParams,
    /// Classes A, B and C.
    #[serde(default)]
    pub(crate) pareto: ParetoParams,
    /// Tiers of value.
    #[serde(default)]
    pub(crate) value_tiers: ValueTierParams,
    /// What is told of segments.
    #[serde(default)]
    pub(crate) profiles: ProfileParams,
    /// Clusters.
    #[serde(default)]
    pub(crate) k_means: KMeansParams,
    /// Alarms and opportunities.
    #[serde(default)]
    pub(crate) signals: SignalsParams,
    /// Who looks after whom.
    #[serde(default)]
    pub(crate) portfolios: PortfolioParams,
    /// How long a touch can win a customer.
    #[serde(default)]
    pub(crate) campaigns: CampaignParams,
    /// How much is told of each customer.
    #[serde(default)]
    pub(crate) customer_events: CustomerEventsParams,
    /// Target lists.
    #[serde(default, rename = "target")]
    pub(crate) targets: Vec<TargetParams>,
    /// How often, how soon and who at all is contacted.
    #[serde(default)]
    pub(crate) contact_rules: ContactRulesParams,
    /// Who is held out.
    #[serde(default)]
    pub(crate) control: ControlParams,
    /// The next contact with every customer.
    #[serde(default)]
    pub(crate) contact_plan: ContactPlanParams,
}

/// `[pipeline]`, as typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PipelineParams {
    /// Name in the manifest and in messages. Required.
    pub(crate) name: String,
    /// Folder that runs are published in; relative to the pipeline file. Required.
    pub(crate) warehouse: String,
    /// `latest`, `today` or a date. Default `latest`.
    #[serde(default = "latest")]
    pub(crate) as_of: toml::Value,
    /// IANA time zone of the business day. Required.
    pub(crate) time_zone: String,
    /// ISO 4217 code of published amounts. Required.
    pub(crate) currency: String,
    /// Seed of everything random. Default 42.
    #[serde(default = "default_seed")]
    pub(crate) seed: u64,
    /// Newest runs that stay when a new one is published. Default 30.
    #[serde(default = "default_keep_runs")]
    pub(crate) keep_runs: u32,
    /// Language of the report, `en` or `es`. Default `en`.
    #[serde(default = "default_locale")]
    pub(crate) locale: String,
}

fn default_locale() -> String {
    Locale::default().code().to_owned()
}

fn latest() -> toml::Value {
    toml::Value::String("latest".to_owned())
}

fn default_seed() -> u64 {
    42
}

fn default_keep_runs() -> u32 {
    30
}

/// `[limits]`, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitsParams {
    /// Share of quarantined rows above which a run warns (exit code 1). 0 to 1. Default 0.01.
    pub(crate) warn_quarantined_share: f64,
    /// Share of quarantined rows above which nothing is published (exit code 2). 0 to 1.
    /// Default 0.10.
    pub(crate) max_quarantined_share: f64,
}

impl Default for LimitsParams {
    fn default() -> Self {
        Self {
            warn_quarantined_share: 0.01,
            max_quarantined_share: 0.10,
        }
    }
}
