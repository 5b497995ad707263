//! How tight each cluster is, and how much it would be missed.

use rayon::prelude::*;

use super::assign::{Centroids, squared_distance};
use super::fit::Points;
use super::points::BLOCK_ROWS;

/// A centroid is tried in no more than so many other clusters.
const TRIED_TARGETS: usize = 3;
/// No more than so many centroids are tried.
const TRIED_SOURCES: usize = 2;

/// Squared distances of points by cluster.
#[derive(Debug, Clone)]
pub(crate) struct Tightness {
    /// Of each point: its centroid, and the squared distance to it.
    nearest: Vec<(u16, f64)>,
    /// Sum of the squared distances of each cluster.
    inertia: Vec<f64>,
    /// By how much the sum over all would grow if the cluster were not there.
    missed: Vec<f64>,
}

impl Tightness {
    pub(crate) fn of(points: Points<'_>, centroids: &Centroids) -> Self {
        let found: Vec<(u16, f64, f64)> = points
            .values()
            .par_chunks(BLOCK_ROWS * points.width())
            .flat_map_iter(|block| {
                block
                    .chunks_exact(points.width())
                    .map(|point| two_nearest(point, centroids))
            })
            .collect();
        let clusters = centroids.iter().len();
        let (mut inertia, mut missed) = (vec![0.0; clusters], vec![0.0; clusters]);
        for &(label, distance, next) in &found {
            inertia[usize::from(label)] += distance;
            missed[usize::from(label)] += next - distance;
        }
        Self {
            nearest: found
                .into_iter()
                .map(|(label, distance, _)| (label, distance))
                .collect(),
            inertia,
            missed,
        }
    }

    /// Sum of the squared distances of all points.
    pub(crate) fn inertia(&self) -> f64 {
        self.inertia.iter().sum()
    }

    /// Moves of a centroid worth a try, as pairs of the cluster that it leaves and the one that it splits.
    pub(crate) fn moves(&self) -> Vec<(usize, usize)> {
        let by = |figure: &[f64]| {
            let mut order: Vec<usize> = (0..figure.len()).collect();
            order.sort_by(|&one, &other| figure[one].total_cmp(&figure[other]));
            order
        };
        let (sources, mut targets) = (by(&self.missed), by(&self.inertia));
        targets.reverse();
        let pairs = sources.iter().take(TRIED_SOURCES).flat_map(|&from| {
            let others = targets.iter().filter(move |to| **to != from);
            others.take(TRIED_TARGETS).map(move |&to| (from, to))
        });
        pairs.filter(|&(_, to)| self.inertia[to] > 0.0).collect()
    }

    /// The point of a cluster up to which half of its inertia is reached: one that is rather far out.
    pub(crate) fn half_way(&self, points: Points<'_>, cluster: usize) -> Vec<f64> {
        let mut left = self.inertia[cluster] / 2.0;
        for (point, &(label, distance)) in points.iter().zip(&self.nearest) {
            if usize::from(label) == cluster {
                left -= distance;
                if left <= 0.0 {
                    return point.to_vec();
                }
            }
        }
        vec![0.0; points.width()]
    }
}

/// The nearest centroid, the squared distance to it and that to the next one.
fn two_nearest(point: &[f64], centroids: &Centroids) -> (u16, f64, f64) {
    let mut found = (0, f64::INFINITY, f64::INFINITY);
    for (label, centroid) in (0_u16..).zip(centroids.iter()) {
        let distance = squared_distance(centroid, point);
        if distance < found.1 {
            found = (label, distance, found.1);
        } else if distance < found.2 {
            found.2 = distance;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centroid_that_is_missed_least_goes_to_the_widest_cluster() {
        // Two centroids in the tight group at 0, one between the groups at 10 and 20.
        let values = [-0.1, 0.1, 9.9, 10.1, 19.9, 20.1];
        let points = Points::new(&values, 1);
        let centroids = Centroids {
            values: vec![-0.1, 0.1, 15.0],
            width: 1,
        };
        let tightness = Tightness::of(points, &centroids);
        assert!((tightness.inertia() - 2.0 * (5.1_f64.powi(2) + 4.9_f64.powi(2))).abs() < 1e-9);
        assert!((tightness.missed[0] - 0.04).abs() < 1e-12);
        assert_eq!(tightness.moves(), [(0, 2), (1, 2)]);
        let half_way = tightness.half_way(points, 2);
        assert!(values[2..].contains(&half_way[0]));
    }
}
