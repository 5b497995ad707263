//! BG/NBD and MBG/NBD: a customer can drop out after a purchase only.

use super::gamma::{ln_add_exp, ln_rising};
use crate::params::{BgNbd, MbgNbd};

/// The shared shape: `chances` counts the purchases after which the customer could have dropped out.
fn log_likelihood([r, alpha, a, b]: [f64; 4], chances: f64, [x, t_x, age]: [f64; 3]) -> f64 {
    let purchases = ln_rising(r, x) - x * alpha.ln();
    let alive = ln_rising(b, chances) - ln_rising(a + b, chances) - (r + x) * (age / alpha).ln_1p();
    if chances == 0.0 {
        return purchases + alive;
    }
    let dead = a.ln() + ln_rising(b, chances - 1.0) - ln_rising(a + b, chances) - (r + x) * (t_x / alpha).ln_1p();
    purchases + ln_add_exp(alive, dead)
}

impl BgNbd {
    /// The log-likelihood of `x` repeat purchases, the last at `t_x`, in a history of the length `age`.
    ///
    /// # Formula
    /// ```text
    /// ln L = ln { G(r + x) alpha^r / G(r) [ B(a, b + x) / B(a, b) (alpha + T)^-(r + x)
    ///                               + d(x > 0) B(a + 1, b + x - 1) / B(a, b) (alpha + t_x)^-(r + x) ] }
    /// ```
    ///
    /// # Units
    /// Times in the unit of `alpha` (weeks); `x` is a whole number.
    ///
    /// # Source
    /// Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way, equation 6.
    #[must_use]
    pub fn log_likelihood(&self, x: f64, t_x: f64, age: f64) -> f64 {
        log_likelihood([self.r, self.alpha, self.a, self.b], x, [x, t_x, age])
    }
}

impl MbgNbd {
    /// The log-likelihood of `x` repeat purchases, the last at `t_x`, in a history of the length `age`.
    ///
    /// # Formula
    /// ```text
    /// ln L = ln { G(r + x) alpha^r / G(r) [ B(a, b + x + 1) / B(a, b) (alpha + T)^-(r + x)
    ///                                     + B(a + 1, b + x) / B(a, b) (alpha + t_x)^-(r + x) ] }
    /// ```
    ///
    /// # Units
    /// Times in the unit of `alpha` (weeks); `x` is a whole number.
    ///
    /// # Source
    /// Batislam, Denizel and Filiztekin 2007, Empirical validation and comparison of models for customer base
    /// analysis, equation 2.
    #[must_use]
    pub fn log_likelihood(&self, x: f64, t_x: f64, age: f64) -> f64 {
        log_likelihood([self.r, self.alpha, self.a, self.b], x + 1.0, [x, t_x, age])
    }
}
