//! Differences of gamma functions that stay exact where the functions themselves are huge or nearly equal.
//!
//! Near the limits of the models a shape is 1e10 and a likelihood needs `ln B(a, b)` or `psi(z + d) - psi(z)` to
//! the last digits; subtracting `ln Gamma` values would leave none of them.

use statrs::function::gamma::ln_gamma;
use std::f64::consts::TAU;

/// Where Stirling's series gives all digits of a double.
const STIRLING: f64 = 10.0;

/// `ln Gamma(z) - [(z - 1/2) ln z - z + ln(2 pi) / 2]` for `z >= 10`: Stirling's series, Abramowitz and Stegun 6.1.41.
fn stirling_correction(z: f64) -> f64 {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let square = (z * z).recip();
    TERMS.iter().rev().fold(0.0, |sum, term| sum * square + term) / z
}

/// `psi(z) - ln z` for `z >= 10`: Abramowitz and Stegun 6.3.18.
fn digamma_correction(z: f64) -> f64 {
    const TERMS: [f64; 7] = [
        -1.0 / 12.0,
        1.0 / 120.0,
        -1.0 / 252.0,
        1.0 / 240.0,
        -1.0 / 132.0,
        691.0 / 32_760.0,
        -1.0 / 12.0,
    ];
    let square = (z * z).recip();
    TERMS.iter().rev().fold(0.0, |sum, term| sum * square + term) * square - 0.5 / z
}

/// `ln B(a, b)`, also where one or both are huge: both are raised to 10 by `B(a, b) = B(a + 1, b) (a + b) / a`, then
/// Stirling's series is summed with its large parts cancelled by hand.
pub(crate) fn ln_beta(mut a: f64, mut b: f64) -> f64 {
    let mut raised = 0.0;
    while a < STIRLING {
        raised += (b / a).ln_1p();
        a += 1.0;
    }
    while b < STIRLING {
        raised += (a / b).ln_1p();
        b += 1.0;
    }
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let ratio = (small / large).ln_1p();
    let corrections = stirling_correction(a) + stirling_correction(b) - stirling_correction(a + b);
    raised + corrections + 0.5 * (TAU.ln() - small.ln() + ratio) - small * (large / small).ln_1p() - large * ratio
}

/// `psi(z + distance) - psi(z)`, also where `z` is huge.
pub(crate) fn digamma_difference(mut z: f64, distance: f64) -> f64 {
    let mut raised = 0.0;
    while z < STIRLING {
        raised += distance / (z * (z + distance));
        z += 1.0;
    }
    raised + (distance / z).ln_1p() + digamma_correction(z + distance) - digamma_correction(z)
}

/// `ln [Gamma(z + x) / Gamma(z)]`.
pub(crate) fn ln_rising(z: f64, x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { ln_gamma(x) - ln_beta(z, x) }
}

/// `ln(e^one + e^other)`.
pub(crate) fn ln_add_exp(one: f64, other: f64) -> f64 {
    one.max(other) + (-(one - other).abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::digamma;

    #[test]
    fn they_agree_with_the_functions_where_those_are_exact() {
        for a in [0.02, 0.7, 3.0, 9.99, 14.0, 120.0] {
            for b in [0.02, 0.7, 3.0, 9.99, 14.0, 120.0] {
                let plain = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
                assert!(
                    (ln_beta(a, b) - plain).abs() < 1e-12 * (1.0 + ln_gamma(a + b).abs()),
                    "{a} {b}"
                );
                let plain = digamma(a + b) - digamma(a);
                assert!(
                    (digamma_difference(a, b) - plain).abs() < 1e-12 * (1.0 + plain.abs()),
                    "{a} {b}"
                );
            }
        }
    }

    #[test]
    fn they_keep_their_digits_where_a_shape_is_huge() {
        // B(z, 1) = 1 / z, B(z, 2) = 1 / (z (z + 1)), psi(z + 1) - psi(z) = 1 / z.
        for z in [1e-12, 1e6, 1e10, 1e14] {
            assert!((ln_beta(z, 1.0) + f64::ln(z)).abs() < 1e-13 * f64::ln(z).abs());
            assert!((ln_rising(z, 2.0) - f64::ln(z) - f64::ln_1p(z)).abs() < 1e-12);
            assert!((digamma_difference(z, 1.0) * z - 1.0).abs() < 1e-12);
        }
    }
}
