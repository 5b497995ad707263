//! Checked parameters of the models.

use crate::error::ClvError;

/// BG/NBD (Fader, Hardie and Lee 2005): purchases are Poisson with a gamma(r, alpha) rate over the customers, and
/// after each repeat purchase a customer drops out with a probability that is beta(a, b) over the customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BgNbd {
    pub(crate) r: f64,
    pub(crate) alpha: f64,
    pub(crate) a: f64,
    pub(crate) b: f64,
}

/// MBG/NBD (Batislam, Denizel and Filiztekin 2007): BG/NBD in which a customer can drop out after the first
/// purchase too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MbgNbd {
    pub(crate) r: f64,
    pub(crate) alpha: f64,
    pub(crate) a: f64,
    pub(crate) b: f64,
}

/// Pareto/NBD (Schmittlein, Morrison and Colombo 1987): purchases are Poisson with a gamma(r, alpha) rate over the
/// customers until a customer drops out, after a time that is exponential with a gamma(s, beta) rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParetoNbd {
    pub(crate) r: f64,
    pub(crate) alpha: f64,
    pub(crate) s: f64,
    pub(crate) beta: f64,
}

/// Gamma-Gamma spend (Fader and Hardie 2013): the value of a purchase is gamma(p, nu) with a nu that is
/// gamma(q, gamma) over the customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    pub(crate) p: f64,
    pub(crate) q: f64,
    pub(crate) gamma: f64,
}

fn positive<const N: usize>(named: [(&'static str, f64); N]) -> Result<(), ClvError> {
    match named.into_iter().find(|(_, value)| !value.is_finite() || *value <= 0.0) {
        Some((name, value)) => Err(ClvError::Parameter { name, value }),
        None => Ok(()),
    }
}

impl BgNbd {
    /// # Errors
    /// When one is not above zero and finite.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, ClvError> {
        positive([("r", r), ("alpha", alpha), ("a", a), ("b", b)])?;
        Ok(Self { r, alpha, a, b })
    }
}

impl MbgNbd {
    /// # Errors
    /// When one is not above zero and finite.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, ClvError> {
        positive([("r", r), ("alpha", alpha), ("a", a), ("b", b)])?;
        Ok(Self { r, alpha, a, b })
    }
}

impl ParetoNbd {
    /// # Errors
    /// When one is not above zero and finite.
    pub fn new(r: f64, alpha: f64, s: f64, beta: f64) -> Result<Self, ClvError> {
        positive([("r", r), ("alpha", alpha), ("s", s), ("beta", beta)])?;
        Ok(Self { r, alpha, s, beta })
    }
}

impl GammaGamma {
    /// # Errors
    /// When one is not above zero and finite.
    pub fn new(p: f64, q: f64, gamma: f64) -> Result<Self, ClvError> {
        positive([("p", p), ("q", q), ("gamma", gamma)])?;
        Ok(Self { p, q, gamma })
    }
}
