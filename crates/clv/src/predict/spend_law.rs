//! The law of what a customer spends on an uncertain number of orders.

use std::ops::Range;

use statrs::function::beta::{checked_beta_reg, ln_beta};
use statrs::function::erf::erfc;

use crate::params::GammaGamma;
use crate::predict::counts::{CountLaw, level_given_chance};

/// Points of the grid: fewer where the laws are wide, more where one is narrow.
const POINTS: (f64, f64) = (120.0, 400.0);

/// Grid steps for a standard deviation of the narrowest law.
const STEPS_PER_DEVIATION: f64 = 3.0;

/// Probability outside the grid at either end.
const OUTSIDE: f64 = 1e-6;

/// Ends that no grid passes, logarithms of a factor.
const ENDS: (f64, f64) = (-30.0, 60.0);

/// The laws of the total spend on 1, 2, … orders of customers with `value_count` observed purchases, as a factor of
/// their `gamma + n m`.
///
/// # Formula
/// The values of orders are gamma(p, nu), so that `N` of them sum to a gamma(p N, nu), and `nu` is
/// gamma(q + p n, gamma + n m) after `n` purchases of a mean `m`. So the sum over `gamma + n m` is beta prime
/// (p N, q + p n), and does not depend on the customer's values. Distribution functions stand on a grid of the
/// logarithm, the density being integrated by the trapezoid rule with its end corrections.
///
/// # Source
/// Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value, sections 2 and 3.
#[derive(Debug)]
pub(crate) struct SpendTable {
    start: f64,
    step: f64,
    points: usize,
    /// The distribution function of each of the [`bins`] of numbers of orders.
    rows: Vec<f64>,
}

/// Numbers of orders, from 1 on, that are taken together: single ones up to 128, beyond that as many as make less
/// than 2 % of the number, which is far narrower than any law of so many orders.
fn bins(orders: usize) -> impl Iterator<Item = Range<usize>> {
    let mut from = 1;
    std::iter::from_fn(move || {
        let bin = from..from + (from / 64).max(1);
        from = bin.end;
        (bin.start <= orders).then_some(bin)
    })
}

impl SpendTable {
    pub(crate) fn new(spend: &GammaGamma, value_count: u32, orders: usize) -> Self {
        let tail = spend.q + spend.p * f64::from(value_count);
        let (start, _) = reach(spend.p, tail);
        let (_, end) = reach(spend.p * orders.max(1) as f64, tail);
        let narrowest = deviation(spend.p * orders.max(1) as f64, tail);
        let wanted = (STEPS_PER_DEVIATION * (end - start) / narrowest).clamp(POINTS.0, POINTS.1);
        let points = wanted as usize;
        let step = (end - start) / (points - 1) as f64;
        let mut rows = Vec::new();
        for bin in bins(orders) {
            let middle = 0.5 * (bin.start + bin.end - 1) as f64;
            push_row(&mut rows, spend.p * middle, tail, start, step, points);
        }
        Self {
            start,
            step,
            points,
            rows,
        }
    }

    /// The law of the spend of a customer who is alive.
    pub(crate) fn mixed(&self, orders: &CountLaw) -> SpendLaw {
        let nothing = orders.probability(0);
        let mut cumulative = vec![nothing; self.points];
        let last = orders.probabilities().len() - 1;
        for (row, bin) in self.rows.chunks_exact(self.points).zip(bins(last)) {
            let probability: f64 = orders.probabilities().iter().take(bin.end).skip(bin.start).sum();
            for (sum, value) in cumulative.iter_mut().zip(row) {
                *sum += probability * value;
            }
        }
        SpendLaw {
            start: self.start,
            step: self.step,
            nothing,
            cumulative,
        }
    }
}

/// The law of the spend of a customer who is alive, as a factor of `gamma + n m`.
#[derive(Debug)]
pub(crate) struct SpendLaw {
    start: f64,
    step: f64,
    nothing: f64,
    cumulative: Vec<f64>,
}

impl SpendLaw {
    /// The factor that is reached with a probability of `level` where the law counts with a `chance` only, the
    /// spend being 0 otherwise. Between two points of the grid the logarithm is linear in the probability.
    pub(crate) fn quantile(&self, chance: f64, level: f64) -> f64 {
        let Some(wanted) = level_given_chance(chance, level).filter(|&wanted| wanted > self.nothing) else {
            return 0.0;
        };
        let above = self.cumulative.partition_point(|&cumulative| cumulative < wanted);
        let place = match (above.checked_sub(1), self.cumulative.get(above)) {
            (Some(below), Some(high)) => {
                let low = self.cumulative[below];
                below as f64 + self.between(below, low, *high, wanted)
            }
            (Some(last), None) => last as f64,
            (None, _) => 0.0,
        };
        (self.start + self.step * place).exp()
    }

    /// Where between point `below` and the next one the law reaches what is wanted: the cubic through both points,
    /// with the slopes of the points around them.
    fn between(&self, below: usize, low: f64, high: f64, wanted: f64) -> f64 {
        let rise = high - low;
        if rise <= 0.0 {
            return 0.0;
        }
        let share = (wanted - low) / rise;
        let slope = |before: f64, after: f64| (0.5 * (after - before) / rise).clamp(1.0 / 3.0, 3.0).recip();
        let before = below.checked_sub(1).and_then(|place| self.cumulative.get(place));
        let after = self.cumulative.get(below + 2);
        let (first, last) = (
            before.map_or(1.0, |&before| slope(before, high)),
            after.map_or(1.0, |&after| slope(low, after)),
        );
        // Hermite's cubic of the place over the share of the rise, whose slopes at most 3 keep it monotone.
        let rest = 1.0 - share;
        share * share * (3.0 - 2.0 * share) + share * rest * (rest * first - share * last)
    }
}

/// Mean and standard deviation of the logarithm of a beta prime, nearly.
fn centre(shape: f64, tail: f64) -> f64 {
    (shape + 0.5).ln() - (tail + 0.5).ln()
}

fn deviation(shape: f64, tail: f64) -> f64 {
    (shape.recip() + tail.recip()).sqrt()
}

/// The part of the line of the logarithm outside which about [`OUTSIDE`] lies at either end: a beta prime falls as
/// `y^shape` at the left and as `y^-tail` at the right, and as a normal law nearer to its centre.
fn reach(shape: f64, tail: f64) -> (f64, f64) {
    let (centre, fall) = (centre(shape, tail), -OUTSIDE.ln());
    let normal = 5.0 * deviation(shape + 1.0, tail + 1.0);
    let left = centre - normal - fall / shape;
    let right = centre + normal + fall / tail;
    let start = left.clamp(ENDS.0, ENDS.1 - 1.0);
    (start, right.clamp(start + 1e-6, ENDS.1))
}

/// The distribution function of beta prime (shape, tail) on a grid of the logarithm.
fn push_row(rows: &mut Vec<f64>, shape: f64, tail: f64, start: f64, step: f64, points: usize) {
    let at = |place: usize| start + step * place as f64;
    let deviation = deviation(shape, tail);
    if deviation < step {
        // Narrower than the grid: the logarithm is nearly normal.
        let mean = shape.ln() - tail.ln() - 0.5 / shape + 0.5 / tail;
        rows.extend((0..points).map(|place| 0.5 * erfc((mean - at(place)) / deviation / std::f64::consts::SQRT_2)));
        return;
    }
    let log_beta = ln_beta(shape, tail);
    let density = |log: f64| {
        let softplus = if log > 0.0 {
            log + (-log).exp().ln_1p()
        } else {
            log.exp().ln_1p()
        };
        let share = (log - softplus).exp();
        let density = (shape * log - (shape + tail) * softplus - log_beta).exp();
        (density, density * (shape - (shape + tail) * share))
    };
    let odds = start.exp();
    let mut sum = checked_beta_reg(shape, tail, odds / (1.0 + odds))
        .unwrap_or(0.0)
        .clamp(0.0, 1.0);
    let mut before = density(start);
    rows.push(sum);
    for place in 1..points {
        let here = density(at(place));
        let corrected = 0.5 * step * (before.0 + here.0) - step * step / 12.0 * (here.1 - before.1);
        sum = (sum + corrected.max(0.0)).min(1.0);
        rows.push(sum);
        before = here;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(p: f64, q: f64, value_count: u32, orders: Vec<f64>) -> SpendLaw {
        let spend = GammaGamma::new(p, q, 1.0).unwrap();
        SpendTable::new(&spend, value_count, orders.len() - 1).mixed(&CountLaw::new(orders))
    }

    #[test]
    fn quantiles_are_those_of_an_independent_mixture() {
        // Roots of scipy's distribution functions, at levels 0.35, 0.5, 0.9 and 0.99.
        let published = [
            (
                6.25,
                3.74,
                3,
                [0.1525737477881, 0.2634944320264, 0.9798158331283, 2.0016883433045],
            ),
            (
                0.1,
                0.8,
                0,
                [7.486282668795e-10, 0.0002003599282980, 1.1060370285013, 28.772020252879],
            ),
            (
                40.0,
                300.0,
                50,
                [0.0142684533178, 0.0172490950336, 0.0590209429737, 0.0953155539915],
            ),
        ];
        for (p, q, value_count, quantiles) in published {
            let law = law(p, q, value_count, vec![0.3, 0.4, 0.2, 0.0, 0.0, 0.1]);
            for (level, quantile) in [0.35, 0.5, 0.9, 0.99].into_iter().zip(quantiles) {
                let own = law.quantile(1.0, level);
                assert!(
                    (own / quantile - 1.0).abs() < 1e-3,
                    "{p} {q} at {level}: {own} for {quantile}"
                );
            }
            assert!(law.quantile(1.0, 0.3) == 0.0 && law.quantile(0.1, 0.9) == 0.0);
        }
    }

    #[test]
    fn many_orders_are_taken_together() {
        let covered: Vec<usize> = bins(5000).flatten().take(5000).collect();
        assert_eq!(covered, (1..=5000).collect::<Vec<_>>());
        // All of 1000 orders and nothing else: the median of a beta prime (6250, 40), by scipy.
        let mut orders = vec![0.0; 1001];
        orders[1000] = 1.0;
        let own = law(6.25, 40.0, 0, orders).quantile(1.0, 0.5);
        assert!((own / 157.55263634581584 - 1.0).abs() < 0.008, "{own}");
    }

    #[test]
    fn extreme_shapes_give_finite_ends_in_order() {
        for p in [1e-6, 0.01, 1.0, 1e4, 1e8] {
            for q in [1e-6, 0.5, 30.0, 1e8] {
                let law = law(p, q, 7, vec![0.2, 0.3, 0.3, 0.2]);
                let ends = [0.1, 0.3, 0.5, 0.9].map(|level| law.quantile(1.0, level));
                assert!(
                    ends.iter().all(|end| end.is_finite()) && ends.is_sorted(),
                    "{p} {q}: {ends:?}"
                );
            }
        }
        // Values without a spread: the median is that of two orders.
        let sure = law(1e8, 1e8, 0, vec![0.2, 0.2, 0.4, 0.2]).quantile(1.0, 0.5);
        assert!((sure / 2.0 - 1.0).abs() < 0.01, "{sure}");
    }
}
