//! From what was typed to what runs.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use cartera_feature::RfmValidParams;
use cartera_ingest::{SourceDefaults, SourceParams, SourceValidParams, check_unique_names};
use cartera_normalize::{LineKindParams, LineKindValidParams};
use cartera_segment::{SegmentParams, SegmentValidParams};
use jiff::tz::TimeZone;

use super::as_of::AsOfSetting;
use super::canonical::canonical_json;
use super::currency::is_currency;
use super::document::Document;
use super::error::{ConfigError, ConfigProblem};
use super::inputs::{InputPattern, SourceConfig, expand_path};
use super::low::{LimitsParams, LowConfig};

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
    /// ISO 4217 code of published amounts.
    pub currency: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Newest runs that stay when a new one is published.
    pub keep_runs: NonZeroU32,
    /// How many defects are too many.
    pub limits: Limits,
    /// Where the data comes from, at least one.
    pub sources: Vec<SourceConfig>,
    /// What the lines are.
    pub order_lines: LineKindValidParams,
    /// Recency, frequency and monetary scores.
    pub rfm: RfmValidParams,
    /// Named segments, Pareto classes and clusters.
    pub segment: SegmentValidParams,
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
    if !is_currency(&pipeline.currency) {
        let expected = "an ISO 4217 currency such as \"EUR\"";
        return Err(refused(
            "pipeline.currency",
            format!("{:?}", pipeline.currency),
            expected,
        ));
    }
    let keep_runs = NonZeroU32::new(pipeline.keep_runs).ok_or_else(|| {
        let expected = "at least 1: the run that was just published";
        refused("pipeline.keep_runs", pipeline.keep_runs.to_string(), expected)
    })?;
    let limits = checked_limits(document, low.limits)?;
    let defaults = SourceDefaults {
        time_zone: &time_zone,
        currency: &pipeline.currency,
    };
    let sources = checked_sources(document, &low.sources, &defaults, env)?;
    let order_lines = checked_order_lines(document, &low.order_lines, &low.sources)?;
    if !document.has("k_means.seed") {
        low.k_means.seed = low.pipeline.seed;
    }
    let canonical_json =
        canonical_json(document, &low).map_err(|error| document.error_at("", ConfigProblem::Canonical(error)))?;
    let rfm = low.rfm.check().map_err(|error| {
        let key = format!("rfm.{}", error.key());
        document.error_at(&key, ConfigProblem::Rfm(error))
    })?;
    let segment = SegmentParams {
        rfm_map: low.rfm_map,
        pareto: low.pareto,
        k_means: low.k_means,
    };
    let bins = rfm.bins();
    if bins.iter().any(|one| *one != bins[0]) {
        return Err(document.error_at("rfm", ConfigProblem::UnequalBins { bins }));
    }
    let segment = segment.check(bins[0]).map_err(|error| {
        // Its messages name the section and the key.
        let key = document.key_named_in(&["rfm_map", "pareto", "k_means"], &error.to_string());
        document.error_at(&key, ConfigProblem::Segment(Box::new(error)))
    })?;
    Ok(PipelineConfig {
        path: document.path.to_owned(),
        name: low.pipeline.name,
        warehouse,
        as_of,
        time_zone,
        currency: low.pipeline.currency,
        seed: low.pipeline.seed,
        keep_runs,
        limits,
        sources,
        order_lines,
        rfm,
        segment,
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
    let refused = |index: usize, error: cartera_ingest::SourceParamsError| {
        let key = format!("source.{index}.{}", error.key());
        let name = sources[index].name.clone();
        document.error_at(&key, ConfigProblem::Source { name, error })
    };
    let valid: Vec<SourceValidParams> = sources
        .iter()
        .enumerate()
        .map(|(index, source)| source.check(defaults).map_err(|error| refused(index, error)))
        .collect::<Result<_, _>>()?;
    check_unique_names(&valid).map_err(|(index, error)| refused(index, error))?;
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

fn checked_order_lines(
    document: &Document<'_>,
    order_lines: &LineKindParams,
    sources: &[SourceParams],
) -> Result<LineKindValidParams, ConfigError> {
    let valid = order_lines.check().map_err(|error| {
        let key = format!("order_lines.{}", error.key());
        document.error_at(&key, ConfigProblem::OrderLines(error))
    })?;
    let some = |is_mapped: fn(&SourceParams) -> bool| sources.iter().any(is_mapped);
    let has_order_id = some(|source| source.columns.order_id.is_some());
    let has_product_id = some(|source| source.columns.product_id.is_some());
    let has_quantity = some(|source| source.columns.quantity.is_some());
    let has_unit_price = some(|source| source.columns.unit_price.is_some());
    for (index, rule) in order_lines.kinds.iter().enumerate() {
        for (condition, target, is_used, is_mapped) in [
            (
                "order_id_prefix",
                "order_id",
                rule.order_id_prefix.is_some(),
                has_order_id,
            ),
            ("product_ids", "product_id", rule.product_ids.is_some(), has_product_id),
            (
                "product_pattern",
                "product_id",
                rule.product_pattern.is_some(),
                has_product_id,
            ),
            ("quantity", "quantity", rule.quantity.is_some(), has_quantity),
            ("unit_price", "unit_price", rule.unit_price.is_some(), has_unit_price),
        ] {
            if is_used && !is_mapped {
                let key = format!("order_lines.kind.{index}.{condition}");
                let problem = ConfigProblem::UnmappedCondition { condition, target };
                return Err(document.error_at(&key, problem));
            }
        }
    }
    Ok(valid)
}
