//! Gauss-Legendre panels for the integrals of the Pareto/NBD over the time at which a customer may have dropped out.

/// Nodes and weights on (0, 1): Abramowitz and Stegun table 25.4, n = 6.
const SIX: [(f64, f64); 6] = [
    (0.033_765_242_898_423_99, 0.085_662_246_189_585_17),
    (0.169_395_306_766_867_74, 0.180_380_786_524_069_3),
    (0.380_690_406_958_401_55, 0.233_956_967_286_345_52),
    (0.619_309_593_041_598_4, 0.233_956_967_286_345_52),
    (0.830_604_693_233_132_2, 0.180_380_786_524_069_3),
    (0.966_234_757_101_576, 0.085_662_246_189_585_17),
];

/// The same for n = 3.
const THREE: [(f64, f64); 3] = [
    (0.112_701_665_379_258_31, 5.0 / 18.0),
    (0.5, 4.0 / 9.0),
    (0.887_298_334_620_741_7, 5.0 / 18.0),
];

/// `(alpha + t)^-p (beta + t)^-q`, a falling function of the time, with what its panels need to know of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FallingPowers {
    pub(crate) alpha: f64,
    pub(crate) p: f64,
    pub(crate) beta: f64,
    pub(crate) q: f64,
}

impl FallingPowers {
    /// `-d ln f / dt`.
    pub(crate) fn rate(&self, t: f64) -> f64 {
        self.p / (self.alpha + t) + self.q / (self.beta + t)
    }

    /// `ln [f(from) / f(to)]`.
    pub(crate) fn fall(&self, from: f64, to: f64) -> f64 {
        let length = to - from;
        self.p * (length / (self.alpha + from)).ln_1p() + self.q * (length / (self.beta + from)).ln_1p()
    }

    /// How far a panel from `t` may reach: it falls by a factor of about `e` and is a third as long as the
    /// distance of the nearer pole. Six nodes then leave a relative error of about 1e-13.
    pub(crate) fn reach(&self, t: f64) -> f64 {
        self.rate(t).recip().min(0.35 * (self.alpha.min(self.beta) + t))
    }

    /// Nodes and weights on (0, 1) for a panel within [`Self::reach`]: three leave a relative error of about 1e-13
    /// where the function hardly changes.
    pub(crate) fn nodes(&self, start: f64, end: f64) -> &'static [(f64, f64)] {
        let length = end - start;
        let is_even = self.rate(start) * length < 0.08 && self.alpha.min(self.beta) + start > 50.0 * length;
        if is_even { &THREE } else { &SIX }
    }

    /// `integral of f(t) / f(from) dt` from `from` to `to`. Stops where the rest is below all digits.
    pub(crate) fn scaled_integral(&self, from: f64, to: f64) -> f64 {
        let mut sum = 0.0;
        let mut start = from;
        while start < to {
            let at_start = (-self.fall(from, start)).exp();
            if at_start * (to - start) < 1e-18 * sum {
                break;
            }
            let reach = self.reach(start);
            let end = if start + reach < to { start + reach } else { to };
            let length = end - start;
            if length <= 0.0 {
                break;
            }
            for (node, weight) in SIX {
                let inner = length * node;
                let fall =
                    self.p * (inner / (self.alpha + start)).ln_1p() + self.q * (inner / (self.beta + start)).ln_1p();
                sum += at_start * length * weight * (-fall).exp();
            }
            start = end;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrals_with_a_closed_form_come_out() {
        // With alpha = beta the integrand is one power.
        for (alpha, p, q, from, to) in [
            (1e-150, 0.2, 1.001, 0.0, 50.0),
            (3.0, 0.5, 1.7, 0.0, 400.0),
            (3.0, 250.5, 1.7, 30.0, 31.0),
            (1e11, 1e10, 1e10, 2.0, 90.0),
            (7.0, 9000.0, 2.0, 20.0, 500.0),
        ] {
            let f = FallingPowers {
                alpha,
                p,
                beta: alpha,
                q,
            };
            let power = p + q - 1.0;
            let exact = (alpha + from) / power * -(-power * ((to - from) / (alpha + from)).ln_1p()).exp_m1();
            let sum = f.scaled_integral(from, to);
            assert!((sum / exact - 1.0).abs() < 1e-10, "{sum} {exact}");
        }
        assert_eq!(
            FallingPowers {
                alpha: 1.0,
                p: 1.0,
                beta: 1.0,
                q: 1.0
            }
            .scaled_integral(5.0, 5.0),
            0.0
        );
    }
}
