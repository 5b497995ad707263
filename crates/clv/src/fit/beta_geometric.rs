//! The likelihoods of BG/NBD and MBG/NBD over a whole base, by tables over whole days and whole counts.

use std::ops::Range;

use crate::fit::objective::{Evaluation, Objective, sum_of_blocks};
use crate::fit::rows::Rows;

/// Rows of a block of work.
const BLOCK: usize = 4096;

/// BG/NBD with `chances_before_repeats` 0, MBG/NBD with 1: the chances to drop out before the first repeat.
pub(crate) struct BetaGeometric {
    rows: Rows,
    chances_before_repeats: usize,
    blocks: Vec<Range<usize>>,
    /// Customers by repeat count.
    customers: Vec<f64>,
    days: usize,
}

/// What depends on the repeat count alone.
#[derive(Debug, Clone, Copy, Default)]
struct OfCount {
    /// Terms that every customer with this count has: the value and its derivatives by `ln r`, `ln a`, `ln b`.
    shared: [f64; 4],
    /// `ln` of the beta ratio of having dropped out over that of not.
    dead_over_alive: f64,
    /// `d (dead_over_alive) / d ln b`.
    dead_over_alive_by_b: f64,
}

impl BetaGeometric {
    pub(crate) fn new(rows: Rows, chances_before_repeats: usize) -> Self {
        let mut customers = vec![0.0; rows.largest_count() + 1];
        for row in &rows.rows {
            customers[row.history.repeat_count as usize] += row.weight;
        }
        let count = rows.rows.len();
        let blocks = (0..count)
            .step_by(BLOCK)
            .map(|start| start..(start + BLOCK).min(count))
            .collect();
        let days = rows.largest_age() + 1;
        Self {
            rows,
            chances_before_repeats,
            blocks,
            customers,
            days,
        }
    }

    fn table_of_counts(&self, r: f64, alpha: f64, a: f64, b: f64) -> Vec<OfCount> {
        let total = a + b;
        let rate = (r / alpha).ln();
        // Rising factorials as sums over the purchases: exact for every size of the parameters.
        let (mut rising, mut rising_by_r) = (0.0, 0.0);
        let (mut survival, mut survival_by_a, mut survival_by_b) = (0.0, 0.0, 0.0);
        let survive = |chance: f64, survival: &mut f64, by_a: &mut f64, by_b: &mut f64| {
            *survival += ((b + chance) / (total + chance)).ln();
            *by_a -= a / (total + chance);
            *by_b += b / (b + chance) - b / (total + chance);
        };
        for chance in 0..self.chances_before_repeats {
            survive(chance as f64, &mut survival, &mut survival_by_a, &mut survival_by_b);
        }
        let mut table = Vec::with_capacity(self.customers.len());
        for count in 0..self.customers.len() {
            let x = count as f64;
            let chances = (count + self.chances_before_repeats) as f64;
            let last = b + (chances - 1.0);
            table.push(OfCount {
                shared: [rising + x * rate + survival, rising_by_r, survival_by_a, survival_by_b],
                dead_over_alive: if chances > 0.0 {
                    a.ln() - last.ln()
                } else {
                    f64::NEG_INFINITY
                },
                dead_over_alive_by_b: if chances > 0.0 { -b / last } else { 0.0 },
            });
            rising += (x / r).ln_1p();
            rising_by_r += r / (r + x);
            survive(chances, &mut survival, &mut survival_by_a, &mut survival_by_b);
        }
        table
    }
}

impl Objective<4> for BetaGeometric {
    fn evaluate(&self, logs: &[f64; 4]) -> Evaluation<4> {
        let [r, alpha, a, b] = logs.map(f64::exp);
        let counts = self.table_of_counts(r, alpha, a, b);
        // ln(1 + t / alpha) and t / (alpha + t) of every day.
        let days: Vec<[f64; 2]> = (0..self.days)
            .map(|day| {
                let t = day as f64 / crate::history::DAYS_PER_WEEK;
                [(t / alpha).ln_1p(), t / (alpha + t)]
            })
            .collect();
        let mut sum = sum_of_blocks(&self.blocks, |block| {
            let mut part = Evaluation::ZERO;
            for row in &self.rows.rows[block.clone()] {
                let of_count = &counts[row.history.repeat_count as usize];
                let shape = r + row.history.x();
                let [ln_age, share_age] = days[row.history.age_days as usize];
                let [ln_recency, share_recency] = days[row.history.recency_days as usize];
                let difference = of_count.dead_over_alive + shape * (ln_age - ln_recency);
                let small = (-difference.abs()).exp();
                let larger = (1.0 + small).recip();
                let dead = if difference > 0.0 { larger } else { small * larger };
                let alive = 1.0 - dead;
                part.value += row.weight * (difference.max(0.0) + small.ln_1p() - shape * ln_age);
                part.gradient[0] -= row.weight * r * (alive * ln_age + dead * ln_recency);
                part.gradient[1] += row.weight * shape * (alive * share_age + dead * share_recency);
                part.gradient[2] += row.weight * dead;
                part.gradient[3] += row.weight * dead * of_count.dead_over_alive_by_b;
            }
            part
        });
        for (x, (customers, of_count)) in self.customers.iter().zip(&counts).enumerate() {
            let [value, by_r, by_a, by_b] = of_count.shared;
            sum.value += customers * value;
            let shared = [by_r, -(x as f64), by_a, by_b];
            for (derivative, term) in sum.gradient.iter_mut().zip(shared) {
                *derivative += customers * term;
            }
        }
        sum
    }
}
