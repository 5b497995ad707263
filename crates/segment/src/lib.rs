//! Features to labels.
//!
//! [`segment`] takes one row a customer and says which named RFM segment, which Pareto classes, which tier of value and
//! which k-means cluster the customer is in, what these segments look like, how they cut each other, who moved since
//! the run before, and how concentrated value is. It reads the customer table, the segments of the run before and its
//! parameters and nothing else, so equal inputs give equal bytes, whatever the number of threads.
//!
//! [`signals`] then looks at features and segments together and says whom somebody should look at, why and since when.
//!
//! The algorithms work on plain vectors; only `columns` and `tables` know frames.

mod catalogue;
mod categories;
mod columns;
mod cross;
mod described;
mod error;
mod k_means;
mod labels;
mod lifecycle;
mod migration;
mod names;
mod overlap;
mod params;
mod pareto;
mod portfolios;
mod profiles;
mod rfm_map;
mod segmentation;
mod signals;
mod spread;
mod summary;
mod tables;
mod tiers;
mod values;
mod worth;

pub use described::Described;
pub use error::SegmentError;
pub use k_means::{
    Auto, ClusterCount, ClusterDecision, ClusterModel, ClusterOutcome, ClusterPlace, ClusterRequest, ClusterTables,
    FeatureOptions, FeatureParams, FeaturePlace, FitEffort, FitFigures, KMeansFit, KMeansParams, KTrial, ModelBasis,
    ModelCluster, ModelFeature, NullRule, Points, Transform,
};
pub use params::{SegmentParams, SegmentValidParams};
pub use pareto::ParetoParams;
pub use portfolios::{
    BalanceParams, PortfolioParams, PortfolioSources, PortfolioSummary, PortfolioTables, PortfolioValidParams,
    WhoParams, WorkloadParams, portfolios,
};
pub use profiles::ProfileParams;
pub use rfm_map::{NO_ORDERS, RfmMapParams, RfmRule};
pub use segmentation::{Before, Segmentation, segment};
pub use signals::{
    FoundSignals, RankedSegmentation, SignalConditionParams, SignalKind, SignalLimitParams, SignalParamsError,
    SignalRuleParams, SignalStakeParams, SignalStrengthParams, SignalSummary, SignalsBefore, SignalsParams,
    SignalsSummary, SignalsValidParams, signal_action_words, signals,
};
pub use summary::{
    ClusterSummary, KMeansSummary, MovesSummary, ParetoClassSummary, ParetoSummary, RfmSegmentSummary, SegmentSummary,
    ValueTierSummary, ValueTiersSummary,
};
pub use tiers::{NO_VALUE, TierRule, ValueTierParams, ValueTiersBy};
