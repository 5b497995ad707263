//! What is clustered, into how many clusters, how hard the fit tries, and when it is done anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::feature_params::{FeatureParams, ModelFeature, checked_features};
use super::fit::FitEffort;
use super::measures::default_features;
use crate::error::SegmentError;
use crate::names::is_slug;

/// Most clusters that can be asked for.
const MAX_CLUSTERS: usize = 100;

/// Parameters of k-means.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KMeansParams {
    /// Number of clusters, `"auto"` or 1 to 100. Fewer are made when there are fewer distinct customers.
    /// Default: `"auto"`.
    pub k: ClusterCount,
    /// Fewest clusters that `"auto"` tries, 2 to 100. Default: 2.
    pub k_min: usize,
    /// Most clusters that `"auto"` tries, `k_min` to 100. Default: 12.
    pub k_max: usize,
    /// What the clusters are made of. None: the default features, of which those that no customer has are left out.
    pub features: Option<Vec<FeatureParams>>,
    /// Values further from the median than this many spreads count as that far. Default: 4.
    pub outlier_distance: f64,
    /// Starts of the fit, each from other points, on at most 10,000 customers of the sample; the
    /// best one is kept. Default: 10.
    pub starts: usize,
    /// Most rounds of one start. Default: 300.
    pub max_iterations: u64,
    /// A start ends when the centroids move less than this together, in spreads. Default: 0.001.
    pub tolerance: f64,
    /// The fit looks at no more than this many customers, evenly spaced by `customer_id`; all
    /// customers are then assigned to the nearest centroid. At least the number of clusters. Default: 100,000.
    pub fit_sample: usize,
    /// Seed of the starts. Default: 0.
    pub seed: u64,
    /// Days after which the model is fitted anew. Default: 90.
    pub refit_days: u32,
    /// The model is fitted anew when the population stability index of a feature is above this. Default: 0.25.
    pub max_psi: f64,
    /// And when more than this share of the customers changed their cluster since the run before. Default: 0.25.
    pub max_movers_share: f64,
    /// A model that was fitted anew replaces the one before only when its adjusted Rand index with it, over
    /// tonight's customers, is at least this. Default: 0.5.
    pub min_adjusted_rand: f64,
    /// Names of clusters by their ids, instead of those that follow from what stands out. Default: none.
    pub names: BTreeMap<String, String>,
}

/// How many clusters are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClusterCount {
    /// So many.
    Fixed(usize),
    /// As many as the customers fall into.
    Auto(Auto),
}

/// The word `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auto {
    /// The word itself.
    Auto,
}

impl ClusterCount {
    /// As many as the customers fall into.
    pub const AUTO: Self = Self::Auto(Auto::Auto);
}

impl Default for KMeansParams {
    fn default() -> Self {
        Self {
            k: ClusterCount::AUTO,
            k_min: 2,
            k_max: 12,
            features: None,
            outlier_distance: 4.0,
            starts: 10,
            max_iterations: 300,
            tolerance: 1e-3,
            fit_sample: 100_000,
            seed: 0,
            refit_days: 90,
            max_psi: 0.25,
            max_movers_share: 0.25,
            min_adjusted_rand: 0.5,
            names: BTreeMap::new(),
        }
    }
}

/// Checked parameters of k-means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KMeansValidParams {
    /// What a model depends on: another one makes another model.
    pub(crate) basis: ModelBasis,
    /// Whether the features were listed, and not the default ones.
    pub(crate) are_features_listed: bool,
    pub(crate) effort: FitEffort,
    /// Most customers that a fit looks at.
    pub(crate) fit_sample: usize,
    pub(crate) refit_days: u32,
    pub(crate) max_psi: f64,
    pub(crate) max_movers_share: f64,
    pub(crate) min_adjusted_rand: f64,
    pub(crate) names: BTreeMap<i32, String>,
}

/// What of the parameters a model depends on: where it is another one, the model is fitted anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelBasis {
    /// How many clusters were asked for.
    pub k: ClusterCount,
    /// Fewest clusters tried; none where their number was fixed.
    pub k_min: Option<usize>,
    /// Most clusters tried; likewise.
    pub k_max: Option<usize>,
    /// The features that were asked for.
    pub features: Vec<ModelFeature>,
    /// Spreads from the median that values are capped at.
    #[serde(with = "super::exact_text")]
    pub outlier_distance: f64,
}

impl KMeansParams {
    /// Checks the parameters against the columns that can be a feature.
    pub(crate) fn check(&self, possible: &[&'static str]) -> Result<KMeansValidParams, SegmentError> {
        self.check_counts()?;
        self.check_limits()?;
        let listed = self.features.as_deref();
        if listed.is_some_and(<[_]>::is_empty) {
            return refuse("features", "[]".into(), "a list of at least one feature");
        }
        let defaults = default_features();
        let features = checked_features(listed.unwrap_or(&defaults), possible)?;
        let tried = |limit| (self.k == ClusterCount::AUTO).then_some(limit);
        Ok(KMeansValidParams {
            basis: ModelBasis {
                k: self.k,
                k_min: tried(self.k_min),
                k_max: tried(self.k_max),
                features,
                outlier_distance: self.outlier_distance,
            },
            are_features_listed: listed.is_some(),
            effort: FitEffort {
                starts: self.starts,
                max_iterations: self.max_iterations,
                tolerance: self.tolerance,
                seed: self.seed,
            },
            fit_sample: self.fit_sample,
            refit_days: self.refit_days,
            max_psi: self.max_psi,
            max_movers_share: self.max_movers_share,
            min_adjusted_rand: self.min_adjusted_rand,
            names: self.checked_names()?,
        })
    }

    fn check_counts(&self) -> Result<(), SegmentError> {
        let most = match self.k {
            ClusterCount::Fixed(k) if !(1..=MAX_CLUSTERS).contains(&k) => {
                return refuse("k", k.to_string(), "\"auto\" or from 1 to 100");
            }
            ClusterCount::Fixed(k) => k,
            ClusterCount::Auto(_) => self.k_max,
        };
        if !(2..=MAX_CLUSTERS).contains(&self.k_min) {
            return refuse("k_min", self.k_min.to_string(), "from 2 to 100");
        }
        if !(self.k_min..=MAX_CLUSTERS).contains(&self.k_max) {
            return refuse("k_max", self.k_max.to_string(), "from k_min to 100");
        }
        if self.starts == 0 {
            return refuse("starts", "0".into(), "at least 1");
        }
        if self.max_iterations == 0 {
            return refuse("max_iterations", "0".into(), "at least 1");
        }
        if self.fit_sample < most {
            return refuse(
                "fit_sample",
                self.fit_sample.to_string(),
                "at least the number of clusters",
            );
        }
        if self.refit_days == 0 {
            return refuse("refit_days", "0".into(), "at least 1 day");
        }
        Ok(())
    }

    fn check_limits(&self) -> Result<(), SegmentError> {
        let is_positive = |value: f64| value > 0.0 && value.is_finite();
        for (parameter, value) in [
            ("outlier_distance", self.outlier_distance),
            ("tolerance", self.tolerance),
            ("max_psi", self.max_psi),
        ] {
            if !is_positive(value) {
                return refuse(parameter, value.to_string(), "above 0 and finite");
            }
        }
        for (parameter, value) in [
            ("max_movers_share", self.max_movers_share),
            ("min_adjusted_rand", self.min_adjusted_rand),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return refuse(parameter, value.to_string(), "from 0 to 1");
            }
        }
        Ok(())
    }

    /// The names by cluster; each is a slug, and no two are equal.
    fn checked_names(&self) -> Result<BTreeMap<i32, String>, SegmentError> {
        let mut names = BTreeMap::new();
        for (id, name) in &self.names {
            // Another text of the same number, such as "01", would be a second name.
            let Some(id) = id
                .parse::<i32>()
                .ok()
                .filter(|number| *number > 0 && number.to_string() == *id)
            else {
                return refuse("names", format!("{{ \"{id}\" = .. }}"), "by cluster ids, such as \"1\"");
            };
            if !is_slug(name) {
                return refuse(
                    "names",
                    format!("{{ .. = \"{name}\" }}"),
                    "lower-case words of a-z and 0-9 joined by _, starting with a letter",
                );
            }
            if names.values().any(|taken| taken == name) {
                return refuse(
                    "names",
                    format!("{{ .. = \"{name}\" }}"),
                    "another name for each cluster",
                );
            }
            names.insert(id, name.clone());
        }
        Ok(names)
    }
}

fn refuse<T>(parameter: &'static str, value: String, allowed: &'static str) -> Result<T, SegmentError> {
    Err(SegmentError::KMeansParameter {
        parameter,
        value,
        allowed,
    })
}

#[cfg(test)]
mod tests;
