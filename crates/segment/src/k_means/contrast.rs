//! What sets each cluster apart from the base, measure by measure.

use rayon::prelude::*;

use super::points::{BLOCK_ROWS, FeatureColumn};
use super::scale::Transform;
use crate::labels::OUTSIDE;
use crate::spread::{Distances, varies};

/// A measure in the clusters and in the base, which are all customers who are in a cluster and have a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contrast {
    pub(crate) measure: String,
    /// Mean of the base in the measure's unit.
    pub(crate) base_mean: f64,
    /// The clusters, in their order.
    pub(crate) clusters: Vec<ClusterContrast>,
}

/// A measure in one cluster; nothing where none of its customers has a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ClusterContrast {
    /// Mean in the measure's unit.
    pub(crate) mean: Option<f64>,
    /// Mean less that of the base, both of transformed values, in standard deviations of the base; none where all
    /// have one value.
    pub(crate) difference: Option<f64>,
}

/// Sums over customers.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    count: f64,
    values: f64,
    transformed: f64,
}

impl Contrast {
    /// Compares clusters by the label of each customer; none where nobody has a value.
    pub(crate) fn of(column: &FeatureColumn, transform: Transform, labels: &[u16], clusters: usize) -> Option<Self> {
        let sums = sums(column, transform, labels, clusters);
        let base = sums.iter().fold(Sums::default(), |all, next| all.plus(*next));
        if base.count == 0.0 {
            return None;
        }
        let base_transformed = base.transformed / base.count;
        let deviation = (squares(column, transform, labels, base_transformed) / base.count).sqrt();
        let varies = varies(deviation, base_transformed);
        let of_cluster = |sums: Sums| ClusterContrast {
            mean: (sums.count > 0.0).then(|| sums.values / sums.count),
            difference: (sums.count > 0.0 && varies)
                .then(|| (sums.transformed / sums.count - base_transformed) / deviation),
        };
        Some(Self {
            measure: column.name.clone(),
            base_mean: base.values / base.count,
            clusters: sums.into_iter().map(of_cluster).collect(),
        })
    }
}

impl Sums {
    fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            values: self.values + other.values,
            transformed: self.transformed + other.transformed,
        }
    }
}

/// Blocks are added up in their order, so that threads change no bit.
fn sums(column: &FeatureColumn, transform: Transform, labels: &[u16], clusters: usize) -> Vec<Sums> {
    let blocks: Vec<Vec<Sums>> = column
        .values
        .par_chunks(BLOCK_ROWS)
        .zip(labels.par_chunks(BLOCK_ROWS))
        .map(|(values, labels)| {
            let mut sums = vec![Sums::default(); clusters];
            for (&value, &label) in values.iter().zip(labels) {
                if label != OUTSIDE && !value.is_nan() {
                    let sum = &mut sums[usize::from(label)];
                    *sum = sum.plus(Sums {
                        count: 1.0,
                        values: value,
                        transformed: transform.apply(value),
                    });
                }
            }
            sums
        })
        .collect();
    let mut all = vec![Sums::default(); clusters];
    for block in blocks {
        for (sum, next) in all.iter_mut().zip(block) {
            *sum = sum.plus(next);
        }
    }
    all
}

/// Sum of the squared distances of transformed values from their mean.
fn squares(column: &FeatureColumn, transform: Transform, labels: &[u16], mean: f64) -> f64 {
    let blocks: Vec<Distances> = column
        .values
        .par_chunks(BLOCK_ROWS)
        .zip(labels.par_chunks(BLOCK_ROWS))
        .map(|(values, labels)| {
            let counted = values.iter().zip(labels);
            counted
                .filter(|(value, label)| **label != OUTSIDE && !value.is_nan())
                .map(|(value, _)| transform.apply(*value) - mean)
                .fold(Distances::default(), Distances::add)
        })
        .collect();
    blocks.into_iter().fold(Distances::default(), Distances::plus).squares()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_differences_are_as_computed_by_hand() {
        let column = FeatureColumn::new("p_alive", vec![1.0, 3.0, 5.0, 7.0, f64::NAN, 100.0]);
        let contrast = Contrast::of(&column, Transform::None, &[0, 0, 1, 1, 1, OUTSIDE], 3).expect("values");
        assert_eq!(contrast.base_mean, 4.0);
        let deviation = 5.0_f64.sqrt();
        let [first, second, third] = contrast.clusters[..] else {
            panic!("three clusters")
        };
        assert_eq!((first.mean, second.mean, third.mean), (Some(2.0), Some(6.0), None));
        assert!((first.difference.expect("varies") + 2.0 / deviation).abs() < 1e-12);
        assert!((second.difference.expect("varies") - 2.0 / deviation).abs() < 1e-12);
        assert_eq!(third.difference, None);
    }

    #[test]
    fn one_value_sets_nobody_apart_and_nothing_is_no_measure() {
        // The last ones differ, but nobody would say so.
        let all_but_certain = [1.0, 1.0, 1.0 - 1e-12, 1.0 - 3e-12, 1.0, 1.0, 1.0 - 1e-11];
        for values in [vec![0.1; 7], all_but_certain.to_vec()] {
            let column = FeatureColumn::new("p_alive", values);
            let contrast = Contrast::of(&column, Transform::None, &[0, 0, 0, 1, 1, 1, 1], 2).expect("values");
            assert_eq!(contrast.clusters[0].difference, None);
        }
        let nothing = FeatureColumn::new("p_alive", vec![f64::NAN; 2]);
        assert_eq!(Contrast::of(&nothing, Transform::None, &[0, 1], 2), None);
    }
}
