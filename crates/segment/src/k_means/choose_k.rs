//! How many clusters customers fall into.
//!
//! Each number is tried on a few customers: it is good when its clusters stand apart, and it is to be trusted when
//! other starts find the same ones.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::agreement::Overlap;
use super::assign::assign;
use super::fit::{FitEffort, Points, fit_centroids};
use super::silhouette::silhouettes;
use crate::error::SegmentError;

/// Numbers of clusters are tried on no more than this many customers, evenly spaced.
const TRIAL_ROWS: usize = 2_000;
/// Fits of each number, by seeds that follow each other.
const TRIAL_SEEDS: u64 = 5;
/// Starts of each of these fits.
const TRIAL_STARTS: usize = 1;
/// They end when the centroids move less than this together: figures of a sample are not that exact.
const TRIAL_TOLERANCE: f64 = 1e-2;
/// From this mean adjusted Rand index on a number of clusters is stable.
const STABLE: f64 = 0.8;
/// A silhouette of this part of the greatest is as good.
const NEARLY: f64 = 0.95;

/// The number of the model before stays with this part: it has to be clearly worse before another one is worth that
/// everybody's cluster changes.
const NEARLY_FOR_PRESENT: f64 = 0.8;

/// A number of clusters that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KTrial {
    /// The number.
    pub k: usize,
    /// Mean silhouette of the sample by the fit of the first seed: 1 where clusters are far apart, 0 where they touch.
    #[serde(with = "super::exact_text")]
    pub silhouette: f64,
    /// Mean adjusted Rand index between the fits of five seeds, pair by pair: 1 where all find the same clusters.
    #[serde(with = "super::exact_text")]
    pub stability: f64,
}

/// Tries all numbers from `least` to `most` that these points allow; none is tried where two distinct points are
/// missing.
pub(crate) fn try_ks(
    points: Points<'_>,
    least: usize,
    most: usize,
    effort: FitEffort,
) -> Result<Vec<KTrial>, SegmentError> {
    let sample = points.sample(TRIAL_ROWS);
    let sample = Points::new(&sample, points.width());
    let most = most.min(sample.distinct(most));
    let runs: Vec<(usize, u64)> = (least.min(most)..=most)
        .filter(|k| *k >= 2)
        .flat_map(|k| (0..TRIAL_SEEDS).map(move |seed| (k, seed)))
        .collect();
    let labelings: Vec<Vec<u16>> = runs
        .par_iter()
        .map(|&(k, seed)| {
            let effort = FitEffort {
                starts: effort.starts.min(TRIAL_STARTS),
                tolerance: effort.tolerance.max(TRIAL_TOLERANCE),
                seed: effort.seed.wrapping_add(seed),
                ..effort
            };
            Ok(assign(sample, &fit_centroids(sample, k, effort)?).labels)
        })
        .collect::<Result<_, SegmentError>>()?;
    let by_k: Vec<(usize, &[Vec<u16>])> = runs
        .iter()
        .map(|(k, _)| *k)
        .step_by(TRIAL_SEEDS as usize)
        .zip(labelings.chunks(TRIAL_SEEDS as usize))
        .collect();
    let firsts: Vec<(&[u16], usize)> = by_k.iter().map(|(k, fits)| (fits[0].as_slice(), *k)).collect();
    let silhouettes = silhouettes(sample, &firsts);
    let trials = by_k.iter().zip(silhouettes).map(|((k, fits), silhouette)| KTrial {
        k: *k,
        silhouette,
        stability: mean_agreement(fits, *k),
    });
    Ok(trials.collect())
}

/// The number that is taken. Two clusters often stand apart most and tell least, so that it is the greatest number of
/// those that are stable and whose silhouette is at least 95 % of the greatest stable one's. Where none is
/// stable it is the most stable one, of equals the smallest. None where none was tried.
///
/// The number of clusters that are `present`, where a model is fitted anew, stays as long as it is stable and its
/// silhouette is at least 80 % of the greatest stable one's.
pub(crate) fn best_k(trials: &[KTrial], present: Option<usize>) -> Option<usize> {
    let stable = || trials.iter().filter(|trial| trial.stability >= STABLE);
    let greatest = stable().map(|trial| trial.silhouette).fold(f64::NEG_INFINITY, f64::max);
    let is_within = |trial: &&KTrial, part: f64| trial.silhouette == greatest || trial.silhouette >= part * greatest;
    let kept = stable().find(|trial| Some(trial.k) == present && is_within(trial, NEARLY_FOR_PRESENT));
    let good = kept.or_else(|| stable().rfind(|trial| is_within(trial, NEARLY)));
    let most_stable = || {
        let most = trials
            .iter()
            .map(|trial| trial.stability)
            .fold(f64::NEG_INFINITY, f64::max);
        trials.iter().find(|trial| trial.stability == most)
    };
    good.or_else(most_stable).map(|trial| trial.k)
}

/// Mean adjusted Rand index of all pairs.
fn mean_agreement(labelings: &[Vec<u16>], k: usize) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (place, one) in labelings.iter().enumerate() {
        for other in &labelings[place + 1..] {
            sum += Overlap::count(one, other, k, k).adjusted_rand().unwrap_or(1.0);
            pairs += 1.0;
        }
    }
    if pairs > 0.0 { sum / pairs } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFORT: FitEffort = FitEffort {
        starts: 10,
        max_iterations: 100,
        tolerance: 1e-4,
        seed: 0,
    };

    fn trial(k: usize, silhouette: f64, stability: f64) -> KTrial {
        KTrial {
            k,
            silhouette,
            stability,
        }
    }

    #[test]
    fn the_rule_takes_the_most_clusters_that_are_stable_and_stand_apart_nearly_as_well() {
        let trials = [
            trial(2, 0.4, 0.9),
            trial(3, 0.6, 0.5),
            trial(4, 0.385, 0.8),
            trial(5, 0.37, 1.0),
            trial(6, 0.39, 0.7),
        ];
        assert_eq!(best_k(&trials, None), Some(4));
        assert_eq!(best_k(&[trial(2, -0.2, 1.0), trial(3, -0.21, 1.0)], None), Some(2));
        assert_eq!(
            best_k(&[trial(2, 0.9, 0.1), trial(3, 0.1, 0.7), trial(4, 0.2, 0.7)], None),
            Some(3)
        );
        assert_eq!(best_k(&[], None), None);
    }

    #[test]
    fn the_present_number_stays_until_it_is_unstable_or_clearly_worse() {
        let trials = |silhouette, stability| {
            [
                trial(2, 0.50, 1.0),
                trial(3, silhouette, stability),
                trial(4, 0.49, 0.9),
                trial(5, 0.60, 0.5),
            ]
        };
        let best = |silhouette, stability, present| best_k(&trials(silhouette, stability), Some(present));
        assert_eq!(best(0.41, 0.8, 3), Some(3));
        assert_eq!(best(0.39, 0.9, 3), Some(4), "the greatest stable one is 0.50");
        assert_eq!(best(0.50, 0.7, 3), Some(4));
        assert_eq!(best(0.41, 0.9, 2), Some(2), "four is as good, but two are there");
        assert_eq!(best(0.41, 0.9, 7), Some(4), "seven were not tried");
    }

    #[test]
    fn four_far_groups_are_four() {
        let values: Vec<f64> = (0..400)
            .flat_map(|row| {
                let group = row % 4;
                let jitter = f64::from(row * 7_919 % 101) / 100.0;
                [
                    f64::from(group % 2) * 50.0 + jitter,
                    f64::from(group / 2) * 50.0 - jitter,
                ]
            })
            .collect();
        let trials = try_ks(Points::new(&values, 2), 2, 8, EFFORT).expect("fits");
        assert_eq!(trials.len(), 7);
        assert_eq!(best_k(&trials, None), Some(4));
        let four = trials.iter().find(|trial| trial.k == 4).expect("tried");
        assert!(four.stability == 1.0 && four.silhouette > 0.9, "{four:?}");
    }

    #[test]
    fn no_more_clusters_are_tried_than_there_are_distinct_points() {
        let tried = |values: &[f64]| -> Vec<usize> {
            let trials = try_ks(Points::new(values, 1), 2, 12, EFFORT).expect("fits");
            trials.iter().map(|trial| trial.k).collect()
        };
        assert_eq!(tried(&[1.0, 2.0, 3.0, 3.0]), [2, 3]);
        assert_eq!(tried(&[1.0, 1.0]), Vec::<usize>::new());
        assert_eq!(tried(&[]), Vec::<usize>::new());
    }
}
