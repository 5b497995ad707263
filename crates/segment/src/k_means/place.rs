//! Where one customer stands among the clusters, and what put it there.

use polars::prelude::DataFrame;

use super::assign::squared_distance;
use super::base::clusterable;
use super::model::ClusterModel;
use super::points::FeatureColumn;
use crate::error::SegmentError;

/// A cluster as a customer sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterPlace {
    /// Its id.
    pub id: i32,
    /// Its generated name.
    pub name: String,
    /// Distance of the customer to its center, on the common scale.
    pub distance: f64,
    /// The features, in the order of the model.
    pub features: Vec<FeaturePlace>,
}

/// A feature of a customer and of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct FeaturePlace {
    /// The feature.
    pub feature: String,
    /// The customer's value; none where it is not known, and the model's fill stands in its place.
    pub value: Option<f64>,
    /// The cluster's center in the same unit.
    pub center: f64,
    /// Squared distance between the two on the common scale: over all features they add up to that of the cluster.
    pub squared_distance: f64,
}

impl ClusterModel {
    /// The clusters by their distance to the customer of the frame's first row, nearest first, equal ones by their ids;
    /// none where the model leaves the customer outside, or looks at a feature that the frame does not have.
    ///
    /// # Errors
    /// When the engine fails, or a value is no number.
    pub fn places(&self, customer: &DataFrame) -> Result<Option<Vec<ClusterPlace>>, SegmentError> {
        let features = self.basis.features.iter();
        let columns = features.map(|feature| FeatureColumn::read(customer, &feature.name, &[0]));
        let Some(columns) = columns.collect::<Result<Option<Vec<_>>, SegmentError>>()? else {
            return Ok(None);
        };
        if clusterable(&self.basis.features, &columns, 1).is_empty() {
            return Ok(None);
        }
        let value_of = |feature: &str| {
            let column = columns.iter().find(|column| column.name == feature);
            column.map_or(f64::NAN, |column| column.values[0])
        };
        let coordinates = self.coordinates.iter();
        let values: Vec<f64> = coordinates
            .map(|coordinate| value_of(&coordinate.feature.name))
            .collect();
        let coordinates = self.coordinates.iter().zip(&values);
        let point: Vec<f64> = coordinates
            .map(|(coordinate, value)| coordinate.position(*value))
            .collect();
        let place = |cluster: &super::model::ModelCluster| {
            let features = self
                .coordinates
                .iter()
                .zip(&values)
                .zip(point.iter().zip(&cluster.centroid));
            let features = features.map(|((coordinate, value), (position, center))| FeaturePlace {
                feature: coordinate.feature.name.clone(),
                value: (!value.is_nan()).then_some(*value),
                center: coordinate.value_at(*center),
                squared_distance: (position - center).powi(2),
            });
            ClusterPlace {
                id: cluster.id,
                name: cluster.name.clone(),
                distance: squared_distance(&cluster.centroid, &point).sqrt() + 0.0,
                features: features.collect(),
            }
        };
        let mut places: Vec<ClusterPlace> = self.clusters.iter().map(place).collect();
        places.sort_by(|one, other| one.distance.total_cmp(&other.distance));
        Ok(Some(places))
    }
}
