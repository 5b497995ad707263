//! Cholesky's factors of a matrix of three or four rows.

use crate::fit::space::Matrix;

/// A positive definite matrix as `L L'`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cholesky<const D: usize>(Matrix<D>);

impl<const D: usize> Cholesky<D> {
    /// None where the matrix is not positive definite beyond rounding.
    pub(crate) fn of(matrix: &Matrix<D>) -> Option<Self> {
        let mut lower = [[0.0; D]; D];
        for row in 0..D {
            for column in 0..=row {
                let dot: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
                let rest = matrix[row][column] - dot;
                if row == column {
                    // A pivot that is rounding of what was subtracted is no curvature.
                    if !rest.is_finite() || rest <= 1e-11 * matrix[row][row].abs() {
                        return None;
                    }
                    lower[row][row] = rest.sqrt();
                } else {
                    lower[row][column] = rest / lower[column][column];
                }
            }
        }
        Some(Self(lower))
    }

    /// Solves `L L' x = b`.
    pub(crate) fn solve(&self, mut vector: [f64; D]) -> [f64; D] {
        let lower = &self.0;
        for row in 0..D {
            let dot: f64 = (0..row).map(|k| lower[row][k] * vector[k]).sum();
            vector[row] = (vector[row] - dot) / lower[row][row];
        }
        for row in (0..D).rev() {
            let dot: f64 = (row + 1..D).map(|k| lower[k][row] * vector[k]).sum();
            vector[row] = (vector[row] - dot) / lower[row][row];
        }
        vector
    }

    /// The inverse.
    pub(crate) fn inverse(&self) -> Matrix<D> {
        let mut inverse = [[0.0; D]; D];
        for (column, row) in inverse.iter_mut().enumerate() {
            let mut unit = [0.0; D];
            unit[column] = 1.0;
            *row = self.solve(unit);
        }
        inverse
    }
}

pub(crate) fn dot<const D: usize>(one: &[f64; D], other: &[f64; D]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_one_and_an_indefinite_one_has_none() {
        let matrix = [[4.0, 2.0, 0.5], [2.0, 3.0, 1.0], [0.5, 1.0, 2.0]];
        let inverse = Cholesky::of(&matrix).unwrap().inverse();
        for (row, of_row) in matrix.iter().enumerate() {
            for (column, of_column) in inverse.iter().enumerate() {
                assert!((dot(of_row, of_column) - f64::from(row == column)).abs() < 1e-12);
            }
        }
        assert!(Cholesky::of(&[[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(Cholesky::of(&[[1.0, 1.0], [1.0, 1.0]]).is_none());
    }
}
