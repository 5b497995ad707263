//! What the fast objectives run over: distinct histories with weights, and a thinned set of them for the first steps.

use crate::fit::no_fit::{LEAST_CUSTOMERS, LEAST_REPEAT_CUSTOMERS, NoFit};
use crate::history::{Histories, History};

/// Distinct rows above which a search begins on a thinned set, and the customers of that set.
pub(crate) const THIN_ROWS: usize = 8192;

/// A distinct history with its number of customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    pub(crate) history: History,
    pub(crate) weight: f64,
}

/// Distinct histories, ascending, that a model can be fitted to.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    pub(crate) customer_count: u64,
}

impl Rows {
    /// # Errors
    /// When a history is impossible or the customers allow no fit.
    pub(crate) fn new(histories: &Histories) -> Result<Self, NoFit> {
        let mut repeat_customers = 0;
        for (history, count) in histories.distinct() {
            let repeats = history.repeat_count > 0;
            if history.repeat_count > history.recency_days
                || history.recency_days > history.age_days
                || repeats != (history.recency_days > 0)
            {
                return Err(NoFit::ImpossibleHistory(*history));
            }
            repeat_customers += if repeats { *count } else { 0 };
        }
        let customer_count = histories.customer_count();
        if customer_count < LEAST_CUSTOMERS {
            return Err(NoFit::TooFewCustomers { count: customer_count });
        }
        match repeat_customers {
            0 => return Err(NoFit::NoRepeatPurchases),
            count if count < LEAST_REPEAT_CUSTOMERS => return Err(NoFit::TooFewRepeatCustomers { count }),
            _ => {}
        }
        let row = |&(history, count): &(History, u64)| Row {
            history,
            weight: count as f64,
        };
        Ok(Self {
            rows: histories.distinct().iter().map(row).collect(),
            customer_count,
        })
    }

    /// Every so many-th customer in the order of the histories, where there are many distinct ones.
    pub(crate) fn thinned(&self) -> Option<Self> {
        if self.rows.len() <= THIN_ROWS {
            return None;
        }
        let weights = systematic_sample(self.rows.iter().map(|row| row.weight), self.customer_count as f64);
        let hit = |(row, weight): (&Row, f64)| (weight > 0.0).then_some(Row { weight, ..*row });
        let rows = self.rows.iter().zip(weights).filter_map(hit).collect();
        Some(Self {
            rows,
            customer_count: self.customer_count,
        })
    }

    pub(crate) fn largest_age(&self) -> usize {
        self.rows.iter().map(|row| row.history.age_days).max().unwrap_or(0) as usize
    }

    pub(crate) fn largest_count(&self) -> usize {
        self.rows.last().map_or(0, |row| row.history.repeat_count) as usize
    }
}

/// The weight of each row in a sample of [`THIN_ROWS`] customers at equal distances, scaled back to all customers.
pub(crate) fn systematic_sample(weights: impl Iterator<Item = f64>, total: f64) -> Vec<f64> {
    let distance = total / THIN_ROWS as f64;
    let hits_before = |position: f64| (position / distance + 0.5).floor();
    let mut position = 0.0;
    weights
        .map(|weight| {
            let before = hits_before(position);
            position += weight;
            (hits_before(position) - before) * distance
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_systematic_sample_keeps_the_total_and_the_heavy_rows() {
        let weights: Vec<f64> = (0..100_000)
            .map(|row| if row == 70_000 { 100_000.0 } else { 1.0 })
            .collect();
        let total: f64 = weights.iter().sum();
        let sample = systematic_sample(weights.iter().copied(), total);
        assert!((sample.iter().sum::<f64>() / total - 1.0).abs() < 1e-9);
        assert!((sample[70_000] / 100_000.0 - 1.0).abs() < 1e-3);
        assert!(sample.iter().filter(|weight| **weight > 0.0).count() <= THIN_ROWS);
    }
}
