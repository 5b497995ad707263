//! Lifetime value: the models are tried on the holdout, the best is fitted to the whole history, and every customer is
//! scored with it.

mod backtest;
mod errors;
mod fits;
mod margin;
mod naive;
mod score;
mod serving;
mod subjects;
mod trial;
mod value;

use cartera_clv::{Histories as DistinctHistories, History, Outlook, PurchaseModelKind, fit_gamma_gamma};
use cartera_table::contracts::{ClvBacktest, ClvModel};
use cartera_table::frame::{decimal, float64, schema};
use cartera_table::{Contract, Money, Table};
use polars::prelude::{Column, DataFrame};

use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::history::{Histories, HistoryWindow, PurchaseCounts};
use crate::params::{ClvValidParams, ModelChoice};
use fits::{GAMMA_GAMMA, ModelRows, Sample};
use margin::MarginRates;
use score::{CustomerScore, Known, Models, without};
use subjects::Subjects;
pub use trial::Backtested;
use trial::Trial;

/// Customers, and customers who came again, below which no lifetime value is told.
const LEAST_CUSTOMERS: usize = 100;
const LEAST_REPEAT_CUSTOMERS: usize = 30;
/// Days of history below which no lifetime value is told.
const LEAST_DAYS: i32 = 56;

/// The model where the history is too short to try any: it holds one purchase for what it is, as BG/NBD does not.
const UNTRIED: PurchaseModelKind = PurchaseModelKind::MbgNbd;

/// What models are chosen by, beside the customers.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'e> {
    /// Purchases of all customers by day.
    pub counts: &'e PurchaseCounts,
    /// The history and its cut.
    pub window: &'e HistoryWindow,
    /// The model that the run before scored with. It stays unless another one is clearly nearer: what customers are
    /// worth should not change overnight because two models are about as good.
    pub model_before: Option<&'e str>,
}

/// What lifetime value came to.
#[derive(Debug)]
pub struct Lifetime {
    /// The fitted models.
    pub models: Table<ClvModel>,
    /// The models against what came.
    pub backtest: Table<ClvBacktest>,
    /// In short, for people.
    pub summary: LifetimeSummary,
}

/// Lifetime value in short.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LifetimeSummary {
    /// The model that customers are scored with.
    pub model: Option<&'static str>,
    /// What its fit ended in, or why there is no lifetime value.
    pub outcome: String,
    /// Days of the holdout, where the history could be cut.
    pub holdout_days: Option<i32>,
    /// How near the model came to it; none where it was not tried.
    pub backtested: Option<Backtested>,
    /// Customers with a score.
    pub customers: u64,
    /// Their expected purchase days in 12 months.
    pub expected_orders_12m: f64,
    /// Their expected sales in 12 months; none where spend has no model.
    pub expected_sales_12m: Option<Money>,
    /// Their lifetime value over the horizon; none where no margin is known.
    pub clv_horizon: Option<Money>,
    /// Their net integral value; none where no margin is known.
    pub vin: Option<Money>,
}

impl LifetimeSummary {
    /// Sums over the customers that are scored.
    fn add_totals(&mut self, base: &CustomerBase) -> Result<(), FeatureError> {
        let frame = base.frame();
        let sum = |name: &str| -> Result<(usize, i128), FeatureError> {
            let values = decimal(frame, name)?;
            Ok((values.len() - values.null_count(), values.iter().flatten().sum()))
        };
        let expected = float64(frame, "expected_orders_12m")?;
        self.customers = (expected.len() - expected.null_count()) as u64;
        self.expected_orders_12m = expected.iter().flatten().sum();
        let known = |(count, sum): (usize, i128)| (count > 0).then_some(Money(sum));
        self.expected_sales_12m = known(sum("expected_sales_12m")?);
        self.clv_horizon = known(sum("clv_horizon")?);
        self.vin = known(sum("vin")?);
        Ok(())
    }
}

/// Adds lifetime value and VIN to the customers.
///
/// # Errors
/// When a column is not there or the engine fails. That models cannot be fitted is no error: it is told in the tables.
pub fn lifetime(
    base: &mut CustomerBase,
    evidence: Evidence<'_>,
    params: &ClvValidParams,
) -> Result<Lifetime, FeatureError> {
    let window = evidence.window;
    let mut rows = ModelRows::default();
    let mut backtest = Table::new(DataFrame::empty_with_schema(&schema(&ClvBacktest::INFO)))?;
    let mut summary = LifetimeSummary {
        holdout_days: window.holdout_days(),
        ..LifetimeSummary::default()
    };
    if base.frame().height() == 0 {
        summary.outcome = "too_little_history".to_owned();
        let models = rows.into_table()?;
        return Ok(Lifetime {
            models,
            backtest,
            summary,
        });
    }
    let margins = MarginRates::new(base.frame(), params.margin_rate)?;
    let known: Vec<Known> = Histories::now(base.frame())?.iter().collect();
    let scores: Vec<CustomerScore> = if params.model == ModelChoice::None {
        summary.outcome = "no_model".to_owned();
        unscored(&known, "no_model")
    } else if is_too_little(&known, window) {
        summary.outcome = "too_little_history".to_owned();
        unscored(&known, "too_little_history")
    } else {
        let subjects = match window.cut {
            Some(_) => Subjects::read(base)?,
            None => Subjects::default(),
        };
        let mut best = None;
        if !subjects.customers.is_empty() {
            let trial = Trial::run(&subjects, evidence, params.model)?;
            trial.record(&mut rows);
            best = trial.best;
            summary.backtested = trial.result;
            backtest = trial.table;
        }
        let kind = match (best, params.model.kinds().as_slice()) {
            (Some(best), _) => best,
            (None, [only]) => *only,
            (None, _) => UNTRIED,
        };
        chosen_scores(kind, &known, &margins, params, &mut rows, &mut summary)?
    };
    let height = base.frame().height();
    let mut columns = score::columns(&scores);
    columns.push(Column::new(
        "horizon_months".into(),
        vec![i32::from(params.horizon_months); height],
    ));
    columns.push(Column::new(
        "clv_margin_source".into(),
        vec![margins.source.slug(); height],
    ));
    columns.extend(value::columns(base.frame(), &scores, &margins)?);
    base.add(columns)?;
    summary.add_totals(base)?;
    Ok(Lifetime {
        models: rows.into_table()?,
        backtest,
        summary,
    })
}

/// Fits the model to the whole history and scores with it.
fn chosen_scores(
    kind: PurchaseModelKind,
    known: &[Known],
    margins: &MarginRates,
    params: &ClvValidParams,
    rows: &mut ModelRows,
    summary: &mut LifetimeSummary,
) -> Result<Vec<CustomerScore>, FeatureError> {
    let histories: Vec<History> = known.iter().flatten().map(|known| known.0).collect();
    let purchases = kind.fit(&DistinctHistories::new(histories));
    let values: Vec<(u32, f64)> = known
        .iter()
        .flatten()
        .filter(|(_, count, _)| *count > 0)
        .map(|(_, count, mean)| (*count, *mean))
        .collect();
    let spend = fit_gamma_gamma(&values);
    rows.push(Sample::All, kind.slug(), true, &purchases);
    rows.push(Sample::All, GAMMA_GAMMA, true, &spend);
    let months = u32::from(params.horizon_months);
    let outlook = Outlook::new(months, params.discount_rate, params.interval)?;
    match &purchases {
        Ok(purchases) => {
            summary.model = Some(kind.slug());
            summary.outcome = purchases.outcome.slug();
            let models = Models {
                purchases,
                spend: spend.as_ref().ok().map(|fit| &fit.params),
                outlook: &outlook,
            };
            Ok(score::scores(&models, known, margins))
        }
        Err(reason) => {
            summary.outcome = reason.slug().to_owned();
            Ok(unscored(known, "no_model"))
        }
    }
}

fn unscored(known: &[Known], reason: &'static str) -> Vec<CustomerScore> {
    let status = |known: &Known| if known.is_some() { reason } else { "no_orders" };
    known.iter().map(|known| without(status(known))).collect()
}

/// Whether the base is too small or too young for a model.
fn is_too_little(known: &[Known], window: &HistoryWindow) -> bool {
    let customers = known.iter().flatten().count();
    let repeat_customers = known
        .iter()
        .flatten()
        .filter(|(history, ..)| history.repeat_count > 0)
        .count();
    customers < LEAST_CUSTOMERS
        || repeat_customers < LEAST_REPEAT_CUSTOMERS
        || window.last_day - window.first_day < LEAST_DAYS
}
