//! The features that clusters are made of, as listed and as checked.

use serde::{Deserialize, Serialize};

use super::measures::{MEASURES, default_transform};
use super::scale::Transform;
use crate::error::SegmentError;

/// A feature: its name alone, or with how it is used.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum FeatureParams {
    /// A numeric column of `customer_features`, `discount_share` or `return_share`, used as is usual for it.
    Name(String),
    /// The same with options.
    Options(FeatureOptions),
}

/// How a feature is used.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureOptions {
    /// The feature. Required.
    pub name: String,
    /// `signed_log` or `none`. Default: `signed_log` for money, counts and days, `none` for all others.
    #[serde(default)]
    pub transform: Option<Transform>,
    /// A difference in this feature counts so many times; above 0. Default: 1.
    #[serde(default = "one")]
    pub weight: f64,
    /// What stands for a customer without a value: `median` or `zero`, or `outside`, which leaves the customer
    /// without a cluster. Default: `median`.
    #[serde(default)]
    pub nulls: NullRule,
}

/// What becomes of customers without a value of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NullRule {
    /// They count as having the median of the others.
    #[default]
    Median,
    /// They count as having zero.
    Zero,
    /// They are in no cluster.
    Outside,
}

/// A feature of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFeature {
    /// The feature.
    pub name: String,
    /// How it is transformed.
    pub transform: Transform,
    /// How much it weighs.
    #[serde(with = "super::exact_text")]
    pub weight: f64,
    /// What becomes of customers without a value.
    pub nulls: NullRule,
}

fn one() -> f64 {
    1.0
}

impl From<&str> for FeatureParams {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

/// Checks the features against the columns that can be one, and fills in what was not said.
pub(super) fn checked_features(
    listed: &[FeatureParams],
    possible: &[&'static str],
) -> Result<Vec<ModelFeature>, SegmentError> {
    let mut features: Vec<ModelFeature> = Vec::with_capacity(listed.len());
    for params in listed {
        let feature = checked_feature(params, possible)?;
        if features.iter().any(|other| other.name == feature.name) {
            return Err(SegmentError::KMeansFeatureTwice { feature: feature.name });
        }
        features.push(feature);
    }
    Ok(features)
}

fn checked_feature(params: &FeatureParams, possible: &[&'static str]) -> Result<ModelFeature, SegmentError> {
    let options = match params {
        FeatureParams::Name(name) => FeatureOptions {
            name: name.clone(),
            transform: None,
            weight: 1.0,
            nulls: NullRule::Median,
        },
        FeatureParams::Options(options) => options.clone(),
    };
    let derived = || MEASURES.iter().filter(|measure| measure.is_derived());
    let is_known =
        possible.iter().any(|column| *column == options.name) || derived().any(|measure| measure.name == options.name);
    if !is_known {
        let possible: Vec<&str> = possible
            .iter()
            .copied()
            .chain(derived().map(|measure| measure.name))
            .collect();
        return Err(SegmentError::KMeansFeature {
            feature: options.name,
            possible: possible.join(", "),
        });
    }
    if !(options.weight > 0.0 && options.weight.is_finite()) {
        return Err(SegmentError::KMeansParameter {
            parameter: "features",
            value: format!("{{ name = \"{}\", weight = {} }}", options.name, options.weight),
            allowed: "a weight above 0 and finite",
        });
    }
    Ok(ModelFeature {
        transform: options.transform.unwrap_or_else(|| default_transform(&options.name)),
        name: options.name,
        weight: options.weight,
        nulls: options.nulls,
    })
}
