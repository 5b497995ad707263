//! The models held against what came, and their parameters.

use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Arrangement, BarChart, BarSeries, LineChart, Series};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};
use crate::section::Context;
use crate::section::tips::{of_row, text};
use crate::words::{Argument, UNKNOWN, Words};

const CALIBRATION: Question = Question {
    id: "clv_calibration",
    tables: &["clv_backtest", "clv_model"],
    sql: "select bucket, customer_count, actual_orders_mean, predicted_orders_mean
from clv_backtest
where breakdown = 'frequency' and model in (select model from clv_model where is_chosen)
order by bucket",
    columns: &[
        ColumnSpec::new("bucket", Kind::Count),
        ColumnSpec::new("customer_count", Kind::Count),
        ColumnSpec::new("actual_orders_mean", Kind::Number(2)),
        ColumnSpec::new("predicted_orders_mean", Kind::Number(2)),
    ],
};

const WEEKS: Question = Question {
    id: "clv_weeks",
    tables: &["clv_backtest", "clv_model"],
    sql: "select bucket as week, is_holdout, actual_orders, predicted_orders
from clv_backtest
where breakdown = 'week' and model in (select model from clv_model where is_chosen)
order by week",
    columns: &[
        ColumnSpec::new("week", Kind::Count),
        ColumnSpec::new("is_holdout", Kind::Flag),
        ColumnSpec::new("actual_orders", Kind::Number(0)),
        ColumnSpec::new("predicted_orders", Kind::Number(0)),
    ],
};

const MODELS: Question = Question {
    id: "clv_models",
    tables: &["clv_backtest", "clv_model"],
    sql: "select clv_backtest.model, coalesce(chosen.is_chosen, false) as is_chosen, actual_orders, predicted_orders,
       orders_bias, orders_mae, orders_rmse, sales_bias, top_20_found_share
from clv_backtest
left join (select distinct model, is_chosen from clv_model where is_chosen) as chosen
    on clv_backtest.model = chosen.model
where breakdown = 'total'
order by is_chosen desc, abs(orders_bias), clv_backtest.model",
    columns: &[
        ColumnSpec::new("model", Kind::Label("model")),
        ColumnSpec::new("is_chosen", Kind::Flag),
        ColumnSpec::new("actual_orders", Kind::Number(0)),
        ColumnSpec::new("predicted_orders", Kind::Number(0)),
        ColumnSpec::new("orders_bias", Kind::Share),
        ColumnSpec::new("orders_mae", Kind::Number(3)),
        ColumnSpec::new("orders_rmse", Kind::Number(3)),
        ColumnSpec::new("sales_bias", Kind::Share),
        ColumnSpec::new("top_20_found_share", Kind::Share),
    ],
};

const PARAMETERS: Question = Question {
    id: "clv_parameters",
    tables: &["clv_model"],
    sql: "select model, sample, parameter, value, standard_error, outcome, is_chosen, customer_count
from clv_model
order by is_chosen desc, model, sample, parameter",
    columns: &[
        ColumnSpec::new("model", Kind::Label("model")),
        ColumnSpec::new("sample", Kind::Label("sample")),
        ColumnSpec::new("parameter", Kind::Text),
        ColumnSpec::new("value", Kind::Number(4)),
        ColumnSpec::new("standard_error", Kind::Number(4)),
        ColumnSpec::new("outcome", Kind::Label("outcome")),
        ColumnSpec::new("is_chosen", Kind::Flag),
        ColumnSpec::new("customer_count", Kind::Count),
    ],
};

/// The bucket that stands for as many repeats and more.
const LAST_BUCKET: f64 = 7.0;

/// What there is of them; a history that is too short to be cut has no holdout.
pub(super) fn figures(context: Context<'_>) -> Result<Vec<Figure>, ReportError> {
    let words = context.words;
    let mut figures = Vec::new();
    let models = context.ask(&MODELS)?;
    if let Some(row) = chosen(&models) {
        let found = found(words, &models, row);
        figures.extend(calibration(context, &found)?);
        figures.extend(weeks(context, &found)?);
    }
    if !models.is_empty() {
        let title = context.title(&MODELS, &[]);
        figures.push(Figure::new(&MODELS, &models, words, title, Picture::Table).wide());
    }
    let parameters = context.ask(&PARAMETERS)?;
    if !parameters.is_empty() {
        let title = context.title(&PARAMETERS, &[]);
        figures.push(Figure::new(&PARAMETERS, &parameters, words, title, Picture::Table).wide());
    }
    Ok(figures)
}

/// The row of the model that customers are scored with, which stands first.
fn chosen(models: &Answer) -> Option<usize> {
    (!models.is_empty() && models.flag("is_chosen", 0) == Some(true)).then_some(0)
}

fn found(words: &Words, models: &Answer, row: usize) -> [(&'static str, Argument); 4] {
    let bias = models.number("orders_bias", row);
    let bias = bias.map_or_else(|| UNKNOWN.to_owned(), |bias| words.change_percent(bias));
    let count = |column: &str| match models.number(column, row) {
        Some(orders) => Argument::Count(orders.round() as u64),
        None => Argument::Text(UNKNOWN.to_owned()),
    };
    [
        ("model", Argument::Text(text(words, models, row, "model"))),
        ("actual", count("actual_orders")),
        ("predicted", count("predicted_orders")),
        ("bias", Argument::Text(bias)),
    ]
}

/// Foreseen and seen orders of a customer, by how often the customer had come back before.
fn calibration(context: Context<'_>, found: &[(&str, Argument)]) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&CALIBRATION)?;
    if answer.is_empty() {
        return Ok(None);
    }
    let buckets = answer.numbers("bucket").into_iter().map(|bucket| {
        let bucket = bucket.unwrap_or(0.0);
        let more = if bucket >= LAST_BUCKET { "+" } else { "" };
        format!("{}{more}", words.count(bucket as i64))
    });
    let categories: Vec<String> = buckets.collect();
    let said = ["actual_orders_mean", "predicted_orders_mean", "customer_count"];
    let series = ["actual_orders_mean", "predicted_orders_mean"].map(|measure| BarSeries {
        name: words.label("column", measure),
        values: answer
            .numbers(measure)
            .into_iter()
            .map(|value| value.unwrap_or(f64::NAN))
            .collect(),
        tips: (0..answer.rows())
            .map(|row| {
                let heading = format!("{}: {}", words.label("column", "bucket"), categories[row]);
                of_row(words, &answer, row, &heading, &said)
            })
            .collect(),
        colour: None,
    });
    let title = context.title(&CALIBRATION, found);
    let chart = BarChart {
        about: About::titled(&title),
        categories: categories.clone(),
        series: series.into(),
        arrangement: Arrangement::Grouped,
        horizontal: false,
        y_title: words.say("axis-orders-per-customer"),
        y_format: &|value| words.compact(value),
    };
    Ok(Some(Figure::new(
        &CALIBRATION,
        &answer,
        words,
        title,
        chart.draw().into(),
    )))
}

/// Orders week by week from the first day on, before the cut and after it.
fn weeks(context: Context<'_>, found: &[(&str, Argument)]) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&WEEKS)?;
    if answer.is_empty() {
        return Ok(None);
    }
    let weeks = answer.texts("week", words);
    let is_held_out = |row: usize| answer.flag("is_holdout", row) == Some(true);
    let predicted = answer.numbers("predicted_orders");
    // The last fitted week stands in both lines, so that they meet.
    let meets = |row: usize| row + 1 < answer.rows() && is_held_out(row + 1);
    let part = |holdout: bool| -> Vec<Option<f64>> {
        let belongs = |row: usize| is_held_out(row) == holdout || (holdout && meets(row));
        let values = (0..answer.rows()).map(|row| predicted[row].filter(|_| belongs(row)));
        values.collect()
    };
    let tips: Vec<String> = (0..answer.rows())
        .map(|row| {
            let heading = format!("{} {}", words.label("column", "week"), weeks[row]);
            of_row(words, &answer, row, &heading, &["actual_orders", "predicted_orders"])
        })
        .collect();
    let line = |name: String, values: Vec<Option<f64>>| Series {
        name,
        values,
        tips: tips.clone(),
    };
    let title = context.title(
        &WEEKS,
        &[found[0].clone(), ("bias", Argument::Text(last_bias(words, &answer)))],
    );
    let chart = LineChart {
        about: About::titled(&title),
        x: weeks,
        series: vec![
            line(words.label("column", "actual_orders"), answer.numbers("actual_orders")),
            line(words.say("clv-fitted"), part(false)),
            line(words.say("clv-foreseen"), part(true)),
        ],
        y_title: words.say("axis-repeat-orders"),
        y_format: &|value| words.compact(value),
        area: false,
        zero_based: true,
    };
    Ok(Some(Figure::new(&WEEKS, &answer, words, title, chart.draw().into())))
}

/// How far the forecast ends from what came, with its sign.
fn last_bias(words: &Words, answer: &Answer) -> String {
    let last = answer.rows().saturating_sub(1);
    let ends = (
        answer.number("predicted_orders", last),
        answer.number("actual_orders", last),
    );
    match ends {
        (Some(predicted), Some(actual)) if actual > 0.0 => words.change_percent(predicted / actual - 1.0),
        _ => UNKNOWN.to_owned(),
    }
}
