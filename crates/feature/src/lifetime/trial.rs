//! The models tried on the holdout: fitted to what was known at the cut, and held against what came.

use std::collections::HashMap;

use cartera_clv::{
    DAYS_PER_WEEK, Fit, GammaGamma, Histories, History, NoFit, PurchaseModel, PurchaseModelKind, RepeatPurchases,
    fit_gamma_gamma,
};
use cartera_table::Table;
use cartera_table::contracts::ClvBacktest;
use rayon::prelude::*;

use super::Evidence;
use super::backtest::{Prediction, Tracking, backtest_table};
use super::errors::Errors;
use super::fits::{GAMMA_GAMMA, ModelRows, Sample};
use super::naive;
use super::subjects::{Subject, Subjects};
use crate::error::FeatureError;
use crate::params::ModelChoice;

/// The chosen model on the holdout, beside the naive guess that lay nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backtested {
    /// Customers known at the cut.
    pub customers: u64,
    /// Customers first seen after it.
    pub excluded: u64,
    /// Predicted by actual purchase days, less 1; none where there were none.
    pub orders_bias: Option<f64>,
    /// Mean absolute error of a customer's purchase days.
    pub orders_mae: f64,
    /// Root mean square error of a customer's purchase days.
    pub orders_rmse: f64,
    /// The nearest naive guess, by root mean square error.
    pub naive: &'static str,
    /// Its root mean square error.
    pub naive_orders_rmse: f64,
}

/// What came of it.
pub(super) struct Trial {
    pub(super) table: Table<ClvBacktest>,
    /// The model whose orders lay nearest to what came, by root mean square error; none where none could be fitted.
    pub(super) best: Option<PurchaseModelKind>,
    /// How near it lay, beside the best naive guess.
    pub(super) result: Option<Backtested>,
    /// Fits for `clv_model`; which is chosen is not known here.
    fits: Vec<(PurchaseModelKind, Result<Fit<PurchaseModel>, NoFit>)>,
    spend: Result<Fit<GammaGamma>, NoFit>,
}

impl Trial {
    /// Tries the models that the pipeline allows.
    pub(super) fn run(subjects: &Subjects, evidence: Evidence<'_>, choice: ModelChoice) -> Result<Self, FeatureError> {
        let Evidence {
            counts,
            window,
            model_before,
        } = evidence;
        let customers = &subjects.customers;
        let holdout_days = window.holdout_days().unwrap_or_default();
        let histories = Histories::new(customers.iter().map(|subject| subject.history).collect());
        let values: Vec<(u32, f64)> = customers
            .iter()
            .filter(|subject| subject.value_count > 0)
            .map(|subject| (subject.value_count, subject.value_mean))
            .collect();
        let spend = fit_gamma_gamma(&values);
        let mut fits = Vec::new();
        let (mut predictions, mut curves) = (Vec::new(), Vec::new());
        let mut tried: Vec<(PurchaseModelKind, Errors)> = Vec::new();
        for kind in choice.kinds() {
            let fit = kind.fit(&histories);
            if let Ok(fit) = &fit {
                let prediction = predict(&fit.params, spend.as_ref().ok(), customers, &histories, holdout_days);
                tried.push((kind, prediction.order_errors(customers)));
                predictions.push(prediction);
                curves.push(tracking(&fit.params, counts.repeats.len()));
            }
            fits.push((kind, fit));
        }
        let guesses = naive::guesses(customers, holdout_days);
        let nearest = guesses
            .iter()
            .filter_map(|guess| Some((guess.model, guess.order_errors(customers).rmse?)))
            .min_by(|one, other| one.1.total_cmp(&other.1));
        predictions.extend(guesses);
        let chosen = nearest_or_before(&tried, model_before);
        let best = chosen.map(|(kind, _)| kind);
        let result = chosen
            .map(|(_, errors)| errors)
            .zip(nearest)
            .map(|(errors, (naive, naive_rmse))| Backtested {
                customers: customers.len() as u64,
                excluded: subjects.excluded,
                orders_bias: errors.bias,
                orders_mae: errors.mae.unwrap_or_default(),
                orders_rmse: errors.rmse.unwrap_or_default(),
                naive,
                naive_orders_rmse: naive_rmse,
            });
        let table = backtest_table(subjects, &predictions, &curves, counts, window)?;
        Ok(Self {
            table,
            best,
            result,
            fits,
            spend,
        })
    }

    /// Adds its fits to the rows of `clv_model`.
    pub(super) fn record(&self, rows: &mut ModelRows) {
        for (kind, fit) in &self.fits {
            rows.push(Sample::Calibration, kind.slug(), false, fit);
        }
        rows.push(Sample::Calibration, GAMMA_GAMMA, false, &self.spend);
    }
}

/// The model of the run before stays where its root mean square error is at most this many times the least.
const ABOUT_AS_GOOD: f64 = 1.01;

/// Errors within this of the least are equal: where customers do not drop out, all three models are the same one.
const EQUAL: f64 = 1.000_1;

/// Which of equals is taken: the one that doubts whoever bought only once, and fits fastest, first.
const PREFERENCE: [PurchaseModelKind; 3] = [
    PurchaseModelKind::MbgNbd,
    PurchaseModelKind::ParetoNbd,
    PurchaseModelKind::BgNbd,
];

/// The model with the least root mean square error, or that of the run before.
fn nearest_or_before(
    tried: &[(PurchaseModelKind, Errors)],
    before: Option<&str>,
) -> Option<(PurchaseModelKind, Errors)> {
    let rmse = |errors: &Errors| errors.rmse.unwrap_or(f64::INFINITY);
    let least = tried.iter().map(|(_, errors)| rmse(errors)).min_by(f64::total_cmp)?;
    let stays = tried
        .iter()
        .find(|(kind, errors)| Some(kind.slug()) == before && rmse(errors) <= ABOUT_AS_GOOD * least);
    let equals = || tried.iter().filter(|(_, errors)| rmse(errors) <= EQUAL * least);
    let preferred = || {
        PREFERENCE
            .iter()
            .find_map(|kind| equals().find(|(tried, _)| tried == kind))
    };
    stays.or_else(preferred).copied()
}

/// What a model expects of each customer in the holdout.
fn predict(
    model: &PurchaseModel,
    spend: Option<&Fit<GammaGamma>>,
    customers: &[Subject],
    histories: &Histories,
    holdout_days: i32,
) -> Prediction {
    let weeks = f64::from(holdout_days) / DAYS_PER_WEEK;
    let expected = expected_of_distinct(model, histories, weeks);
    let orders: Vec<f64> = customers.par_iter().map(|subject| expected[&subject.history]).collect();
    let sales = spend.map(|spend| {
        let value = |subject: &Subject| spend.params.expected_value(subject.value_count, subject.value_mean);
        let of = |(subject, orders): (&Subject, &f64)| value(subject).unwrap_or_default() * orders;
        customers.iter().zip(&orders).map(of).collect()
    });
    Prediction {
        model: model.slug(),
        orders,
        sales: sales.filter(|_| spend.is_some_and(|spend| spend.params.mean_value().is_some())),
    }
}

/// What is expected of each history.
type Expected = HashMap<History, f64, foldhash::fast::FixedState>;

/// Each distinct history once; customers of one number of repeats share what they have in common.
fn expected_of_distinct(model: &PurchaseModel, histories: &Histories, weeks: f64) -> Expected {
    let same_repeats: Vec<&[(History, u64)]> = histories
        .distinct()
        .chunk_by(|one, other| one.0.repeat_count == other.0.repeat_count)
        .collect();
    let of_group = |group: &&[(History, u64)]| -> Vec<(History, f64)> {
        let Some((first, _)) = group.first() else {
            return Vec::new();
        };
        let onward = model.onward(first.x());
        let mut of_ages: HashMap<u32, f64> = HashMap::new();
        let expected = |(history, _): &(History, u64)| {
            let alive = *of_ages
                .entry(history.age_days)
                .or_insert_with(|| onward.expected(history.age(), weeks));
            (
                *history,
                alive * model.p_alive(history.x(), history.t_x(), history.age()),
            )
        };
        group.iter().map(expected).collect()
    };
    same_repeats.par_iter().flat_map_iter(of_group).collect()
}

/// What a model expects of a new customer by days since the first purchase.
fn tracking(model: &PurchaseModel, days: usize) -> Tracking {
    let weeks = |day: usize| f64::from(u32::try_from(day).unwrap_or(u32::MAX)) / DAYS_PER_WEEK;
    Tracking {
        model: model.slug(),
        repeats_by_age: (0..days)
            .into_par_iter()
            .map(|day| model.expected_new(weeks(day)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(rmse: f64) -> Errors {
        Errors {
            rmse: Some(rmse),
            ..Errors::of(std::iter::empty())
        }
    }

    #[test]
    fn the_model_before_stays_unless_another_is_clearly_nearer() {
        let tried = [
            (PurchaseModelKind::BgNbd, errors(1.0)),
            (PurchaseModelKind::MbgNbd, errors(1.009)),
            (PurchaseModelKind::ParetoNbd, errors(1.02)),
        ];
        let chosen = |before| nearest_or_before(&tried, before).map(|(kind, _)| kind);
        assert_eq!(chosen(None), Some(PurchaseModelKind::BgNbd));
        assert_eq!(chosen(Some("mbg_nbd")), Some(PurchaseModelKind::MbgNbd));
        assert_eq!(chosen(Some("pareto_nbd")), Some(PurchaseModelKind::BgNbd));
        let equal = [
            (PurchaseModelKind::BgNbd, errors(1.0)),
            (PurchaseModelKind::MbgNbd, errors(1.000_01)),
        ];
        let taken = nearest_or_before(&equal, None).map(|(kind, _)| kind);
        assert_eq!(taken, Some(PurchaseModelKind::MbgNbd), "equals go by preference");
        assert_eq!(nearest_or_before(&[], Some("bg_nbd")).map(|(kind, _)| kind), None);
    }
}
