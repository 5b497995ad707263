//! What fits give back: the parameters that customers were drawn from, and the same for the same customers.

use cartera_clv::{Fit, Histories, History, Outcome, PurchaseModel, PurchaseModelKind, fit_gamma_gamma};

use crate::simulate::{Draws, Truth, histories, spend};

/// Parameters within some standard errors of the truth, and those errors small enough to mean something.
fn assert_recovered<P>(fit: &Fit<P>, truth: &[f64]) {
    assert_eq!(fit.outcome, Outcome::Optimum);
    for (parameter, truth) in fit.parameters.iter().zip(truth) {
        let error = parameter.standard_error.unwrap();
        assert!(error < 0.35 * truth, "{parameter:?}, drawn from {truth}");
        assert!(
            (parameter.value - truth).abs() < 4.0 * error,
            "{parameter:?}, drawn from {truth}"
        );
    }
}

#[test]
fn parameters_of_simulated_customers_come_back() {
    // Rare purchases: the models know no two purchases on one day, nor days.
    for (kind, values) in [
        (PurchaseModelKind::BgNbd, [0.8, 12.0, 0.9, 2.5]),
        (PurchaseModelKind::MbgNbd, [0.8, 12.0, 0.6, 2.0]),
        (PurchaseModelKind::ParetoNbd, [0.9, 12.0, 0.8, 20.0]),
    ] {
        let truth = Truth { kind, values };
        let base = histories(&truth, 40_000, (200, 730), &mut Draws::new(11));
        assert_recovered(&kind.fit(&base).unwrap(), &values);
    }
}

#[test]
fn spend_parameters_of_simulated_customers_come_back() {
    let values = [6.0, 4.0, 15.0];
    assert_recovered(
        &fit_gamma_gamma(&spend(values, 40_000, 4.0, &mut Draws::new(3))).unwrap(),
        &values,
    );
}

fn some_base(customers: usize) -> Histories {
    let truth = Truth {
        kind: PurchaseModelKind::BgNbd,
        values: [0.6, 6.0, 0.8, 4.0],
    };
    histories(&truth, customers, (1, 400), &mut Draws::new(5))
}

#[test]
fn the_same_customers_twice_give_the_same_parameters_and_twice_the_log_likelihood() {
    let once = some_base(3_000);
    let every = |(history, count): &(History, u64)| vec![*history; 2 * usize::try_from(*count).unwrap()];
    let twice = Histories::new(once.distinct().iter().flat_map(every).collect());
    for kind in PurchaseModelKind::ALL {
        let (one, two) = (kind.fit(&once).unwrap(), kind.fit(&twice).unwrap());
        assert!((2.0 * one.log_likelihood - two.log_likelihood).abs() < 1e-6);
        for (one, two) in one.parameters.iter().zip(&two.parameters) {
            assert!((one.value / two.value - 1.0).abs() < 1e-4, "{one:?} {two:?}");
            let errors = one.standard_error.unwrap() / two.standard_error.unwrap();
            assert!((errors - std::f64::consts::SQRT_2).abs() < 1e-3, "{one:?} {two:?}");
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let base = some_base(60_000);
    assert!(base.distinct().len() > 8192);
    let values = spend([6.0, 4.0, 15.0], 20_000, 4.0, &mut Draws::new(3));
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let of = |kind: PurchaseModelKind| format!("{:?}", kind.fit(&base).unwrap());
            (
                PurchaseModelKind::ALL.map(of),
                format!("{:?}", fit_gamma_gamma(&values).unwrap()),
            )
        })
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn tables_and_formulas_give_the_same_log_likelihood() {
    let base = some_base(20_000);
    for kind in PurchaseModelKind::ALL {
        let fit = kind.fit(&base).unwrap();
        let of = |(history, count): &(History, u64)| {
            *count as f64 * PurchaseModel::log_likelihood(&fit.params, history.x(), history.t_x(), history.age())
        };
        let sum: f64 = base.distinct().iter().map(of).sum();
        assert!(
            (sum - fit.log_likelihood).abs() < 1e-11 * sum.abs(),
            "{sum} {}",
            fit.log_likelihood
        );
    }
}
