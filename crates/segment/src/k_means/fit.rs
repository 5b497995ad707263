//! Finds centroids.
//!
//! The library's k-means does the work. Starts are tried on a few of the points, and the best of them is refined on
//! all, which ends where starts on all points end, in a part of the time.

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansError, KMeansInit};
use ndarray::{Array2, ArrayView2};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

use super::assign::{Centroids, assign};
use super::points::evenly_spaced;
use super::tightness::Tightness;
use crate::error::SegmentError;

/// The starts are tried on no more than this many points.
const START_ROWS: usize = 10_000;
/// A centroid is moved elsewhere where that takes this part of the inertia away.
const LEAST_GAIN: f64 = 1e-6;
/// Whether it does shows after so many rounds.
const TRIED_ROUNDS: u64 = 20;

/// How hard a fit tries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitEffort {
    /// Starts, each from other points, of which the best one is kept.
    pub starts: usize,
    /// Most rounds of one start.
    pub max_iterations: u64,
    /// A start ends when the centroids move less than this together.
    pub tolerance: f64,
    /// Seed of the starts.
    pub seed: u64,
}

/// Points, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Points<'p> {
    values: &'p [f64],
    width: usize,
}

impl<'p> Points<'p> {
    /// Points of `width` finite numbers each; what is left over behind the last whole point does not count. A width
    /// of zero makes no points.
    #[must_use]
    pub fn new(values: &'p [f64], width: usize) -> Self {
        let count = values.len().checked_div(width).unwrap_or(0);
        Self {
            values: &values[..count * width],
            width: width.max(1),
        }
    }

    /// Number of points.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.len() / self.width
    }

    /// Numbers a point.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'p [f64]> + use<'p> {
        self.values.chunks_exact(self.width)
    }

    pub(crate) fn values(&self) -> &'p [f64] {
        self.values
    }

    /// Number of distinct points, counted up to `limit`.
    pub(crate) fn distinct(&self, limit: usize) -> usize {
        let mut distinct: Vec<&[f64]> = Vec::with_capacity(limit);
        for point in self.iter() {
            if distinct.len() == limit {
                break;
            }
            if !distinct.contains(&point) {
                distinct.push(point);
            }
        }
        distinct.len()
    }

    /// At most `limit` of the points, evenly spaced.
    pub(crate) fn sample(&self, limit: usize) -> Vec<f64> {
        let width = self.width;
        evenly_spaced(self.count(), limit)
            .into_iter()
            .flat_map(|place| &self.values[place * width..(place + 1) * width])
            .copied()
            .collect()
    }
}

/// Fitted clusters of points.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeansFit {
    pub(crate) centroids: Centroids,
    /// The cluster of each point.
    pub labels: Vec<u16>,
    /// Sum over the points of the squared distance to their centroid.
    pub inertia: f64,
}

impl KMeansFit {
    /// Fits `clusters` clusters, or as many as there are distinct points where that is fewer.
    ///
    /// Equal points, efforts and numbers of clusters give equal bytes, whatever the number of threads.
    ///
    /// # Errors
    /// When the library gives up.
    ///
    /// ```
    /// use cartera_segment::{FitEffort, KMeansFit, Points};
    /// let effort = FitEffort { starts: 3, max_iterations: 100, tolerance: 1e-6, seed: 7 };
    /// let fit = KMeansFit::of(Points::new(&[0.0, 1.0, 10.0, 11.0], 1), 2, effort)?;
    /// assert_eq!(fit.labels[0], fit.labels[1]);
    /// assert!((fit.inertia - 1.0).abs() < 1e-9);
    /// # Ok::<(), cartera_segment::SegmentError>(())
    /// ```
    pub fn of(points: Points<'_>, clusters: usize, effort: FitEffort) -> Result<Self, SegmentError> {
        let centroids = fit_centroids(points, clusters, effort)?;
        let assignment = assign(points, &centroids);
        Ok(Self {
            centroids,
            labels: assignment.labels,
            inertia: assignment.squared_distance,
        })
    }
}

/// The centroids alone: of the points that there are, at most as many as are distinct.
pub(crate) fn fit_centroids(points: Points<'_>, clusters: usize, effort: FitEffort) -> Result<Centroids, SegmentError> {
    let distinct = points.distinct(clusters);
    let chosen = points.sample(START_ROWS);
    let mut starts = Points::new(&chosen, points.width);
    if starts.distinct(distinct) < distinct {
        starts = points;
    }
    // Not `KMeansPara`: its start draws from one generator a thread, so it changes from run to run.
    let best_start = run_library(starts, distinct, KMeansInit::KMeansPlusPlus, effort)?;
    let best_start = relocate(starts, best_start, effort)?;
    if starts.count() == points.count() {
        return Ok(best_start);
    }
    refine(points, &best_start, effort)
}

/// Lets centroids go from where they are missed least to where there is most to be gained, as long as that helps:
/// of starts from random points some end with two centroids in one cluster and one between two others, and no start
/// gets out of that by itself.
fn relocate(points: Points<'_>, centroids: Centroids, effort: FitEffort) -> Result<Centroids, SegmentError> {
    let count = centroids.iter().len();
    let mut best = Tightness::of(points, &centroids);
    let mut centroids = centroids;
    let few_rounds = FitEffort {
        max_iterations: effort.max_iterations.min(TRIED_ROUNDS),
        ..effort
    };
    // Each round helps, so that rounds end; a few of them find what there is to be found.
    for _ in 0..count {
        let inertia = best.inertia();
        let mut better = None;
        for (from, to) in best.moves() {
            let tried = refine(points, &centroids.moved(from, &best.half_way(points, to)), few_rounds)?;
            if Tightness::of(points, &tried).inertia() < inertia * (1.0 - LEAST_GAIN) {
                let moved = refine(points, &tried, effort)?;
                better = Some((Tightness::of(points, &moved), moved));
                break;
            }
        }
        let Some((tightness, moved)) = better else { break };
        (best, centroids) = (tightness, moved);
    }
    Ok(centroids)
}

fn refine(points: Points<'_>, centroids: &Centroids, effort: FitEffort) -> Result<Centroids, SegmentError> {
    let clusters = centroids.iter().len();
    let begin = Array2::from_shape_vec((clusters, points.width), centroids.values.clone()).map_err(shape)?;
    let once = FitEffort { starts: 1, ..effort };
    run_library(points, clusters, KMeansInit::Precomputed(begin), once)
}

fn run_library(
    points: Points<'_>,
    clusters: usize,
    begin: KMeansInit<f64>,
    effort: FitEffort,
) -> Result<Centroids, SegmentError> {
    let width = points.width;
    let records = ArrayView2::from_shape((points.count(), width), points.values).map_err(shape)?;
    let model = KMeans::params_with_rng(clusters, Xoshiro256Plus::seed_from_u64(effort.seed))
        .init_method(begin)
        .n_runs(effort.starts)
        .max_n_iterations(effort.max_iterations)
        .tolerance(effort.tolerance)
        .fit(&DatasetBase::from(records))?;
    Ok(Centroids {
        values: model.centroids().iter().copied().collect(),
        width,
    })
}

fn shape(error: ndarray::ShapeError) -> SegmentError {
    SegmentError::KMeansFit(KMeansError::from(linfa::Error::from(error)))
}
