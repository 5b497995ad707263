//! A candidate that waits: what it would change tonight, and whether it has to wait any longer.

use super::agreement::Overlap;
use super::base::Scored;
use super::model::ClusterModel;
use super::night::{DriftRow, Fitted, Night, Settled};
use super::outcome::ClusterDecision;
use crate::error::SegmentError;

impl Night<'_> {
    /// What becomes tonight of a candidate that nobody accepted: it is taken where it agrees with the model by now, it is
    /// dropped where nothing asks for another model any more, and else it waits.
    pub(super) fn wait(
        &self,
        model: &ClusterModel,
        scored: Scored,
        candidate: &ClusterModel,
        drift: Vec<DriftRow>,
        mut reasons: Vec<String>,
    ) -> Settled {
        let compared = self.compared(model, &scored, candidate);
        let day = candidate.fitted_as_of;
        let agreement = compared.overlap.as_ref().and_then(Overlap::adjusted_rand);
        if agreement.is_some_and(|agreement| agreement >= self.params.min_adjusted_rand) {
            reasons.push(format!(
                "the candidate of {day} agrees with the model well enough by now"
            ));
            return Settled {
                drift,
                reasons,
                ..compared.settled(ClusterDecision::Accepted, Some(model))
            };
        }
        // Who asked for it has to say whether it is wanted.
        if reasons.is_empty() && !candidate.fit.was_asked_for {
            return Settled {
                reasons: vec![format!(
                    "the candidate of {day} was dropped: nothing is over its limit any more"
                )],
                ..self.scored(model, scored, drift)
            };
        }
        // Another fit would say the same again, night after night, until somebody decides.
        reasons.push(waits(candidate));
        let waiting = compared.settled(ClusterDecision::Scored, Some(model));
        Settled {
            candidate: Some(waiting.model),
            model: model.clone(),
            scored,
            drift,
            reasons,
            ..waiting
        }
    }

    /// The candidate of the run before was accepted.
    pub(super) fn accepted(
        &self,
        old: &ClusterModel,
        old_scored: &Scored,
        candidate: &ClusterModel,
    ) -> Result<Settled, SegmentError> {
        let compared = self.compared(old, old_scored, candidate);
        Ok(Settled {
            reasons: vec![format!("the candidate of {} was accepted", candidate.fitted_as_of)],
            drift: self.stability(candidate)?,
            ..compared.settled(ClusterDecision::Accepted, Some(old))
        })
    }

    /// Tonight's customers in the clusters of the candidate, beside those of the model.
    fn compared(&self, old: &ClusterModel, old_scored: &Scored, candidate: &ClusterModel) -> Fitted {
        let scored = candidate.score(&self.columns, self.count());
        let (from, to) = (old.clusters.len(), candidate.clusters.len());
        Fitted {
            overlap: Some(Overlap::count(&old_scored.labels, &scored.labels, from, to)),
            model: candidate.clone(),
            scored,
            notes: Vec::new(),
        }
    }

    /// Without an order nobody can say what a candidate would change: it waits, as the model does.
    pub(super) fn without_customers(&self, model: &ClusterModel, candidate: Option<&ClusterModel>) -> Settled {
        Settled {
            candidate: candidate.cloned(),
            reasons: candidate.map(waits).into_iter().collect(),
            ..self.scored(model, model.score(&self.columns, 0), Vec::new())
        }
    }
}

fn waits(candidate: &ClusterModel) -> String {
    format!(
        "the candidate of {} waits: take it with --accept-model, or fit another with --refit",
        candidate.fitted_as_of
    )
}
