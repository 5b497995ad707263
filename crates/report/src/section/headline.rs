//! What the base is worth tonight, and how the last whole month went.

use std::cmp::Ordering;

use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::Sparkline;
use crate::error::ReportError;
use crate::figure::{Change, Figure, Picture, Question, Tile};
use crate::words::{Argument, Words};

const BASE: Question = Question {
    id: "base",
    tables: &["customer_features"],
    sql: "select count(*) as customers,
       sum(case when order_count > 0 then 1 else 0 end) as customers_with_orders,
       sum(order_count) as order_count,
       sum(net_sales) as net_sales,
       sum(gross_margin) as gross_margin,
       sum(net_profit) as net_profit,
       sum(clv_horizon) as clv_horizon,
       sum(vin) as vin
from customer_features",
    columns: &[
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("customers_with_orders", Kind::Count),
        ColumnSpec::new("order_count", Kind::Count),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("gross_margin", Kind::Money),
        ColumnSpec::new("net_profit", Kind::Money),
        ColumnSpec::new("clv_horizon", Kind::Money),
        ColumnSpec::new("vin", Kind::Money),
    ],
};

const MONTH: Question = Question {
    id: "last_month",
    tables: &["kpis"],
    sql: "select month, net_sales, active_customers, new_customers, lost_customers, repeat_rate, retention_rate, average_order_value
from kpis
where is_complete
order by month desc
limit 13",
    columns: &[
        ColumnSpec::new("month", Kind::Month),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("active_customers", Kind::Count),
        ColumnSpec::new("new_customers", Kind::Count),
        ColumnSpec::new("lost_customers", Kind::Count),
        ColumnSpec::new("repeat_rate", Kind::Share),
        ColumnSpec::new("retention_rate", Kind::Share),
        ColumnSpec::new("average_order_value", Kind::Money),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let mut figures = vec![base(context)?];
    figures.extend(month(context)?);
    Ok(context.section("headline", figures))
}

fn base(context: Context<'_>) -> Result<Figure, ReportError> {
    let words = context.words;
    let answer = context.ask(&BASE)?;
    let picture = tiles(context, &BASE, &answer);
    let customers = answer.number("customers_with_orders", 0).unwrap_or(0.0);
    let title = words.say_with(
        "figure-base-title",
        &[
            ("customers", Argument::Count(customers as u64)),
            (
                "value",
                Argument::Text(words.money_whole(answer.money("net_sales", 0).unwrap_or(0))),
            ),
        ],
    );
    Ok(Figure::new(&BASE, &answer, words, title, picture).wide())
}

fn month(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&MONTH)?;
    if answer.is_empty() {
        return Ok(None);
    }
    let months = answer.texts("month", words);
    let measures = MONTH.columns[1..]
        .iter()
        .filter(|column| answer.number(column.name, 0).is_some());
    let tiles = measures.map(|column| Tile {
        change: (answer.rows() > 1)
            .then(|| change(column, (&answer, 0), (&answer, 1), words))
            .flatten(),
        note: (answer.rows() == 13).then(|| year_ago(column, &answer, words)),
        course: Sparkline {
            values: answer.numbers(column.name).into_iter().rev().collect(),
        }
        .draw(),
        ..tile(column, &answer, words)
    });
    let title = words.say_with(
        "figure-last_month-title",
        &[
            ("month", Argument::Text(months[0].clone())),
            (
                "customers",
                Argument::Count(answer.number("active_customers", 0).unwrap_or(0.0) as u64),
            ),
            (
                "value",
                Argument::Text(words.money_whole(answer.money("net_sales", 0).unwrap_or(0))),
            ),
        ],
    );
    let picture = Picture::Tiles { tiles: tiles.collect() };
    Ok(Some(Figure::new(&MONTH, &answer, words, title, picture).wide()))
}

/// What is known in the first row of an answer, each number large, with its change since the run before.
pub(super) fn tiles(context: Context<'_>, question: &Question, answer: &Answer) -> Picture {
    let before = context.ask_before(question);
    let known = question
        .columns
        .iter()
        .filter(|column| answer.number(column.name, 0).is_some());
    let tiles = known.map(|column| Tile {
        change: before
            .as_ref()
            .and_then(|before| change(column, (answer, 0), (before, 0), context.words)),
        ..tile(column, answer, context.words)
    });
    Picture::Tiles { tiles: tiles.collect() }
}

fn tile(column: &ColumnSpec, answer: &Answer, words: &Words) -> Tile {
    let text = match (column.kind, answer.money(column.name, 0)) {
        (Kind::Money, Some(amount)) if amount.unsigned_abs() >= 10_000_000 => words.money_whole(amount),
        _ => answer.shown(column, 0, words),
    };
    Tile {
        name: column.name,
        label: words.label("column", column.name),
        text,
        change: None,
        note: None,
        course: String::new(),
    }
}

/// The same month a year earlier, which stands in the thirteenth row.
fn year_ago(column: &ColumnSpec, answer: &Answer, words: &Words) -> String {
    let value = match (column.kind, answer.money(column.name, 12)) {
        (Kind::Money, Some(amount)) if amount.unsigned_abs() >= 10_000_000 => words.money_whole(amount),
        _ => answer.shown(column, 12, words),
    };
    let value = ("value", Argument::Text(value));
    match change(column, (answer, 0), (answer, 12), words) {
        Some(change) => words.say_with("tile-year-ago", &[("change", Argument::Text(change.text)), value]),
        None => words.say_with("tile-year-ago-alone", &[value]),
    }
}

/// How a number differs from an earlier one: shares in points, all else in percent of what it was.
fn change(column: &ColumnSpec, now: (&Answer, usize), then: (&Answer, usize), words: &Words) -> Option<Change> {
    let value = now.0.number(column.name, now.1)?;
    let old = then.0.number(column.name, then.1)?;
    let difference = value - old;
    let is_bad_when_more = column.name == "lost_customers";
    let (direction, verdict) = match difference.partial_cmp(&0.0) {
        Some(Ordering::Greater) => ("up", if is_bad_when_more { "bad" } else { "good" }),
        Some(Ordering::Less) => ("down", if is_bad_when_more { "good" } else { "bad" }),
        _ => ("same", "same"),
    };
    let text = match column.kind {
        Kind::Share => {
            let sign = if difference > 0.0 { "+" } else { "" };
            let points = format!("{sign}{}", words.number(difference * 100.0, 1));
            words.say_with("tile-points", &[("points", Argument::Text(points))])
        }
        _ if old == 0.0 => return None,
        _ => words.change_percent(difference / old.abs()),
    };
    let was = words.say_with(
        "tile-was",
        &[("value", Argument::Text(then.0.shown(column, then.1, words)))],
    );
    Some(Change {
        text,
        direction,
        verdict,
        was,
    })
}
