//! The customers that can be in a cluster, with the features of a model.

use cartera_table::{AsOf, frame};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::assign::{Centroids, assign_block};
use super::feature_params::{ModelFeature, NullRule};
use super::model::ClusterModel;
use super::points::{BLOCK_ROWS, Coordinate, FeatureColumn, points};
use crate::error::SegmentError;
use crate::labels::OUTSIDE;

/// Customers with orders.
#[derive(Debug)]
pub(crate) struct Buyers {
    /// Their rows in the frame.
    pub(crate) rows: Vec<u32>,
    /// The day that the frame is as of; none without buyers.
    pub(crate) as_of: Option<AsOf>,
}

impl Buyers {
    pub(crate) fn of(customers: &DataFrame) -> Result<Self, SegmentError> {
        // Frames have at most 2^32 rows.
        let rows: Vec<u32> = (0_u32..)
            .zip(frame::int64(customers, "order_count")?.iter())
            .filter(|(_, orders)| orders.is_some_and(|orders| orders > 0))
            .map(|(row, _)| row)
            .collect();
        let last_order = frame::dates(customers, "last_order_date")?;
        let days_since = frame::int32(customers, "days_since_last_order")?;
        // All customers tell the same day; the first one who tells it will do.
        let as_of = rows.iter().find_map(|&row| {
            let (day, since) = (last_order.get(row as usize)?, days_since.get(row as usize)?);
            AsOf::from_epoch_days(day.checked_add(since)?)
        });
        Ok(Self { rows, as_of })
    }

    /// Reads these features; none where one of them is unknown, as in a model of another version.
    pub(crate) fn read(
        &self,
        customers: &DataFrame,
        features: &[ModelFeature],
    ) -> Result<Option<Vec<FeatureColumn>>, SegmentError> {
        features
            .iter()
            .map(|feature| FeatureColumn::read(customers, &feature.name, &self.rows))
            .collect()
    }
}

/// Places, among the buyers, of those who have a value of each feature that leaves others outside.
pub(crate) fn clusterable(features: &[ModelFeature], columns: &[FeatureColumn], buyers: usize) -> Vec<usize> {
    let demanded: Vec<&FeatureColumn> = features
        .iter()
        .zip(columns)
        .filter(|(feature, _)| feature.nulls == NullRule::Outside)
        .map(|(_, column)| column)
        .collect();
    (0..buyers)
        .filter(|&place| demanded.iter().all(|column| !column.values[place].is_nan()))
        .collect()
}

/// Buyers in clusters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scored {
    /// Place of the cluster of each buyer, or [`OUTSIDE`].
    pub(crate) labels: Vec<u16>,
    /// Customers in clusters.
    pub(crate) customer_count: usize,
    /// Sum over them of the squared distance to their centroid.
    pub(crate) squared_distance: f64,
}

/// Gives each of these buyers the nearest centroid, block by block, so that points exist for no more than a few
/// blocks at a time.
pub(crate) fn score(
    coordinates: &[Coordinate],
    columns: &[&FeatureColumn],
    centroids: &Centroids,
    places: &[usize],
    buyers: usize,
) -> Scored {
    let blocks: Vec<(Vec<u16>, f64)> = places
        .par_chunks(BLOCK_ROWS)
        .map(|block| {
            if coordinates.is_empty() {
                return (vec![0; block.len()], 0.0);
            }
            assign_block(&points(coordinates, columns, block), centroids)
        })
        .collect();
    let mut labels = vec![OUTSIDE; buyers];
    let mut squared_distance = 0.0;
    for (block, (of_block, distance)) in places.chunks(BLOCK_ROWS).zip(blocks) {
        squared_distance += distance;
        for (&place, label) in block.iter().zip(of_block) {
            labels[place] = label;
        }
    }
    Scored {
        labels,
        customer_count: places.len(),
        squared_distance,
    }
}

impl ClusterModel {
    /// Gives each buyer the nearest cluster. The columns are those of the basis.
    pub(crate) fn score(&self, columns: &[FeatureColumn], buyers: usize) -> Scored {
        let of_coordinates: Vec<&FeatureColumn> = self
            .coordinates
            .iter()
            .filter_map(|coordinate| columns.iter().find(|column| column.name == coordinate.feature.name))
            .collect();
        let centroids = Centroids {
            values: self
                .clusters
                .iter()
                .flat_map(|cluster| &cluster.centroid)
                .copied()
                .collect(),
            width: self.coordinates.len().max(1),
        };
        let places = clusterable(&self.basis.features, columns, buyers);
        score(&self.coordinates, &of_coordinates, &centroids, &places, buyers)
    }
}
