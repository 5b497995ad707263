//! Customers scored with the chosen models, as columns.

use cartera_clv::{Fit, GammaGamma, History, Outlook, PurchaseModel, Score, Scores};
use cartera_table::ColumnType;
use cartera_table::frame::optional_decimal_column;
use polars::prelude::Column;
use rayon::prelude::*;

use super::margin::MarginRates;
use crate::money::from_f64;

/// What is scored with.
pub(super) struct Models<'m> {
    pub(super) purchases: &'m Fit<PurchaseModel>,
    pub(super) spend: Option<&'m GammaGamma>,
    pub(super) outlook: &'m Outlook,
}

/// A customer with a history: it, and number and mean of the values.
pub(super) type Known = Option<(History, u32, f64)>;

/// What is published of one customer; money in ten-thousandths.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CustomerScore {
    p_alive: Option<f64>,
    expected_12m: Option<f64>,
    expected_horizon: Option<f64>,
    orders: [Option<i32>; 2],
    order_value: Option<i128>,
    sales_12m: Option<i128>,
    margin_rate: Option<f64>,
    clv_12m: Option<i128>,
    pub(super) clv_horizon: Option<i128>,
    clv_interval: [Option<i128>; 2],
    /// Expected purchases of the horizon, discounted.
    pub(super) discounted: Option<f64>,
    pub(super) status: &'static str,
}

/// Scores all customers, each distinct history once.
pub(super) fn scores(models: &Models<'_>, known: &[Known], margins: &MarginRates) -> Vec<CustomerScore> {
    let histories: Vec<(History, u32)> = known.iter().flatten().map(|known| (known.0, known.1)).collect();
    let scores = Scores::of(&models.purchases.params, models.spend, &histories, models.outlook);
    known
        .par_iter()
        .zip(&margins.rates)
        .map(|(known, rate)| {
            let Some((history, value_count, value_mean)) = known else {
                return without("no_orders");
            };
            let score = scores.get(history, *value_count);
            score.map_or_else(
                || without("no_model"),
                |score| scored(models, &score, (*value_count, *value_mean), *rate),
            )
        })
        .collect()
}

/// A customer without a score.
pub(super) fn without(status: &'static str) -> CustomerScore {
    CustomerScore {
        status,
        ..CustomerScore::default()
    }
}

fn scored(
    models: &Models<'_>,
    score: &Score,
    (value_count, value_mean): (u32, f64),
    rate: Option<f64>,
) -> CustomerScore {
    let value = models
        .spend
        .and_then(|spend| spend.expected_value(value_count, value_mean));
    let horizon = models
        .spend
        .and_then(|spend| score.discounted_spend(spend, value_count, value_mean));
    let end = |place: usize| {
        horizon
            .zip(rate)
            .and_then(|(spend, rate)| from_f64(spend[place] * rate))
    };
    let clv_12m = value
        .zip(rate)
        .and_then(|(value, rate)| from_f64(score.discounted_year * value * rate));
    let clv_horizon = end(0);
    let ends = if rate.is_some_and(|rate| rate < 0.0) {
        [2, 1]
    } else {
        [1, 2]
    };
    CustomerScore {
        p_alive: Some(score.p_alive),
        expected_12m: Some(score.expected_year),
        expected_horizon: Some(score.expected),
        orders: score.orders.map(|orders| i32::try_from(orders).ok()),
        order_value: value.and_then(from_f64),
        sales_12m: value.and_then(|value| from_f64(score.expected_year * value)),
        margin_rate: rate,
        clv_12m,
        clv_horizon,
        clv_interval: ends.map(end),
        discounted: Some(score.discounted),
        status: match (value, clv_horizon) {
            (None, _) => "no_spend_model",
            (_, None) => "no_margin",
            _ => "ok",
        },
    }
}

/// The columns of the group, but those that are the same for all customers.
pub(super) fn columns(scores: &[CustomerScore]) -> Vec<Column> {
    let real = |name: &str, of: fn(&CustomerScore) -> Option<f64>| {
        Column::new(name.into(), scores.iter().map(of).collect::<Vec<_>>())
    };
    let count = |name: &str, of: fn(&CustomerScore) -> Option<i32>| {
        Column::new(name.into(), scores.iter().map(of).collect::<Vec<_>>())
    };
    let money = |name: &str, of: fn(&CustomerScore) -> Option<i128>| {
        optional_decimal_column(name, scores.iter().map(of), ColumnType::SUM)
    };
    vec![
        real("p_alive", |score| score.p_alive),
        real("expected_orders_12m", |score| score.expected_12m),
        real("expected_orders_horizon", |score| score.expected_horizon),
        count("orders_horizon_low", |score| score.orders[0]),
        count("orders_horizon_high", |score| score.orders[1]),
        money("expected_order_value", |score| score.order_value),
        money("expected_sales_12m", |score| score.sales_12m),
        real("expected_margin_rate", |score| score.margin_rate),
        money("clv_12m", |score| score.clv_12m),
        money("clv_horizon", |score| score.clv_horizon),
        money("clv_horizon_low", |score| score.clv_interval[0]),
        money("clv_horizon_high", |score| score.clv_interval[1]),
        Column::new(
            "clv_status".into(),
            scores.iter().map(|score| score.status).collect::<Vec<_>>(),
        ),
    ]
}
