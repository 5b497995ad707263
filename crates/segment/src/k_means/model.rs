//! A fitted model of clusters, as it is kept from night to night.
//!
//! It holds all that scoring takes, and what tells whether it still fits. Its text is canonical: equal models have
//! equal texts, and a text that is read and written again is the same, so that a hash can stand for it.

use cartera_table::AsOf;
use serde::{Deserialize, Serialize};

use super::choose_k::KTrial;
use super::drift::BaseShares;
use super::params::ModelBasis;
use super::points::Coordinate;
use crate::error::SegmentError;

/// The version of the text.
const FORMAT: u32 = 1;

/// A fitted model of clusters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterModel {
    pub(crate) format: u32,
    /// The day that the model was fitted as of.
    #[serde(with = "day_text")]
    pub(crate) fitted_as_of: AsOf,
    /// The parameters that it depends on.
    pub(crate) basis: ModelBasis,
    /// The features that make the clusters; those of the basis that did not vary are not among them.
    pub(crate) coordinates: Vec<Coordinate>,
    /// The clusters by their ids.
    pub(crate) clusters: Vec<ModelCluster>,
    /// The id of the next new cluster: no id is used twice.
    pub(crate) next_cluster_id: i32,
    /// How the customers were spread over each feature of the basis.
    pub(crate) base: Vec<FeatureBase>,
    /// How the fit went.
    pub(crate) fit: FitFigures,
}

/// One cluster of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCluster {
    /// Its id, the same from night to night.
    pub id: i32,
    /// Its generated name, a slug, likewise.
    pub name: String,
    /// Its customers when the model was fitted.
    pub fitted_customer_count: u64,
    #[serde(with = "super::exact_text::list")]
    pub(crate) centroid: Vec<f64>,
}

/// How customers were spread over a feature when the model was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureBase {
    pub(crate) feature: String,
    pub(crate) spread: BaseShares,
}

/// How a fit went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitFigures {
    /// Whether somebody asked for a fit in the place of the model before, and not the schedule or what drifted.
    pub was_asked_for: bool,
    /// Seed of the starts.
    pub seed: u64,
    /// Customers in clusters.
    pub customer_count: u64,
    /// How many of them the fit looked at.
    pub fitted_customer_count: u64,
    /// Mean over all clustered customers of the squared distance to their centroid, on the common scale.
    #[serde(with = "super::exact_text")]
    pub mean_squared_distance: f64,
    /// The numbers of clusters that were tried; none where their number is fixed.
    pub k_trials: Vec<KTrial>,
}

impl ClusterModel {
    pub(crate) const FORMAT: u32 = FORMAT;

    /// The model as text: equal models have equal texts.
    ///
    /// # Errors
    /// When the text cannot be written, which no model that was fitted or read gives cause for.
    pub fn to_json(&self) -> Result<String, SegmentError> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| broken(error.to_string()))
    }

    /// Reads what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is of another version, or no whole model.
    pub fn from_json(text: &str) -> Result<Self, SegmentError> {
        let model: Self = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        model.check()?;
        Ok(model)
    }

    /// The day that it was fitted as of.
    #[must_use]
    pub fn fitted_as_of(&self) -> AsOf {
        self.fitted_as_of
    }

    /// The clusters by their ids.
    #[must_use]
    pub fn clusters(&self) -> &[ModelCluster] {
        &self.clusters
    }

    /// How the fit went.
    #[must_use]
    pub fn fit(&self) -> &FitFigures {
        &self.fit
    }

    /// Ids and generated names, by id.
    pub(crate) fn ids_and_names(&self) -> Vec<(i32, String)> {
        let of_cluster = |cluster: &ModelCluster| (cluster.id, cluster.name.clone());
        self.clusters.iter().map(of_cluster).collect()
    }

    fn check(&self) -> Result<(), SegmentError> {
        if self.format != FORMAT {
            return Err(broken(format!("it is of format {}, not {FORMAT}", self.format)));
        }
        if self.clusters.is_empty() {
            return Err(broken("it has no cluster".to_owned()));
        }
        let mut before = 0;
        for cluster in &self.clusters {
            if cluster.id <= before || cluster.id >= self.next_cluster_id {
                return Err(broken(format!("the id {} of a cluster is out of order", cluster.id)));
            }
            before = cluster.id;
            if cluster.centroid.len() != self.coordinates.len() {
                return Err(broken(format!("cluster {} lacks coordinates", cluster.id)));
            }
        }
        let is_scaled = |coordinate: &Coordinate| {
            coordinate.scale.spread > 0.0 && coordinate.limit > 0.0 && coordinate.feature.weight > 0.0
        };
        if !self.coordinates.iter().all(is_scaled) {
            return Err(broken("a scale is not above 0".to_owned()));
        }
        let fits = |base: &FeatureBase| {
            let BaseShares { cuts, shares } = &base.spread;
            shares.len() == cuts.len() + 2 && cuts.windows(2).all(|pair| pair[0] < pair[1])
        };
        let features = self.base.iter().map(|base| &base.feature);
        if !features.eq(self.basis.features.iter().map(|feature| &feature.name)) || !self.base.iter().all(fits) {
            return Err(broken("its bins are not those of its features".to_owned()));
        }
        Ok(())
    }
}

fn broken(reason: String) -> SegmentError {
    SegmentError::ClusterModel { reason }
}

/// A day as `2011-12-09`.
mod day_text {
    use cartera_table::AsOf;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(day: &AsOf, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AsOf, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(AsOf).map_err(serde::de::Error::custom)
    }
}
