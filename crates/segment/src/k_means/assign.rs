//! Gives every customer the nearest centroid.

use ndarray::Array2;
use rayon::prelude::*;

use super::scaling::ScaledFeature;

/// Customers that are assigned and added up at once: fixed, so that sums do not depend on threads.
pub(crate) const BLOCK_ROWS: usize = 65_536;

/// Every row with its nearest centroid.
pub(crate) struct Assignment {
    /// The centroid of each row.
    pub(crate) labels: Vec<u16>,
    /// Sum over the rows of the squared distance to it.
    pub(crate) squared_distance: f64,
}

/// Assigns rows in fixed blocks, in parallel. At equal distance the first centroid wins.
pub(crate) fn assign(scaled: &[ScaledFeature<'_>], rows: &[u32], centroids: &Array2<f64>) -> Assignment {
    let blocks: Vec<(Vec<u16>, f64)> = rows
        .par_chunks(BLOCK_ROWS)
        .map(|block| {
            let mut point = vec![0.0; scaled.len()];
            let mut squared_distance = 0.0;
            let labels = block
                .iter()
                .map(|&row| {
                    for (coordinate, feature) in point.iter_mut().zip(scaled) {
                        *coordinate = feature.scaled(row);
                    }
                    let (label, distance) = nearest(centroids, &point);
                    squared_distance += distance;
                    label
                })
                .collect();
            (labels, squared_distance)
        })
        .collect();
    let squared_distance = blocks.iter().map(|(_, distance)| distance).sum();
    Assignment {
        labels: blocks.into_iter().flat_map(|(labels, _)| labels).collect(),
        squared_distance,
    }
}

/// The nearest centroid and the squared distance to it.
fn nearest(centroids: &Array2<f64>, point: &[f64]) -> (u16, f64) {
    let mut best = (0, f64::INFINITY);
    for (label, centroid) in centroids.rows().into_iter().enumerate() {
        let distance = centroid
            .iter()
            .zip(point)
            .map(|(left, right)| (left - right).powi(2))
            .sum();
        if distance < best.1 {
            best = (label as u16, distance);
        }
    }
    best
}
