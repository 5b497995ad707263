//! How far two clusterings of the same customers agree, and which cluster of the one is which of the other.

use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;

use crate::labels::OUTSIDE;

/// Two clusters are the same one when they share at least this part of the larger one.
const MIN_SHARED: f64 = 1.0 / 3.0;

/// How many customers are in each cluster of the one clustering and each of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Overlap {
    counts: Vec<u64>,
    rows: usize,
    columns: usize,
}

impl Overlap {
    /// Counts customers who are in a cluster of both, of `rows` and `columns` clusters.
    pub(crate) fn count(one: &[u16], other: &[u16], rows: usize, columns: usize) -> Self {
        let mut counts = vec![0; rows * columns];
        for (&row, &column) in one.iter().zip(other) {
            if row != OUTSIDE && column != OUTSIDE {
                counts[usize::from(row) * columns + usize::from(column)] += 1;
            }
        }
        Self { counts, rows, columns }
    }

    /// Customers in this cluster of the one and that of the other.
    pub(crate) fn at(&self, row: usize, column: usize) -> u64 {
        self.counts[row * self.columns + column]
    }

    fn row_sums(&self) -> Vec<u64> {
        let sum = |row| (0..self.columns).map(|column| self.at(row, column)).sum();
        (0..self.rows).map(sum).collect()
    }

    fn column_sums(&self) -> Vec<u64> {
        let sum = |column| (0..self.rows).map(|row| self.at(row, column)).sum();
        (0..self.columns).map(sum).collect()
    }

    /// The adjusted Rand index: how many pairs of customers are together, or apart, in both clusterings, beyond what
    /// chance would do. 1 where they agree, about 0 where they have nothing to do with each other; none below two
    /// customers.
    ///
    /// # Formula
    /// `(s - e) / (m - e)` with `s` the sum of `n(n - 1)/2` over the cells, `a` and `b` the same over row and column
    /// sums, `e = a b / (N(N - 1)/2)`, `m = (a + b) / 2`; 1 where `m = e` (all alone or all together in both).
    ///
    /// # Source
    /// Hubert & Arabie (1985), equation 5.
    pub(crate) fn adjusted_rand(&self) -> Option<f64> {
        let pairs = |count: u64| count as f64 * (count as f64 - 1.0) / 2.0;
        let sum = |counts: &[u64]| counts.iter().map(|&count| pairs(count)).sum::<f64>();
        let all = pairs(self.counts.iter().sum());
        if all <= 0.0 {
            return None;
        }
        let (rows, columns) = (sum(&self.row_sums()), sum(&self.column_sums()));
        let expected = rows * columns / all;
        let most = f64::midpoint(rows, columns);
        if most == expected {
            return Some(1.0);
        }
        Some((sum(&self.counts) - expected) / (most - expected))
    }

    /// For each column the row that is the same cluster: pairs with the most customers in common together, as long
    /// as these are a third of the larger cluster or more.
    pub(crate) fn partners(&self) -> Vec<Option<usize>> {
        let (rows, columns) = (self.row_sums(), self.column_sums());
        let size = self.rows.max(self.columns);
        // Square, so that either side may have more; what is added shares nobody.
        let weights = Matrix::from_fn(size, size, |(row, column)| {
            if row < self.rows && column < self.columns {
                i64::try_from(self.at(row, column)).unwrap_or(i64::MAX)
            } else {
                0
            }
        });
        let mut partners = vec![None; self.columns];
        if size == 0 {
            return partners;
        }
        let (_, column_of_row) = kuhn_munkres(&weights);
        for (row, column) in column_of_row.into_iter().enumerate() {
            if row < self.rows && column < self.columns {
                let shared = self.at(row, column);
                let larger = rows[row].max(columns[column]);
                if shared > 0 && shared as f64 >= MIN_SHARED * larger as f64 {
                    partners[column] = Some(row);
                }
            }
        }
        partners
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The index by looking at every pair.
    fn slow_adjusted_rand(one: &[u16], other: &[u16]) -> f64 {
        let (mut both, mut first, mut second, mut all) = (0.0, 0.0, 0.0, 0.0);
        for left in 0..one.len() {
            for right in left + 1..one.len() {
                let (in_one, in_other) = (one[left] == one[right], other[left] == other[right]);
                all += 1.0;
                both += f64::from(u8::from(in_one && in_other));
                first += f64::from(u8::from(in_one));
                second += f64::from(u8::from(in_other));
            }
        }
        let expected = first * second / all;
        let most = (first + second) / 2.0;
        if most == expected {
            1.0
        } else {
            (both - expected) / (most - expected)
        }
    }

    /// The most customers in common over all ways to pair clusters.
    fn best_by_trying(overlap: &Overlap, column: usize, taken: &mut Vec<usize>) -> u64 {
        if column == overlap.columns {
            return 0;
        }
        let mut best = best_by_trying(overlap, column + 1, taken);
        for row in 0..overlap.rows {
            if !taken.contains(&row) {
                taken.push(row);
                best = best.max(overlap.at(row, column) + best_by_trying(overlap, column + 1, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn equal_clusterings_agree_whatever_their_numbers() {
        let overlap = Overlap::count(&[0, 0, 1, 1, 2], &[2, 2, 0, 0, 1], 3, 3);
        assert_eq!(overlap.adjusted_rand(), Some(1.0));
        assert_eq!(overlap.partners(), [Some(1), Some(2), Some(0)]);
    }

    #[test]
    fn a_published_index_is_met() {
        // Classes 1 1 2 2 3 3 and clusters 1 1 1 2 2 2: 0.2424 by scikit-learn's adjusted_rand_score.
        let overlap = Overlap::count(&[0, 0, 1, 1, 2, 2], &[0, 0, 0, 1, 1, 1], 3, 2);
        assert!((overlap.adjusted_rand().expect("pairs") - 0.242_424_242_424).abs() < 1e-9);
    }

    #[test]
    fn fewer_than_two_customers_have_no_index() {
        assert_eq!(Overlap::count(&[0], &[0], 1, 1).adjusted_rand(), None);
        assert_eq!(Overlap::count(&[OUTSIDE, 0], &[0, OUTSIDE], 1, 1).adjusted_rand(), None);
    }

    #[test]
    fn a_cluster_that_shares_little_has_no_partner() {
        // Ten against ten with two in common.
        let one: Vec<u16> = [vec![0; 10], vec![1; 10]].concat();
        let other: Vec<u16> = [vec![0; 10], vec![0; 8], vec![1; 2]].concat();
        assert_eq!(Overlap::count(&one, &other, 2, 2).partners(), [Some(0), None]);
        let other: Vec<u16> = [vec![2; 8], vec![0; 2], vec![1; 10]].concat();
        assert_eq!(Overlap::count(&one, &other, 2, 3).partners(), [None, Some(1), Some(0)]);
    }

    proptest! {
        #[test]
        fn the_index_is_that_of_all_pairs(labels in prop::collection::vec((0_u16..4, 0_u16..5), 2..40)) {
            let (one, other): (Vec<u16>, Vec<u16>) = labels.into_iter().unzip();
            let fast = Overlap::count(&one, &other, 4, 5).adjusted_rand().expect("pairs");
            prop_assert!((fast - slow_adjusted_rand(&one, &other)).abs() < 1e-9);
        }

        #[test]
        fn the_assignment_is_the_best_of_all(labels in prop::collection::vec((0_u16..4, 0_u16..5), 1..60)) {
            let (one, other): (Vec<u16>, Vec<u16>) = labels.into_iter().unzip();
            let overlap = Overlap::count(&one, &other, 4, 5);
            let size = 5;
            let weights = Matrix::from_fn(size, size, |(row, column)| {
                if row < 4 { overlap.at(row, column) as i64 } else { 0 }
            });
            let (total, _) = kuhn_munkres(&weights);
            prop_assert_eq!(total as u64, best_by_trying(&overlap, 0, &mut Vec::new()));
            // Whoever has a partner has it alone.
            let mut rows: Vec<usize> = overlap.partners().into_iter().flatten().collect();
            let count = rows.len();
            rows.sort_unstable();
            rows.dedup();
            prop_assert_eq!(rows.len(), count);
        }
    }
}
