//! Orders the clusters by what they are worth, so that their numbers mean something.

use std::cmp::Ordering;

use super::assign::Centroids;
use crate::error::SegmentError;

/// A cluster with what orders it.
struct Ranked {
    label: usize,
    customer_count: usize,
    worth: i128,
}

/// Clusters that have customers, highest mean worth first; equals by their centroids' coordinates. Labels that are no
/// cluster count for nothing.
pub(crate) fn order_by_worth(
    labels: &[u16],
    worth: &[i128],
    clusters: usize,
    centroids: &Centroids,
) -> Result<Vec<usize>, SegmentError> {
    let mut ranked: Vec<Ranked> = (0..clusters)
        .map(|label| Ranked {
            label,
            customer_count: 0,
            worth: 0,
        })
        .collect();
    for (&label, &worth) in labels.iter().zip(worth) {
        let Some(cluster) = ranked.get_mut(usize::from(label)) else {
            continue;
        };
        cluster.customer_count += 1;
        cluster.worth = cluster.worth.checked_add(worth).ok_or_else(|| SegmentError::Overflow {
            column: "net_sales".into(),
        })?;
    }
    ranked.retain(|cluster| cluster.customer_count > 0);
    let point = |label| centroids.iter().nth(label).unwrap_or_default();
    ranked.sort_by(|left, right| {
        compare_means((right.worth, right.customer_count), (left.worth, left.customer_count))
            .then_with(|| compare_points(point(left.label), point(right.label)))
    });
    Ok(ranked.into_iter().map(|cluster| cluster.label).collect())
}

/// Compares two means, each a total and a count above zero, exactly.
fn compare_means(left: (i128, usize), right: (i128, usize)) -> Ordering {
    // Whole parts first; the rests are below their counts, so that the products stay in range.
    let (left_count, right_count) = (left.1 as i128, right.1 as i128);
    let whole = left.0.div_euclid(left_count).cmp(&right.0.div_euclid(right_count));
    whole.then_with(|| {
        (left.0.rem_euclid(left_count) * right_count).cmp(&(right.0.rem_euclid(right_count) * left_count))
    })
}

fn compare_points(left: &[f64], right: &[f64]) -> Ordering {
    left.iter()
        .zip(right)
        .map(|(left, right)| left.total_cmp(right))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_compared_exactly() {
        assert_eq!(compare_means((1, 3), (333_333_333, 1_000_000_000)), Ordering::Greater);
        assert_eq!(compare_means((2, 6), (1, 3)), Ordering::Equal);
        assert_eq!(compare_means((-1, 3), (-1, 4)), Ordering::Less);
        assert_eq!(compare_means((i128::MAX, 1), (i128::MAX - 1, 1)), Ordering::Greater);
    }

    fn order(labels: &[u16], worth: &[i128], width: usize, centroids: &[f64]) -> Vec<usize> {
        let centroids = Centroids {
            values: centroids.to_vec(),
            width,
        };
        order_by_worth(labels, worth, centroids.iter().len(), &centroids).expect("no overflow")
    }

    #[test]
    fn the_mean_decides_and_not_the_total() {
        assert_eq!(order(&[0, 0, 0, 1], &[5, 5, 5, 6], 1, &[0.0, 1.0]), [1, 0]);
    }

    #[test]
    fn equal_means_are_settled_by_coordinates() {
        let centroids = [1.0, 5.0, 1.0, -2.0, 0.0, 9.0];
        assert_eq!(order(&[0, 1, 2, 2], &[4, 4, 4, 4], 2, &centroids), [2, 1, 0]);
    }

    #[test]
    fn clusters_without_customers_are_left_out() {
        assert_eq!(order(&[2, 0, 2, u16::MAX], &[7, 1, 7, 9], 1, &[0.0, 1.0, 2.0]), [2, 0]);
    }

    #[test]
    fn an_overflow_is_reported() {
        let centroid = Centroids {
            values: vec![0.0],
            width: 1,
        };
        let error = order_by_worth(&[0, 0], &[i128::MAX, 1], 1, &centroid).err();
        assert!(matches!(error, Some(SegmentError::Overflow { .. })));
    }
}
