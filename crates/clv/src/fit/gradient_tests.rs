//! Each fast objective against its formula and its own differences, over wide parameters.

use proptest::prelude::*;

use super::beta_geometric::BetaGeometric;
use super::gamma_gamma::Spend;
use super::objective::Objective;
use super::pareto_nbd::ParetoGamma;
use super::purchase_spaces::{AfterPurchase, AtAnyTime};
use super::rows::Rows;
use super::space::Space;
use super::spend_space::SpendSpace;
use crate::history::{Histories, History};
use crate::params::{BgNbd, GammaGamma, MbgNbd, ParetoNbd};

fn histories() -> Histories {
    let history = |repeat_count, recency_days, age_days| History {
        repeat_count,
        recency_days,
        age_days,
    };
    let mut all = vec![
        history(0, 0, 300),
        history(0, 0, 3),
        history(0, 0, 0),
        history(1, 1, 1),
        history(1, 7, 300),
    ];
    all.extend([
        history(2, 50, 60),
        history(3, 299, 300),
        history(12, 90, 300),
        history(90, 150, 299),
    ]);
    all.extend([
        history(0, 0, 300),
        history(5, 200, 200),
        history(40, 40, 41),
        history(2, 2, 280),
    ]);
    Histories::new(all)
}

fn sum(of: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let all = histories();
    all.distinct()
        .iter()
        .map(|(one, count)| *count as f64 * of(one.x(), one.t_x(), one.age()))
        .sum()
}

/// The step of the differences, and how far they reach.
const STEP: f64 = 2e-3;
const WIDEST_STEP: f64 = 2.0 * STEP;

/// The gradient by the coordinates against differences of the value.
fn assert_gradient<O: Objective<D>, S: Space<D>, const D: usize>(objective: &O, space: &S, at: [f64; D]) {
    let evaluations = std::cell::Cell::new(0);
    let surface = super::surface::Surface::new(objective, space, 1, &evaluations);
    let point = surface.at(at);
    for place in 0..D {
        let shifted = |step: f64| {
            let mut shifted = at;
            shifted[place] += step;
            surface.at(shifted).value
        };
        // Fourth order.
        let difference =
            (8.0 * (shifted(STEP) - shifted(-STEP)) - (shifted(WIDEST_STEP) - shifted(-WIDEST_STEP))) / (12.0 * STEP);
        let tolerance = 1e-7 * (1.0 + point.value.abs() + difference.abs());
        let gradient = point.gradient[place];
        assert!(
            (gradient - difference).abs() < tolerance,
            "{place} at {at:?}: {gradient}, {difference} by differences"
        );
    }
}

fn assert_same(fast: f64, slow: f64) {
    assert!(
        (fast - slow).abs() < 1e-9 * (1.0 + slow.abs()),
        "{fast} by tables, {slow} by customers"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn of_bg_nbd_and_mbg_nbd(
        rate in -6.0..3.0, shape in -5.0..23.0, dropout in -20.0..20.0, spread in -20.0..23.0
    ) {
        let at = [rate, shape, dropout, spread];
        let rows = Rows::new(&histories()).unwrap();
        let space = AfterPurchase::of(&rows);
        let [r, alpha, a, b] = space.logs(&at).map(f64::exp);
        let objective = BetaGeometric::new(rows.clone(), 0);
        assert_gradient(&objective, &space, at);
        let formula = BgNbd { r, alpha, a, b };
        assert_same(objective.evaluate(&space.logs(&at)).value, sum(|x, t_x, age| formula.log_likelihood(x, t_x, age)));
        let objective = BetaGeometric::new(rows, 1);
        assert_gradient(&objective, &space, at);
        let formula = MbgNbd { r, alpha, a, b };
        assert_same(objective.evaluate(&space.logs(&at)).value, sum(|x, t_x, age| formula.log_likelihood(x, t_x, age)));
    }

    #[test]
    fn of_pareto_nbd(rate in -6.0..3.0, shape in -5.0..23.0, spread in -5.0..23.0, dropout in -20.0..3.0) {
        let at = [rate, shape, spread, dropout];
        let rows = Rows::new(&histories()).unwrap();
        let space = AtAnyTime::of(&rows);
        // The coordinates have a kink where `beta` comes to its end: no differences across it.
        let is_at_end = |step: f64| space.jacobian(&[rate, shape, spread, dropout + step])[2][3] != 0.0;
        prop_assume!(is_at_end(-WIDEST_STEP) == is_at_end(WIDEST_STEP));
        let [r, alpha, s, beta] = space.logs(&at).map(f64::exp);
        let objective = ParetoGamma::new(rows);
        assert_gradient(&objective, &space, at);
        let formula = ParetoNbd { r, alpha, s, beta };
        assert_same(objective.evaluate(&space.logs(&at)).value, sum(|x, t_x, age| formula.log_likelihood(x, t_x, age)));
    }

    #[test]
    fn of_gamma_gamma(scale in -3.0..8.0, p in -4.0..9.0, q in -4.0..9.0) {
        let values: Vec<(u32, f64)> = (1..14).map(|one| (1 + one % 4, 3.0 * f64::from(one).powf(1.4))).collect();
        let spend = Spend::new(&values).unwrap();
        let space = SpendSpace::of(&spend);
        let at = [scale, p, q];
        assert_gradient(&spend, &space, at);
        let [p, q, gamma] = space.logs(&at).map(f64::exp);
        let formula = GammaGamma { p, q, gamma };
        let slow: f64 = values.iter().map(|(count, mean)| formula.log_likelihood(f64::from(*count), *mean)).sum();
        assert_same(spend.evaluate(&space.logs(&at)).value, slow);
    }
}
