//! What stops the segmentation.

use cartera_table::TableError;
use thiserror::Error;

/// Why customers could not be segmented, or why parameters were refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// Scores have too few or too many bins.
    #[error(
        "rfm scores have {bins} bins, {} to {} are possible",
        crate::rfm_map::MIN_BINS,
        crate::rfm_map::MAX_BINS
    )]
    RfmBins {
        /// The number of bins.
        bins: u8,
    },
    /// A segment's name is not a slug or is taken.
    #[error("rfm_map: `{name}` cannot name a segment: {reason}")]
    RfmSegmentName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A rule's range of scores is empty or leaves the scores that exist.
    #[error("rfm_map: segment {rule} (`{name}`) has {score} = [{low}, {high}], which is no range within 1 to {bins}")]
    RfmScoreRange {
        /// Position of the rule in the list, from 1.
        rule: usize,
        /// The rule's segment.
        name: String,
        /// The score: recency, frequency or monetary.
        score: &'static str,
        /// Lower end.
        low: u8,
        /// Upper end.
        high: u8,
        /// The number of bins.
        bins: u8,
    },
    /// The rules leave a combination of scores without a segment.
    #[error(
        "rfm_map: no segment takes recency {recency}, frequency {frequency}, monetary {monetary}, and there is no `otherwise`"
    )]
    RfmCellUncovered {
        /// Recency score.
        recency: u8,
        /// Frequency score.
        frequency: u8,
        /// Monetary score.
        monetary: u8,
    },
    /// `otherwise` stands alone, where the default map leaves nothing over.
    #[error("rfm_map: `otherwise` is given without any segment, and the default map leaves no customer over")]
    RfmOtherwiseAlone,
    /// A customer's score is outside of the bins.
    #[error("{column} of customer {customer_id} is {score}, with {bins} bins it must be 1 to {bins}")]
    ScoreOutOfRange {
        /// The customer.
        customer_id: String,
        /// The score's column.
        column: &'static str,
        /// The score.
        score: i32,
        /// The number of bins.
        bins: u8,
    },
    /// A customer has some of the three scores.
    #[error("customer {customer_id} has some of the three rfm scores and lacks others")]
    ScoresIncomplete {
        /// The customer.
        customer_id: String,
    },
    /// The Pareto measure is not a decimal column of `customer_features`.
    #[error("pareto: measure `{measure}` is not one of {possible}")]
    ParetoMeasure {
        /// The measure asked for.
        measure: String,
        /// The columns that can be one.
        possible: String,
    },
    /// A class limit is not a share.
    #[error("pareto: {limit} = {share} is not above 0 and at most 1 with at most 5 decimals")]
    ParetoShare {
        /// The parameter.
        limit: &'static str,
        /// Its value.
        share: f64,
    },
    /// Class B would end before class A.
    #[error("pareto: class_b_share = {class_b_share} is below class_a_share = {class_a_share}")]
    ParetoOrder {
        /// Where class A ends.
        class_a_share: f64,
        /// Where class B ends.
        class_b_share: f64,
    },
    /// A k-means parameter is out of its range.
    #[error("k_means: {parameter} = {value} is not {allowed}")]
    KMeansParameter {
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// A k-means feature is not a numeric column of `customer_features`.
    #[error("k_means: feature `{feature}` is not one of {possible}")]
    KMeansFeature {
        /// The feature asked for.
        feature: String,
        /// The columns that can be one.
        possible: String,
    },
    /// A k-means feature is listed twice.
    #[error("k_means: feature `{feature}` is listed twice")]
    KMeansFeatureTwice {
        /// The feature.
        feature: String,
    },
    /// A feature has no usable value for a customer with orders.
    #[error(
        "k_means: feature `{feature}` of customer {customer_id} is {value}; k-means needs a number for every customer with orders"
    )]
    KMeansValue {
        /// The feature.
        feature: String,
        /// The first such customer.
        customer_id: String,
        /// What stands there: null, NaN, inf or -inf.
        value: String,
    },
    /// The k-means library gave up.
    #[error("k_means: the fit failed")]
    KMeansFit(#[from] linfa_clustering::KMeansError),
    /// A total left the range of an exact decimal.
    #[error("the total of {column} overflows 38 digits")]
    Overflow {
        /// The column that was summed.
        column: String,
    },
    /// A table breaks its contract.
    #[error(transparent)]
    Table(#[from] TableError),
}
