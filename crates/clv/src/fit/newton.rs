//! Newton's last steps to a maximum, and the certificate that it is one.

use crate::fit::linear::{Cholesky, dot};
use crate::fit::objective::Objective;
use crate::fit::space::{Face, Matrix, Space};
use crate::fit::surface::{Point, Surface};

/// Newton's step may promise no more log-likelihood than this, on top of the rounding of the sum.
const DECREMENT: f64 = 1e-10;

/// The relative rounding of a log-likelihood, with much to spare.
const ROUNDING: f64 = 1e-11;

/// Newton's step may move no coordinate further. On the tail towards a limit a step never gets shorter than 1.
const STEP: f64 = 1e-3;

/// How far a maximum stays from the bounds.
const MARGIN: f64 = 1.0;

/// The longest step in a coordinate.
const LONGEST_STEP: f64 = 2.0;

/// A step this long that promises nothing leads to a limit.
const LONGEST_TAIL_STEP: f64 = 0.3;

const MOST_STEPS: usize = 80;

/// Where Newton's steps ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Polished<const D: usize> {
    pub(crate) point: Point<D>,
    /// The covariance of the coordinates where the point is certified as a maximum: the gradient vanishes, the second
    /// derivatives are negative definite and no bound is near.
    pub(crate) certificate: Option<Matrix<D>>,
    /// The second derivatives as of the last steps.
    pub(crate) curvature: Matrix<D>,
}

fn free_gradient<const D: usize>(point: &Point<D>, face: &Face<D>) -> [f64; D] {
    let mut gradient = point.gradient;
    for (place, derivative) in gradient.iter_mut().enumerate() {
        if !face.is_free(place) {
            *derivative = 0.0;
        }
    }
    gradient
}

fn damped<const D: usize>(curvature: &Matrix<D>, damping: f64) -> Matrix<D> {
    let mut damped = *curvature;
    let largest = (0..D).map(|place| curvature[place][place].abs()).fold(0.0, f64::max);
    for (place, row) in damped.iter_mut().enumerate() {
        row[place] += damping * (row[place].abs() + 1e-6 * largest);
    }
    damped
}

/// Steps from a point to the maximum near it; with the curvature of a thinned base where there is one.
pub(crate) fn polish<O: Objective<D>, S: Space<D>, const D: usize>(
    surface: &Surface<'_, O, S, D>,
    face: &Face<D>,
    start: Point<D>,
    known: Option<Matrix<D>>,
) -> Polished<D> {
    let mut point = start;
    let mut is_current = known.is_none();
    let mut curvature = known.unwrap_or_else(|| surface.curvature(&point.coordinates, face));
    let mut damping = 0.0;
    for _ in 0..MOST_STEPS {
        let gradient = free_gradient(&point, face);
        let Some(factors) = Cholesky::of(&damped(&curvature, damping)) else {
            if is_current {
                damping = next_damping(damping);
            } else {
                curvature = surface.curvature(&point.coordinates, face);
                is_current = true;
            }
            if damping > 1e8 {
                break;
            }
            continue;
        };
        let step = factors.solve(gradient);
        let decrement = 0.5 * dot(&step, &gradient);
        let longest = longest_of(&step);
        if damping == 0.0 && decrement <= DECREMENT + 1e-14 * point.value.abs() && longest <= STEP {
            if is_current {
                return certified(surface, face, point, factors, curvature);
            }
            curvature = surface.curvature(&point.coordinates, face);
            is_current = true;
            continue;
        }
        if is_current && decrement <= DECREMENT && longest > LONGEST_TAIL_STEP {
            // The tail towards a limit: nothing left to gain, and no end.
            break;
        }
        let shorten = (LONGEST_STEP / longest).min(1.0);
        let mut coordinates = point.coordinates;
        for (coordinate, part) in coordinates.iter_mut().zip(step) {
            *coordinate += shorten * part;
        }
        let next = surface.at(surface.clamp(coordinates));
        let is_better = next.value.is_finite() && next.value >= point.value - 1e-13 * point.value.abs();
        if is_better {
            let still = free_gradient(&next, face);
            let left = 0.5 * dot(&factors.solve(still), &still);
            point = next;
            damping = if damping < 1e-6 { 0.0 } else { damping * 0.1 };
            if left > 0.1 * decrement || damping > 0.0 {
                curvature = surface.curvature(&point.coordinates, face);
                is_current = true;
            } else {
                is_current = false;
            }
        } else if is_current {
            if damping == 0.0 && longest <= STEP && decrement <= ROUNDING * (1.0 + point.value.abs()) {
                break;
            }
            damping = next_damping(damping);
        } else {
            curvature = surface.curvature(&point.coordinates, face);
            is_current = true;
        }
    }
    if !is_current {
        curvature = surface.curvature(&point.coordinates, face);
    }
    if let Some(factors) = Cholesky::of(&curvature) {
        let gradient = free_gradient(&point, face);
        let step = factors.solve(gradient);
        // Steps that only follow the rounding of the sum have arrived too.
        if 0.5 * dot(&step, &gradient) <= ROUNDING * (1.0 + point.value.abs()) && longest_of(&step) <= STEP {
            return certified(surface, face, point, factors, curvature);
        }
    }
    Polished {
        point,
        certificate: None,
        curvature,
    }
}

fn longest_of<const D: usize>(step: &[f64; D]) -> f64 {
    step.iter().fold(0.0, |longest, part| part.abs().max(longest))
}

fn next_damping(damping: f64) -> f64 {
    if damping == 0.0 { 1e-3 } else { damping * 10.0 }
}

fn certified<O: Objective<D>, S: Space<D>, const D: usize>(
    surface: &Surface<'_, O, S, D>,
    face: &Face<D>,
    point: Point<D>,
    factors: Cholesky<D>,
    curvature: Matrix<D>,
) -> Polished<D> {
    let inside = (0..D).filter(|place| face.is_free(*place)).all(|place| {
        let (low, high) = surface.bounds[place];
        point.coordinates[place] > low + MARGIN && point.coordinates[place] < high - MARGIN
    });
    let certificate = inside.then(|| {
        let mut covariance = factors.inverse();
        for place in (0..D).filter(|place| !face.is_free(*place)) {
            covariance[place] = [0.0; D];
            for row in &mut covariance {
                row[place] = 0.0;
            }
        }
        covariance
    });
    Polished {
        point,
        certificate,
        curvature,
    }
}
