//! Gamma-Gamma: what a purchase of a customer is worth.

use crate::params::GammaGamma;

impl GammaGamma {
    /// Expected value of a purchase of a customer with `value_count` purchases of a mean value, in its unit.
    ///
    /// None where there is no mean: without a purchase and with `q` at most 1, or up to `p value_count + q` = 1.
    ///
    /// # Formula
    /// `p (gamma + n m) / (p n + q - 1)`, which without a purchase is the mean of all customers.
    ///
    /// # Source
    /// Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value, equation 5.
    #[must_use]
    pub fn expected_value(&self, value_count: u32, mean_value: f64) -> Option<f64> {
        let shape = self.p * f64::from(value_count) + self.q - 1.0;
        (shape > 0.0).then(|| self.p * self.spend_scale(value_count, mean_value) / shape)
    }

    /// The mean value of a purchase over the customers, `p gamma / (q - 1)`; none where `q` is at most 1.
    #[must_use]
    pub fn mean_value(&self) -> Option<f64> {
        self.expected_value(0, 0.0)
    }

    /// The rate `gamma + n m` of a customer's posterior: total spend is this times a factor whose law depends on
    /// the counts alone.
    #[must_use]
    pub fn spend_scale(&self, value_count: u32, mean_value: f64) -> f64 {
        self.gamma + f64::from(value_count) * mean_value
    }
}
