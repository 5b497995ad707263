//! Simulated bases over a wide range of parameters: each fit ends in a certified optimum or in limits by name.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cartera_clv::{
    Fit, Histories, History, Outcome, PurchaseModel, PurchaseModelKind, fit_gamma_gamma, fit_gamma_gamma_limits,
};

use crate::simulate::{Draws, Truth, histories, spend};

/// What the purchases of a base are like; each kind of base in turn.
const SHAPES: usize = 10;

fn purchase(shape: usize, draws: &mut Draws) -> [f64; 2] {
    let (r, rate) = match shape {
        0 | 1 => (draws.log_uniform(0.2, 5.0), draws.log_uniform(0.01, 1.0)),
        4 => (draws.log_uniform(0.1, 3.0), draws.log_uniform(1e-6, 1e-4)),
        5 => (1e6, draws.log_uniform(0.01, 1.0)),
        _ => (draws.log_uniform(0.03, 50.0), draws.log_uniform(0.003, 2.0)),
    };
    [r, r / rate]
}

/// `a` and `b`.
fn dropout_by_purchase(shape: usize, draws: &mut Draws) -> [f64; 2] {
    let (mean, total) = match shape {
        2 => (1e-9, 1.0),
        3 => (0.98, draws.log_uniform(0.1, 50.0)),
        6 => (draws.log_uniform(0.02, 0.6), 1e6),
        7 => (draws.log_uniform(0.05, 0.6), 1e-3),
        8 => (draws.log_uniform(1e-3, 0.9), draws.log_uniform(0.02, 100.0)),
        _ => (draws.log_uniform(0.05, 0.6), draws.log_uniform(0.5, 10.0)),
    };
    [mean * total, (1.0 - mean) * total]
}

/// `s` and `beta`.
fn dropout_by_time(shape: usize, draws: &mut Draws) -> [f64; 2] {
    let (s, rate) = match shape {
        2 => (1.0, 1e-9),
        3 => (draws.log_uniform(0.5, 5.0), 2.0),
        6 => (1e6, draws.log_uniform(0.003, 0.2)),
        7 => (0.02, draws.log_uniform(1.0, 1e9)),
        8 => (draws.log_uniform(0.05, 50.0), draws.log_uniform(1e-4, 2.0)),
        _ => (draws.log_uniform(0.2, 3.0), draws.log_uniform(0.005, 0.2)),
    };
    [s, s / rate]
}

/// Customers who buy every so many days to the end, by the clock.
fn regular(customers: usize, draws: &mut Draws) -> Histories {
    let every = 5 + (draws.uniform() * 40.0) as u32;
    let spread = (draws.uniform() * 4.0) as u32;
    let history = |_| {
        let age_days = 30 + (draws.uniform() * 250.0) as u32;
        let gap = every + (draws.uniform() * f64::from(spread)) as u32;
        History {
            repeat_count: age_days / gap,
            recency_days: age_days / gap * gap,
            age_days,
        }
    };
    Histories::new((0..customers).map(history).collect())
}

fn base(number: usize, largest: f64, draws: &mut Draws) -> (Option<Truth>, Histories) {
    let shape = number % SHAPES;
    let kind = PurchaseModelKind::ALL[number / SHAPES % 3];
    let customers = draws.log_uniform(100.0, largest) as usize;
    if shape == 9 {
        return (None, regular(customers, draws));
    }
    let [r, alpha] = purchase(shape, draws);
    let [third, fourth] = match kind {
        PurchaseModelKind::ParetoNbd => dropout_by_time(shape, draws),
        _ => dropout_by_purchase(shape, draws),
    };
    let truth = Truth {
        kind,
        values: [r, alpha, third, fourth],
    };
    let youngest = 1 + (draws.uniform() * 100.0) as u32;
    let ages = (youngest, youngest + (draws.uniform() * 250.0) as u32);
    (Some(truth), histories(&truth, customers, ages, draws))
}

fn sum(model: &PurchaseModel, histories: &Histories) -> f64 {
    let of = |(history, count): &(History, u64)| {
        *count as f64 * model.log_likelihood(history.x(), history.t_x(), history.age())
    };
    histories.distinct().iter().map(of).sum()
}

/// The highest of some log-likelihoods.
fn best<P>(fits: &[Fit<P>]) -> f64 {
    fits.iter()
        .map(|fit| fit.log_likelihood)
        .fold(f64::NEG_INFINITY, f64::max)
}

/// What is wrong with a fit.
fn flaws<P>(fit: &Fit<P>, at_truth: f64, best_limit: f64) -> Vec<String> {
    let mut flaws = Vec::new();
    if fit.outcome == Outcome::Uncertain {
        flaws.push("uncertain".to_owned());
    }
    if !fit.log_likelihood.is_finite() || !fit.gradient_norm.is_finite() {
        flaws.push("not finite".to_owned());
    }
    for number in fit.parameters.iter().chain(&fit.limiting_parameters) {
        if !number.value.is_finite() || number.value <= 0.0 || number.standard_error.is_some_and(f64::is_nan) {
            flaws.push(format!("{number:?}"));
        }
    }
    let slack = 1e-3 + 1e-9 * fit.log_likelihood.abs();
    for (what, other) in [("the truth", at_truth), ("a limit", best_limit)] {
        if fit.log_likelihood < other - slack {
            flaws.push(format!("{} below {other} of {what}", fit.log_likelihood));
        }
    }
    flaws
}

/// Outcomes of the models on one base, and what is wrong with them.
#[derive(Default)]
struct Findings {
    outcomes: Vec<(&'static str, String)>,
    flaws: Vec<String>,
}

/// Every so many-th base is held against all of its limiting models.
const COMPARED: usize = 4;

fn purchases(number: usize, largest: f64, findings: &mut Findings) {
    let (truth, histories) = base(number, largest, &mut Draws::new(number as u64));
    for kind in PurchaseModelKind::ALL {
        let fit = match kind.fit(&histories) {
            Ok(fit) => fit,
            Err(reason) => {
                findings.outcomes.push((kind.slug(), reason.slug().to_owned()));
                continue;
            }
        };
        let of_truth = truth.filter(|truth| truth.kind == kind).map(|truth| truth.model());
        let at_truth = of_truth.map_or(f64::NEG_INFINITY, |model| sum(&model, &histories));
        let at_limit = if number.is_multiple_of(COMPARED) {
            best(&kind.fit_limits(&histories).unwrap())
        } else {
            f64::NEG_INFINITY
        };
        let mut flaws = flaws(&fit, at_truth, at_limit);
        let pointwise = sum(&fit.params, &histories);
        if (pointwise - fit.log_likelihood).abs() > 1e-6 + 1e-9 * pointwise.abs() {
            flaws.push(format!("{pointwise} by customers, {} by tables", fit.log_likelihood));
        }
        for flaw in flaws {
            findings
                .flaws
                .push(format!("base {number} of {truth:?}: {flaw} in {} {fit:?}", kind.slug()));
        }
        findings.outcomes.push((kind.slug(), fit.outcome.slug()));
    }
}

fn spending(number: usize, largest: f64, findings: &mut Findings) {
    let values = gamma_gamma_values(number, largest, &mut Draws::new(1_000_000 + number as u64));
    let slug = match fit_gamma_gamma(&values) {
        Err(reason) => reason.slug().to_owned(),
        Ok(fit) => {
            for flaw in flaws(&fit, f64::NEG_INFINITY, best(&fit_gamma_gamma_limits(&values).unwrap())) {
                findings.flaws.push(format!("spend {number}: {flaw} in {fit:?}"));
            }
            fit.outcome.slug()
        }
    };
    findings.outcomes.push(("gamma_gamma", slug));
}

#[expect(clippy::print_stdout, reason = "the counts are the finding")]
fn converge(bases: usize, largest: f64) {
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Findings::default());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= bases {
                        break;
                    }
                    let mut findings = Findings::default();
                    purchases(number, largest, &mut findings);
                    spending(number, largest, &mut findings);
                    let mut all = all.lock().unwrap();
                    all.outcomes.append(&mut findings.outcomes);
                    all.flaws.append(&mut findings.flaws);
                }
            });
        }
    });
    let Findings { outcomes, flaws } = all.into_inner().unwrap();
    let mut counts: BTreeMap<(&str, String), u32> = BTreeMap::new();
    for outcome in outcomes {
        *counts.entry(outcome).or_default() += 1;
    }
    for ((model, outcome), count) in counts {
        println!("{model} {outcome}: {count}");
    }
    assert!(flaws.is_empty(), "{} flaws:\n{}", flaws.len(), flaws.join("\n"));
}

fn gamma_gamma_values(number: usize, largest: f64, draws: &mut Draws) -> Vec<(u32, f64)> {
    let customers = draws.log_uniform(5.0, largest) as usize;
    let mean_count = draws.log_uniform(1.1, 20.0);
    let [p, q, mean] = match number % 5 {
        0 | 1 => [
            draws.log_uniform(0.5, 20.0),
            draws.log_uniform(1.2, 10.0),
            draws.log_uniform(1.0, 1e4),
        ],
        2 => [draws.log_uniform(0.5, 20.0), 1e6, 30.0],
        3 => [1e6, draws.log_uniform(0.5, 20.0), 30.0],
        _ => [
            draws.log_uniform(0.05, 100.0),
            draws.log_uniform(0.1, 100.0),
            draws.log_uniform(1e-3, 1e6),
        ],
    };
    if number.is_multiple_of(97) {
        return vec![(2, 10.0); customers];
    }
    spend([p, q, mean * q / p], customers, mean_count, draws)
}

#[test]
fn bases_of_every_kind_end_in_an_optimum_or_in_limits_by_name() {
    converge(200, 20_000.0);
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_bases_end_in_an_optimum_or_in_limits_by_name() {
    converge(1_000, 20_000.0);
}

#[test]
#[ignore = "takes a quarter of an hour"]
fn a_thousand_bases_of_up_to_100_thousand_customers_end_in_an_optimum_or_in_limits_by_name() {
    converge(1_000, 100_000.0);
}
