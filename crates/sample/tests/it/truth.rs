//! The customers against the models that they are drawn from, read from the truth file.

use std::collections::{HashMap, HashSet};

use cartera_sample::{SampleFile, SampleParams};
use jiff::civil::{Date, date};

use crate::read::Sample;

struct Customer {
    weeks_observed: f64,
    purchases_per_week: f64,
    dropout_probability: f64,
    mean_order_value: f64,
    alive_at_end: bool,
    repeat_orders: f64,
    average_order_value: f64,
}

/// Customers whom neither complaints nor campaigns move: the pure models.
fn customers() -> Vec<Customer> {
    let sample = Sample::write(SampleParams {
        complaint_dropout: 0.0,
        campaign_lift: 0.0,
        ..SampleParams::new(30_000, 31)
    });
    let rows = sample.rows(SampleFile::TruthCustomers);
    rows.iter()
        .map(|row| {
            let number = |name: &str| row[name].parse::<f64>().unwrap();
            let joined: Date = row["joined_on"].parse().unwrap();
            assert_eq!(row["ended_by"] == "own", row["alive_at_end"] == "false");
            Customer {
                // On average in the middle of the day.
                weeks_observed: (f64::from((date(2026, 1, 1) - joined).get_days()) - 0.5) / 7.0,
                purchases_per_week: number("purchases_per_week"),
                dropout_probability: number("dropout_probability"),
                mean_order_value: number("mean_order_value"),
                alive_at_end: row["alive_at_end"].parse().unwrap(),
                repeat_orders: number("order_count") - 1.0,
                average_order_value: number("sales") / number("order_count"),
            }
        })
        .collect()
}

/// The mean of `values` and its standard error.
fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Mean repeat purchases given a customer's own rate and dropout probability.
///
/// While active, dropouts come as a Poisson process of rate `lambda p`, so the expected active time
/// is `(1 - exp(-lambda p t)) / (lambda p)` (Fader, Hardie & Lee 2005, section 4.2).
fn expected_given_traits(customer: &Customer) -> f64 {
    let p = customer.dropout_probability;
    let reach = customer.purchases_per_week * customer.weeks_observed;
    if p < 1e-9 { reach } else { -(-reach * p).exp_m1() / p }
}

/// Mean repeat purchases of a customer of unknown traits: the same, integrated over the Gamma and
/// the Beta distribution; `lambda` in closed form, `p` by the midpoint rule.
fn expected_of_population(weeks: f64) -> f64 {
    let purchase = cartera_sample::PurchaseParams::default();
    let (r, alpha, a, b) = (purchase.r, purchase.alpha_weeks, purchase.a, purchase.b);
    let steps = 5_000;
    let (mut sum, mut weights_sum) = (0.0, 0.0);
    for step in 0..steps {
        // u^(1/a) spreads the points so that the density's pole at zero disappears.
        let p = ((f64::from(step) + 0.5) / f64::from(steps)).powf(1.0 / a);
        let weight = (1.0 - p).powf(b - 1.0);
        sum += weight * (1.0 - (alpha / (alpha + p * weeks)).powf(r)) / p;
        weights_sum += weight;
    }
    sum / weights_sum
}

#[test]
fn no_two_customers_are_the_same() {
    let customers = customers();
    let traits = |it: &Customer| (it.purchases_per_week.to_bits(), it.mean_order_value.to_bits());
    let distinct: HashSet<(u64, u64)> = customers.iter().map(traits).collect();
    assert_eq!(distinct.len(), customers.len());
}

#[test]
fn purchases_follow_bg_nbd() {
    let customers = customers();
    let (repeats, error) = mean(customers.iter().map(|customer| customer.repeat_orders));
    assert!(error < 0.01 * repeats);
    let mut by_weeks: HashMap<u64, f64> = HashMap::new();
    let (expected, _) = mean(customers.iter().map(|customer| {
        let weeks = customer.weeks_observed;
        *by_weeks
            .entry(weeks.to_bits())
            .or_insert_with(|| expected_of_population(weeks))
    }));
    assert!((repeats - expected).abs() < 4.0 * error, "{repeats} vs {expected}");

    let (residual, error) = mean(customers.iter().map(|it| it.repeat_orders - expected_given_traits(it)));
    assert!(error < 0.005 * repeats, "the test is too weak: {error}");
    assert!(residual.abs() < 4.0 * error, "{residual} vs {error}");
}

#[test]
fn customers_are_alive_as_often_as_the_model_says() {
    let alive = |it: &Customer| f64::from(u8::from(it.alive_at_end));
    let chance = |it: &Customer| (-it.purchases_per_week * it.dropout_probability * it.weeks_observed).exp();
    let customers = customers();
    for (low, high) in [(0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)] {
        let group = customers.iter().filter(|it| (low..high).contains(&chance(it)));
        assert!(group.clone().count() > 500);
        let (residual, error) = mean(group.map(|it| alive(it) - chance(it)));
        assert!(residual.abs() < 4.0 * error, "{low} to {high}: {residual} vs {error}");
    }
}

#[test]
fn spend_follows_gamma_gamma_and_is_independent_of_purchases() {
    let customers = customers();
    let expected = 6.0 * 25.0 / (4.0 - 1.0);
    let (value, error) = mean(customers.iter().map(|it| it.average_order_value));
    assert!(error < 0.01 * expected);
    assert!((value - expected).abs() < 4.0 * error, "{value} vs {expected}");
    let (residual, error) = mean(customers.iter().map(|it| it.average_order_value - it.mean_order_value));
    assert!(residual.abs() < 4.0 * error, "{residual} vs {error}");

    let (repeats, _) = mean(customers.iter().map(|it| it.repeat_orders));
    let (product, error) = mean(
        customers
            .iter()
            .map(|it| (it.repeat_orders - repeats) * (it.mean_order_value - expected)),
    );
    assert!(product.abs() < 4.0 * error, "{product} vs {error}");
}
