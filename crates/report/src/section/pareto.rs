//! How few customers bring how much: the Pareto curve and the whale curve.

use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Curve, CurveMarker, CurvePoint, ReferenceLine};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};
use crate::words::Argument;

const CONCENTRATION: Question = Question {
    id: "concentration",
    tables: &["pareto"],
    sql: "select measure, customers, top_20_percent_customers, top_20_percent_share, customers_to_class_a, class_a_limit, gini
from pareto
where within = 'all'
order by measure",
    columns: &[
        ColumnSpec::new("measure", Kind::Label("column")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("top_20_percent_customers", Kind::Count),
        ColumnSpec::new("top_20_percent_share", Kind::Share),
        ColumnSpec::new("customers_to_class_a", Kind::Count),
        ColumnSpec::new("class_a_limit", Kind::Share),
        ColumnSpec::new("gini", Kind::Number(3)),
    ],
};

const CURVE: Question = Question {
    id: "pareto_curve",
    tables: &["pareto_curve"],
    sql: "select customer_rank, customer_share, cumulative_value, value_share
from pareto_curve
where measure = 'net_sales' and (
    customer_rank = 0 or customer_rank in (
        select max(customer_rank) from pareto_curve where measure = 'net_sales' group by floor(customer_share * 100)
    )
)
order by customer_rank",
    columns: &[
        ColumnSpec::new("customer_rank", Kind::Count),
        ColumnSpec::new("customer_share", Kind::Share),
        ColumnSpec::new("cumulative_value", Kind::Money),
        ColumnSpec::new("value_share", Kind::Share),
    ],
};

const WHALE: Question = Question {
    id: "whale_curve",
    tables: &["profit_curve"],
    sql: "select customer_rank, customer_share, cumulative_profit, cumulative_profit_share
from profit_curve
where customer_rank = 0
   or customer_rank in (select max(customer_rank) from profit_curve group by floor(customer_share * 100))
   or customer_rank in (
       select customer_rank from profit_curve order by cumulative_profit desc nulls last, customer_rank limit 1
   )
order by customer_rank",
    columns: &[
        ColumnSpec::new("customer_rank", Kind::Count),
        ColumnSpec::new("customer_share", Kind::Share),
        ColumnSpec::new("cumulative_profit", Kind::Money),
        ColumnSpec::new("cumulative_profit_share", Kind::Share),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let concentration = context.ask(&CONCENTRATION)?;
    let mut figures = Vec::new();
    let of_sales = concentration
        .slugs("measure")
        .iter()
        .position(|measure| measure.as_deref() == Some("net_sales"));
    let of_sales = of_sales.filter(|&row| concentration.number("top_20_percent_share", row) > Some(0.0));
    if let Some(row) = of_sales {
        figures.push(pareto_curve(context, &concentration, row)?);
    }
    figures.extend(whale_curve(context)?);
    if concentration
        .numbers("top_20_percent_share")
        .iter()
        .flatten()
        .any(|&share| share > 0.0)
    {
        let title = context.title(&CONCENTRATION, &[]);
        let figure = Figure::new(&CONCENTRATION, &concentration, context.words, title, Picture::Table);
        figures.push(figure.wide());
    }
    Ok(context.section("pareto", figures))
}

fn pareto_curve(context: Context<'_>, concentration: &Answer, row: usize) -> Result<Figure, ReportError> {
    let words = context.words;
    let answer = context.ask(&CURVE)?;
    let share = concentration.shown(&CONCENTRATION.columns[3], row, words);
    let found = [
        ("share", Argument::Text(share.clone())),
        (
            "customers",
            Argument::Text(concentration.shown(&CONCENTRATION.columns[2], row, words)),
        ),
        (
            "to_class_a",
            Argument::Count(concentration.number("customers_to_class_a", row).unwrap_or(0.0) as u64),
        ),
        (
            "limit",
            Argument::Text(words.percent(concentration.number("class_a_limit", row).unwrap_or(0.0), 0)),
        ),
    ];
    let title = context.title(&CURVE, &found);
    let all = concentration.number("customers", row).unwrap_or(0.0).max(1.0);
    let top = concentration.number("top_20_percent_customers", row).unwrap_or(0.0) / all;
    let marker = CurveMarker {
        x: top,
        y: concentration.number("top_20_percent_share", row).unwrap_or(0.0),
        label: words.say_with("pareto-marker", &found),
    };
    let chart = curve(
        context,
        &answer,
        ("customer_share", "value_share"),
        &title,
        vec![marker],
        ReferenceLine {
            from: (0.0, 0.0),
            to: (1.0, 1.0),
            label: words.say("pareto-reference"),
        },
    );
    Ok(Figure::new(&CURVE, &answer, words, title, chart))
}

fn whale_curve(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&WHALE)?;
    let shares = answer.numbers("cumulative_profit_share");
    let greatest = shares.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    // The first of equal ones: who adds nothing is not among those who bring it.
    let Some(row) = shares.iter().position(|share| *share == Some(greatest)) else {
        return Ok(None);
    };
    let found = [
        ("customers", Argument::Text(answer.shown(&WHALE.columns[1], row, words))),
        ("share", Argument::Text(answer.shown(&WHALE.columns[3], row, words))),
    ];
    let is_last = row + 1 == answer.rows();
    let title = match is_last {
        true => context.title_of_case(&WHALE, "all", &found),
        false => context.title(&WHALE, &found),
    };
    let marker = CurveMarker {
        x: answer.number("customer_share", row).unwrap_or(0.0),
        y: shares[row].unwrap_or(0.0),
        label: words.say_with("whale-marker", &found),
    };
    let chart = curve(
        context,
        &answer,
        ("customer_share", "cumulative_profit_share"),
        &title,
        vec![marker],
        ReferenceLine {
            from: (0.0, 1.0),
            to: (1.0, 1.0),
            label: words.say("whale-reference"),
        },
    );
    Ok(Some(Figure::new(&WHALE, &answer, words, title, chart)))
}

fn curve(
    context: Context<'_>,
    answer: &Answer,
    (across, up): (&'static str, &'static str),
    title: &str,
    markers: Vec<CurveMarker>,
    reference: ReferenceLine,
) -> Picture {
    let words = context.words;
    let (x, y) = (answer.numbers(across), answer.numbers(up));
    let (x_texts, y_texts) = (answer.texts(across, words), answer.texts(up, words));
    let customers = words.label("column", "customers");
    let points = (0..answer.rows()).filter_map(|row| {
        Some(CurvePoint {
            x: x[row]?,
            y: y[row]?,
            tip: format!(
                "{}: {}\n{}: {}",
                customers,
                x_texts[row],
                words.label("column", up),
                y_texts[row]
            ),
        })
    });
    let percent = |share: f64| words.percent(share, 0);
    Curve {
        about: About::titled(title),
        points: points.collect(),
        markers,
        references: vec![reference],
        x_title: words.say("axis-customer-share"),
        y_title: words.label("column", up),
        x_format: &percent,
        y_format: &percent,
    }
    .draw()
    .into()
}
