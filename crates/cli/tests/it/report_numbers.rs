//! Every number of the report is what its query answers when it is asked again of the published tables.

use std::path::Path;

use cartera_pipeline::store::{RunSelector, RunSql, Warehouse};
use polars::prelude::{Column, DataFrame, DataType};
use serde_json::Value;

use crate::support::{TwoNights, two_nights};

/// A figure as it was read from the page.
#[derive(Debug)]
struct Figure {
    id: String,
    tables: Vec<String>,
    sql: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn figures(page: &Path) -> Vec<Figure> {
    let html = std::fs::read_to_string(page).expect("the report");
    let figure = |part: &str| {
        let part = part.split("</figure>").next().expect("an end");
        let table = part.split("<table>").nth(1).expect("a table view");
        let values = |row: &str| between(row, "data-value=\"", "\"");
        Figure {
            id: part.split('"').next().expect("an id").to_owned(),
            tables: between(part, "data-tables=\"", "\"")[0]
                .split(' ')
                .map(str::to_owned)
                .collect(),
            sql: between(part, "<code class=\"sql\">", "</code>").remove(0),
            columns: between(table, "data-column=\"", "\""),
            rows: table.split("<tr>").map(values).filter(|row| !row.is_empty()).collect(),
        }
    };
    html.split("<figure id=\"figure-").skip(1).map(figure).collect()
}

/// What stands between two texts, wherever they stand, as a browser reads it.
fn between(text: &str, start: &str, end: &str) -> Vec<String> {
    let found = text
        .split(start)
        .skip(1)
        .map(|rest| rest.split(end).next().unwrap_or(""));
    found.map(unescaped).collect()
}

fn unescaped(text: &str) -> String {
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    signs
        .iter()
        .fold(text.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

/// Whether a cell of the page is that of the answer: text to the letter, numbers to their last digit but rounding.
fn is_same(column: &Column, row: usize, shown: &str) -> bool {
    let value = column.get(row).expect("a row");
    if value.is_null() {
        return shown.is_empty();
    }
    if column.dtype().is_numeric() || column.dtype().is_decimal() {
        let exact = column.cast(&DataType::Float64).expect("a number");
        let exact = exact.f64().expect("numbers").get(row).expect("no null");
        return shown
            .parse::<f64>()
            .is_ok_and(|shown| (shown - exact).abs() <= exact.abs() * 1e-12);
    }
    let text = column.cast(&DataType::String).expect("text");
    text.str().expect("text").get(row) == Some(shown)
}

fn assert_answered(figure: &Figure, answer: &DataFrame) {
    let Figure { id, columns, rows, .. } = figure;
    assert_eq!(rows.len(), answer.height(), "rows of {id}");
    for (row, cells) in rows.iter().enumerate() {
        assert_eq!(cells.len(), columns.len(), "row {row} of {id}");
        for (name, shown) in columns.iter().zip(cells) {
            let column = answer.column(name).expect("the column");
            let answered = column.get(row).expect("a row");
            assert!(
                is_same(column, row, shown),
                "{id}, {name}, row {row}: {shown} is not {answered}"
            );
        }
    }
}

fn sql_of(nights: &TwoNights) -> RunSql {
    let warehouse = Warehouse::open(nights.workshop.warehouse()).expect("a warehouse");
    RunSql::of_run(
        &warehouse
            .find(&"current".parse::<RunSelector>().expect("a run"))
            .expect("published"),
    )
}

#[test]
fn every_cell_is_what_the_query_beside_it_answers() {
    let nights = two_nights();
    let sql = sql_of(&nights);
    let english = figures(&nights.english);
    let spanish = figures(&nights.spanish);
    assert!(english.len() >= 15, "only {} figures", english.len());
    let published: Vec<&str> = sql.tables().collect();
    for figure in english.iter().chain(&spanish) {
        for table in &figure.tables {
            assert!(published.contains(&table.as_str()), "{} names {table}", figure.id);
            assert!(
                figure.sql.contains(table.as_str()),
                "{} does not ask {table}",
                figure.id
            );
        }
        assert_answered(figure, &sql.query(&figure.sql).expect("an answer"));
    }
    // The languages differ in words alone.
    for (one, other) in english.iter().zip(&spanish) {
        assert_eq!((&one.id, &one.rows), (&other.id, &other.rows));
    }
}

#[test]
fn the_headline_agrees_with_the_manifest_and_the_ledger() {
    let nights = two_nights();
    let manifest = std::fs::read_to_string(nights.run.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let figures = figures(&nights.english);
    let cell = |figure: &str, column: &str| {
        let figure = figures.iter().find(|one| one.id == figure).expect("the figure");
        let at = figure
            .columns
            .iter()
            .position(|name| name == column)
            .expect("the column");
        figure
            .rows
            .iter()
            .map(|row| row[at].parse::<f64>().expect("a number"))
            .sum::<f64>()
    };
    let totals = &manifest["totals"];
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let expected = [
        ("customers", &totals["customers_with_orders"]),
        ("order_count", &totals["orders"]),
        ("net_sales", &totals["net_sales"]),
        ("gross_margin", &totals["margin"]["gross_margin"]),
        ("clv_horizon", &totals["lifetime"]["clv_horizon"]),
        ("vin", &totals["lifetime"]["vin"]),
    ];
    for (column, total) in expected {
        let total = number(total).expect("a number");
        assert!(
            (cell("base", column) - total).abs() <= total.abs() * 1e-12,
            "{column} is not {total}"
        );
    }
    // All rows of the inputs are in the ledger's picture, and each is in one of its parts.
    let parts = [
        "rows_kept",
        "rows_of_guests",
        "rows_merged",
        "rows_out_of_scope",
        "rows_quarantined",
    ];
    let parts: f64 = parts.iter().map(|part| cell("ledger_rows", part)).sum();
    assert_eq!(cell("ledger_rows", "rows_in"), parts);
    let sources = manifest["source_tables"].as_array().expect("tables");
    let read: f64 = sources.iter().filter_map(|table| number(&table["rows_in"])).sum();
    assert_eq!(cell("ledger_rows", "rows_in"), read);
}
