//! Bases that ask for a limit, and bases that allow no fit.

use cartera_clv::{
    Fit, Histories, History, Limit, NoFit, Outcome, PurchaseModelKind, fit_bg_nbd, fit_gamma_gamma, fit_pareto_nbd,
};

use crate::simulate::{Draws, Truth, histories, spend};

fn limiting<P>(fit: &Fit<P>, name: &str) -> (f64, f64) {
    let parameter = fit
        .limiting_parameters
        .iter()
        .find(|parameter| parameter.name == name)
        .unwrap();
    (parameter.value, parameter.standard_error.unwrap())
}

/// The first of some samples that asks for the limit it was drawn from: about half of them do, the others have their
/// maximum a little inside.
fn first_in<P>(limit: Limit, sample: impl Fn(u64) -> Fit<P>) -> Fit<P> {
    (0..12)
        .map(sample)
        .find(|fit| fit.outcome == Outcome::Limit(vec![limit]))
        .unwrap()
}

fn history(repeat_count: u32, recency_days: u32, age_days: u32) -> History {
    History {
        repeat_count,
        recency_days,
        age_days,
    }
}

#[test]
fn purchases_by_the_clock_are_a_common_rate_without_dropout() {
    let base = Histories::new((0..200).map(|customer| history(10, 300, 300 + customer % 30)).collect());
    for kind in PurchaseModelKind::ALL {
        let fit = kind.fit(&base).unwrap();
        assert_eq!(
            fit.outcome,
            Outcome::Limit(vec![Limit::CommonPurchaseRate, Limit::NoDropout])
        );
        assert_eq!(fit.outcome.slug(), "common_purchase_rate+no_dropout");
        // The Poisson estimate: purchases over time.
        let weeks: f64 = base
            .distinct()
            .iter()
            .map(|(one, count)| *count as f64 * one.age())
            .sum();
        let (rate, error) = limiting(&fit, "purchase_rate_per_week");
        assert!((rate / (2000.0 / weeks) - 1.0).abs() < 1e-6);
        assert!((error / (rate / 2000.0_f64.sqrt()) - 1.0).abs() < 1e-3);
        // Its log-likelihood in closed form.
        let poisson = 2000.0 * rate.ln() - rate * weeks;
        assert!(
            (fit.log_likelihood - poisson).abs() < 1e-4,
            "{} {poisson}",
            fit.log_likelihood
        );
        assert!(
            fit.parameters
                .iter()
                .all(|parameter| parameter.standard_error.is_none())
        );
    }
}

#[test]
fn one_dropout_for_all_comes_back_as_one_number() {
    let truth = Truth {
        kind: PurchaseModelKind::BgNbd,
        values: [0.8, 8.0, 2e5, 8e5],
    };
    let sample = |seed| fit_bg_nbd(&histories(&truth, 10_000, (200, 300), &mut Draws::new(seed))).unwrap();
    let fit = first_in(Limit::CommonDropout, sample);
    let (probability, error) = limiting(&fit, "dropout_probability");
    assert!(
        error < 0.02 && (probability - 0.2).abs() < 4.0 * error,
        "{probability} {error}"
    );
    assert!(fit.parameters[0].standard_error.is_some() && fit.parameters[2].standard_error.is_none());

    let truth = Truth {
        kind: PurchaseModelKind::ParetoNbd,
        values: [0.8, 8.0, 1e6, 2e7],
    };
    let sample = |seed| fit_pareto_nbd(&histories(&truth, 10_000, (200, 300), &mut Draws::new(seed))).unwrap();
    let fit = first_in(Limit::CommonDropout, sample);
    let (rate, error) = limiting(&fit, "dropout_rate_per_week");
    assert!(error < 0.01 && (rate - 0.05).abs() < 4.0 * error, "{rate} {error}");
}

#[test]
fn limits_of_a_base_that_is_thinned_first_are_those_of_all_rows() {
    for (kind, third, fourth) in [
        (PurchaseModelKind::MbgNbd, 1e-9, 1.0),
        (PurchaseModelKind::BgNbd, 1e5, 4e5),
        (PurchaseModelKind::ParetoNbd, 1.0, 1e9),
    ] {
        let truth = Truth {
            kind,
            values: [1.5, 6.0, third, fourth],
        };
        let base = histories(&truth, 30_000, (20, 500), &mut Draws::new(1));
        assert!(base.distinct().len() > 8192);
        let fit = kind.fit(&base).unwrap();
        let best = |best: f64, limit: &Fit<_>| best.max(limit.log_likelihood);
        let best = kind.fit_limits(&base).unwrap().iter().fold(f64::NEG_INFINITY, best);
        println!(
            "{} {} {} {best} {}",
            kind.slug(),
            fit.outcome,
            fit.log_likelihood,
            fit.evaluations
        );
        assert_ne!(fit.outcome, Outcome::Uncertain);
        assert!(fit.log_likelihood > best - 1e-3, "{} {best}", fit.log_likelihood);
    }
}

#[test]
fn spend_without_spread_between_or_within_customers_is_named() {
    let sample = |seed| fit_gamma_gamma(&spend([3.0, 1e9, 1e10], 3_000, 4.0, &mut Draws::new(seed))).unwrap();
    let fit = first_in(Limit::CommonMeanValue, sample);
    let (mean, error) = limiting(&fit, "mean_value");
    assert!(error < 1.0 && (mean - 30.0).abs() < 4.0 * error, "{mean} {error}");

    let sample = |seed| fit_gamma_gamma(&spend([1e9, 3.0, 3e-8], 3_000, 4.0, &mut Draws::new(seed))).unwrap();
    let fit = first_in(Limit::ConstantValue, sample);
    let (scale, error) = limiting(&fit, "value_scale");
    assert!(error < 1.0 && (scale - 10.0).abs() < 4.0 * error, "{scale} {error}");
}

#[test]
fn a_heavy_tail_of_spend_has_an_infinite_mean() {
    let fit = fit_gamma_gamma(&spend([4.0, 0.7, 10.0], 5_000, 4.0, &mut Draws::new(1))).unwrap();
    assert_eq!(fit.outcome, Outcome::Optimum);
    assert!(fit.params.has_infinite_mean());
}

#[test]
fn bases_that_allow_no_fit_say_why() {
    let reason = |base: Vec<History>| fit_bg_nbd(&Histories::new(base)).unwrap_err();
    assert_eq!(reason(vec![]), NoFit::TooFewCustomers { count: 0 });
    assert_eq!(reason(vec![history(1, 2, 3); 9]), NoFit::TooFewCustomers { count: 9 });
    assert_eq!(reason(vec![history(0, 0, 30); 50]), NoFit::NoRepeatPurchases);
    let mut few = vec![history(0, 0, 30); 50];
    few.extend([history(1, 3, 30); 2]);
    assert_eq!(reason(few), NoFit::TooFewRepeatCustomers { count: 2 });
    for impossible in [history(3, 2, 9), history(1, 10, 9), history(0, 2, 9), history(1, 0, 9)] {
        let mut base = vec![history(1, 3, 30); 50];
        base.push(impossible);
        assert_eq!(reason(base), NoFit::ImpossibleHistory(impossible));
    }
    assert_eq!(fit_gamma_gamma(&[(2, 5.0); 30]).unwrap_err(), NoFit::EqualValues);
    assert_eq!(
        fit_gamma_gamma(&[(2, 5.0); 3]).unwrap_err(),
        NoFit::TooFewCustomers { count: 3 }
    );
    for (count, mean) in [(0, 5.0), (1, 0.0), (1, -3.0), (1, f64::INFINITY)] {
        let reason = fit_gamma_gamma(&[(count, mean)]).unwrap_err();
        assert_eq!(reason, NoFit::ImpossibleValue { count, mean });
    }
    assert_eq!(
        fit_gamma_gamma(&[(1, f64::NAN)]).unwrap_err().slug(),
        "impossible_value"
    );
}

#[test]
fn equal_counts_do_not_tell_spread_between_customers_from_spread_within() {
    let values: Vec<(u32, f64)> = (0..200)
        .map(|customer| (8, [10.0, 50.0, 200.0, 1_000.0][customer % 4]))
        .collect();
    assert_eq!(fit_gamma_gamma(&values), Err(NoFit::EqualCounts));
}
