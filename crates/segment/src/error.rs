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
    /// There is nothing to rank customers by.
    #[error("pareto: measures is empty, at least one decimal column of customer_features is needed, such as net_sales")]
    ParetoNoMeasure,
    /// A column of `[pareto]` is not one of those that it can be.
    #[error("pareto: {key} has `{name}`, which is not one of {possible}")]
    ParetoColumn {
        /// The list.
        key: &'static str,
        /// The column asked for.
        name: String,
        /// The columns that it can be.
        possible: String,
    },
    /// A column of `[pareto]` is listed twice.
    #[error("pareto: {key} has `{name}` twice")]
    ParetoColumnTwice {
        /// The list.
        key: &'static str,
        /// The column.
        name: String,
    },
    /// A parameter of the value tiers is out of its range.
    #[error("value_tiers: {key} is {value}, which is not {allowed}")]
    ValueTierParameter {
        /// The parameter.
        key: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// A tier's name is not a slug or is taken.
    #[error("value_tiers: `{name}` cannot name a tier: {reason}")]
    ValueTierName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// None or too many values of each category.
    #[error("profiles: top_values = {top_values} is not 1 to 1000 values")]
    ProfileTopValues {
        /// The number.
        top_values: u16,
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
    /// A feature of a customer with orders is no finite number.
    #[error("k_means: feature `{feature}` of customer {customer_id} is {value}, which is no number to cluster by")]
    KMeansValue {
        /// The feature.
        feature: String,
        /// The first such customer.
        customer_id: String,
        /// What stands there: NaN, inf or -inf.
        value: String,
    },
    /// A feature was listed that no customer with orders has.
    #[error(
        "k_means: feature `{feature}` is null for every customer with orders; leave it out of `features`, or read a file that tells it"
    )]
    KMeansNoValues {
        /// The feature.
        feature: String,
    },
    /// Customers with orders have no last order.
    #[error("no customer with orders has a last order, so that the day of the clusters is not known")]
    DayUnknown,
    /// A kept model of clusters cannot be read.
    #[error("the model of the clusters cannot be used: {reason}")]
    ClusterModel {
        /// What is wrong with it.
        reason: String,
    },
    /// The k-means library gave up.
    #[error("k_means: the fit failed")]
    KMeansFit(#[from] linfa_clustering::KMeansError),
    /// Features and segments are not of the same customers.
    #[error("customer_features and customer_segments are not of the same customers")]
    OtherCustomers,
    /// A parameter of the portfolios is out of its range.
    #[error("portfolios: {key} = {value} is not {allowed}")]
    Portfolio {
        /// The key within the section.
        key: String,
        /// Its value.
        value: String,
        /// What it may be.
        allowed: String,
    },
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
