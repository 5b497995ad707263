//! Means over a beta distribution, whatever its shapes.

/// The mean of a function of `p` as a weighted sum over nodes, `p` being beta(a, b).
///
/// # Formula
/// The trapezoid rule in `l = ln(p / (1 - p))`. There the density of beta(a + 1, b + 1) decays at both ends
/// at a rate of at least 1 however small `a` and `b` are, and the rule converges exponentially. It is taken for
/// what is left of the function after the line between its values at `p` = 0 and `p` = 1, so that tails too long
/// to be walked through (`a` or `b` near 0) become two weights at the ends. The weights sum to 1 and have the mean
/// `a / (a + b)`; the normalization comes from that of beta(a + 1, b + 1), without a gamma function.
///
/// # Source
/// Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule, SIAM Review 56 (3), section 5.
#[derive(Debug, Clone)]
pub(crate) struct BetaRule {
    nodes: Vec<(f64, f64)>,
}

/// The longest step that keeps twelve digits for what is analytic up to half a turn from the real line.
const LONGEST_STEP: f64 = 0.36;

/// Steps for a standard deviation of `l`.
const STEPS_PER_DEVIATION: f64 = 1.75;

/// Logarithm of the density below which a tail is cut.
const CUT: f64 = -30.0;

/// Shape from which a tail ends before it is cut.
const SHORT_TAIL: f64 = 30.0;

impl BetaRule {
    pub(crate) fn new(a: f64, b: f64) -> Self {
        let (left, right) = (a + 1.0, b + 1.0);
        let step = LONGEST_STEP.min((left.recip() + right.recip()).sqrt() / STEPS_PER_DEVIATION);
        // `p`, `1 - p` and the density over that of the mode, at a distance of the mode.
        let (mode_p, mode_q) = (left / (left + right), right / (left + right));
        let at = |distance: f64| {
            let grown = mode_p * distance.exp();
            let log_density = left * distance - (left + right) * (mode_p * distance.exp_m1()).ln_1p();
            (grown / (mode_q + grown), mode_q / (mode_q + grown), log_density)
        };
        let side = |sign: f64, first: u32| {
            (first..)
                .map(move |k| at(sign * f64::from(k) * step))
                .take_while(|&(p, q, log_density)| log_density > CUT && p > 0.0 && q > 0.0)
        };
        let inner: Vec<(f64, f64, f64)> = side(-1.0, 1).chain(side(1.0, 0)).collect();
        let total: f64 = inner.iter().map(|(_, _, log_density)| log_density.exp()).sum();
        let share = a / (a + b) * (b / (a + b)) * ((a + b) / (a + b + 1.0)) / total;
        let mut at_zero = b / (a + b);
        let mut at_one = a / (a + b);
        let mut nodes: Vec<(f64, f64)> = Vec::with_capacity(inner.len() + 2);
        for (p, q, log_density) in inner {
            let weight = log_density.exp() * share / (p * q);
            at_zero -= weight * q;
            at_one -= weight * p;
            nodes.push((p, weight));
        }
        // The walk reaches the whole of a tail that is short: what seems left is rounding.
        nodes.push((0.0, if a < SHORT_TAIL { at_zero } else { 0.0 }));
        nodes.push((1.0, if b < SHORT_TAIL { at_one } else { 0.0 }));
        let sum: f64 = nodes.iter().map(|(_, weight)| weight).sum();
        nodes.iter_mut().for_each(|(_, weight)| *weight /= sum);
        Self { nodes }
    }

    /// The values of `p` with their weights, which sum to 1; the first of the last two is 0.
    pub(crate) fn nodes(&self) -> &[(f64, f64)] {
        &self.nodes
    }
}

#[cfg(test)]
mod tests {
    use super::BetaRule;
    use statrs::function::gamma::ln_gamma;

    fn mean(a: f64, b: f64, function: impl Fn(f64) -> f64) -> f64 {
        BetaRule::new(a, b)
            .nodes()
            .iter()
            .map(|&(p, weight)| weight * function(p))
            .sum()
    }

    #[test]
    fn moments_are_right_for_any_shapes() {
        for a in [1e-6, 0.1, 0.793, 1.0, 3.5, 80.0, 1e4, 1e8] {
            for b in [1e-6, 0.1, 2.426, 7.0, 300.0, 1e8] {
                assert!((mean(a, b, |_| 1.0) - 1.0).abs() < 1e-12, "{a} {b}");
                let variance = a * b / (a + b) / (a + b) / (a + b + 1.0);
                let of_rule = mean(a, b, |p| (p - a / (a + b)).powi(2));
                assert!((of_rule / variance - 1.0).abs() < 1e-6, "{a} {b}: {of_rule} {variance}");
                let third = a / (a + b) * (a + 1.0) / (a + b + 1.0) * (a + 2.0) / (a + b + 2.0);
                assert!((mean(a, b, |p| p * p * p) / third - 1.0).abs() < 1e-6, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_root_and_a_sharp_decay_are_integrated() {
        // E[(1 - p)^m] = B(a, b + m) / B(a, b).
        for (a, b, m) in [
            (0.793, 2.426, 50.0),
            (0.05, 1.0, 400.0),
            (2.0, 0.3, 10.5),
            (10.0, 40.0, 3.0),
        ] {
            let exact: f64 = (ln_gamma(b + m) - ln_gamma(a + b + m) + ln_gamma(a + b) - ln_gamma(b)).exp();
            let of_rule = mean(a, b, |p| (1.0 - p).powf(m));
            assert!((of_rule / exact - 1.0).abs() < 1e-10, "{a} {b} {m}: {of_rule} {exact}");
        }
    }
}
