//! The search for a maximum from one start: L-BFGS of argmin.

use std::cell::Cell;
use std::rc::Rc;

use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

use crate::fit::objective::Objective;
use crate::fit::space::{Face, Space};
use crate::fit::surface::{Point, Surface};

/// Evaluations after which a search from one start ends where it is.
const MOST_EVALUATIONS: u32 = 160;

/// Iterations after which it ends.
const MOST_ITERATIONS: u64 = 80;

/// The negative mean log-likelihood on the free coordinates of a face. Beyond the bounds it rises as a square.
struct Descent<'a, O, S, const D: usize> {
    surface: &'a Surface<'a, O, S, D>,
    face: &'a Face<D>,
    start: [f64; D],
    /// The last point: the line search asks for its value and its gradient one after the other.
    last: Cell<Option<Point<D>>>,
    best: Rc<Cell<Option<Point<D>>>>,
    evaluations: Cell<u32>,
}

impl<O: Objective<D>, S: Space<D>, const D: usize> Descent<'_, O, S, D> {
    fn full(&self, free: &[f64]) -> [f64; D] {
        let mut coordinates = self.start;
        let places = (0..D).filter(|place| self.face.is_free(*place));
        for (place, value) in places.zip(free) {
            coordinates[place] = *value;
        }
        coordinates
    }

    fn point(&self, free: &[f64]) -> Result<(Point<D>, [f64; D]), Error> {
        let wanted = self.full(free);
        if wanted.iter().any(|coordinate| !coordinate.is_finite()) {
            return Err(Error::msg("a coordinate is not finite"));
        }
        let coordinates = self.surface.clamp(wanted);
        if let Some(last) = self.last.get()
            && last.coordinates == coordinates
        {
            return Ok((last, wanted));
        }
        if self.evaluations.get() >= MOST_EVALUATIONS {
            return Err(Error::msg("the evaluations are used up"));
        }
        self.evaluations.set(self.evaluations.get() + 1);
        let point = self.surface.at(coordinates);
        if !point.value.is_finite() || point.gradient.iter().any(|derivative| !derivative.is_finite()) {
            return Err(Error::msg("the log-likelihood is not finite"));
        }
        self.last.set(Some(point));
        if self.best.get().is_none_or(|best| point.value > best.value) {
            self.best.set(Some(point));
        }
        Ok((point, wanted))
    }
}

impl<O: Objective<D>, S: Space<D>, const D: usize> CostFunction for Descent<'_, O, S, D> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, free: &Vec<f64>) -> Result<f64, Error> {
        let (point, wanted) = self.point(free)?;
        let beyond = wanted
            .iter()
            .zip(point.coordinates)
            .map(|(wanted, inside)| (wanted - inside).powi(2));
        Ok(-point.value / self.surface.customer_count + 0.5 * beyond.sum::<f64>())
    }
}

impl<O: Objective<D>, S: Space<D>, const D: usize> Gradient for Descent<'_, O, S, D> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, free: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let (point, wanted) = self.point(free)?;
        let derivative = |place: usize| {
            let beyond = wanted[place] - point.coordinates[place];
            if beyond == 0.0 {
                -point.gradient[place] / self.surface.customer_count
            } else {
                beyond
            }
        };
        Ok((0..D)
            .filter(|place| self.face.is_free(*place))
            .map(derivative)
            .collect())
    }
}

/// The best point that a search from a start passes. Whatever ends the search, the point stands; whether it is a
/// maximum is for others to say.
pub(crate) fn search<O: Objective<D>, S: Space<D>, const D: usize>(
    surface: &Surface<'_, O, S, D>,
    face: &Face<D>,
    start: [f64; D],
) -> Option<Point<D>> {
    let start = face.apply(surface.clamp(start));
    let best = Rc::new(Cell::new(None));
    let descent = Descent {
        surface,
        face,
        start,
        last: Cell::new(None),
        best: Rc::clone(&best),
        evaluations: Cell::new(0),
    };
    let free: Vec<f64> = (0..D)
        .filter(|place| face.is_free(*place))
        .map(|place| start[place])
        .collect();
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), D + 2)
        .with_tolerance_grad(1e-5)
        .and_then(|solver| solver.with_tolerance_cost(1e-9));
    if let Ok(solver) = solver {
        // Errors end the search like its tolerances do: the best point is kept outside of it.
        let _ended = Executor::new(descent, solver)
            .configure(|state| state.param(free).max_iters(MOST_ITERATIONS))
            .timer(false)
            .run()
            .map(|result| result.state.get_iter());
    }
    best.get()
}
