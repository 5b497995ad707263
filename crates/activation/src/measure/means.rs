//! Amounts and counts a customer: sales, margin, orders.

use super::comparison::{Comparison, Interval, POWER};
use super::distributions::{normal_quantile, t_quantile, t_two_sided};
use super::sums::OutcomeSums;

/// A mean with the square of its standard error.
#[derive(Clone, Copy)]
struct Mean {
    value: f64,
    error: f64,
    customers: f64,
}

impl Mean {
    #[expect(clippy::cast_precision_loss, reason = "counts of customers")]
    fn of(sums: &OutcomeSums, one: i64) -> Option<Self> {
        let customers = sums.customers() as f64;
        Some(Self {
            value: sums.mean(one)?,
            error: sums.variance(one)? / customers,
            customers,
        })
    }
}

/// Compares the means of two groups, whose values write 1 as `one`.
///
/// Where all customers of a group have the same value its mean is taken as exact; where that holds in both, nothing is
/// known of chance and there is neither interval nor test. The same goes for groups of fewer than two customers.
///
/// # Formula
/// - Interval and test of the difference: Welch's t, `t = d / sqrt(e1 + e2)` with `e = s²/n` and
///   `(e1 + e2)² / (e1²/(n1 - 1) + e2²/(n2 - 1))` degrees of freedom.
/// - Interval of the lift: Fieller's for the ratio of the means, with the same t, so that it leaves 0 out exactly where
///   the interval of the difference does. With `g = t² e2 / m2²`:
///   `(r ± t/m2 sqrt(e1 (1 - g) + r² e2)) / (1 - g) - 1`; none where `g >= 1` (the control group's mean may be zero) or
///   where that mean is not positive.
///
/// # Source
/// Welch (1947), The generalization of Student's problem when several different population variances are involved,
/// Biometrika 34, 28-35; Satterthwaite (1946), Biometrics Bulletin 2, 110-114. Fieller (1954), Some problems in interval
/// estimation, JRSS B 16, 175-185.
#[must_use]
pub fn compare_means(treated: &OutcomeSums, control: &OutcomeSums, one: i64, confidence: f64) -> Comparison {
    let (first, second) = (treated.mean(one), control.mean(one));
    let known = Comparison {
        treated: first,
        control: second,
        difference: first.zip(second).map(|(first, second)| first - second),
        lift: first
            .zip(second)
            .filter(|(_, second)| *second > 0.0)
            .map(|(first, second)| (first - second) / second),
        ..Comparison::default()
    };
    let (Some(one_mean), Some(other_mean)) = (Mean::of(treated, one), Mean::of(control, one)) else {
        return known;
    };
    let variance = one_mean.error + other_mean.error;
    if variance <= 0.0 {
        return known;
    }
    let share = |mean: Mean| mean.error * mean.error / (mean.customers - 1.0);
    let degrees = variance * variance / (share(one_mean) + share(other_mean));
    let difference = one_mean.value - other_mean.value;
    let quantile = t_quantile(confidence, degrees);
    let half = quantile * variance.sqrt();
    Comparison {
        difference_interval: Some(Interval {
            low: difference - half,
            high: difference + half,
        }),
        p_value: Some(t_two_sided(difference / variance.sqrt(), degrees)),
        lift_interval: fieller_interval(one_mean, other_mean, quantile),
        detectable_difference: Some((quantile + normal_quantile(POWER)) * variance.sqrt()),
        ..known
    }
}

fn fieller_interval(one: Mean, other: Mean, quantile: f64) -> Option<Interval> {
    if other.value <= 0.0 {
        return None;
    }
    let g = quantile * quantile * other.error / (other.value * other.value);
    if g >= 1.0 {
        return None;
    }
    let ratio = one.value / other.value;
    let half = quantile / other.value * (one.error * (1.0 - g) + ratio * ratio * other.error).sqrt();
    Some(Interval {
        low: (ratio - half) / (1.0 - g) - 1.0,
        high: (ratio + half) / (1.0 - g) - 1.0,
    })
}
