//! Lifetime value in three lines: what is expected, and how near the model came to what it had not seen.

use std::io::{self, Write};

use cartera_pipeline::store::{BacktestRecord, LifetimeRecord, Totals};

use crate::number::{counted, model_money, percent, rounded};

pub(super) fn lifetime(out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
    let record = &totals.lifetime;
    let Some(model) = &record.model else {
        return writeln!(out, "{}", why_none(&record.outcome));
    };
    let LifetimeRecord {
        outcome,
        horizon_months,
        customers,
        expected_orders_12m,
        ..
    } = record;
    let sales = match &record.expected_sales_12m {
        Some(sales) => format!(" and sales of {} {}", model_money(sales), totals.currency),
        None => String::new(),
    };
    // A change of the model alone moves what customers are worth: that should not have to be guessed.
    let before = match &record.model_before {
        Some(before) => format!("; the run before had {before}"),
        None => String::new(),
    };
    writeln!(
        out,
        "lifetime value by {model} ({outcome}{before}): {}; in 12 months {} purchase days{sales} are expected",
        counted(*customers, "customer"),
        rounded(*expected_orders_12m),
    )?;
    match (&record.clv_horizon, &record.vin) {
        (Some(clv), Some(vin)) => writeln!(
            out,
            "over {horizon_months} months, discounted: CLV {} {currency}; VIN {} {currency}",
            model_money(clv),
            model_money(vin),
            currency = totals.currency
        )?,
        _ if record.expected_sales_12m.is_none() => writeln!(
            out,
            "no CLV and no VIN: what is spent on a purchase could not be modelled; see gamma_gamma in clv_model"
        )?,
        _ => writeln!(
            out,
            "no CLV and no VIN: neither costs of goods nor [clv] margin_rate tell the margin"
        )?,
    }
    match &record.backtest {
        Some(backtest) => tried(out, backtest),
        None => writeln!(
            out,
            "the model was not tried: no part of the history can be held out with 28 days left before it"
        ),
    }
}

fn tried(out: &mut dyn Write, backtest: &BacktestRecord) -> io::Result<()> {
    let bias = match backtest.orders_bias {
        Some(bias) if bias < 0.0 => format!("{} too few purchase days", percent(-bias)),
        Some(bias) => format!("{} too many purchase days", percent(bias)),
        None => "no purchase came".to_owned(),
    };
    let BacktestRecord {
        orders_mae,
        orders_rmse,
        naive,
        naive_orders_rmse,
        ..
    } = backtest;
    let verdict = if naive_orders_rmse < orders_rmse {
        "nearer than the model"
    } else {
        "the nearest guess without a model"
    };
    writeln!(
        out,
        "tried on the last {} ({}): {bias}, MAE {orders_mae:.3}, RMSE {orders_rmse:.3}; {naive} has RMSE {naive_orders_rmse:.3}, {verdict}; see clv_backtest",
        counted(u64::try_from(backtest.holdout_days).unwrap_or_default(), "day"),
        counted(backtest.customers, "customer"),
    )
}

fn why_none(outcome: &str) -> String {
    match outcome {
        "too_little_history" => {
            "no lifetime value: it takes 100 customers with an order, 30 of whom bought again on another day, and 56 days of history; one of the three is missing".to_owned()
        }
        "no_model" => "no lifetime value: [clv] model is \"none\"".to_owned(),
        reason => format!("no lifetime value: no model could be fitted ({reason}); see clv_model"),
    }
}
