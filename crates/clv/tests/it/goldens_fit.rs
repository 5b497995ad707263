//! Published log-likelihoods, parameters and standard errors.

use cartera_clv::{
    BgNbd, Fit, GammaGamma, Histories, MbgNbd, Outcome, ParetoNbd, fit_bg_nbd, fit_gamma_gamma, fit_mbg_nbd,
    fit_pareto_nbd,
};

use crate::cdnow::cdnow;

fn sum(histories: &Histories, of: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let term =
        |(history, count): &(cartera_clv::History, u64)| *count as f64 * of(history.x(), history.t_x(), history.age());
    histories.distinct().iter().map(term).sum()
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found}, expected {expected} within {tolerance}"
    );
}

/// Values and standard errors as printed, each with its tolerance.
fn assert_parameters<P>(fit: &Fit<P>, values: &[(f64, f64)], errors: &[(f64, f64)]) {
    for (parameter, (value, tolerance)) in fit.parameters.iter().zip(values) {
        assert_near(parameter.value, *value, *tolerance);
    }
    for (parameter, (error, tolerance)) in fit.parameters.iter().zip(errors) {
        assert_near(parameter.standard_error.unwrap(), *error, *tolerance);
    }
}

#[test]
fn bg_nbd_on_cdnow() {
    let Some(cdnow) = cdnow() else { return };
    assert_eq!(cdnow.histories.customer_count(), 2357);
    let printed = BgNbd::new(0.243, 4.414, 0.793, 2.426).unwrap();
    assert_near(
        sum(&cdnow.histories, |x, t_x, age| printed.log_likelihood(x, t_x, age)),
        -9_582.430_478,
        1e-6,
    );
    let printed = BgNbd::new(0.242_594_5, 4.413_601_9, 0.792_919_9, 2.425_888_1).unwrap();
    assert_near(
        sum(&cdnow.histories, |x, t_x, age| printed.log_likelihood(x, t_x, age)),
        -9_582.429_207,
        1e-6,
    );
    let fit = fit_bg_nbd(&cdnow.histories).unwrap();
    println!("{fit:?}");
    assert_eq!(fit.outcome, Outcome::Optimum);
    assert_near(fit.log_likelihood, -9_582.429_207, 1e-5);
    assert_parameters(
        &fit,
        &[
            (0.242_594_5, 1e-5),
            (4.413_601_9, 2e-4),
            (0.792_919_9, 2e-4),
            (2.425_888_1, 1e-3),
        ],
        &[
            (0.012_557, 5e-6),
            (0.378_221, 1e-4),
            (0.185_719, 1e-4),
            (0.705_345, 5e-4),
        ],
    );
}

#[test]
fn mbg_nbd_on_cdnow() {
    let Some(cdnow) = cdnow() else { return };
    let printed = MbgNbd::new(0.525, 6.183, 0.891, 1.614).unwrap();
    assert_near(
        sum(&cdnow.histories, |x, t_x, age| printed.log_likelihood(x, t_x, age)),
        -9_582.135_826,
        1e-6,
    );
    let fit = fit_mbg_nbd(&cdnow.histories).unwrap();
    println!("{fit:?}");
    assert_eq!(fit.outcome, Outcome::Optimum);
    assert_near(fit.log_likelihood, -9_582.136, 1e-3);
    assert_parameters(&fit, &[(0.525, 1e-3), (6.183, 2e-3), (0.891, 1e-3), (1.614, 2e-3)], &[]);
}

#[test]
fn pareto_nbd_on_cdnow() {
    let Some(cdnow) = cdnow() else { return };
    for ([r, alpha, s, beta], expected) in [
        ([0.553, 10.578, 0.606, 11.669], -9_594.976_259),
        ([0.553_15, 10.576_33, 0.606_25, 11.671_50], -9_594.976_184),
        // By quadrature at 25 digits.
        ([0.5534, 10.5802, 0.6061, 11.6562], -9_594.976_204_350),
    ] {
        let printed = ParetoNbd::new(r, alpha, s, beta).unwrap();
        assert_near(
            sum(&cdnow.histories, |x, t_x, age| printed.log_likelihood(x, t_x, age)),
            expected,
            1e-6,
        );
    }
    let fit = fit_pareto_nbd(&cdnow.histories).unwrap();
    println!("{fit:?}");
    assert_eq!(fit.outcome, Outcome::Optimum);
    assert_near(fit.log_likelihood, -9_594.976, 1e-3);
    // The ridge of s and beta is flat: the log-likelihood is the test of beta.
    assert_parameters(
        &fit,
        &[(0.5533, 5e-4), (10.578, 5e-3), (0.6062, 1e-3), (11.66, 0.05)],
        &[
            (0.047_626_4, 1e-4),
            (0.842_722_2, 2e-3),
            (0.187_259_4, 1e-3),
            (6.210_544_8, 0.05),
        ],
    );
}

#[test]
fn gamma_gamma_on_cdnow() {
    let Some(cdnow) = cdnow() else { return };
    assert_eq!(cdnow.spend.len(), 946);
    let positive: Vec<(u32, f64)> = cdnow.spend.iter().copied().filter(|(_, mean)| *mean > 0.0).collect();
    let printed = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    let log_likelihood: f64 = positive
        .iter()
        .map(|(count, mean)| printed.log_likelihood(f64::from(*count), *mean))
        .sum();
    assert_near(log_likelihood, -4_055.919_232, 1e-5);
    let fit = fit_gamma_gamma(&positive).unwrap();
    println!("{fit:?}");
    assert_eq!(fit.outcome, Outcome::Optimum);
    assert_near(fit.log_likelihood, -4_055.917_7, 1e-3);
    assert_parameters(&fit, &[(6.25, 0.01), (3.74, 0.01), (15.44, 0.02)], &[]);
    assert!(!fit.params.has_infinite_mean());
}

#[test]
fn bg_nbd_at_single_points() {
    let params = BgNbd::new(0.25, 4.0, 0.8, 2.5).unwrap();
    assert_near(params.log_likelihood(0.0, 0.0, 40.0), -0.599_473_82, 1e-8);
    assert_near(params.log_likelihood(200.0, 38.0, 40.0), 100.7957, 5e-5);
}

#[test]
fn pareto_nbd_where_closed_forms_underflow() {
    let params = ParetoNbd::new(0.5143, 2.8845, 0.2856, 14.1087).unwrap();
    for (x, t_x, age) in [
        (221.0, 103.428_57, 103.571_43),
        (254.0, 97.142_86, 97.285_71),
        (161.0, 94.714_29, 98.0),
        (204.0, 98.571_43, 99.428_57),
        (132.0, 200.0, 200.0),
        (133.0, 200.0, 200.0),
    ] {
        let value = params.log_likelihood(x, t_x, age);
        assert!(value.is_finite(), "{x} {t_x} {age}");
        // More of the same history is never more likely than less of it.
        assert!(params.log_likelihood(x, t_x, age + 50.0) < value);
    }
}
