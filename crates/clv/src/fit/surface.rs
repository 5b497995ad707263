//! The log-likelihood as a function of the coordinates, and how often it was asked.

use std::cell::Cell;

use crate::fit::objective::{Evaluation, Objective};
use crate::fit::space::{Face, Matrix, Space};

/// A point with its log-likelihood and the derivatives by the coordinates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point<const D: usize> {
    pub(crate) coordinates: [f64; D],
    pub(crate) value: f64,
    pub(crate) gradient: [f64; D],
}

/// A model over a base, in its coordinates.
pub(crate) struct Surface<'a, O, S, const D: usize> {
    pub(crate) objective: &'a O,
    pub(crate) space: &'a S,
    pub(crate) customer_count: f64,
    pub(crate) bounds: [(f64, f64); D],
    evaluations: &'a Cell<u64>,
}

impl<'a, O: Objective<D>, S: Space<D>, const D: usize> Surface<'a, O, S, D> {
    pub(crate) fn new(objective: &'a O, space: &'a S, customer_count: u64, evaluations: &'a Cell<u64>) -> Self {
        Self {
            objective,
            space,
            customer_count: customer_count as f64,
            bounds: space.bounds(),
            evaluations,
        }
    }

    pub(crate) fn clamp(&self, mut coordinates: [f64; D]) -> [f64; D] {
        for (coordinate, (low, high)) in coordinates.iter_mut().zip(self.bounds) {
            *coordinate = coordinate.clamp(low, high);
        }
        coordinates
    }

    pub(crate) fn at(&self, coordinates: [f64; D]) -> Point<D> {
        self.evaluations.set(self.evaluations.get() + 1);
        let Evaluation {
            value,
            gradient: by_logs,
        } = self.objective.evaluate(&self.space.logs(&coordinates));
        let jacobian = self.space.jacobian(&coordinates);
        let mut gradient = [0.0; D];
        for (by_log, row) in by_logs.into_iter().zip(jacobian) {
            for (derivative, partial) in gradient.iter_mut().zip(row) {
                *derivative += by_log * partial;
            }
        }
        Point {
            coordinates,
            value,
            gradient,
        }
    }

    /// The negative second derivatives of the log-likelihood, by central differences of the gradient. Held
    /// coordinates have a 1 on the diagonal and no other entry.
    pub(crate) fn curvature(&self, coordinates: &[f64; D], face: &Face<D>) -> Matrix<D> {
        const STEP: f64 = 1e-4;
        let mut curvature = [[0.0; D]; D];
        for column in 0..D {
            if !face.is_free(column) {
                curvature[column][column] = 1.0;
                continue;
            }
            let shifted = |step: f64| {
                let mut shifted = *coordinates;
                shifted[column] += step;
                self.at(shifted).gradient
            };
            let (above, below) = (shifted(STEP), shifted(-STEP));
            for row in (0..D).filter(|row| face.is_free(*row)) {
                let entry = (below[row] - above[row]) / (2.0 * STEP);
                curvature[row][column] += 0.5 * entry;
                curvature[column][row] += 0.5 * entry;
            }
        }
        curvature
    }
}
