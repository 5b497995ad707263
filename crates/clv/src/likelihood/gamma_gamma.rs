//! Gamma-Gamma: the mean value of a customer's purchases.

use super::gamma::ln_beta;
use crate::params::GammaGamma;

impl GammaGamma {
    /// Whether the mean value of a purchase has no finite mean over the customers: it is `p gamma / (q - 1)` for
    /// `q > 1` only (Fader and Hardie 2013, equation 3).
    #[must_use]
    pub fn has_infinite_mean(&self) -> bool {
        self.q <= 1.0
    }

    /// The log-likelihood of the mean value `mean` over `count` purchases.
    ///
    /// # Formula
    /// ```text
    /// ln L = -ln z - ln B(p n, q) + q ln [ gamma / (gamma + n z) ] + p n ln [ n z / (gamma + n z) ]
    /// ```
    ///
    /// # Units
    /// `mean` in the unit of `gamma`, above 0; `count` a whole number above 0.
    ///
    /// # Source
    /// Fader and Hardie 2013, The Gamma-Gamma Model of Monetary Value, equation 1a.
    #[must_use]
    pub fn log_likelihood(&self, count: f64, mean: f64) -> f64 {
        let Self { p, q, gamma } = *self;
        let sum = count * mean;
        -mean.ln() - ln_beta(p * count, q) - q * (sum / gamma).ln_1p() - p * count * (gamma / sum).ln_1p()
    }
}
