//! Fitted models: which one, how far its parameters moved, and whether the clusters drift.

use cartera_table::contracts::{ClusterDrift, ClvModel};
use cartera_table::{TableError, frame};
use polars::prelude::DataFrame;
use serde::Serialize;

use super::read::columns;
use crate::error::PipelineError;
use crate::run::CLUSTERS;
use crate::store::{ModelRecord, PublishedRun};

/// The models of both runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelChanges {
    /// The model of purchases in the first run; null without one.
    pub purchases_before: Option<String>,
    /// The same in the second.
    pub purchases: Option<String>,
    /// Parameters of the models of purchases and spend that customers are scored with, by model.
    pub parameters: Vec<ModelParameterChange>,
    /// The model of the clusters; null where one of the runs has none.
    pub clusters: Option<ClusterModelChange>,
}

/// A fitted parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelParameterChange {
    /// The model.
    pub model: String,
    /// The parameter, as the papers call it.
    pub parameter: String,
    /// Its estimate in the first run; null where that had another model.
    pub before: Option<f64>,
    /// Its estimate in the second; likewise.
    pub after: Option<f64>,
    /// How far it moved, in standard errors of the first estimate; null where that has none.
    pub standard_errors: Option<f64>,
}

/// The model of the clusters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterModelChange {
    /// Hash of the model in the first run.
    pub model_before: String,
    /// The same in the second.
    pub model: String,
    /// The day that the first was fitted as of.
    pub fitted_as_of_before: String,
    /// The same of the second.
    pub fitted_as_of: String,
    /// What the second run decided about it.
    pub decision: String,
    /// Why.
    pub reasons: Vec<String>,
    /// Whether a model waits to be accepted.
    pub has_candidate: bool,
    /// Figures of the second run that tell how far its customers are from those of the fit.
    pub drift: Vec<DriftedFigure>,
}

/// A row of `cluster_drift`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftedFigure {
    /// What is measured.
    pub measure: String,
    /// Of which feature.
    pub feature: String,
    /// The figure.
    pub value: f64,
    /// Above it the model is fitted anew.
    pub limit: f64,
    /// Whether it is.
    pub is_over_limit: bool,
}

impl ModelChanges {
    /// The two models of purchases, where they are not the same kind.
    #[must_use]
    pub fn purchase_model_changed(&self) -> Option<(&str, &str)> {
        let names = [&self.purchases_before, &self.purchases].map(|model| model.as_deref().unwrap_or("no model"));
        (names[0] != names[1]).then_some((names[0], names[1]))
    }

    /// The parameter that moved most, in standard errors.
    pub(super) fn furthest(&self) -> Option<&ModelParameterChange> {
        let moved = self.parameters.iter().filter(|change| change.standard_errors.is_some());
        moved.max_by(|left, right| {
            let size = |change: &ModelParameterChange| change.standard_errors.unwrap_or_default().abs();
            size(left).total_cmp(&size(right))
        })
    }
}

impl ClusterModelChange {
    /// Whether the second run has another model than the first.
    #[must_use]
    pub fn is_other(&self) -> bool {
        self.model != self.model_before
    }
}

pub(super) fn models(before: &PublishedRun, after: &PublishedRun) -> Result<ModelChanges, PipelineError> {
    let purchases = |run: &PublishedRun| run.manifest.record.totals.lifetime.model.clone();
    Ok(ModelChanges {
        purchases_before: purchases(before),
        purchases: purchases(after),
        parameters: parameters(estimates(before)?, estimates(after)?),
        clusters: clusters(before, after)?,
    })
}

/// Model, parameter, estimate, standard error.
struct Estimate {
    model: String,
    parameter: String,
    value: f64,
    standard_error: Option<f64>,
}

/// Of the models that customers are scored with, fitted to all of the history.
fn estimates(run: &PublishedRun) -> Result<Vec<Estimate>, PipelineError> {
    let names = ["sample", "model", "parameter", "value", "standard_error", "is_chosen"];
    let Some(table) = columns::<ClvModel>(run, &names)? else {
        return Ok(Vec::new());
    };
    Ok(chosen(&table)?)
}

fn chosen(table: &DataFrame) -> Result<Vec<Estimate>, TableError> {
    let samples = frame::text(table, "sample")?;
    let (models, parameters) = (frame::text(table, "model")?, frame::text(table, "parameter")?);
    let (values, errors) = (
        frame::float64(table, "value")?,
        frame::float64(table, "standard_error")?,
    );
    let is_chosen = frame::boolean(table, "is_chosen")?;
    let is_wanted = |row: &usize| samples.get(*row) == Some("all") && is_chosen.get(*row) == Some(true);
    let estimate = |row: usize| {
        Some(Estimate {
            model: models.get(row)?.to_owned(),
            parameter: parameters.get(row)?.to_owned(),
            value: values.get(row)?,
            standard_error: errors.get(row).filter(|error| *error > 0.0),
        })
    };
    Ok((0..table.height()).filter(is_wanted).filter_map(estimate).collect())
}

fn parameters(before: Vec<Estimate>, after: Vec<Estimate>) -> Vec<ModelParameterChange> {
    let mut changes: Vec<ModelParameterChange> = after
        .into_iter()
        .map(|now| ModelParameterChange {
            model: now.model,
            parameter: now.parameter,
            before: None,
            after: Some(now.value),
            standard_errors: None,
        })
        .collect();
    for then in before {
        let same = changes
            .iter_mut()
            .find(|change| change.model == then.model && change.parameter == then.parameter);
        match same {
            Some(change) => {
                change.before = Some(then.value);
                let moved = change.after.map(|now| now - then.value);
                change.standard_errors = moved.zip(then.standard_error).map(|(moved, error)| moved / error);
            }
            None => changes.push(ModelParameterChange {
                model: then.model,
                parameter: then.parameter,
                before: Some(then.value),
                after: None,
                standard_errors: None,
            }),
        }
    }
    changes
}

fn clusters(before: &PublishedRun, after: &PublishedRun) -> Result<Option<ClusterModelChange>, PipelineError> {
    fn record(run: &PublishedRun) -> Option<&ModelRecord> {
        run.manifest.record.models.iter().find(|model| model.name == CLUSTERS)
    }
    let (Some(then), Some(now)) = (record(before), record(after)) else {
        return Ok(None);
    };
    Ok(Some(ClusterModelChange {
        model_before: then.hash.clone(),
        model: now.hash.clone(),
        fitted_as_of_before: then.fitted_as_of.clone(),
        fitted_as_of: now.fitted_as_of.clone(),
        decision: now.decision.clone(),
        reasons: now.reasons.clone(),
        has_candidate: now.candidate.is_some(),
        drift: drift(after)?,
    }))
}

fn drift(run: &PublishedRun) -> Result<Vec<DriftedFigure>, PipelineError> {
    let names = ["measure", "feature", "value", "limit", "status"];
    let Some(table) = columns::<ClusterDrift>(run, &names)? else {
        return Ok(Vec::new());
    };
    let (measures, features) = (frame::text(&table, "measure")?, frame::text(&table, "feature")?);
    let (values, limits) = (frame::float64(&table, "value")?, frame::float64(&table, "limit")?);
    let statuses = frame::text(&table, "status")?;
    let figure = |row: usize| {
        Some(DriftedFigure {
            measure: measures.get(row)?.to_owned(),
            feature: features.get(row)?.to_owned(),
            value: values.get(row)?,
            limit: limits.get(row)?,
            is_over_limit: statuses.get(row) == Some("over_limit"),
        })
    };
    Ok((0..table.height()).filter_map(figure).collect())
}
