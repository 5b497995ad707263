//! What a run's tables are a function of, as one hash.

use cartera_normalize::Horizon;
use cartera_table::AsOf;
use serde_json::json;

use super::ModelRequest;
use crate::config::PipelineConfig;
use crate::store::InputRecord;

/// The hash of input contents, config, day, version, and of the run whose figures stand beside those of this one,
/// `prior` being its fingerprint, and of what was asked of models.
pub(super) fn fingerprint(
    config: &PipelineConfig,
    horizon: Horizon,
    as_of: AsOf,
    inputs: &[InputRecord],
    version: &str,
    prior: Option<&str>,
    models: ModelRequest,
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
        prior,
        [models.refit, models.accept]
    ]);
    blake3::hash(all.to_string().as_bytes()).to_hex().to_string()
}

/// The hash of the config alone.
pub(super) fn config_hash(config: &PipelineConfig) -> String {
    blake3::hash(config.canonical_json().as_bytes()).to_hex().to_string()
}
