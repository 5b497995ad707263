//! The pictures that several sections draw of an answer.

use crate::answer::{Answer, Kind};
use crate::charts::{About, Arrangement, BarChart, BarSeries, LineChart, Series, Svg};
use crate::figure::{HeatCell, HeatMap, HeatRow, heat_of};
use crate::words::Words;

/// How values of categories are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Over time.
    Lines,
    /// Standing, one on the other.
    StackedBars,
    /// Lying, a row a category.
    Rows,
    /// Lying, one behind the other.
    StackedRows,
}

/// Measures of an answer, over its rows in their order.
pub(super) fn over_categories(
    words: &Words,
    answer: &Answer,
    category: &str,
    measures: &[&str],
    title: &str,
    shape: Shape,
) -> Svg {
    let categories = answer.texts(category, words);
    let kind = measures
        .first()
        .and_then(|measure| answer.kind(measure))
        .unwrap_or(Kind::Count);
    let format = |value: f64| axis_text(value, kind, words);
    let measures: Vec<&str> = measures
        .iter()
        .copied()
        .filter(|measure| answer.numbers(measure).iter().any(Option::is_some))
        .collect();
    let tips = |measure: &str| -> Vec<String> {
        let label = words.label("column", measure);
        let shown = answer.texts(measure, words);
        let cells = categories.iter().zip(&shown);
        cells
            .map(|(category, value)| format!("{category}\n{label}: {value}"))
            .collect()
    };
    if shape == Shape::Lines {
        let series = measures.iter().map(|measure| Series {
            name: words.label("column", measure),
            values: answer.numbers(measure),
            tips: tips(measure),
        });
        return LineChart {
            about: About::titled(title),
            series: series.collect(),
            x: categories.clone(),
            y_title: String::new(),
            y_format: &format,
            area: measures.len() == 1,
            zero_based: true,
        }
        .draw();
    }
    let series = measures.iter().map(|measure| BarSeries {
        name: words.label("column", measure),
        values: answer
            .numbers(measure)
            .into_iter()
            .map(|value| value.unwrap_or(0.0))
            .collect(),
        tips: tips(measure),
        colour: None,
    });
    BarChart {
        about: About::titled(title),
        series: series.collect(),
        categories: categories.clone(),
        arrangement: Arrangement::Stacked,
        horizontal: matches!(shape, Shape::Rows | Shape::StackedRows),
        y_title: String::new(),
        y_format: &format,
    }
    .draw()
}

/// A number beside an axis: short.
pub(super) fn axis_text(value: f64, kind: Kind, words: &Words) -> String {
    match kind {
        Kind::Money => words.money_compact(value),
        Kind::Share => words.percent(value, 0),
        _ => words.compact(value),
    }
}

/// Two categories crossed: a row for each of the first, a column for each of the second, both in the answer's order.
pub(super) fn crossed(words: &Words, answer: &Answer, (down, across): (&str, &str), measure: &str) -> HeatMap {
    let (rows, columns) = (answer.texts(down, words), answer.texts(across, words));
    let (values, shown) = (answer.numbers(measure), answer.texts(measure, words));
    let (row_names, column_names) = (distinct(&rows), distinct(&columns));
    let greatest = values
        .iter()
        .flatten()
        .fold(0.0_f64, |most, &value| most.max(value.abs()));
    let mut cells = vec![vec![HeatCell::default(); column_names.len()]; row_names.len()];
    for at in 0..answer.rows() {
        let row = row_names.iter().position(|name| *name == rows[at]);
        let column = column_names.iter().position(|name| *name == columns[at]);
        if let (Some(row), Some(column)) = (row, column) {
            cells[row][column] = HeatCell {
                text: shown[at].clone(),
                tip: format!("{} · {}\n{}", rows[at], columns[at], shown[at]),
                heat: heat_of(values[at].unwrap_or(0.0), greatest),
            };
        }
    }
    HeatMap {
        row_title: words.label("column", down),
        column_title: words.label("column", across),
        columns: column_names,
        rows: row_names
            .into_iter()
            .zip(cells)
            .map(|(label, cells)| HeatRow { label, cells })
            .collect(),
        is_diverging: false,
        legend: String::new(),
    }
}

/// Each name once, in the order in which they come.
pub(super) fn distinct<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}
