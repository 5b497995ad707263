//! Pareto/NBD: a customer can drop out at any time.

use super::gamma::{ln_add_exp, ln_rising};
use super::quadrature::FallingPowers;
use crate::params::ParetoNbd;

impl ParetoNbd {
    /// The log-likelihood of `x` repeat purchases, the last at `t_x`, in a history of the length `age`.
    ///
    /// # Formula
    /// ```text
    /// ln L = ln { G(r + x) alpha^r beta^s / G(r) [ (alpha + T)^-(r + x) (beta + T)^-s
    ///                  + s integral from t_x to T of (alpha + t)^-(r + x) (beta + t)^-(s + 1) dt ] }
    /// ```
    /// The integral is summed by Gauss-Legendre panels relative to its value at `t_x`, all terms positive: it has
    /// neither the underflow nor the cancellation of its closed form in hypergeometric functions.
    ///
    /// # Units
    /// Times in the unit of `alpha` and `beta` (weeks); `x` is a whole number.
    ///
    /// # Source
    /// Schmittlein, Morrison and Colombo 1987, Counting Your Customers: Who Are They and What Will They Do Next?,
    /// appendix; Fader and Hardie 2005, A Note on Deriving the Pareto/NBD Model, equation 16 before its integral is
    /// resolved.
    #[must_use]
    pub fn log_likelihood(&self, x: f64, t_x: f64, age: f64) -> f64 {
        let Self { r, alpha, s, beta } = *self;
        let fall = |t: f64, last: f64| (r + x) * (t / alpha).ln_1p() + last * (t / beta).ln_1p();
        let alive = -fall(age, s);
        let falling = FallingPowers {
            alpha,
            p: r + x,
            beta,
            q: s + 1.0,
        };
        let integral = falling.scaled_integral(t_x, age);
        let purchases = ln_rising(r, x) - x * alpha.ln();
        if integral <= 0.0 {
            return purchases + alive;
        }
        let dead = s.ln() - beta.ln() - fall(t_x, s + 1.0) + integral.ln();
        purchases + ln_add_exp(alive, dead)
    }
}
