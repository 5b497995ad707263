//! The models that a run used, written beside the runs and named in its manifest.

use cartera_segment::{ClusterModel, ClusterOutcome};

use super::prior::CLUSTERS;
use crate::error::PipelineError;
use crate::store::{ModelRecord, Staging};

/// Writes the models of the clusters and says what the manifest names.
pub(super) fn write_models(
    staging: &Staging<'_>,
    clusters: Option<&ClusterOutcome>,
) -> Result<Vec<ModelRecord>, PipelineError> {
    let write = |model: &ClusterModel| -> Result<String, PipelineError> {
        Ok(staging.write_model(model.to_json()?.as_bytes())?)
    };
    let record = |outcome: &ClusterOutcome| -> Result<ModelRecord, PipelineError> {
        Ok(ModelRecord {
            name: CLUSTERS.to_owned(),
            hash: write(&outcome.model)?,
            fitted_as_of: outcome.model.fitted_as_of().to_string(),
            decision: outcome.decision.slug().to_owned(),
            reasons: outcome.reasons.clone(),
            candidate: outcome.candidate.as_ref().map(write).transpose()?,
        })
    };
    clusters.map(record).into_iter().collect()
}
