//! What happens to the model tonight: it scores, or it is fitted anew.
//!
//! Clusters that change every night are of no use to anybody, so that the model stays as it is until there is a
//! reason, and a new one takes its place only where it tells mostly the same clusters, or where somebody says so.

use cartera_table::frame;
use polars::prelude::DataFrame;

use super::agreement::Overlap;
use super::base::{Buyers, Scored};
use super::contrast::Contrast;
use super::drift::movers;
use super::measures::{MEASURES, default_transform};
use super::model::ClusterModel;
use super::new_model::{Anonymous, FitContext};
use super::outcome::{ClusterDecision, ClusterRequest};
use super::params::KMeansValidParams;
use super::points::FeatureColumn;
use crate::error::SegmentError;
use crate::labels::OUTSIDE;
use crate::segmentation::Before;

/// Tonight's customers and what is asked.
pub(crate) struct Night<'n> {
    pub(crate) customers: &'n DataFrame,
    pub(crate) buyers: Buyers,
    /// The features of the parameters.
    pub(crate) columns: Vec<FeatureColumn>,
    /// Net sales of the buyers.
    pub(crate) worth: Vec<i128>,
    pub(crate) before: Before<'n>,
    pub(crate) params: &'n KMeansValidParams,
}

/// A model with tonight's customers in its clusters.
pub(crate) struct Settled {
    pub(crate) model: ClusterModel,
    pub(crate) scored: Scored,
    pub(crate) candidate: Option<ClusterModel>,
    pub(crate) decision: ClusterDecision,
    pub(crate) reasons: Vec<String>,
    pub(crate) drift: Vec<DriftRow>,
    /// The clusters of the model before, by ids and names, and the overlap with those of the model that came.
    pub(crate) refit: Option<RefitOverlap>,
    pub(crate) adjusted_rand: Option<f64>,
    pub(crate) notes: Vec<String>,
}

/// One figure that is watched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DriftRow {
    pub(crate) measure: &'static str,
    pub(crate) feature: String,
    pub(crate) value: f64,
    pub(crate) limit: f64,
}

impl DriftRow {
    pub(crate) fn is_over(&self) -> bool {
        self.value > self.limit
    }
}

/// Old and new clusters and how many customers they share.
#[derive(Debug, Clone)]
pub(crate) struct RefitOverlap {
    pub(crate) from: Vec<(i32, String)>,
    pub(crate) to: Vec<(i32, String)>,
    pub(crate) overlap: Overlap,
}

/// A model that was not there before, with tonight's customers.
pub(crate) struct Fitted {
    pub(crate) model: ClusterModel,
    pub(crate) scored: Scored,
    pub(crate) overlap: Option<Overlap>,
    pub(crate) notes: Vec<String>,
}

/// The model before, with tonight's customers where it can score them.
#[derive(Clone, Copy)]
struct Known<'k> {
    model: &'k ClusterModel,
    scored: Option<&'k Scored>,
}

impl Night<'_> {
    fn request(&self) -> ClusterRequest<'_> {
        self.before.clusters
    }

    pub(crate) fn count(&self) -> usize {
        self.buyers.rows.len()
    }

    /// Decides, and does it; none where there is neither a model nor a customer with an order.
    pub(crate) fn settle(&self) -> Result<Option<Settled>, SegmentError> {
        let request = self.request();
        let mut settled = match request.model {
            None if self.count() == 0 => return Ok(None),
            None => self.first_fit()?,
            // Nobody can say that a model does not fit nobody.
            Some(model) if self.count() == 0 => self.without_customers(model, request.candidate),
            Some(model) if model.basis != self.params.basis => self.reconfigured(model)?,
            Some(model) => self.same_basis(model)?,
        };
        if request.accept && settled.decision == ClusterDecision::Scored {
            settled.notes.push(match &settled.candidate {
                None => "--accept-model: there is no candidate to accept".to_owned(),
                Some(_) => "--accept-model: no customer has an order, so that the candidate goes on waiting".to_owned(),
            });
        }
        Ok(Some(settled))
    }

    /// A feature that was listed and that nobody has tonight, so that nothing can be fitted.
    fn feature_without_values(&self) -> Option<&str> {
        let is_missing = |column: &&FeatureColumn| column.is_empty() && !column.values.is_empty();
        let listed = self.columns.iter().filter(|_| self.params.are_features_listed);
        listed.filter(is_missing).map(|column| column.name.as_str()).next()
    }

    fn first_fit(&self) -> Result<Settled, SegmentError> {
        let fitted = self.fit(None)?;
        Ok(Settled {
            reasons: vec!["there was no model before".to_owned()],
            ..fitted.settled(ClusterDecision::FirstFit, None)
        })
    }

    /// What was asked for is another thing now, so that no change is too big.
    fn reconfigured(&self, old: &ClusterModel) -> Result<Settled, SegmentError> {
        let old_columns = self.buyers.read(self.customers, &old.basis.features)?;
        let old_scored = old_columns.map(|columns| old.score(&columns, self.count()));
        // Also where another version knew features that are none here: its numbers and names stay its own.
        let fitted = self.fit(Some(Known {
            model: old,
            scored: old_scored.as_ref(),
        }))?;
        Ok(Settled {
            reasons: vec![
                "features, transforms or k of [k_means] are others than those of the model before".to_owned(),
            ],
            ..fitted.settled(ClusterDecision::Reconfigured, Some(old))
        })
    }

    fn same_basis(&self, model: &ClusterModel) -> Result<Settled, SegmentError> {
        let request = self.request();
        let scored = model.score(&self.columns, self.count());
        let candidate = request
            .candidate
            .filter(|candidate| candidate.basis == self.params.basis);
        if let (true, false, Some(candidate)) = (request.accept, request.refit, candidate) {
            return self.accepted(model, &scored, candidate);
        }
        let drift = self.drift(model, &scored)?;
        let mut reasons = self.reasons(model, &drift)?;
        if let Some(candidate) = candidate
            && !request.refit
            && !self.is_due(candidate)?
        {
            return Ok(self.wait(model, scored, candidate, drift, reasons));
        }
        if reasons.is_empty() {
            return Ok(self.scored(model, scored, drift));
        }
        if let Some(feature) = self.feature_without_values().filter(|_| !request.refit) {
            reasons.push(format!(
                "but it was not fitted anew: no customer with orders has {feature}"
            ));
            return Ok(Settled {
                candidate: candidate.cloned(),
                reasons,
                ..self.scored(model, scored, drift)
            });
        }
        let fitted = self.fit(Some(Known {
            model,
            scored: Some(&scored),
        }))?;
        let agreement = fitted.overlap.as_ref().and_then(Overlap::adjusted_rand);
        let is_near = agreement.is_none_or(|agreement| agreement >= self.params.min_adjusted_rand);
        let settled = if is_near || request.accept {
            fitted.settled(ClusterDecision::Refitted, Some(model))
        } else {
            let refused = fitted.settled(ClusterDecision::Candidate, Some(model));
            Settled {
                candidate: Some(refused.model),
                model: model.clone(),
                scored,
                ..refused
            }
        };
        Ok(Settled {
            drift,
            reasons,
            ..settled
        })
    }

    pub(crate) fn scored(&self, model: &ClusterModel, scored: Scored, drift: Vec<DriftRow>) -> Settled {
        Settled {
            model: model.clone(),
            scored,
            candidate: None,
            decision: ClusterDecision::Scored,
            reasons: Vec::new(),
            drift,
            refit: None,
            adjusted_rand: None,
            notes: Vec::new(),
        }
    }

    /// Fits a model; where there is one before, its clusters lend their ids and names.
    fn fit(&self, before: Option<Known<'_>>) -> Result<Fitted, SegmentError> {
        let as_of = self.buyers.as_of.ok_or(SegmentError::DayUnknown)?;
        if let Some(feature) = self.feature_without_values() {
            return Err(SegmentError::KMeansNoValues {
                feature: feature.to_owned(),
            });
        }
        let present = before
            .filter(|known| known.model.basis == self.params.basis)
            .map(|known| known.model.clusters.len());
        let anonymous = Anonymous::fit(&self.columns, &self.worth, present, self.params)?;
        let count = anonymous.count();
        let mut scored = anonymous.scored.clone();
        let contrasts = self.contrasts(&scored.labels, count)?;
        let overlap_with = |labels: &[u16]| {
            let known = before?;
            let clusters_before = known.model.clusters.len();
            Some(Overlap::count(&known.scored?.labels, labels, clusters_before, count))
        };
        let overlap = overlap_with(&scored.labels);
        let fit = FitContext {
            before: before.map(|known| known.model),
            overlap: overlap.as_ref(),
            as_of,
            was_asked_for: before.is_some() && self.request().refit,
            params: self.params,
        };
        let named = anonymous.named(&fit, &self.columns, &contrasts);
        for label in scored.labels.iter_mut().filter(|label| **label != OUTSIDE) {
            *label = named.places[usize::from(*label)] as u16;
        }
        Ok(Fitted {
            model: named.model,
            overlap: overlap_with(&scored.labels),
            scored,
            notes: named.notes,
        })
    }

    /// What sets these clusters apart: the measures with words, and the features that are none.
    pub(crate) fn contrasts(&self, labels: &[u16], clusters: usize) -> Result<Vec<Contrast>, SegmentError> {
        let mut contrasts = Vec::new();
        for measure in MEASURES {
            let transform = default_transform(measure.name);
            let contrast = match self.columns.iter().find(|column| column.name == measure.name) {
                Some(column) => Contrast::of(column, transform, labels, clusters),
                // One after the other, so that no more than one is in memory.
                None => FeatureColumn::read_what_is_there(self.customers, measure.name, &self.buyers.rows)?
                    .and_then(|column| Contrast::of(&column, transform, labels, clusters)),
            };
            contrasts.extend(contrast);
        }
        let has_words = |name: &str| MEASURES.iter().any(|measure| measure.name == name);
        for (column, feature) in self.columns.iter().zip(&self.params.basis.features) {
            if !has_words(&column.name) {
                contrasts.extend(Contrast::of(column, feature.transform, labels, clusters));
            }
        }
        Ok(contrasts)
    }

    fn age_days(&self, model: &ClusterModel) -> Result<i32, SegmentError> {
        let as_of = self.buyers.as_of.ok_or(SegmentError::DayUnknown)?;
        Ok(as_of.epoch_days() - model.fitted_as_of.epoch_days())
    }

    /// Whether the model is as old as the schedule lets it be.
    fn is_due(&self, model: &ClusterModel) -> Result<bool, SegmentError> {
        let age = u32::try_from(self.age_days(model)?);
        Ok(age.is_ok_and(|age| age >= self.params.refit_days))
    }

    /// Why the model has to be fitted anew, if it has to.
    fn reasons(&self, model: &ClusterModel, drift: &[DriftRow]) -> Result<Vec<String>, SegmentError> {
        let mut reasons = Vec::new();
        if self.request().refit {
            reasons.push("it was asked for".to_owned());
        }
        if self.is_due(model)? {
            let age = self.age_days(model)?;
            let refit_days = self.params.refit_days;
            reasons.push(format!("the model is {age} days old (refit_days = {refit_days})"));
        }
        for row in drift.iter().filter(|row| row.is_over()) {
            reasons.push(match row.measure {
                MOVERS => format!(
                    "{:.1} % of the customers changed their cluster since the run before (max_movers_share = {})",
                    row.value * 100.0,
                    row.limit
                ),
                _ => format!(
                    "the population stability index of {} is {:.3} (max_psi = {})",
                    row.feature, row.value, row.limit
                ),
            });
        }
        Ok(reasons)
    }

    /// How far tonight's customers are from those of the fit, and how many moved since the run before.
    fn drift(&self, model: &ClusterModel, scored: &Scored) -> Result<Vec<DriftRow>, SegmentError> {
        let mut drift = self.stability(model)?;
        if let Some(value) = self.movers(model, scored)? {
            drift.push(DriftRow {
                measure: MOVERS,
                feature: "cluster".to_owned(),
                value,
                limit: self.params.max_movers_share,
            });
        }
        Ok(drift)
    }

    pub(crate) fn stability(&self, model: &ClusterModel) -> Result<Vec<DriftRow>, SegmentError> {
        let age_days = self.age_days(model)?;
        let of_feature = |(base, column): (&super::model::FeatureBase, &FeatureColumn)| DriftRow {
            measure: "population_stability_index",
            feature: base.feature.clone(),
            value: base.spread.stability_index(column, age_days),
            limit: self.params.max_psi,
        };
        // Both are in the order of the basis.
        Ok(model.base.iter().zip(&self.columns).map(of_feature).collect())
    }

    /// Share of the customers of both runs whose cluster is another one; none where there are none.
    pub(crate) fn movers(&self, model: &ClusterModel, scored: &Scored) -> Result<Option<f64>, SegmentError> {
        let Some(segments) = self.before.segments else {
            return Ok(None);
        };
        let known = frame::text(segments.frame(), "customer_id")?;
        let known_clusters = frame::int32(segments.frame(), "cluster_id")?;
        let ids = frame::text(self.customers, "customer_id")?;
        let tonight = self.buyers.rows.iter().zip(&scored.labels).map(|(&row, &label)| {
            let cluster = model.clusters.get(usize::from(label));
            (ids.get(row as usize), cluster.map(|cluster| cluster.id))
        });
        Ok(movers(known.iter().zip(known_clusters.iter()), tonight).map(|(share, _)| share))
    }
}

/// The measure of customers who changed their cluster.
pub(crate) const MOVERS: &str = "movers_share";

impl Fitted {
    pub(crate) fn settled(self, decision: ClusterDecision, before: Option<&ClusterModel>) -> Settled {
        let adjusted_rand = self.overlap.as_ref().and_then(Overlap::adjusted_rand);
        let refit = self.overlap.zip(before).map(|(overlap, before)| RefitOverlap {
            from: before.ids_and_names(),
            to: self.model.ids_and_names(),
            overlap,
        });
        Settled {
            model: self.model,
            scored: self.scored,
            candidate: None,
            decision,
            reasons: Vec::new(),
            drift: Vec::new(),
            refit,
            adjusted_rand,
            notes: self.notes,
        }
    }
}
