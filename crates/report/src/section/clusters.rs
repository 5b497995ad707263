//! Groups of customers who are alike: how large, what sets them apart, who moved, and whether they still fit.

use super::tips::{of_row, text};
use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Arrangement, BarChart, BarSeries};
use crate::error::ReportError;
use crate::figure::{Figure, Picture, Question};
use crate::words::Argument;

mod moves;
mod profiles;

const SIZES: Question = Question {
    id: "clusters",
    tables: &["segments"],
    sql: "select segment as cluster, customers, customer_share, net_sales, net_sales_share, median_orders,
       median_days_since_last_order, median_average_order_value
from segments
where segmentation = 'cluster'
order by customers desc, segment",
    columns: &[
        ColumnSpec::new("cluster", Kind::Label("cluster")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("customer_share", Kind::Share),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("net_sales_share", Kind::Share),
        ColumnSpec::new("median_orders", Kind::Number(1)),
        ColumnSpec::new("median_days_since_last_order", Kind::Number(0)),
        ColumnSpec::new("median_average_order_value", Kind::Money),
    ],
};

const DRIFT: Question = Question {
    id: "cluster_drift",
    tables: &["cluster_drift"],
    sql: "select measure, feature, value, \"limit\", status
from cluster_drift
order by measure, feature",
    columns: &[
        ColumnSpec::new("measure", Kind::Label("measure")),
        ColumnSpec::new("feature", Kind::Label("feature")),
        ColumnSpec::new("value", Kind::Number(3)),
        ColumnSpec::new("limit", Kind::Number(3)),
        ColumnSpec::new("status", Kind::Label("status")),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let mut figures = Vec::new();
    figures.extend(sizes(context)?);
    figures.extend(profiles::figure(context)?);
    figures.extend(moves::figure(context)?);
    figures.extend(drift(context)?);
    Ok(context.section("clusters", figures))
}

/// Each cluster's share of customers beside its share of sales.
fn sizes(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&SIZES)?;
    let Some(best) = greatest(&answer, "net_sales_share") else {
        return Ok(None);
    };
    let names = answer.texts("cluster", words);
    let series = ["customer_share", "net_sales_share"].map(|measure| BarSeries {
        name: words.label("column", measure),
        values: answer
            .numbers(measure)
            .into_iter()
            .map(|share| share.unwrap_or(f64::NAN))
            .collect(),
        tips: (0..answer.rows())
            .map(|row| {
                of_row(
                    words,
                    &answer,
                    row,
                    &names[row],
                    &["customers", "customer_share", "net_sales", "net_sales_share"],
                )
            })
            .collect(),
        colour: None,
    });
    let found = [
        ("count", Argument::Count(answer.rows() as u64)),
        ("cluster", Argument::Text(names[best].clone())),
        ("share", Argument::Text(text(words, &answer, best, "customer_share"))),
        (
            "sales_share",
            Argument::Text(text(words, &answer, best, "net_sales_share")),
        ),
    ];
    let title = context.title(&SIZES, &found);
    let chart = BarChart {
        about: About::titled(&title),
        categories: names,
        series: series.into(),
        arrangement: Arrangement::Grouped,
        horizontal: true,
        y_title: String::new(),
        y_format: &|share| words.percent(share, 0),
    };
    Ok(Some(
        Figure::new(&SIZES, &answer, words, title, chart.draw().into()).wide(),
    ))
}

/// Whether the model still fits the customers of tonight; none on the night of a fit.
fn drift(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&DRIFT)?;
    if answer.is_empty() {
        return Ok(None);
    }
    let over = answer
        .slugs("status")
        .iter()
        .filter(|status| status.as_deref() == Some("over_limit"))
        .count();
    let found = [
        ("over", Argument::Count(over as u64)),
        ("figures", Argument::Count(answer.rows() as u64)),
    ];
    let title = context.title(&DRIFT, &found);
    Ok(Some(Figure::new(&DRIFT, &answer, words, title, Picture::Table)))
}

/// The row of the greatest number of a column.
fn greatest(answer: &Answer, column: &str) -> Option<usize> {
    let values = answer.numbers(column);
    let known = (0..values.len()).filter(|&row| values[row].is_some());
    known.max_by(|&one, &other| {
        let (one, other) = (values[one].unwrap_or(f64::MIN), values[other].unwrap_or(f64::MIN));
        one.total_cmp(&other)
    })
}
