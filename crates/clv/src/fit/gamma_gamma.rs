//! The likelihood of the Gamma-Gamma model over a whole base.

use std::ops::Range;

use crate::fit::no_fit::{LEAST_CUSTOMERS, NoFit};
use crate::fit::objective::{Evaluation, Objective, sum_of_blocks};
use crate::fit::rows::{THIN_ROWS, systematic_sample};
use crate::likelihood::{digamma_difference, ln_beta};

/// Rows of a block of work.
const BLOCK: usize = 4096;

/// Customers with the same count and the same sum of values.
#[derive(Debug, Clone, Copy)]
struct Row {
    count: f64,
    sum: f64,
    ln_sum: f64,
    weight: f64,
}

/// Mean values with their counts, ascending, equal ones once.
#[derive(Debug, Clone)]
pub(crate) struct Spend {
    rows: Vec<Row>,
    /// Customers by count.
    customers: Vec<(f64, f64)>,
    blocks: Vec<Range<usize>>,
    /// The parts of the likelihood without a parameter.
    constant: f64,
    pub(crate) customer_count: u64,
}

impl Spend {
    /// # Errors
    /// When a value or count is not above 0, or the customers allow no fit.
    pub(crate) fn new(values: &[(u32, f64)]) -> Result<Self, NoFit> {
        if let Some(&(count, mean)) = values
            .iter()
            .find(|(count, mean)| *count == 0 || *mean <= 0.0 || !mean.is_finite())
        {
            return Err(NoFit::ImpossibleValue { count, mean });
        }
        let customer_count = values.len() as u64;
        if customer_count < LEAST_CUSTOMERS {
            return Err(NoFit::TooFewCustomers { count: customer_count });
        }
        let (least, most) = values.iter().fold((f64::INFINITY, 0.0), |(least, most), (_, mean)| {
            (mean.min(least), mean.max(most))
        });
        // Means of equal values differ in their last digits where they were sums.
        if most - least <= 1e-9 * most {
            return Err(NoFit::EqualValues);
        }
        if values.iter().all(|(count, _)| *count == values[0].0) {
            return Err(NoFit::EqualCounts);
        }
        let mut sorted = values.to_vec();
        rayon::slice::ParallelSliceMut::par_sort_unstable_by(&mut sorted[..], |one, other| {
            one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
        });
        let mut rows: Vec<Row> = Vec::new();
        for (count, mean) in sorted {
            let count = f64::from(count);
            let sum = count * mean;
            match rows.last_mut() {
                Some(last) if last.count == count && last.sum == sum => last.weight += 1.0,
                _ => rows.push(Row {
                    count,
                    sum,
                    ln_sum: sum.ln(),
                    weight: 1.0,
                }),
            }
        }
        Ok(Self::of_rows(rows, customer_count))
    }

    fn of_rows(rows: Vec<Row>, customer_count: u64) -> Self {
        let mut customers: Vec<(f64, f64)> = Vec::new();
        for row in &rows {
            match customers.last_mut() {
                Some((count, weight)) if *count == row.count => *weight += row.weight,
                _ => customers.push((row.count, row.weight)),
            }
        }
        let constant = rows.iter().map(|row| row.weight * (row.count.ln() - row.ln_sum)).sum();
        let all = rows.len();
        let blocks = (0..all)
            .step_by(BLOCK)
            .map(|start| start..(start + BLOCK).min(all))
            .collect();
        Self {
            rows,
            customers,
            blocks,
            constant,
            customer_count,
        }
    }

    pub(crate) fn thinned(&self) -> Option<Self> {
        if self.rows.len() <= THIN_ROWS {
            return None;
        }
        let weights = systematic_sample(self.rows.iter().map(|row| row.weight), self.customer_count as f64);
        let hit = |(row, weight): (&Row, f64)| (weight > 0.0).then_some(Row { weight, ..*row });
        Some(Self::of_rows(
            self.rows.iter().zip(weights).filter_map(hit).collect(),
            self.customer_count,
        ))
    }

    pub(crate) fn distinct_count(&self) -> usize {
        self.rows.len()
    }

    /// The mean of the logarithms of the mean values.
    pub(crate) fn mean_log(&self) -> f64 {
        -self.constant / self.customer_count as f64
    }
}

impl Objective<3> for Spend {
    fn evaluate(&self, logs: &[f64; 3]) -> Evaluation<3> {
        let [p, q, gamma] = logs.map(f64::exp);
        let mut sum = sum_of_blocks(&self.blocks, |block| {
            let mut part = Evaluation::ZERO;
            for row in &self.rows[block.clone()] {
                // ln(1 + S / gamma) and ln(1 + gamma / S), from the smaller one: each keeps its digits.
                let ln_ratio = row.ln_sum - logs[2];
                let below = row.sum < gamma;
                let small = if below { row.sum / gamma } else { gamma / row.sum };
                let ln_small = small.ln_1p();
                let ln_large = ln_small + ln_ratio.abs();
                let (ln_by_gamma, ln_by_sum) = if below {
                    (ln_small, ln_large)
                } else {
                    (ln_large, ln_small)
                };
                let shape = p * row.count;
                let share = row.sum / (gamma + row.sum);
                part.value -= row.weight * (q * ln_by_gamma + shape * ln_by_sum);
                part.gradient[0] -= row.weight * shape * ln_by_sum;
                part.gradient[1] -= row.weight * q * ln_by_gamma;
                part.gradient[2] += row.weight * (q * share - shape * (gamma / (gamma + row.sum)));
            }
            part
        });
        sum.value += self.constant;
        for &(count, customers) in &self.customers {
            let shape = p * count;
            sum.value -= customers * ln_beta(shape, q);
            sum.gradient[0] += customers * shape * digamma_difference(shape, q);
            sum.gradient[1] += customers * q * digamma_difference(q, shape);
        }
        sum
    }
}
