//! Quadrature nodes of every day, shared by all repeat counts at one set of parameters.
//!
//! The integrals of the Pareto/NBD run over `f(t) = (alpha + t)^-(r + x) (beta + t)^-(s + 1)`. The nodes depend on the
//! parameters only; from one repeat count to the next each value falls by a factor `(alpha + day) / (alpha + t)`.

use crate::history::DAYS_PER_WEEK;
use crate::likelihood::FallingPowers;

/// Integrals over a time span: of `f`, and of `f` times `ln(1 + t / alpha)`, `t / (alpha + t)`, `ln(1 + t / beta)` and
/// `t / (beta + t)`.
pub(crate) type Moments = [f64; 5];

/// A node of a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Quadrature weight times `f(t) / f(day)` at the repeat count 0.
    pub(crate) value: f64,
    /// What one more repeat purchase makes of it.
    pub(crate) factor: f64,
    /// The functions of which the moments are taken, without the leading 1.
    pub(crate) weights: [f64; 4],
}

/// A day, from which to the next the integrals go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    /// Its first node.
    pub(crate) first_node: usize,
    /// `f(day + 1) / f(day)` at the repeat count 0.
    pub(crate) fall: f64,
    /// What one more repeat purchase makes of it.
    pub(crate) fall_factor: f64,
    /// `ln(1 + t / alpha)`, `t / (alpha + t)`, `ln(1 + t / beta)`, `t / (beta + t)` at its start.
    pub(crate) weights: [f64; 4],
}

/// All days from the first to the last with their nodes; the last day has none.
#[derive(Debug)]
pub(crate) struct DayGrid {
    pub(crate) days: Vec<Day>,
    pub(crate) nodes: Vec<Node>,
}

fn weights_at(t: f64, alpha: f64, beta: f64) -> [f64; 4] {
    [(t / alpha).ln_1p(), t / (alpha + t), (t / beta).ln_1p(), t / (beta + t)]
}

impl DayGrid {
    /// The grid of the days `0..=last_day` for repeat counts up to `largest_count`.
    pub(crate) fn new([r, alpha, s, beta]: [f64; 4], last_day: usize, largest_count: usize) -> Self {
        let mut grid = Self {
            days: Vec::with_capacity(last_day + 1),
            nodes: Vec::new(),
        };
        for day in 0..=last_day {
            let from = day as f64 / DAYS_PER_WEEK;
            let to = (day + 1) as f64 / DAYS_PER_WEEK;
            let slowest = FallingPowers {
                alpha,
                p: r,
                beta,
                q: s + 1.0,
            };
            grid.days.push(Day {
                first_node: grid.nodes.len(),
                fall: (-slowest.fall(from, to)).exp(),
                fall_factor: (alpha + from) / (alpha + to),
                weights: weights_at(from, alpha, beta),
            });
            if day < last_day {
                // A customer with x repeats bought on x later days, so that no integral of his begins before day x.
                let fastest = FallingPowers {
                    p: r + largest_count.min(day) as f64,
                    ..slowest
                };
                grid.push_nodes(&slowest, &fastest, from, to);
            }
        }
        grid
    }

    fn push_nodes(&mut self, slowest: &FallingPowers, fastest: &FallingPowers, from: f64, to: f64) {
        let FallingPowers { alpha, p, beta, q } = *slowest;
        let [ln_alpha, _, ln_beta, _] = weights_at(from, alpha, beta);
        let (mut start, mut sum) = (from, 0.0);
        while start < to {
            if start > from && (-slowest.fall(from, start)).exp() * (to - start) < 1e-18 * sum {
                break;
            }
            let reach = fastest.reach(start);
            let end = if start + reach < to { start + reach } else { to };
            if end <= start {
                break;
            }
            for &(node, weight) in fastest.nodes(start, end) {
                let t = start + (end - start) * node;
                let later_alpha = ((t - from) / (alpha + from)).ln_1p();
                let later_beta = ((t - from) / (beta + from)).ln_1p();
                let value = (end - start) * weight * (-p * later_alpha - q * later_beta).exp();
                sum += value;
                let factor = (alpha + from) / (alpha + t);
                let weights = [
                    ln_alpha + later_alpha,
                    t / (alpha + t),
                    ln_beta + later_beta,
                    t / (beta + t),
                ];
                self.nodes.push(Node { value, factor, weights });
            }
            start = end;
        }
    }

    /// The nodes between one day and the next.
    pub(crate) fn nodes_of(&self, day: usize) -> std::ops::Range<usize> {
        self.days[day].first_node..self.days[day + 1].first_node
    }
}
