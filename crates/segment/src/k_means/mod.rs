//! Clusters of similar customers that stay what they are from night to night.
//!
//! The library's k-means does the fitting. Around it stands what makes clusters of use to a business: features on a
//! common scale, a number of clusters that holds, names that say what they are, a model that is kept and scores until
//! there is a reason to fit it anew, and then new clusters that carry on the ids and names of those they follow.

mod agreement;
mod assign;
mod base;
mod choose_k;
mod clusters;
mod contrast;
mod drift;
mod exact_text;
mod feature_params;
mod fit;
mod measures;
mod model;
mod names;
mod new_model;
mod night;
mod order;
mod outcome;
mod params;
mod place;
mod points;
mod scale;
mod silhouette;
mod tables;
mod tightness;
mod waiting;

pub use choose_k::KTrial;
pub(crate) use clusters::Clusters;
pub use feature_params::{FeatureOptions, FeatureParams, ModelFeature, NullRule};
pub use fit::{FitEffort, KMeansFit, Points};
pub use model::{ClusterModel, FitFigures, ModelCluster};
pub use outcome::{ClusterDecision, ClusterOutcome, ClusterRequest, ClusterTables};
pub(crate) use params::KMeansValidParams;
pub use params::{Auto, ClusterCount, KMeansParams, ModelBasis};
pub use place::{ClusterPlace, FeaturePlace};
pub use scale::Transform;
