//! From starts to a certified maximum, or to the limits that the data ask for.

use std::cell::Cell;

use crate::fit::newton::{Polished, polish};
use crate::fit::objective::Objective;
use crate::fit::search::search;
use crate::fit::space::{Face, Matrix, Space};
use crate::fit::surface::{Point, Surface};

/// Log-likelihoods this close count as equal, on top of rounding: the model with fewer or simpler parts is reported.
const TIE: f64 = 1e-4;

/// Ends of searches this far below the best are not followed up.
const SEARCH_MARGIN: f64 = 1.0;

/// Ends that are followed up without becoming a maximum.
const MOST_TAILS: u32 = 2;

/// Searches that have to agree before the other starts are spared, and log-likelihoods that agree.
const AGREEING: usize = 2;
const AGREEMENT: f64 = 0.01;

/// How far below another model a limiting one has to be for that.
const FAR: f64 = 10.0;

/// Limits whose log-likelihood on a thinned base is this far below the best are not looked at on all rows.
const THIN_MARGIN: f64 = 5.0;

/// The best that was found.
pub(crate) struct Solution<const D: usize> {
    pub(crate) face: Face<D>,
    pub(crate) point: Point<D>,
    /// The covariance of the coordinates; none where nothing was certified.
    pub(crate) covariance: Option<Matrix<D>>,
    pub(crate) starts: usize,
    pub(crate) evaluations: u64,
}

/// An objective over all rows, and one over a thinned set where there are many.
pub(crate) struct Bases<O> {
    pub(crate) all: O,
    pub(crate) thinned: Option<O>,
    pub(crate) customer_count: u64,
}

fn tie<const D: usize>(point: &Point<D>) -> f64 {
    TIE + 1e-12 * point.value.abs()
}

fn is_near<const D: usize>(one: &[f64; D], other: &[f64; D]) -> bool {
    one.iter().zip(other).all(|(one, other)| (one - other).abs() < 0.05)
}

/// The ends of searches from many starts, the best first, each once. Two searches that agree
/// are enough where their end is far below what is `known` already.
fn search_from<O: Objective<D>, S: Space<D>, const D: usize>(
    surface: &Surface<'_, O, S, D>,
    face: &Face<D>,
    starts: &[[f64; D]],
    known: f64,
) -> Vec<Point<D>> {
    let mut ends: Vec<Point<D>> = Vec::new();
    let mut values: Vec<f64> = Vec::new();
    for start in starts {
        let Some(end) = search(surface, face, *start) else {
            continue;
        };
        match ends
            .iter_mut()
            .find(|known| is_near(&known.coordinates, &end.coordinates))
        {
            Some(known) if known.value >= end.value => {}
            Some(known) => *known = end,
            None => ends.push(end),
        }
        values.push(end.value);
        let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let agree = values.iter().filter(|value| **value > best - AGREEMENT).count();
        if agree >= AGREEING && best < known - FAR {
            break;
        }
    }
    ends.sort_by(|one, other| other.value.total_cmp(&one.value));
    ends
}

/// The best maximum of a face from many starts: a certified one where one of the best is.
fn from_starts<O: Objective<D>, S: Space<D>, const D: usize>(
    surface: &Surface<'_, O, S, D>,
    face: &Face<D>,
    starts: &[[f64; D]],
    known: f64,
) -> Option<Polished<D>> {
    let ends = search_from(surface, face, starts, known);
    let mut best: Option<Polished<D>> = None;
    let mut tails = 0;
    for end in &ends {
        if best.is_some_and(|best| end.value < best.point.value - SEARCH_MARGIN) {
            break;
        }
        let polished = polish(surface, face, *end, None);
        let is_better = best.is_none_or(|best| {
            let needed = if polished.certificate.is_some() {
                -tie(&best.point)
            } else {
                0.0
            };
            polished.point.value - best.point.value > needed
        });
        if is_better {
            best = Some(polished);
        }
        // Ends on one tail towards a limit are many, and none of them is a maximum.
        tails += u32::from(polished.certificate.is_none());
        if tails >= MOST_TAILS || best.is_some_and(|best| best.certificate.is_some()) {
            break;
        }
    }
    best
}

/// Whether every coordinate, a logarithm or a logit, is known to about a factor of ten: with less, a limit may be better
/// than the maximum that was found.
fn is_well_determined<const D: usize>(covariance: &Matrix<D>) -> bool {
    (0..D).all(|place| covariance[place][place] < 1.0)
}

/// Fits the model, and its limits where the model has no maximum of its own.
pub(crate) fn solve<O: Objective<D>, S: Space<D>, const D: usize>(bases: &Bases<O>, space: &S) -> Option<Solution<D>> {
    let evaluations = Cell::new(0);
    let all = Surface::new(&bases.all, space, bases.customer_count, &evaluations);
    let thinned = bases
        .thinned
        .as_ref()
        .map(|thinned| Surface::new(thinned, space, bases.customer_count, &evaluations));
    let starts = space.starts();
    let interior = Face::interior();
    let first = from_starts(thinned.as_ref().unwrap_or(&all), &interior, &starts, f64::NEG_INFINITY)?;
    let whole = if thinned.is_some() && first.certificate.is_some() {
        polish(&all, &interior, all.at(first.point.coordinates), Some(first.curvature))
    } else {
        first
    };
    let solution = |face: Face<D>, polished: Polished<D>| Solution {
        face,
        point: polished.point,
        covariance: polished.certificate,
        starts: starts.len(),
        evaluations: evaluations.get(),
    };
    if whole
        .certificate
        .is_some_and(|covariance| is_well_determined(&covariance))
    {
        return Some(solution(interior, whole));
    }
    let (face, polished) = best_limit(&all, thinned.as_ref(), first, &starts)?;
    Some(solution(face, polished))
}

/// Every limiting model at its best, whether or not the data ask for it.
pub(crate) fn solve_limits<O: Objective<D>, S: Space<D>, const D: usize>(
    bases: &Bases<O>,
    space: &S,
) -> Vec<Solution<D>> {
    let starts = space.starts();
    let of_face = |face: Face<D>| {
        let evaluations = Cell::new(0);
        let all = Surface::new(&bases.all, space, bases.customer_count, &evaluations);
        let polished = from_starts(&all, &face, &starts, f64::NEG_INFINITY)?;
        Some(Solution {
            face,
            point: polished.point,
            covariance: polished.certificate,
            starts: starts.len(),
            evaluations: evaluations.get(),
        })
    };
    space.faces().into_iter().filter_map(of_face).collect()
}

/// The limiting model with the best certified maximum, of equal ones the first.
fn best_limit<O: Objective<D>, S: Space<D>, const D: usize>(
    all: &Surface<'_, O, S, D>,
    thinned: Option<&Surface<'_, O, S, D>>,
    interior: Polished<D>,
    starts: &[[f64; D]],
) -> Option<(Face<D>, Polished<D>)> {
    let mut candidates = vec![(Face::interior(), interior)];
    let mut from = vec![interior.point.coordinates];
    from.extend(starts);
    let surface = thinned.unwrap_or(all);
    let mut known = if thinned.is_some() {
        f64::NEG_INFINITY
    } else {
        interior.point.value
    };
    for face in all.space.faces() {
        if let Some(polished) = from_starts(surface, &face, &from, known) {
            known = known.max(polished.point.value);
            candidates.push((face, polished));
        }
    }
    if thinned.is_some() {
        let best = candidates
            .iter()
            .map(|(_, polished)| polished.point.value)
            .fold(f64::NEG_INFINITY, f64::max);
        candidates.retain(|(_, polished)| polished.point.value > best - THIN_MARGIN);
        for (face, polished) in &mut candidates {
            from[0] = polished.point.coordinates;
            if let Some(found) = from_starts(all, face, &from, f64::INFINITY) {
                *polished = found;
            }
        }
    }
    let certified = candidates.iter().filter(|(_, polished)| polished.certificate.is_some());
    let best = certified
        .map(|(_, polished)| polished.point.value)
        .fold(f64::NEG_INFINITY, f64::max);
    let is_best =
        |polished: &Polished<D>| polished.certificate.is_some() && polished.point.value >= best - tie(&polished.point);
    let place = candidates
        .iter()
        .position(|(_, polished)| is_best(polished))
        .or_else(|| {
            let values = candidates.iter().map(|(_, polished)| polished.point.value).enumerate();
            values
                .max_by(|one, other| one.1.total_cmp(&other.1))
                .map(|(place, _)| place)
        })?;
    Some(candidates.swap_remove(place))
}
