//! What a run says about its segments, beside the tables.

use cartera_table::Money;
use serde::{Serialize, Serializer};

/// The segmentations in figures. Money is written as exact decimal text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentSummary {
    /// Named RFM segments that have customers, most net sales first.
    pub rfm_segments: Vec<RfmSegmentSummary>,
    /// Concentration and classes.
    pub pareto: ParetoSummary,
    /// Clusters; none when no customer has an order.
    pub k_means: Option<KMeansSummary>,
}

impl SegmentSummary {
    /// What the reader should know, such as fewer clusters than asked for; each note says which
    /// segmentation it is about.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let of_pareto = self.pareto.notes.iter().map(|note| format!("pareto: {note}"));
        let of_k_means = self
            .k_means
            .iter()
            .flat_map(|k_means| &k_means.notes)
            .map(|note| format!("k_means: {note}"));
        of_pareto.chain(of_k_means).collect()
    }
}

/// One named RFM segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RfmSegmentSummary {
    /// The segment.
    pub segment: String,
    /// Customers in it.
    pub customer_count: usize,
    /// Their net sales.
    #[serde(serialize_with = "as_text")]
    pub net_sales: Money,
}

/// How concentrated a measure is. Only positive values count: customers who cost more than they
/// bring take nothing away from what the others hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParetoSummary {
    /// The column of `customer_features` that customers are ranked by.
    pub measure: String,
    /// All customers, with and without orders.
    pub customer_count: usize,
    /// Total of the positive values.
    #[serde(serialize_with = "as_text")]
    pub total: Money,
    /// The first fifth of the customers, rounded up.
    pub top_20_percent_customer_count: usize,
    /// What they hold, by the total.
    pub top_20_percent_share: f64,
    /// Where class A ends: 0.8 unless configured.
    pub class_a_share: f64,
    /// The fewest customers who hold that share.
    pub customers_to_class_a_share: usize,
    /// Where class B ends: 0.95 unless configured.
    pub class_b_share: f64,
    /// The fewest customers who hold that share.
    pub customers_to_class_b_share: usize,
    /// The classes A, B and C, in this order.
    pub classes: Vec<ParetoClassSummary>,
    /// What the reader should know, such as that there is no positive value.
    pub notes: Vec<String>,
}

/// One Pareto class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParetoClassSummary {
    /// A, B or C.
    pub class: String,
    /// Customers in it; more than it takes to reach its limit where values are equal.
    pub customer_count: usize,
    /// What they hold, positive values only.
    #[serde(serialize_with = "as_text")]
    pub value: Money,
    /// `value` by the total.
    pub value_share: f64,
}

/// The clusters and how they were made: logarithms `sign(x) ln(1 + |x|)` of the features, in
/// standard deviations from their mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KMeansSummary {
    /// The features that took part, in the order of `customer_features`.
    pub features: Vec<String>,
    /// Customers in clusters: those with an order.
    pub customer_count: usize,
    /// How many of them the fit looked at.
    pub fitted_customer_count: usize,
    /// Seed of the starts.
    pub seed: u64,
    /// Mean over all clustered customers of the squared distance to their center, in standard
    /// deviations. Without any cluster it would be the number of features.
    pub mean_squared_distance: f64,
    /// The clusters, highest mean net sales first.
    pub clusters: Vec<ClusterSummary>,
    /// What was done otherwise than asked for, such as fewer clusters.
    pub notes: Vec<String>,
}

/// One cluster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterSummary {
    /// `cluster_id` in `customer_segments`.
    pub cluster_id: i32,
    /// Customers in it.
    pub customer_count: usize,
    /// Their net sales.
    #[serde(serialize_with = "as_text")]
    pub net_sales: Money,
    /// Its center, one number a feature, in the feature's own unit.
    pub center: Vec<f64>,
}

fn as_text<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(money)
}
