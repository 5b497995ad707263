//! What a run's tables are a function of, as one hash.

use cartera_normalize::Horizon;
use cartera_table::{AsOf, ErasedKeys};
use serde_json::json;

use super::ModelRequest;
use crate::config::PipelineConfig;
use crate::store::InputRecord;

/// What tables depend on beside inputs, config and day.
#[derive(Clone, Copy)]
pub(super) struct Beside<'b> {
    /// The fingerprint of the run whose figures stand beside those of this one.
    pub(super) prior: Option<&'b str>,
    /// What was asked of models.
    pub(super) models: ModelRequest,
    /// Defective rows of consents and suppressions that were accepted.
    pub(super) accepted_bad_consents: u64,
    /// Hash of those whom earlier runs of the same day had in their lists, and this one has not.
    pub(super) taken_off: Option<&'b str>,
    /// Who was erased.
    pub(super) erased: &'b ErasedKeys,
}

/// The hash of input contents, config, day and version, and of what stands beside them.
pub(super) fn fingerprint(
    config: &PipelineConfig,
    horizon: Horizon,
    as_of: AsOf,
    inputs: &[InputRecord],
    version: &str,
    beside: Beside<'_>,
) -> String {
    let contents: Vec<_> = inputs
        .iter()
        .map(|input| json!([input.source, input.file, input.content_hash]))
        .collect();
    // Lines after the latest day are defects, those after a declared day are out of scope.
    let later_lines = match horizon {
        Horizon::Through(_) => "out_of_scope",
        Horizon::LatestUntil(_) => "quarantined",
    };
    let all = json!([
        version,
        as_of.to_string(),
        later_lines,
        config.canonical_json(),
        contents,
        beside.prior,
        [beside.models.refit, beside.models.accept],
        beside.accepted_bad_consents,
        beside.taken_off,
        beside.erased.content_hash()
    ]);
    blake3::hash(all.to_string().as_bytes()).to_hex().to_string()
}

/// The hash of the config alone.
pub(crate) fn config_hash(config: &PipelineConfig) -> String {
    blake3::hash(config.canonical_json().as_bytes()).to_hex().to_string()
}
