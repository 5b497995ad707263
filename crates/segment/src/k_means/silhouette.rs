//! How well clusters stand apart.

use rayon::prelude::*;

use super::assign::squared_distance;
use super::fit::Points;

/// The mean silhouette of several labelings of the same points, each with its number of clusters. Distances are
/// looked at once for all of them.
///
/// # Formula
/// Mean over the points of `(b - a) / max(a, b)`: `a` the mean distance to the others of the point's cluster, `b` the
/// least mean distance to those of another one; 0 for a point alone in its cluster, or where there is no other.
///
/// # Source
/// Rousseeuw (1987), equation 2.
pub(crate) fn silhouettes(points: Points<'_>, labelings: &[(&[u16], usize)]) -> Vec<f64> {
    let of_points: Vec<Vec<f64>> = (0..points.count())
        .into_par_iter()
        .map(|place| of_point(points, place, labelings))
        .collect();
    let count = points.count().max(1) as f64;
    (0..labelings.len())
        .map(|labeling| of_points.iter().map(|values| values[labeling]).sum::<f64>() / count)
        .collect()
}

/// The silhouette of one point in each labeling.
fn of_point(points: Points<'_>, place: usize, labelings: &[(&[u16], usize)]) -> Vec<f64> {
    let width = points.width();
    let point = &points.values()[place * width..(place + 1) * width];
    let distances: Vec<f64> = points
        .iter()
        .map(|other| squared_distance(point, other).sqrt())
        .collect();
    let of_labeling = |&(labels, clusters): &(&[u16], usize)| {
        let mut sums = vec![(0.0, 0_u32); clusters];
        for (&label, distance) in labels.iter().zip(&distances) {
            let sum = &mut sums[usize::from(label)];
            sum.0 += distance;
            sum.1 += 1;
        }
        let own = usize::from(labels[place]);
        let (own_sum, own_count) = sums[own];
        if own_count < 2 {
            return 0.0;
        }
        // The distance to itself is zero and counts for nothing.
        let within = own_sum / f64::from(own_count - 1);
        let others = sums
            .iter()
            .enumerate()
            .filter(|(cluster, (_, count))| *cluster != own && *count > 0);
        let beyond = others
            .map(|(_, (sum, count))| sum / f64::from(*count))
            .fold(f64::INFINITY, f64::min);
        let larger = within.max(beyond);
        if beyond.is_finite() && larger > 0.0 {
            (beyond - within) / larger
        } else {
            0.0
        }
    };
    labelings.iter().map(of_labeling).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_far_pairs_are_as_computed_by_hand() {
        let values = [0.0, 1.0, 10.0, 11.0];
        let points = Points::new(&values, 1);
        let found = silhouettes(points, &[(&[0, 0, 1, 1], 2), (&[0, 1, 0, 1], 2), (&[0, 0, 0, 0], 1)]);
        // a = 1; b = 10.5 for the outer points and 9.5 for the inner ones.
        let good = (9.5 / 10.5 + 8.5 / 9.5) / 2.0;
        assert!((found[0] - good).abs() < 1e-12);
        assert!(found[1] < 0.0);
        assert_eq!(found[2], 0.0);
    }

    #[test]
    fn a_point_alone_counts_as_zero_and_equal_points_do_not_divide_by_zero() {
        let values = [0.0, 0.0, 5.0];
        let found = silhouettes(Points::new(&values, 1), &[(&[0, 0, 1], 2), (&[0, 1, 2], 3)]);
        assert!((found[0] - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(found[1], 0.0);
        assert_eq!(silhouettes(Points::new(&[], 1), &[(&[], 2)]), [0.0]);
    }
}
