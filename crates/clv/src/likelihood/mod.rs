//! Log-likelihoods of one customer, for any parameters and times.
//!
//! They are written for exactness at every parameter, not for speed: the fits evaluate the same formulas over a whole
//! base through tables, and tests hold the two against each other.

mod beta_geometric;
mod gamma;
mod gamma_gamma;
mod pareto_nbd;
mod quadrature;

pub(crate) use gamma::{digamma_difference, ln_beta};
pub(crate) use quadrature::FallingPowers;
