//! What is clustered, into how many clusters, and how hard the fit tries.

use serde::Deserialize;

use crate::error::SegmentError;

/// Most clusters that can be asked for.
const MAX_CLUSTERS: usize = 100;

/// Parameters of k-means.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KMeansParams {
    /// Number of clusters, 1 to 100. Fewer are made when there are fewer distinct customers.
    /// Default: 5.
    pub clusters: usize,
    /// Numeric columns of `customer_features` that the clusters are made of.
    /// Default: `days_since_last_order`, `order_count`, `net_sales`.
    pub features: Vec<String>,
    /// Starts of the fit, each from other points, on at most 10,000 customers of the sample; the
    /// best one is kept. Default: 10.
    pub runs: usize,
    /// Most rounds of one start. Default: 300.
    pub max_iterations: u64,
    /// A start ends when the centroids move less than this together, in units of one standard
    /// deviation. Default: 0.0001.
    pub tolerance: f64,
    /// The fit looks at no more than this many customers, evenly spaced by `customer_id`; all
    /// customers are then assigned to the nearest centroid. At least `clusters`. Default: 100,000.
    pub fit_sample: usize,
    /// Seed of the starts. Default: 0.
    pub seed: u64,
}

impl Default for KMeansParams {
    fn default() -> Self {
        Self {
            clusters: 5,
            features: ["days_since_last_order", "order_count", "net_sales"]
                .map(str::to_owned)
                .to_vec(),
            runs: 10,
            max_iterations: 300,
            tolerance: 1e-4,
            fit_sample: 100_000,
            seed: 0,
        }
    }
}

/// Checked parameters of k-means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KMeansValidParams {
    pub(crate) clusters: usize,
    pub(crate) features: Vec<&'static str>,
    pub(crate) runs: usize,
    pub(crate) max_iterations: u64,
    pub(crate) tolerance: f64,
    pub(crate) fit_sample: usize,
    pub(crate) seed: u64,
}

impl KMeansParams {
    /// Checks the parameters against the columns that can be a feature.
    pub(crate) fn check(&self, possible: &[&'static str]) -> Result<KMeansValidParams, SegmentError> {
        let refuse = |parameter, value: String, allowed| {
            Err(SegmentError::KMeansParameter {
                parameter,
                value,
                allowed,
            })
        };
        if !(1..=MAX_CLUSTERS).contains(&self.clusters) {
            return refuse("clusters", self.clusters.to_string(), "from 1 to 100");
        }
        if self.features.is_empty() {
            return refuse("features", "[]".into(), "a list of at least one feature");
        }
        if self.runs == 0 {
            return refuse("runs", "0".into(), "at least 1");
        }
        if self.max_iterations == 0 {
            return refuse("max_iterations", "0".into(), "at least 1");
        }
        if !(self.tolerance > 0.0 && self.tolerance.is_finite()) {
            return refuse("tolerance", self.tolerance.to_string(), "above 0 and finite");
        }
        if self.fit_sample < self.clusters {
            return refuse(
                "fit_sample",
                self.fit_sample.to_string(),
                "at least the number of clusters",
            );
        }
        let mut features: Vec<&'static str> = Vec::with_capacity(self.features.len());
        for feature in &self.features {
            let Some(&known) = possible.iter().find(|&column| column == feature) else {
                return Err(SegmentError::KMeansFeature {
                    feature: feature.clone(),
                    possible: possible.join(", "),
                });
            };
            if features.contains(&known) {
                return Err(SegmentError::KMeansFeatureTwice {
                    feature: feature.clone(),
                });
            }
            features.push(known);
        }
        Ok(KMeansValidParams {
            clusters: self.clusters,
            features,
            runs: self.runs,
            max_iterations: self.max_iterations,
            tolerance: self.tolerance,
            fit_sample: self.fit_sample,
            seed: self.seed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSSIBLE: [&str; 3] = ["days_since_last_order", "order_count", "net_sales"];

    fn refused(change: impl FnOnce(&mut KMeansParams)) -> String {
        let mut params = KMeansParams::default();
        change(&mut params);
        params.check(&POSSIBLE).expect_err("refused").to_string()
    }

    #[test]
    fn the_defaults_are_valid() {
        assert_eq!(
            KMeansParams::default().check(&POSSIBLE).expect("valid").features,
            POSSIBLE
        );
    }

    #[test]
    fn no_clusters_are_refused() {
        assert_eq!(
            refused(|params| params.clusters = 0),
            "k_means: clusters = 0 is not from 1 to 100"
        );
    }

    #[test]
    fn too_many_clusters_are_refused() {
        assert_eq!(
            refused(|params| params.clusters = 101),
            "k_means: clusters = 101 is not from 1 to 100"
        );
    }

    #[test]
    fn no_features_are_refused() {
        assert_eq!(
            refused(|params| params.features.clear()),
            "k_means: features = [] is not a list of at least one feature"
        );
    }

    #[test]
    fn an_unknown_feature_is_refused_with_the_possible_ones() {
        let error = refused(|params| params.features.push("rfm_score".into()));
        assert_eq!(
            error,
            "k_means: feature `rfm_score` is not one of days_since_last_order, order_count, net_sales"
        );
    }

    #[test]
    fn a_repeated_feature_is_refused() {
        assert_eq!(
            refused(|params| params.features.push("net_sales".into())),
            "k_means: feature `net_sales` is listed twice"
        );
    }

    #[test]
    fn no_runs_are_refused() {
        assert_eq!(refused(|params| params.runs = 0), "k_means: runs = 0 is not at least 1");
    }

    #[test]
    fn no_iterations_are_refused() {
        assert_eq!(
            refused(|params| params.max_iterations = 0),
            "k_means: max_iterations = 0 is not at least 1"
        );
    }

    #[test]
    fn a_tolerance_of_zero_or_none_is_refused() {
        for tolerance in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(
                refused(|params| params.tolerance = tolerance).contains("is not above 0 and finite"),
                "{tolerance}"
            );
        }
    }

    #[test]
    fn a_sample_below_the_number_of_clusters_is_refused() {
        assert_eq!(
            refused(|params| params.fit_sample = 4),
            "k_means: fit_sample = 4 is not at least the number of clusters"
        );
    }
}
