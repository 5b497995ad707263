//! The law of a number of purchases.

/// Probability beyond the last number of a law.
pub(crate) const TAIL: f64 = 1e-9;

/// Numbers of a law at most: only a horizon with tens of thousands of expected purchases comes near.
pub(crate) const NUMBERS_AT_MOST: usize = 1 << 16;

/// The probabilities of 0, 1, 2, … purchases up to a number beyond which about 1e-9 is left.
#[derive(Debug, Clone, PartialEq)]
pub struct CountLaw {
    probabilities: Vec<f64>,
    cumulative: Vec<f64>,
}

impl CountLaw {
    pub(crate) fn new(probabilities: Vec<f64>) -> Self {
        let cumulative = probabilities
            .iter()
            .scan(0.0, |sum, probability| {
                *sum += probability;
                Some(*sum)
            })
            .collect();
        Self {
            probabilities,
            cumulative,
        }
    }

    /// The probabilities of 0, 1, 2, … purchases.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// The probability of `number` purchases; 0 beyond the end of the law.
    #[must_use]
    pub fn probability(&self, number: usize) -> f64 {
        self.probabilities.get(number).copied().unwrap_or(0.0)
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.probabilities
            .iter()
            .zip(0u32..)
            .map(|(probability, number)| probability * f64::from(number))
            .sum()
    }

    /// The law of what happens with a chance only; else the number is 0.
    pub(crate) fn with_chance(&self, chance: f64) -> Self {
        let mut probabilities: Vec<f64> = self
            .probabilities
            .iter()
            .map(|probability| chance * probability)
            .collect();
        if let Some(first) = probabilities.first_mut() {
            *first += 1.0 - chance;
        }
        Self::new(probabilities)
    }

    /// The least number that the law, which counts with a `chance` only, exceeds with at most `1 - level`.
    ///
    #[must_use]
    pub fn quantile(&self, chance: f64, level: f64) -> u32 {
        let Some(wanted) = level_given_chance(chance, level) else {
            return 0;
        };
        let below = self.cumulative.partition_point(|&cumulative| cumulative < wanted);
        let last = self.cumulative.len().saturating_sub(1);
        u32::try_from(below.min(last)).unwrap_or(u32::MAX)
    }
}

/// The level that a law must reach so that, counting with a `chance` only and 0 otherwise, it reaches `level`;
/// none where 0 reaches it alone.
pub(crate) fn level_given_chance(chance: f64, level: f64) -> Option<f64> {
    let wanted = level - (1.0 - chance);
    (wanted > 0.0).then(|| wanted / chance)
}

#[cfg(test)]
mod tests {
    use super::CountLaw;

    #[test]
    fn quantiles_count_the_chance_of_nothing_at_all() {
        let law = CountLaw::new(vec![0.25, 0.5, 0.25]);
        assert_eq!(
            [0.1, 0.25, 0.26, 0.75, 0.76, 1.0].map(|level| law.quantile(1.0, level)),
            [0, 0, 1, 1, 2, 2]
        );
        assert_eq!(
            [0.6, 0.63, 0.9, 0.99].map(|level| law.quantile(0.5, level)),
            [0, 1, 2, 2]
        );
        assert_eq!(law.quantile(0.0, 0.99), 0);
        assert_eq!(law.with_chance(0.5).probabilities(), [0.625, 0.25, 0.125]);
    }
}
