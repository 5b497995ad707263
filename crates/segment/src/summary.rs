//! What a run says about its segments, beside the tables.

use cartera_table::Money;
use serde::{Serialize, Serializer};

use crate::k_means::KTrial;

/// The segmentations in figures. Money is written as exact decimal text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentSummary {
    /// Named RFM segments that have customers, most net sales first.
    pub rfm_segments: Vec<RfmSegmentSummary>,
    /// Concentration and classes by the first measure.
    pub pareto: ParetoSummary,
    /// The same by the other measures that anything is known of.
    pub pareto_by_other_measures: Vec<ParetoSummary>,
    /// Tiers of value.
    pub value_tiers: ValueTiersSummary,
    /// Who changed segments since the run before, segmentation by segmentation; none where there is no such run.
    pub moves: Vec<MovesSummary>,
    /// Segmentations that the run before defined otherwise.
    pub redefined: Vec<String>,
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
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
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
    /// Gini coefficient of the positive values; none where there are none.
    pub gini: Option<f64>,
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

/// Tiers of value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueTiersSummary {
    /// The column of `customer_features` that says what customers are worth.
    pub measure: String,
    /// Customers who keep the tier of the run before although their value lies below it.
    pub held_customer_count: usize,
    /// The tiers, best first; customers without a positive value come last.
    pub tiers: Vec<ValueTierSummary>,
}

/// One tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueTierSummary {
    /// The tier.
    pub tier: String,
    /// Customers in it.
    pub customer_count: usize,
    /// What they are worth together, positive values only.
    #[serde(serialize_with = "as_text")]
    pub value: Money,
    /// `value` by that of all tiers.
    pub value_share: f64,
}

/// Who changed segments in one segmentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovesSummary {
    /// The column of `customer_segments`.
    pub segmentation: String,
    /// Customers of both runs.
    pub customer_count: usize,
    /// Of these, customers in another segment than before.
    pub moved_count: usize,
    /// Of these, customers in a better one, where segments have an order.
    pub up_count: usize,
    /// Of these, customers in a worse one.
    pub down_count: usize,
}

/// The clusters, and what was done about their model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KMeansSummary {
    /// The features that make the clusters, in the order of the parameters.
    pub features: Vec<String>,
    /// Customers in clusters: those with an order.
    pub customer_count: usize,
    /// The day that the model was fitted as of.
    pub fitted_as_of: String,
    /// How many customers the fit looked at.
    pub fitted_customer_count: u64,
    /// Seed of the starts.
    pub seed: u64,
    /// The numbers of clusters that the fit tried; none where their number is fixed.
    pub k_trials: Vec<KTrial>,
    /// Mean over tonight's clustered customers of the squared distance to their center, in spreads.
    pub mean_squared_distance: f64,
    /// What was done about the model: `first_fit`, `scored`, `refitted`, `candidate`, `accepted` or `reconfigured`.
    pub decision: &'static str,
    /// Why, in words; empty where there was no reason to do anything about the model.
    pub reasons: Vec<String>,
    /// How far the clusters of two models agree over tonight's customers, where two scored them.
    pub adjusted_rand: Option<f64>,
    /// What that has to be for a new model to take the place of the old one.
    pub min_adjusted_rand: f64,
    /// Share of the customers of both runs whose cluster is another one than in the run before.
    pub movers_share: Option<f64>,
    /// Whether a model waits to be accepted.
    pub has_candidate: bool,
    /// The clusters, by their ids.
    pub clusters: Vec<ClusterSummary>,
    /// What was done otherwise than asked for, such as fewer clusters.
    pub notes: Vec<String>,
}

/// One cluster.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClusterSummary {
    /// `cluster_id` in `customer_segments`.
    pub cluster_id: i32,
    /// `cluster` there: its name.
    pub cluster: String,
    /// What sets it apart tonight.
    pub description: String,
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
