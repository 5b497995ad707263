//! What a night did to the clusters, for who keeps models and reports.

use cartera_table::contracts::{ClusterDrift, ClusterFeatures, ClusterRefit};
use cartera_table::{Table, TableError};

use super::model::ClusterModel;
use super::tables;

/// What is asked of the clusters tonight, and the models that the run before left.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClusterRequest<'b> {
    /// Fit the model anew, whether it still fits or not.
    pub refit: bool,
    /// Take the candidate, or tonight's refit whatever it changes.
    pub accept: bool,
    /// The model that the run before scored its customers with.
    pub model: Option<&'b ClusterModel>,
    /// The candidate that it left, where it did.
    pub candidate: Option<&'b ClusterModel>,
}

/// What was done about the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterDecision {
    /// There was none before: it was fitted.
    FirstFit,
    /// The model of the run before scored tonight's customers.
    Scored,
    /// It was fitted anew.
    Refitted,
    /// It was fitted anew, and the change was too big: the one before goes on, the new one is a candidate.
    Candidate,
    /// The candidate of the run before was accepted, or agrees with the model well enough by now.
    Accepted,
    /// The parameters ask for other clusters: it was fitted anew, whatever that changed.
    Reconfigured,
}

impl ClusterDecision {
    /// The word for manifests.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::FirstFit => "first_fit",
            Self::Scored => "scored",
            Self::Refitted => "refitted",
            Self::Candidate => "candidate",
            Self::Accepted => "accepted",
            Self::Reconfigured => "reconfigured",
        }
    }
}

/// What a night did to the clusters.
#[derive(Debug, Clone)]
pub struct ClusterOutcome {
    /// The model that scored tonight's customers.
    pub model: ClusterModel,
    /// The one that waits to be accepted, where there is one.
    pub candidate: Option<ClusterModel>,
    /// What was done.
    pub decision: ClusterDecision,
    /// Why, in words; empty where there was no reason to do anything about the model.
    pub reasons: Vec<String>,
    /// How far old and new clusters agree over tonight's customers, where two models scored them.
    pub adjusted_rand: Option<f64>,
    /// Share of the customers of both runs whose cluster is another one than in the run before.
    pub movers_share: Option<f64>,
}

/// The tables of the clusters.
#[derive(Debug, Clone)]
pub struct ClusterTables {
    /// What each cluster is like.
    pub features: Table<ClusterFeatures>,
    /// How far tonight's customers are from those of the fit; empty on the night of a first fit.
    pub drift: Table<ClusterDrift>,
    /// Where customers of the old clusters are in the new ones, or would be; empty where one model scored them.
    pub refit: Table<ClusterRefit>,
}

impl ClusterTables {
    /// The tables where there are no clusters.
    pub(crate) fn empty() -> Result<Self, TableError> {
        Ok(Self {
            features: tables::cluster_features(None, &[], &[])?,
            drift: tables::cluster_drift(&[])?,
            refit: tables::cluster_refit(None, ClusterDecision::Scored)?,
        })
    }
}
