//! Predictions held against the holdout, customer by customer and week by week.

use cartera_table::Table;
use cartera_table::contracts::ClvBacktest;
use polars::prelude::{Column, DataFrame};

use super::errors::{Errors, bias, top_fifth_found};
use super::subjects::{Subject, Subjects};
use crate::error::FeatureError;
use crate::history::{HistoryWindow, PurchaseCounts};
use crate::money::to_f64;

/// Repeat purchases from which on customers are one bucket.
const LAST_FREQUENCY: u32 = 7;

/// What a model said at the cut of each customer's holdout.
#[derive(Debug, Clone)]
pub(super) struct Prediction {
    pub(super) model: &'static str,
    pub(super) orders: Vec<f64>,
    /// None where spend has no model.
    pub(super) sales: Option<Vec<f64>>,
}

impl Prediction {
    /// Errors of the orders of all customers: what models are chosen by.
    pub(super) fn order_errors(&self, customers: &[Subject]) -> Errors {
        Errors::of(self.order_pairs(customers, &|_| true))
    }

    fn order_pairs<'p>(
        &'p self,
        customers: &'p [Subject],
        chosen: &'p dyn Fn(&Subject) -> bool,
    ) -> impl Iterator<Item = (f64, f64)> + 'p {
        let pairs = self.orders.iter().zip(customers).filter(|(_, subject)| chosen(subject));
        pairs.map(|(guess, subject)| (*guess, f64::from(subject.holdout.purchases)))
    }

    fn sales_errors(&self, customers: &[Subject], chosen: &dyn Fn(&Subject) -> bool) -> Option<Errors> {
        let pairs = self.sales.as_ref()?.iter().zip(customers);
        let chosen = pairs.filter(|(_, subject)| chosen(subject));
        Some(Errors::of(chosen.map(|(guess, subject)| (*guess, sales_of(subject)))))
    }
}

fn sales_of(subject: &Subject) -> f64 {
    to_f64(subject.holdout.sales.into())
}

/// What a model expected of all customers together: repeats of a new customer by days since the first purchase.
pub(super) struct Tracking {
    pub(super) model: &'static str,
    pub(super) repeats_by_age: Vec<f64>,
}

/// One row of the table.
#[derive(Default)]
struct Rows {
    model: Vec<&'static str>,
    breakdown: Vec<&'static str>,
    bucket: Vec<i32>,
    is_holdout: Vec<bool>,
    customer_count: Vec<i64>,
    orders: Vec<Errors>,
    sales: Vec<Option<Errors>>,
    has_customers: Vec<bool>,
    top: Vec<Option<f64>>,
}

impl Rows {
    fn push_customers(
        &mut self,
        prediction: &Prediction,
        customers: &[Subject],
        (breakdown, bucket): (&'static str, u32),
        chosen: &dyn Fn(&Subject) -> bool,
    ) {
        let count = customers.iter().filter(|subject| chosen(subject)).count();
        self.model.push(prediction.model);
        self.breakdown.push(breakdown);
        self.bucket.push(i32::try_from(bucket).unwrap_or(i32::MAX));
        self.is_holdout.push(true);
        self.customer_count.push(i64::try_from(count).unwrap_or(i64::MAX));
        self.orders.push(Errors::of(prediction.order_pairs(customers, chosen)));
        self.sales.push(prediction.sales_errors(customers, chosen));
        self.has_customers.push(true);
        let top = prediction
            .sales
            .as_ref()
            .filter(|_| breakdown == "total")
            .and_then(|predicted| {
                let actual: Vec<f64> = customers.iter().map(sales_of).collect();
                top_fifth_found(predicted, &actual)
            });
        self.top.push(top);
    }

    fn push_week(&mut self, model: &'static str, week: i32, is_holdout: bool, customers: i64, sums: (f64, f64)) {
        let (predicted, actual) = sums;
        self.model.push(model);
        self.breakdown.push("week");
        self.bucket.push(week);
        self.is_holdout.push(is_holdout);
        self.customer_count.push(customers);
        self.orders.push(Errors {
            actual,
            predicted,
            bias: bias(predicted, actual),
            mae: None,
            rmse: None,
        });
        self.sales.push(None);
        self.has_customers.push(false);
        self.top.push(None);
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of customers")]
    fn into_table(self, excluded: u64) -> Result<Table<ClvBacktest>, FeatureError> {
        let height = self.model.len();
        let excluded = vec![i64::try_from(excluded).unwrap_or(i64::MAX); height];
        let by_customer = |of: fn(&Errors) -> f64| -> Vec<Option<f64>> {
            let rows = self.orders.iter().zip(&self.customer_count).zip(&self.has_customers);
            rows.map(|((errors, &count), &has)| (has && count > 0).then(|| of(errors) / count as f64))
                .collect()
        };
        let orders = |of: fn(&Errors) -> Option<f64>| -> Vec<Option<f64>> { self.orders.iter().map(of).collect() };
        let sales = |of: fn(&Errors) -> Option<f64>| -> Vec<Option<f64>> {
            self.sales.iter().map(|errors| of(errors.as_ref()?)).collect()
        };
        let columns = vec![
            Column::new("model".into(), &self.model),
            Column::new("breakdown".into(), &self.breakdown),
            Column::new("bucket".into(), &self.bucket),
            Column::new("is_holdout".into(), &self.is_holdout),
            Column::new("customer_count".into(), &self.customer_count),
            Column::new("excluded_count".into(), excluded),
            Column::new(
                "actual_orders".into(),
                self.orders.iter().map(|e| e.actual).collect::<Vec<_>>(),
            ),
            Column::new(
                "predicted_orders".into(),
                self.orders.iter().map(|e| e.predicted).collect::<Vec<_>>(),
            ),
            Column::new("actual_orders_mean".into(), by_customer(|errors| errors.actual)),
            Column::new("predicted_orders_mean".into(), by_customer(|errors| errors.predicted)),
            Column::new("orders_bias".into(), orders(|errors| errors.bias)),
            Column::new("orders_mae".into(), orders(|errors| errors.mae)),
            Column::new("orders_rmse".into(), orders(|errors| errors.rmse)),
            Column::new("actual_sales".into(), sales(|errors| Some(errors.actual))),
            Column::new("predicted_sales".into(), sales(|errors| Some(errors.predicted))),
            Column::new("sales_bias".into(), sales(|errors| errors.bias)),
            Column::new("sales_mae".into(), sales(|errors| errors.mae)),
            Column::new("sales_rmse".into(), sales(|errors| errors.rmse)),
            Column::new("top_20_found_share".into(), &self.top),
        ];
        Ok(Table::sorted(DataFrame::new(height, columns)?)?)
    }
}

/// The table: totals and classes of frequency of every prediction, and the weeks of those that have a curve.
pub(super) fn backtest_table(
    subjects: &Subjects,
    predictions: &[Prediction],
    curves: &[Tracking],
    counts: &PurchaseCounts,
    window: &HistoryWindow,
) -> Result<Table<ClvBacktest>, FeatureError> {
    let customers = &subjects.customers;
    let mut rows = Rows::default();
    for prediction in predictions {
        rows.push_customers(prediction, customers, ("total", 0), &|_| true);
        for frequency in 0..=LAST_FREQUENCY {
            let is_in = |subject: &Subject| subject.history.repeat_count.min(LAST_FREQUENCY) == frequency;
            rows.push_customers(prediction, customers, ("frequency", frequency), &is_in);
        }
    }
    for curve in curves {
        push_weeks(&mut rows, curve, counts, window, customers.len());
    }
    rows.into_table(subjects.excluded)
}

/// Repeats of all customers up to the end of each week.
#[expect(clippy::cast_precision_loss, reason = "numbers of purchases")]
fn push_weeks(rows: &mut Rows, curve: &Tracking, counts: &PurchaseCounts, window: &HistoryWindow, customers: usize) {
    let days = counts.repeats.len();
    let customers = i64::try_from(customers).unwrap_or(i64::MAX);
    let mut actual = 0_u64;
    for (week, start) in (0..days).step_by(7).enumerate() {
        let end = (start + 7).min(days) - 1;
        actual += counts.repeats[start..=end].iter().sum::<u64>();
        let firsts = counts.first[..=end].iter().enumerate();
        let predicted: f64 = firsts
            .map(|(day, &count)| count as f64 * curve.repeats_by_age[end - day])
            .sum();
        let day = window.first_day + i32::try_from(end).unwrap_or(i32::MAX);
        let is_holdout = window.cut.is_some_and(|cut| day > cut);
        let number = i32::try_from(week + 1).unwrap_or(i32::MAX);
        rows.push_week(curve.model, number, is_holdout, customers, (predicted, actual as f64));
    }
}
