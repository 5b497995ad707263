//! Shares of customers: who visited, bought, answered.

use super::comparison::{Comparison, Interval, POWER};
use super::distributions::{normal_quantile, normal_two_sided};
use super::sums::OutcomeSums;

/// A rate with what it was made of.
#[derive(Clone, Copy)]
struct Rate {
    events: f64,
    customers: f64,
}

impl Rate {
    #[expect(clippy::cast_precision_loss, reason = "counts of customers")]
    fn of(sums: &OutcomeSums) -> Option<Self> {
        (sums.customers() > 0).then(|| Self {
            events: sums.nonzero() as f64,
            customers: sums.customers() as f64,
        })
    }

    fn value(self) -> f64 {
        self.events / self.customers
    }
}

/// Compares the rates of two groups; groups hold 1 for customers who did it and 0 for others.
///
/// # Formula
/// - Interval of the difference: Newcombe's hybrid score interval without continuity correction, from the Wilson limits
///   `l`, `u` of both rates: `d - sqrt((p1 - l1)² + (u2 - p2)²)` to `d + sqrt((u1 - p1)² + (p2 - l2)²)`.
/// - Test: `z = d / sqrt(p (1 - p) (1/n1 + 1/n2))` with the rate `p` of both groups together, two-sided. Where nobody or
///   everybody did it in both groups, nothing speaks against equal rates: 1.
/// - Interval of the lift: `exp(ln(p1/p2) ± z sqrt((1 - p1)/x1 + (1 - p2)/x2)) - 1`; none without an event in both.
///
/// # Source
/// Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
/// 873-890, method 10. Katz, Baptista, Azen & Pike (1978), Obtaining confidence intervals for the risk ratio in cohort
/// studies, Biometrics 34, 469-474, method C.
///
/// ```
/// use cartera_activation::measure::{OutcomeSums, compare_rates};
///
/// // Newcombe (1998), table II, example a: 56 of 70 against 48 of 80.
/// let found = compare_rates(&OutcomeSums::of_rate(70, 56), &OutcomeSums::of_rate(80, 48), 0.95);
/// let interval = found.difference_interval.expect("both groups have customers");
/// assert_eq!(format!("{:.4} to {:.4}", interval.low, interval.high), "0.0524 to 0.3339");
/// ```
#[must_use]
pub fn compare_rates(treated: &OutcomeSums, control: &OutcomeSums, confidence: f64) -> Comparison {
    let rates = (Rate::of(treated), Rate::of(control));
    let alone = Comparison {
        treated: rates.0.map(Rate::value),
        control: rates.1.map(Rate::value),
        ..Comparison::default()
    };
    let (Some(one), Some(other)) = rates else {
        return alone;
    };
    let difference = one.value() - other.value();
    Comparison {
        difference: Some(difference),
        difference_interval: Some(newcombe_interval(one, other, confidence)),
        p_value: Some(pooled_test(one, other)),
        lift: (other.events > 0.0).then(|| difference / other.value()),
        lift_interval: katz_interval(one, other, confidence),
        detectable_difference: detectable_difference_of_rates(
            other.value(),
            treated.customers(),
            control.customers(),
            confidence,
        ),
        ..alone
    }
}

/// The interval of a rate.
///
/// # Formula
/// `(2 n p + z² ± z sqrt(z² + 4 n p (1 - p))) / (2 (n + z²))`
///
/// # Source
/// Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of customers")]
pub fn wilson_interval(events: u64, customers: u64, confidence: f64) -> Option<Interval> {
    let rate = Rate {
        events: events as f64,
        customers: customers as f64,
    };
    (customers > 0 && events <= customers).then(|| wilson(rate, two_sided_quantile(confidence)))
}

/// The smallest difference between the rates of two groups that their sizes show, where the second has the rate
/// `base_rate`; none without customers in both, and where everybody or nobody does it.
///
/// # Formula
/// `(z(1 - alpha/2) + z(power)) sqrt(p (1 - p) (1/n1 + 1/n2))` with `p` the base rate and 80 % power.
///
/// # Source
/// Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd edition, section 4.2, with the
/// variance of the base rate in both groups.
///
/// ```
/// use cartera_activation::measure::detectable_difference_of_rates;
///
/// let smallest = detectable_difference_of_rates(0.02, 9_000, 1_000, 0.95).expect("two groups");
/// assert_eq!(format!("{smallest:.4}"), "0.0131");
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of customers")]
pub fn detectable_difference_of_rates(base_rate: f64, treated: u64, control: u64, confidence: f64) -> Option<f64> {
    if treated == 0 || control == 0 || !(base_rate > 0.0 && base_rate < 1.0) {
        return None;
    }
    let variance = base_rate * (1.0 - base_rate) * (1.0 / treated as f64 + 1.0 / control as f64);
    Some((two_sided_quantile(confidence) + normal_quantile(POWER)) * variance.sqrt())
}

/// Whether so few customers did it, or did not, that the test is not to be relied on: with equal rates one of the four
/// groups would have fewer than five customers (Cochran 1954).
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of customers")]
pub(super) fn has_few_events(treated: &OutcomeSums, control: &OutcomeSums) -> bool {
    let customers = treated.customers() + control.customers();
    if customers == 0 {
        return false;
    }
    let rate = (treated.nonzero() + control.nonzero()) as f64 / customers as f64;
    let smaller = treated.customers().min(control.customers()) as f64;
    smaller * rate.min(1.0 - rate) < 5.0
}

fn two_sided_quantile(confidence: f64) -> f64 {
    normal_quantile(0.5 + confidence / 2.0)
}

fn wilson(rate: Rate, z: f64) -> Interval {
    let Rate { events, customers } = rate;
    let root = z * (z * z + 4.0 * events * (1.0 - events / customers)).sqrt();
    let (middle, width) = (2.0 * events + z * z, 2.0 * (customers + z * z));
    // Where nobody or everybody did it the end is exact, but for rounding.
    Interval {
        low: ((middle - root) / width).max(0.0),
        high: ((middle + root) / width).min(1.0),
    }
}

fn newcombe_interval(one: Rate, other: Rate, confidence: f64) -> Interval {
    let z = two_sided_quantile(confidence);
    let (first, second) = (wilson(one, z), wilson(other, z));
    let (p1, p2) = (one.value(), other.value());
    let difference = p1 - p2;
    Interval {
        low: difference - (p1 - first.low).hypot(second.high - p2),
        high: difference + (first.high - p1).hypot(p2 - second.low),
    }
}

fn pooled_test(one: Rate, other: Rate) -> f64 {
    let rate = (one.events + other.events) / (one.customers + other.customers);
    let variance = rate * (1.0 - rate) * (1.0 / one.customers + 1.0 / other.customers);
    if variance <= 0.0 {
        return 1.0;
    }
    normal_two_sided((one.value() - other.value()) / variance.sqrt())
}

fn katz_interval(one: Rate, other: Rate, confidence: f64) -> Option<Interval> {
    if one.events <= 0.0 || other.events <= 0.0 {
        return None;
    }
    let variance = (1.0 - one.value()) / one.events + (1.0 - other.value()) / other.events;
    let ratio = (one.value() / other.value()).ln();
    let half = two_sided_quantile(confidence) * variance.sqrt();
    Some(Interval {
        low: (ratio - half).exp_m1(),
        high: (ratio + half).exp_m1(),
    })
}
