//! Recency, frequency and money: how many customers stand where, and what the named segments hold.

use super::{Context, Section};
use crate::answer::{Answer, ColumnSpec, Kind};
use crate::charts::{About, Treemap, TreemapItem};
use crate::error::ReportError;
use crate::figure::{Figure, HeatCell, HeatMap, HeatRow, Picture, Question, heat_of};
use crate::words::{Argument, Words};

const SEGMENTS: Question = Question {
    id: "rfm_segments",
    tables: &["segments"],
    sql:
        "select segment, customers, customer_share, net_sales, net_sales_share, net_profit, median_days_since_last_order
from segments
where segmentation = 'rfm_segment'
order by customers desc, segment",
    columns: &[
        ColumnSpec::new("segment", Kind::Label("rfm_segment")),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("customer_share", Kind::Share),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("net_sales_share", Kind::Share),
        ColumnSpec::new("net_profit", Kind::Money),
        ColumnSpec::new("median_days_since_last_order", Kind::Number(0)),
    ],
};

const MATRIX: Question = Question {
    id: "rfm_matrix",
    tables: &["rfm_matrix"],
    sql: "select recency_score, frequency_score, customers, customer_share, net_sales, median_net_sales, main_segment
from rfm_matrix
order by recency_score desc, frequency_score",
    columns: &[
        ColumnSpec::new("recency_score", Kind::Count),
        ColumnSpec::new("frequency_score", Kind::Count),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("customer_share", Kind::Share),
        ColumnSpec::new("net_sales", Kind::Money),
        ColumnSpec::new("median_net_sales", Kind::Number(2)),
        ColumnSpec::new("main_segment", Kind::Label("rfm_segment")),
    ],
};

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let segments = context.ask(&SEGMENTS)?;
    let matrix = context.ask(&MATRIX)?;
    let mut figures = Vec::new();
    if !segments.is_empty() {
        figures.push(treemap(context, &segments));
    }
    if matrix.numbers("customers").iter().flatten().any(|&count| count > 0.0) {
        let title = context.title(&MATRIX, &[]);
        let picture = Picture::Heat(matrix_map(&matrix, context.words));
        figures.push(Figure::new(&MATRIX, &matrix, context.words, title, picture));
    }
    Ok(context.section("rfm", figures))
}

fn treemap(context: Context<'_>, answer: &Answer) -> Figure {
    let words = context.words;
    let names = answer.texts("segment", words);
    let shares = answer.texts("customer_share", words);
    let sales = answer.texts("net_sales", words);
    let sales_shares = answer.texts("net_sales_share", words);
    let customers = answer.texts("customers", words);
    let values = answer.numbers("customers");
    let items = (0..answer.rows()).map(|row| TreemapItem {
        name: names[row].clone(),
        value: values[row].unwrap_or(0.0),
        label: shares[row].clone(),
        tip: format!(
            "{}\n{}: {} ({})\n{}: {} ({})",
            names[row],
            words.label("column", "customers"),
            customers[row],
            shares[row],
            words.label("column", "net_sales"),
            sales[row],
            sales_shares[row],
        ),
    });
    let title = context.title(
        &SEGMENTS,
        &[
            ("segment", Argument::Text(names[0].clone())),
            ("share", Argument::Text(shares[0].clone())),
            ("sales_share", Argument::Text(sales_shares[0].clone())),
        ],
    );
    let chart = Treemap {
        about: About::titled(&title),
        items: items.collect(),
    };
    Figure::new(&SEGMENTS, answer, words, title, chart.draw().into())
}

/// Recency from the best downwards, frequency from the least to the right.
fn matrix_map(answer: &Answer, words: &Words) -> HeatMap {
    let counts = answer.numbers("customers");
    let most = counts.iter().flatten().fold(0.0_f64, |most, &count| most.max(count));
    let customers = answer.texts("customers", words);
    let names = answer.texts("main_segment", words);
    let sales = answer.texts("net_sales", words);
    let recency = answer.texts("recency_score", words);
    let frequency = answer.texts("frequency_score", words);
    let mut map = HeatMap {
        row_title: words.label("column", "recency_score"),
        column_title: words.label("column", "frequency_score"),
        legend: words.say("heat-legend-customers"),
        ..HeatMap::default()
    };
    for row in 0..answer.rows() {
        if map.rows.last().is_none_or(|last| last.label != recency[row]) {
            map.rows.push(HeatRow {
                label: recency[row].clone(),
                cells: Vec::new(),
            });
        }
        if map.rows.len() == 1 {
            map.columns.push(frequency[row].clone());
        }
        let heat = heat_of(counts[row].unwrap_or(0.0), most);
        let cell = HeatCell {
            text: customers[row].clone(),
            tip: format!(
                "{}\n{} {}\n{}",
                names[row],
                customers[row],
                words.label("column", "customers"),
                sales[row]
            ),
            heat,
        };
        if let Some(last) = map.rows.last_mut() {
            last.cells.push(cell);
        }
    }
    map
}
