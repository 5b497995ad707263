//! The concentration curve at a bounded number of points.

use super::Concentration;

/// Most steps of the curve; with the point at zero there is one point more.
const MAX_STEPS: usize = 1_000;

/// One point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CurvePoint {
    /// Customers up to this point.
    pub(crate) rank: usize,
    /// `rank` by all customers.
    pub(crate) customer_share: f64,
    /// What they hold.
    pub(crate) cumulative_value: i128,
    /// By the total.
    pub(crate) value_share: f64,
}

/// The points of the curve: every customer when there are at most 1,000, else the evenly spaced ranks `ceil(i n / 1000)`.
///
/// The first point is at zero customers and the last at all.
pub(crate) fn curve(concentration: &Concentration) -> Vec<CurvePoint> {
    let customers = concentration.customer_count();
    let steps = customers.min(MAX_STEPS);
    (0..=steps)
        .map(|step| {
            let rank = if steps == 0 {
                0
            } else {
                (step * customers).div_ceil(steps)
            };
            CurvePoint {
                rank,
                customer_share: if customers == 0 {
                    0.0
                } else {
                    rank as f64 / customers as f64
                },
                cumulative_value: concentration.held_by_first(rank),
                value_share: concentration.share_of_first(rank),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::ParetoRanking;
    use super::*;

    fn points(values: &[i128]) -> Vec<CurvePoint> {
        curve(&ParetoRanking::new(values).expect("no overflow").concentration)
    }

    #[test]
    fn few_customers_are_a_point_each() {
        let points = points(&[1, 3, -2]);
        let read: Vec<(usize, i128, f64)> = points
            .iter()
            .map(|point| (point.rank, point.cumulative_value, point.value_share))
            .collect();
        assert_eq!(read, [(0, 0, 0.0), (1, 3, 0.75), (2, 4, 1.0), (3, 4, 1.0)]);
        assert_eq!(points[3].customer_share, 1.0);
    }

    #[test]
    fn many_customers_are_read_at_even_ranks() {
        for (customers, length) in [(999, 1_000), (1_000, 1_001), (1_001, 1_001), (2_357, 1_001)] {
            let points = points(&vec![2; customers]);
            assert_eq!(points.len(), length, "{customers}");
            assert_eq!((points[0].rank, points[length - 1].rank), (0, customers));
            assert!(points.windows(2).all(|pair| pair[0].rank < pair[1].rank), "{customers}");
        }
        assert_eq!(
            points(&vec![1; 2_357])[200].rank,
            472,
            "a fifth of the customers is one of the points"
        );
    }

    #[test]
    fn without_customers_there_is_the_point_at_zero() {
        assert_eq!(
            points(&[]),
            [CurvePoint {
                rank: 0,
                customer_share: 0.0,
                cumulative_value: 0,
                value_share: 0.0
            }]
        );
    }
}
