//! From what was typed to what runs.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cartera_activation::{CampaignValidParams, ContactPlanValidParams};
use cartera_feature::{
    BondingValidParams, ClvValidParams, FeatureParamsError, LifecycleValidParams, ProfitabilityValidParams,
    RelationsValidParams, RfmValidParams, RhythmValidParams,
};
use cartera_ingest::{SourceDefaults, SourceParams, SourceParamsError, SourceValidParams, check_unique_names};
use cartera_normalize::{
    CostValidParams, CurrencyValidParams, LineKindParams, LineKindValidParams, ReturnsParams, ReturnsValidParams,
};
use cartera_report::Locale;
use cartera_segment::{
    PortfolioValidParams, SegmentParams, SegmentValidParams, SignalParamsError, SignalsParams, SignalsValidParams,
};
use cartera_table::{Currency, SourceTable};
use jiff::tz::TimeZone;

use super::as_of::AsOfSetting;
use super::canonical::canonical_json;
use super::contact_plan::checked_contact_plan;
use super::customer_events::CustomerEventsParams;
use super::dimensions::tellable;
use super::document::Document;
use super::error::{ConfigError, ConfigProblem};
use super::inputs::{InputPattern, SourceConfig, expand_path};
use super::low::{LimitsParams, LowConfig};
use super::targets::{TargetsConfig, checked_targets};
use crate::quality::{self, CheckParams, CheckedSource, ValidCheck};

/// A checked pipeline. Only [`load`](super::load) and [`parse`](super::parse) make one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PipelineConfig {
    /// The pipeline file.
    pub path: PathBuf,
    /// Name in the manifest and in messages.
    pub name: String,
    /// Folder that runs are published in.
    pub warehouse: PathBuf,
    /// The day that a run looks back from.
    pub as_of: AsOfSetting,
    /// Zone of the business day.
    pub time_zone: TimeZone,
    /// Currency of published amounts.
    pub currency: Currency,
    /// Seed of everything random.
    pub seed: u64,
    /// Newest runs that stay when a new one is published.
    pub keep_runs: NonZeroU32,
    /// Language of the report.
    pub locale: Locale,
    /// How many defects are too many.
    pub limits: Limits,
    /// Where the data comes from, at least one.
    pub sources: Vec<SourceConfig>,
    /// What must hold of the data.
    pub(crate) checks: Vec<ValidCheck>,
    /// What the lines are.
    pub order_lines: LineKindValidParams,
    /// How old rates may be.
    pub rates: CurrencyValidParams,
    /// What a line costs where nobody says.
    pub costs: CostValidParams,
    /// Whether returns are matched with sales.
    pub returns: ReturnsValidParams,
    /// Recency, frequency and monetary scores.
    pub rfm: RfmValidParams,
    /// The periods that are compared.
    pub rhythm: RhythmValidParams,
    /// The model of repeat purchases, the horizon and the discount.
    pub clv: ClvValidParams,
    /// How shared costs find their customers, and what profit is told by.
    pub profitability: ProfitabilityValidParams,
    /// What is a response, what is marketing, and how surveys are scored.
    pub relations: RelationsValidParams,
    /// When a tie is as strong as it gets, and how much it weighs.
    pub bonding: BondingValidParams,
    /// The limits between the stages of a customer's life.
    pub lifecycle: LifecycleValidParams,
    /// Named segments, Pareto classes, tiers of value and clusters.
    pub segment: SegmentValidParams,
    /// Alarms and opportunities.
    pub signals: SignalsValidParams,
    /// Who looks after whom.
    pub portfolios: PortfolioValidParams,
    /// How long a touch can win a customer.
    pub campaigns: CampaignValidParams,
    /// How much is told of each customer.
    pub customer_events: CustomerEventsParams,
    /// Target lists.
    pub targets: TargetsConfig,
    /// The next contact with every customer.
    pub contact_plan: ContactPlanValidParams,
    canonical_json: String,
}

/// Checked `[limits]`: both from 0 to 1, the first not above the second.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Share of quarantined rows above which a run warns.
    pub warn_quarantined_share: f64,
    /// Share of quarantined rows above which nothing is published.
    pub max_quarantined_share: f64,
}

impl PipelineConfig {
    /// Everything in the file that matters to results, as JSON with sorted keys, for the run's
    /// fingerprint. Equal texts give equal tables; comments, paths, the warehouse, the limits and
    /// the like are not in it.
    #[must_use]
    pub fn canonical_json(&self) -> &str {
        &self.canonical_json
    }

    /// The same for manifests, which more people read than customers' data: what lists compare personal columns with is
    /// left out.
    #[must_use]
    pub fn published_parameters(&self) -> serde_json::Value {
        let mut parameters: serde_json::Value = serde_json::from_str(&self.canonical_json).unwrap_or_default();
        let lists = &self.targets.lists;
        let typed = self.targets.typed.iter();
        let masked: Vec<_> = typed
            .filter_map(|typed| Some(lists.iter().find(|list| list.name() == typed.name)?.masked(typed)))
            .collect();
        parameters["pipeline"]["locale"] = self.locale.code().into();
        parameters["target"] = serde_json::to_value(masked).unwrap_or_default();
        parameters
    }

    /// What of it decides which orders and customers lines come to.
    #[must_use]
    pub fn orders_json(&self) -> String {
        let all: serde_json::Value = serde_json::from_str(&self.canonical_json).unwrap_or_default();
        serde_json::json!([
            all["pipeline"]["time_zone"],
            all["pipeline"]["currency"],
            all["order_lines"],
            all["costs"],
            all["currency"],
            all["returns"],
            all["source"],
            self.has_costs_by_channel()
        ])
        .to_string()
    }

    /// What of it decides what the lines of one source are, whatever other sources and files hold.
    #[must_use]
    pub fn lines_json(&self, source_index: usize) -> String {
        let all: serde_json::Value = serde_json::from_str(&self.canonical_json).unwrap_or_default();
        let mut source = all["source"][source_index].clone();
        if let Some(source) = source.as_object_mut() {
            // Whose keys they are and what other files hold is decided later.
            for key in ["name", "key_space", "duplicates"] {
                source.remove(key);
            }
        }
        serde_json::json!([
            all["pipeline"]["time_zone"],
            all["pipeline"]["currency"],
            all["order_lines"],
            all["costs"],
            all["returns"]["match"],
            self.line_dimensions(),
            self.carried_columns(),
            self.has_costs_by_channel(),
            source
        ])
        .to_string()
    }
}

/// Checks every value.
pub(crate) fn validate(
    document: &Document<'_>,
    mut low: LowConfig,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<PipelineConfig, ConfigError> {
    let refused = |key, value: String, expected| {
        let problem = ConfigProblem::Value { key, value, expected };
        document.error_at(key, problem)
    };
    let pipeline = &low.pipeline;
    if pipeline.name.is_empty() || pipeline.name.chars().any(char::is_control) {
        let expected = "a name of at least one character, on one line";
        return Err(refused("pipeline.name", format!("{:?}", pipeline.name), expected));
    }
    let warehouse = checked_warehouse(document, &pipeline.warehouse, env)?;
    let as_of = AsOfSetting::from_toml(&pipeline.as_of).ok_or_else(|| {
        let expected = "\"latest\", \"today\" or a date such as \"2011-12-09\"";
        refused("pipeline.as_of", pipeline.as_of.to_string(), expected)
    })?;
    let time_zone = TimeZone::get(&pipeline.time_zone).map_err(|_| {
        let expected = "an IANA time zone such as \"Europe/London\" or \"UTC\"";
        refused("pipeline.time_zone", format!("{:?}", pipeline.time_zone), expected)
    })?;
    let currency = Currency::parse(&pipeline.currency).ok_or_else(|| {
        let expected = "an ISO 4217 currency such as \"EUR\"";
        refused("pipeline.currency", format!("{:?}", pipeline.currency), expected)
    })?;
    let keep_runs = NonZeroU32::new(pipeline.keep_runs).ok_or_else(|| {
        let expected = "at least 1: the run that was just published";
        refused("pipeline.keep_runs", pipeline.keep_runs.to_string(), expected)
    })?;
    let locale = Locale::from_str(&pipeline.locale).map_err(|_| {
        let expected = "\"en\" for English or \"es\" for Spanish";
        refused("pipeline.locale", format!("{:?}", pipeline.locale), expected)
    })?;
    let limits = checked_limits(document, low.limits)?;
    let defaults = SourceDefaults {
        time_zone: &time_zone,
        currency,
    };
    let sources = checked_sources(document, &low.sources, &defaults, env)?;
    check_rates(document, &sources, currency)?;
    let order_lines = checked_order_lines(document, &low.order_lines, &low.sources)?;
    let rates = low.currency.check().map_err(|error| {
        let key = format!("currency.{}", error.key());
        document.error_at(&key, ConfigProblem::Currency(error))
    })?;
    let costs = low.costs.check().map_err(|error| {
        let key = format!("costs.{}", error.key());
        document.error_at(&key, ConfigProblem::Costs(error))
    })?;
    let returns = checked_returns(document, low.returns, &sources)?;
    let checks = checked_checks(document, &low.checks, &sources)?;
    if !document.has("k_means.seed") {
        low.k_means.seed = low.pipeline.seed;
    }
    let canonical_json =
        canonical_json(document, &low).map_err(|error| document.error_at("", ConfigProblem::Canonical(error)))?;
    let rfm = low.rfm.check().map_err(|error| {
        let key = format!("rfm.{}", error.key());
        document.error_at(&key, ConfigProblem::Rfm(error))
    })?;
    let feature = |error: FeatureParamsError| {
        let key = format!("{}.{}", error.section, error.key);
        document.error_at(&key, ConfigProblem::Feature(error))
    };
    let rhythm = low.rhythm.check().map_err(feature)?;
    let clv = low.clv.check().map_err(feature)?;
    let profitability = low.profitability.check(&tellable(&sources)).map_err(feature)?;
    let relations = low.relations.check().map_err(feature)?;
    let bonding = low.bonding.check().map_err(feature)?;
    let lifecycle = low.lifecycle.check().map_err(feature)?;
    let segment = SegmentParams {
        rfm_map: low.rfm_map.clone(),
        pareto: low.pareto.clone(),
        value_tiers: low.value_tiers.clone(),
        profiles: low.profiles.clone(),
        k_means: low.k_means.clone(),
    };
    let bins = rfm.bins();
    if bins.iter().any(|one| *one != bins[0]) {
        return Err(document.error_at("rfm", ConfigProblem::UnequalBins { bins }));
    }
    let segment = segment.check(bins[0]).map_err(|error| {
        // Its messages name the section and the key.
        let key = document.key_named_in(
            &["rfm_map", "pareto", "value_tiers", "profiles", "k_means"],
            &error.to_string(),
        );
        document.error_at(&key, ConfigProblem::Segment(Box::new(error)))
    })?;
    let signals = checked_signals(document, &low.signals, &segment)?;
    let portfolios = low.portfolios.check(&segment).map_err(|error| {
        let key = document.key_named_in(&["portfolios"], &error.to_string());
        document.error_at(&key, ConfigProblem::Segment(Box::new(error)))
    })?;
    let contact_plan = checked_contact_plan(document, &low.contact_plan, &segment, &signals)?;
    let campaigns = low.campaigns.check().map_err(|error| {
        let key = format!("campaigns.{}", error.key());
        document.error_at(&key, ConfigProblem::Campaigns(error))
    })?;
    let targets = checked_targets(document, &low, &segment, &signals)?;
    Ok(PipelineConfig {
        path: document.path.to_owned(),
        name: low.pipeline.name,
        warehouse,
        as_of,
        time_zone,
        currency,
        seed: low.pipeline.seed,
        keep_runs,
        locale,
        limits,
        sources,
        checks,
        order_lines,
        rates,
        costs,
        returns,
        rfm,
        rhythm,
        clv,
        profitability,
        relations,
        bonding,
        lifecycle,
        segment,
        signals,
        portfolios,
        campaigns,
        customer_events: low.customer_events,
        targets,
        contact_plan,
        canonical_json,
    })
}

fn checked_warehouse(
    document: &Document<'_>,
    typed: &str,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<PathBuf, ConfigError> {
    const KEY: &str = "pipeline.warehouse";
    let expanded = expand_path(document, KEY, typed, env)?;
    if expanded.is_empty() {
        let problem = ConfigProblem::Value {
            key: KEY,
            value: format!("{typed:?}"),
            expected: "the folder that runs are published in",
        };
        return Err(document.error_at(KEY, problem));
    }
    Ok(document.folder().join(Path::new(&expanded)))
}

fn checked_limits(document: &Document<'_>, limits: LimitsParams) -> Result<Limits, ConfigError> {
    const WARN: &str = "limits.warn_quarantined_share";
    const MAX: &str = "limits.max_quarantined_share";
    let LimitsParams {
        warn_quarantined_share,
        max_quarantined_share,
    } = limits;
    let refused = |key, share: f64, expected| {
        let problem = ConfigProblem::Value {
            key,
            value: share.to_string(),
            expected,
        };
        Err(document.error_at(key, problem))
    };
    for (key, share) in [(WARN, warn_quarantined_share), (MAX, max_quarantined_share)] {
        if !(0.0..=1.0).contains(&share) {
            return refused(key, share, "a share from 0 to 1");
        }
    }
    if warn_quarantined_share > max_quarantined_share {
        let expected = "at most `limits.max_quarantined_share` (default 0.1)";
        return refused(WARN, warn_quarantined_share, expected);
    }
    Ok(Limits {
        warn_quarantined_share,
        max_quarantined_share,
    })
}

fn checked_sources(
    document: &Document<'_>,
    sources: &[SourceParams],
    defaults: &SourceDefaults<'_>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<SourceConfig>, ConfigError> {
    if sources.is_empty() {
        return Err(document.error_at("source", ConfigProblem::NoSource));
    }
    let refused = |index: usize, error: SourceParamsError| {
        let key = format!("source.{index}.{}", error.key());
        let words = |words: Vec<&'static str>| words.into_iter().map(str::to_owned).collect();
        match error {
            SourceParamsError::UnknownColumn { column, table, valid } => {
                let problem = ConfigProblem::UnknownKey {
                    key: column,
                    section: format!("[source.columns] of {table}"),
                    valid: words(valid),
                };
                document.error_at_name(&key, problem)
            }
            SourceParamsError::Unknown { value, valid, .. } => {
                let problem = ConfigProblem::UnknownValue {
                    key: key.clone(),
                    value,
                    valid: words(valid),
                };
                document.error_at(&key, problem)
            }
            error => {
                let name = sources[index].name.clone();
                document.error_at(&key, ConfigProblem::Source { name, error })
            }
        }
    };
    let valid: Vec<SourceValidParams> = sources
        .iter()
        .enumerate()
        .map(|(index, source)| source.check(defaults).map_err(|error| refused(index, error)))
        .collect::<Result<_, _>>()?;
    check_unique_names(&valid).map_err(|(index, error)| refused(index, error))?;
    if !valid.iter().any(|source| source.table == SourceTable::OrderLines) {
        return Err(document.error_at("source", ConfigProblem::NoOrderLines));
    }
    valid
        .into_iter()
        .enumerate()
        .map(|(index, params)| {
            let inputs = params
                .paths
                .iter()
                .enumerate()
                .map(|(place, typed)| {
                    let key = match &sources[index].path {
                        Some(_) => format!("source.{index}.path"),
                        None => format!("source.{index}.paths.{place}"),
                    };
                    InputPattern::resolve(document, &key, typed, env)
                })
                .collect::<Result<_, _>>()?;
            Ok(SourceConfig { params, inputs })
        })
        .collect()
}

/// A source in another currency needs rates. A column of currencies does not: its lines may all be in the
/// pipeline's, and those that are not are set aside one by one.
fn check_rates(document: &Document<'_>, sources: &[SourceConfig], pipeline: Currency) -> Result<(), ConfigError> {
    if sources.iter().any(|source| source.params.table == SourceTable::Rates) {
        return Ok(());
    }
    for (index, SourceConfig { params, .. }) in sources.iter().enumerate() {
        if params.table == SourceTable::OrderLines && params.currency != pipeline {
            let problem = ConfigProblem::NoRates {
                name: params.name.clone(),
                currency: params.currency,
                pipeline,
            };
            return Err(document.error_at(&format!("source.{index}.currency"), problem));
        }
    }
    Ok(())
}

fn checked_returns(
    document: &Document<'_>,
    returns: ReturnsParams,
    sources: &[SourceConfig],
) -> Result<ReturnsValidParams, ConfigError> {
    let valid = returns.check().map_err(|error| {
        let key = format!("returns.{}", error.key());
        document.error_at(&key, ConfigProblem::Returns(error))
    })?;
    let tells_items = |source: &SourceConfig| {
        let columns = &source.params.columns;
        source.params.table == SourceTable::OrderLines && columns.maps("product_id") && columns.maps("quantity")
    };
    if valid.is_matched() && !sources.iter().any(tells_items) {
        return Err(document.error_at("returns.match", ConfigProblem::UnmatchableReturns));
    }
    Ok(valid)
}

fn checked_checks(
    document: &Document<'_>,
    checks: &[CheckParams],
    sources: &[SourceConfig],
) -> Result<Vec<ValidCheck>, ConfigError> {
    let sources: Vec<CheckedSource> = sources.iter().map(checked_source).collect();
    checks
        .iter()
        .enumerate()
        .map(|(index, check)| {
            check.check(&sources).map_err(|error| {
                let key = match error.key() {
                    "" => format!("check.{index}"),
                    key => format!("check.{index}.{key}"),
                };
                document.error_at(&key, ConfigProblem::Check(error))
            })
        })
        .collect()
}

fn checked_source(source: &SourceConfig) -> CheckedSource {
    let table = source.params.table;
    let columns: Vec<(String, bool)> = source
        .params
        .columns
        .read_from_files()
        .map(|column| (column.name.to_owned(), column.personal))
        .collect();
    let has_days = quality::day_column(table).is_some_and(|day| columns.iter().any(|(name, _)| name == day));
    CheckedSource {
        name: source.params.name.clone(),
        columns,
        has_days,
        is_order_lines: table == SourceTable::OrderLines,
    }
}

fn checked_signals(
    document: &Document<'_>,
    signals: &SignalsParams,
    segment: &SegmentValidParams,
) -> Result<SignalsValidParams, ConfigError> {
    signals.check(&segment.ranked()).map_err(|error| {
        let key = format!("signals.{}", error.key());
        let problem = match error {
            SignalParamsError::Unknown { value, valid, .. } => ConfigProblem::UnknownValue {
                key: key.clone(),
                value,
                valid,
            },
            error => ConfigProblem::Signals(error),
        };
        document.error_at(&key, problem)
    })
}

fn checked_order_lines(
    document: &Document<'_>,
    order_lines: &LineKindParams,
    sources: &[SourceParams],
) -> Result<LineKindValidParams, ConfigError> {
    let valid = order_lines.check().map_err(|error| {
        let key = format!("order_lines.{}", error.key());
        document.error_at(&key, ConfigProblem::OrderLines(error))
    })?;
    let is_mapped = |target: &str| {
        let mut lines = sources
            .iter()
            .filter(|source| source.table == SourceTable::OrderLines.name());
        lines.any(|source| source.columns.maps(target))
    };
    for (index, rule) in order_lines.kinds.iter().enumerate() {
        for (condition, target, is_used) in [
            ("order_id_prefix", "order_id", rule.order_id_prefix.is_some()),
            ("product_ids", "product_id", rule.product_ids.is_some()),
            ("product_pattern", "product_id", rule.product_pattern.is_some()),
            ("quantity", "quantity", rule.quantity.is_some()),
            ("unit_price", "unit_price", rule.unit_price.is_some()),
        ] {
            if is_used && !is_mapped(target) {
                let key = format!("order_lines.kind.{index}.{condition}");
                let problem = ConfigProblem::UnmappedCondition { condition, target };
                return Err(document.error_at(&key, problem));
            }
        }
    }
    Ok(valid)
}
