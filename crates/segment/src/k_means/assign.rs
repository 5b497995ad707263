//! Gives every point the nearest centroid.

use rayon::prelude::*;

use super::fit::Points;
use super::points::BLOCK_ROWS;

/// Centroids, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Centroids {
    pub(crate) values: Vec<f64>,
    /// Numbers a centroid, at least one.
    pub(crate) width: usize,
}

impl Centroids {
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// The same with one of them at another point.
    pub(crate) fn moved(&self, place: usize, to: &[f64]) -> Self {
        let mut values = self.values.clone();
        values[place * self.width..(place + 1) * self.width].copy_from_slice(to);
        Self { values, ..*self }
    }

    /// The nearest centroid and the squared distance to it; at equal distance the first one.
    pub(crate) fn nearest(&self, point: &[f64]) -> (u16, f64) {
        let mut best = (0, f64::INFINITY);
        for (label, centroid) in (0_u16..).zip(self.iter()) {
            let distance = squared_distance(centroid, point);
            if distance < best.1 {
                best = (label, distance);
            }
        }
        best
    }
}

pub(crate) fn squared_distance(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| (left - right).powi(2)).sum()
}

/// Every point with its nearest centroid.
pub(crate) struct Assignment {
    /// The centroid of each point.
    pub(crate) labels: Vec<u16>,
    /// Sum over the points of the squared distance to it.
    pub(crate) squared_distance: f64,
}

/// Assigns points in fixed blocks, in parallel, so that sums do not depend on threads.
pub(crate) fn assign(points: Points<'_>, centroids: &Centroids) -> Assignment {
    let blocks: Vec<(Vec<u16>, f64)> = points
        .values()
        .par_chunks(BLOCK_ROWS * points.width())
        .map(|block| assign_block(block, centroids))
        .collect();
    let squared_distance = blocks.iter().map(|(_, distance)| distance).sum();
    Assignment {
        labels: blocks.into_iter().flat_map(|(labels, _)| labels).collect(),
        squared_distance,
    }
}

/// Labels of the points of a block, and the sum of their squared distances.
pub(crate) fn assign_block(block: &[f64], centroids: &Centroids) -> (Vec<u16>, f64) {
    let mut sum = 0.0;
    let labels = block
        .chunks_exact(centroids.width)
        .map(|point| {
            let (label, distance) = centroids.nearest(point);
            sum += distance;
            label
        })
        .collect();
    (labels, sum)
}
