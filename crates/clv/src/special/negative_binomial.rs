//! Counts of a Poisson process whose rate is gamma distributed.

/// The probabilities of 0, 1, 2, … events in a time `t` at a rate that is gamma(r, alpha).
///
/// # Formula
/// `P(0) = (alpha / (alpha + t))^r`, `P(n + 1) = P(n) (r + n) / (n + 1) t / (alpha + t)`. `P(0)` can lie below the
/// smallest number where `P(n)` near the mean does not, so a value is kept with a logarithm of a scale.
///
/// # Source
/// Fader, Hardie and Lee (2005), equation 8, its negative binomial term.
#[derive(Debug, Clone)]
pub(crate) struct NegativeBinomial {
    shape: f64,
    ratio: f64,
    count: f64,
    value: f64,
    log_scale: f64,
    scale: f64,
}

/// Where a value is rescaled, and the logarithm of it.
const LARGE: f64 = 1e200;
const LOG_LARGE: f64 = 460.517_018_598_809_1;

impl NegativeBinomial {
    pub(crate) fn new(shape: f64, rate: f64, time: f64) -> Self {
        let log_scale = -shape * (time / rate).ln_1p();
        Self {
            shape,
            ratio: time / (rate + time),
            count: 0.0,
            value: 1.0,
            log_scale,
            scale: log_scale.exp(),
        }
    }
}

impl Iterator for NegativeBinomial {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let probability = self.value * self.scale;
        self.value *= (self.shape + self.count) / (self.count + 1.0) * self.ratio;
        self.count += 1.0;
        if self.value > LARGE {
            self.value /= LARGE;
            self.log_scale += LOG_LARGE;
            self.scale = self.log_scale.exp();
        }
        Some(probability)
    }
}

#[cfg(test)]
mod tests {
    use super::NegativeBinomial;

    #[test]
    fn probabilities_sum_to_one_even_where_the_first_one_underflows() {
        for (shape, rate, time) in [
            (0.24, 4.4, 39.0),
            (1e-6, 1.0, 10.0),
            (900.0, 20.0, 60.0),
            (1e8, 1e6, 20.0),
        ] {
            let (mut sum, mut mean) = (0.0, 0.0);
            for (n, probability) in NegativeBinomial::new(shape, rate, time).take(20_000).enumerate() {
                sum += probability;
                mean += n as f64 * probability;
            }
            assert!((sum - 1.0).abs() < 1e-9, "{shape} {rate} {time}: {sum}");
            assert!(
                (mean / (shape * time / rate) - 1.0).abs() < 1e-9,
                "{shape} {rate} {time}: {mean}"
            );
        }
    }
}
