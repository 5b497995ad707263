//! Published tables as text: aligned for people, CSV or JSON for machines.

use std::io::{self, Write};

use cartera_table::contracts::PUBLISHED;
use cartera_table::{ColumnDef, ColumnType, Unit, decimal_text};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, TableComponent, presets};
use polars::prelude::{AnyValue, Column, DataFrame};

use crate::number;

/// What is known of a column of a table.
fn definition(table: &str, column: &str) -> Option<&'static ColumnDef> {
    PUBLISHED.iter().find(|contract| contract.name == table)?.column(column)
}

/// Prints rows for people.
pub(crate) fn as_table(out: &mut dyn Write, table: &str, frame: &DataFrame) -> io::Result<()> {
    let mut text = people_table();
    let definitions: Vec<_> = frame
        .columns()
        .iter()
        .map(|column| definition(table, column.name()))
        .collect();
    text.set_header(frame.columns().iter().map(|column| column.name().to_string()));
    for row in 0..frame.height() {
        text.add_row(frame.columns().iter().zip(&definitions).map(|(column, definition)| {
            let value = machine_text(column, row);
            let text = value
                .as_deref()
                .map_or_else(String::new, |value| for_people(value, *definition));
            let is_number =
                definition.is_some_and(|column| !matches!(column.column_type, ColumnType::Text | ColumnType::Date));
            Cell::new(text).set_alignment(if is_number {
                CellAlignment::Right
            } else {
                CellAlignment::Left
            })
        }));
    }
    writeln!(out, "{text}")
}

/// An empty table in the house's look.
pub(crate) fn people_table() -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    for lines_between_rows in [TableComponent::HorizontalLines, TableComponent::MiddleIntersections] {
        table.remove_style(lines_between_rows);
    }
    table
}

/// A value as people read it, where its column is known.
pub(crate) fn for_people(value: &str, definition: Option<&ColumnDef>) -> String {
    let Some(definition) = definition else {
        return value.to_owned();
    };
    match (definition.unit, definition.column_type) {
        (Unit::Money, ColumnType::Decimal { .. }) => number::money(value),
        (Unit::Share, ColumnType::Float64) => value.parse().map_or_else(|_| value.to_owned(), number::percent),
        (_, ColumnType::Float64) => value.parse().map_or_else(
            |_| value.to_owned(),
            |number: f64| number::thousands(&format!("{number:.2}")),
        ),
        (_, ColumnType::Int64 | ColumnType::Int32) => number::thousands(value),
        (_, ColumnType::Decimal { .. }) => number::money(value),
        // Data may hold what would move the cursor or change the colours of a terminal.
        _ if value.contains(char::is_control) => value.escape_debug().to_string(),
        _ => value.to_owned(),
    }
}

/// Prints rows as CSV.
pub(crate) fn as_csv(out: &mut dyn Write, frame: &DataFrame) -> io::Result<()> {
    let names: Vec<String> = frame.columns().iter().map(|column| csv_cell(column.name())).collect();
    writeln!(out, "{}", names.join(","))?;
    for row in 0..frame.height() {
        let cells: Vec<String> = frame
            .columns()
            .iter()
            .map(|column| machine_text(column, row).map_or_else(String::new, |value| csv_cell(&value)))
            .collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

fn csv_cell(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// Prints rows as a JSON array of objects.
pub(crate) fn as_json(out: &mut dyn Write, frame: &DataFrame) -> io::Result<()> {
    write!(out, "[")?;
    for row in 0..frame.height() {
        let cells: Vec<String> = frame
            .columns()
            .iter()
            .map(|column| {
                format!(
                    "{}:{}",
                    serde_json::Value::from(column.name().as_str()),
                    json_cell(column, row)
                )
            })
            .collect();
        write!(out, "{}\n{{{}}}", if row == 0 { "" } else { "," }, cells.join(","))?;
    }
    writeln!(out, "\n]")
}

fn json_cell(column: &Column, row: usize) -> String {
    match (machine_text(column, row), column.get(row)) {
        (None, _) => "null".to_owned(),
        (
            Some(text),
            Ok(AnyValue::String(_) | AnyValue::StringOwned(_) | AnyValue::Date(_) | AnyValue::Datetime(..)),
        ) => serde_json::Value::from(text).to_string(),
        // JSON knows neither NaN nor infinity.
        (Some(text), Ok(AnyValue::Float64(value))) => {
            if value.is_finite() {
                text
            } else {
                "null".to_owned()
            }
        }
        (Some(text), _) => text,
    }
}

/// A value as exact plain text; none for null.
pub(crate) fn machine_text(column: &Column, row: usize) -> Option<String> {
    Some(match column.get(row).ok()? {
        AnyValue::Null => return None,
        AnyValue::String(text) => text.to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Decimal(value, _, scale) => decimal_text(value, scale),
        AnyValue::Float64(number) => float_text(number.to_string()),
        AnyValue::Float32(number) => float_text(number.to_string()),
        other => other.to_string(),
    })
}

/// A float, given with the digits that tell it from every other: polars itself shows a few of them. One that is whole
/// keeps its separator, so that whoever reads the text takes it for a float.
pub(crate) fn float_text(mut digits: String) -> String {
    if digits.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-') {
        digits.push_str(".0");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_all_their_digits() {
        let numbers = [
            1_234_567.891_234_567,
            0.123_456_789,
            -2.0,
            1e-9,
            1e21,
            f64::MIN_POSITIVE,
        ];
        let column = Column::new("number".into(), numbers);
        for (row, number) in numbers.into_iter().enumerate() {
            let text = machine_text(&column, row).expect("a number");
            assert_eq!(text.parse(), Ok(number), "{text}");
            assert!(text.contains('.') && !text.contains('e'), "{text}");
        }
        let narrow = Column::new("number".into(), [1_234_567.9_f32, f32::NAN, f32::NEG_INFINITY]);
        let texts: Vec<String> = (0..3).filter_map(|row| machine_text(&narrow, row)).collect();
        assert_eq!(texts, ["1234567.9", "NaN", "-inf"]);
    }

    #[test]
    fn csv_quotes_only_what_needs_it() {
        assert_eq!(csv_cell("plain"), "plain");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
