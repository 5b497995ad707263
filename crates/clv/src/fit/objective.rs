//! A log-likelihood of a whole base with its gradient, summed in an order that no number of threads changes.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// The log-likelihood at one point with its derivatives by the logarithms of the `D` parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evaluation<const D: usize> {
    pub(crate) value: f64,
    pub(crate) gradient: [f64; D],
}

impl<const D: usize> Evaluation<D> {
    pub(crate) const ZERO: Self = Self {
        value: 0.0,
        gradient: [0.0; D],
    };

    pub(crate) fn add(&mut self, other: &Self) {
        self.value += other.value;
        for (sum, term) in self.gradient.iter_mut().zip(other.gradient) {
            *sum += term;
        }
    }

    pub(crate) fn scaled(mut self, factor: f64) -> Self {
        self.value *= factor;
        self.gradient = self.gradient.map(|derivative| derivative * factor);
        self
    }
}

/// The log-likelihood of a base as a function of the logarithms of the parameters.
pub(crate) trait Objective<const D: usize> {
    fn evaluate(&self, logs: &[f64; D]) -> Evaluation<D>;
}

/// The sum of a function over blocks: computed side by side, added in the order of the blocks.
pub(crate) fn sum_of_blocks<B: Sync, const D: usize>(
    blocks: &[B],
    of_block: impl Fn(&B) -> Evaluation<D> + Sync + Send,
) -> Evaluation<D> {
    let parts: Vec<Evaluation<D>> = blocks.par_iter().map(of_block).collect();
    let mut sum = Evaluation::ZERO;
    for part in &parts {
        sum.add(part);
    }
    sum
}
