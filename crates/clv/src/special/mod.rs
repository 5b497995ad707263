//! Numbers that several models need: rules of quadrature and functions that keep their digits at the limits.

mod beta_rule;
mod gauss_legendre;
mod negative_binomial;

pub(crate) use beta_rule::BetaRule;
pub(crate) use gauss_legendre::{few_nodes_of, nodes_of};
pub(crate) use negative_binomial::NegativeBinomial;

/// `(1 - exp(-z)) / z`, which is 1 at 0.
///
/// The means of the models are of this form, and `z` passes zero where a shape passes 1.
pub(crate) fn decay_mean(z: f64) -> f64 {
    if z == 0.0 { 1.0 } else { -(-z).exp_m1() / z }
}

#[cfg(test)]
mod tests {
    use super::decay_mean;

    #[test]
    fn the_mean_of_a_decay_is_smooth_at_zero() {
        assert!((decay_mean(0.0) - 1.0).abs() < f64::EPSILON);
        assert!((decay_mean(1e-9) - (1.0 - 0.5e-9)).abs() < 1e-15);
        assert!((decay_mean(2.0) - (1.0 - (-2.0f64).exp()) / 2.0).abs() < 1e-15);
        assert!((decay_mean(1e300)).abs() < 1e-299);
    }
}
