//! Tails and quantiles of the distributions that tests are read from.
//!
//! statrs has the tails. Its quantile of Student's t does not end for some degrees of freedom, and its tail loses
//! digits to cancellation where they are many, so that both are made here.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal, StudentsT};

/// Degrees of freedom above which Hill's transform is nearer than the incomplete beta function.
const MANY_DEGREES: f64 = 1_000.0;
/// Steps after which a quantile is taken as it is; about ten are needed.
const MOST_STEPS: usize = 200;

/// The value that a standard normal variable stays below with that probability.
pub(super) fn normal_quantile(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}

/// The probability that a standard normal variable is at least so far from zero, on either side.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    (2.0 * Normal::standard().sf(z.abs())).min(1.0)
}

/// The probability that Student's t is at least so far from zero, on either side.
pub(super) fn t_two_sided(t: f64, degrees: f64) -> f64 {
    (2.0 * t_tail(t.abs(), degrees)).min(1.0)
}

/// The t that is exceeded on either side with probability `1 - confidence` in all.
pub(super) fn t_quantile(confidence: f64, degrees: f64) -> f64 {
    let tail = (1.0 - confidence) / 2.0;
    // The tail is convex and that of the normal is thinner: Newton's steps come up from below and do not overshoot.
    let mut t = normal_quantile(1.0 - tail);
    let Ok(student) = StudentsT::new(0.0, 1.0, degrees) else {
        return t;
    };
    for _ in 0..MOST_STEPS {
        let step = (t_tail(t, degrees) - tail) / student.pdf(t);
        t += step;
        if step.abs() <= 1e-15 * t {
            break;
        }
    }
    t
}

/// The upper tail for `t >= 0`.
///
/// # Source
/// Hill (1970), Algorithm 395, Communications of the ACM 13, 617, where there are many degrees of freedom.
fn t_tail(t: f64, degrees: f64) -> f64 {
    if degrees <= MANY_DEGREES {
        return StudentsT::new(0.0, 1.0, degrees).map_or(f64::NAN, |student| student.sf(t));
    }
    let a = degrees - 0.5;
    let b = 48.0 * a * a;
    let y = a * (t * t / degrees).ln_1p();
    let correction = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b) + y + 3.0;
    Normal::standard().sf((correction / b + 1.0) * y.sqrt())
}

/// The probability that chi-square is at least so large.
pub(super) fn chi_square_tail(value: f64, degrees: f64) -> f64 {
    ChiSquared::new(degrees).map_or(f64::NAN, |chi_square| chi_square.sf(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-10, "{found:e} is not {expected:e}");
    }

    /// Values of mpmath with 40 digits, from the regularized incomplete beta function.
    #[test]
    fn students_t_agrees_with_the_incomplete_beta_function() {
        for (degrees, expected) in EXACT_QUANTILES {
            near(t_quantile(0.95, degrees), expected);
        }
        for (t, degrees, expected) in EXACT_TAILS {
            near(t_two_sided(t, degrees), expected);
            near(t_two_sided(-t, degrees), expected);
        }
    }

    #[test]
    fn both_ways_to_the_tail_meet() {
        for t in [0.1, 1.0, 2.0, 4.0, 8.0] {
            near(t_tail(t, MANY_DEGREES * (1.0 + 1e-12)), t_tail(t, MANY_DEGREES));
        }
    }

    #[test]
    fn many_degrees_are_normal() {
        near(t_quantile(0.95, 1e15), normal_quantile(0.975));
        near(t_two_sided(3.0, 1e15), normal_two_sided(3.0));
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
    }

    const EXACT_QUANTILES: [(f64, f64); 7] = [
        (1.0, 12.706204736174705),
        (2.5, 3.574654842003683),
        (10.0, 2.228138851986275),
        (120.0, 1.979930405082441),
        (5000.0, 1.960438551706508),
        (42611.87, 1.9600196577003517),
        (3000000.0, 1.9599647752974445),
    ];
    const EXACT_TAILS: [(f64, f64, f64); 8] = [
        (0.5, 3.2, 0.6494501780131946),
        (2.0, 10.0, 0.07338803477074037),
        (4.5, 999.0, 7.593903755170085e-06),
        (1.5, 1001.0, 0.13392972356390878),
        (6.0, 2500.0, 2.2593567443579385e-09),
        (3.1, 40000.0, 0.0019365497973691853),
        (15.0, 40000.0, 1.0090812650949323e-50),
        (2.2, 10000000.0, 0.027806917815878074),
    ];
}
