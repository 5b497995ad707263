//! Answers as text. Their columns are not those of one contract: what is known of a column is known by its name and type.

use std::io::{self, IsTerminal, Write};

use cartera_table::contracts::PUBLISHED;
use cartera_table::{ColumnDef, decimal_text};
use comfy_table::{Cell, CellAlignment};
use polars::prelude::{AnyValue, Column, DataFrame, DataType};

use crate::{number, render};

/// Signs of a cell at most, so that one long text does not take the place of all other columns.
const CELL_SIGNS: usize = 60;
/// Signs around a cell.
const BORDER: usize = 3;

/// Signs of a line of the terminal; none where the answer goes elsewhere.
pub(super) fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    render::people_table().width().map(usize::from)
}

/// Prints the columns that fit, from the first; says how many do not.
pub(super) fn as_table(out: &mut dyn Write, frame: &DataFrame, width: Option<usize>) -> io::Result<usize> {
    let columns: Vec<(String, bool, Vec<String>)> = frame.columns().iter().map(texts).collect();
    let shown = fitting(&columns, width);
    let mut text = render::people_table();
    text.set_header(columns[..shown].iter().map(|(name, ..)| name.as_str()));
    for row in 0..frame.height() {
        text.add_row(columns[..shown].iter().map(|(_, is_number, cells)| {
            Cell::new(&cells[row]).set_alignment(if *is_number {
                CellAlignment::Right
            } else {
                CellAlignment::Left
            })
        }));
    }
    writeln!(out, "{text}")?;
    Ok(columns.len() - shown)
}

/// How many columns stand side by side; one always.
fn fitting(columns: &[(String, bool, Vec<String>)], width: Option<usize>) -> usize {
    let Some(width) = width else { return columns.len() };
    let mut used = 0;
    let fits = columns.iter().take_while(|(name, _, cells)| {
        let signs = cells
            .iter()
            .chain([name])
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0);
        used += signs + BORDER;
        used <= width
    });
    fits.count().max(1).min(columns.len())
}

/// The name, whether it holds numbers, and the cells for people.
fn texts(column: &Column) -> (String, bool, Vec<String>) {
    let definition = definition(column);
    let cells = (0..column.len()).map(|row| cell(column, row, definition)).collect();
    let is_number = column.dtype().is_primitive_numeric() || column.dtype().is_decimal();
    (column.name().to_string(), is_number, cells)
}

/// The published column of the same name and type.
fn definition(column: &Column) -> Option<&'static ColumnDef> {
    PUBLISHED
        .iter()
        .filter_map(|contract| contract.column(column.name()))
        .find(|known| known.column_type.data_type() == *column.dtype())
}

fn cell(column: &Column, row: usize, definition: Option<&'static ColumnDef>) -> String {
    let Some(value) = render::machine_text(column, row) else {
        return String::new();
    };
    let text = match (definition, column.dtype()) {
        (Some(_), _) => render::for_people(&value, definition),
        // Counts are of this type; years and months are not.
        (None, DataType::UInt32 | DataType::UInt64) => number::thousands(&value),
        (None, DataType::Decimal(..)) => number::money(&value),
        (None, DataType::Float64 | DataType::Float32) => value.parse().map_or_else(
            |_| value.clone(),
            |number: f64| number::thousands(&format!("{number:.4}")),
        ),
        (None, _) => value,
    };
    shortened(&text)
}

/// One line without what would move the cursor.
fn shortened(text: &str) -> String {
    let text: String = if text.contains(char::is_control) {
        text.escape_debug().to_string()
    } else {
        text.to_owned()
    };
    if text.chars().count() <= CELL_SIGNS {
        return text;
    }
    text.chars().take(CELL_SIGNS - 1).chain(['…']).collect()
}

/// Prints an array of objects.
pub(super) fn as_json(out: &mut dyn Write, frame: &DataFrame) -> io::Result<()> {
    write!(out, "[")?;
    for row in 0..frame.height() {
        write!(out, "{}\n{}", if row == 0 { "" } else { "," }, object(frame, row))?;
    }
    writeln!(out, "\n]")
}

/// Prints an object a line.
pub(super) fn as_ndjson(out: &mut dyn Write, frame: &DataFrame) -> io::Result<()> {
    for row in 0..frame.height() {
        writeln!(out, "{}", object(frame, row))?;
    }
    Ok(())
}

fn object(frame: &DataFrame, row: usize) -> String {
    let cells: Vec<String> = frame
        .columns()
        .iter()
        .map(|column| {
            let value = column.get(row).unwrap_or(AnyValue::Null);
            format!("{}:{}", quoted(column.name()), json(&value))
        })
        .collect();
    format!("{{{}}}", cells.join(","))
}

/// Numbers with all their digits, lists as arrays, and anything else as text.
fn json(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => "null".to_owned(),
        AnyValue::Boolean(_) => value.to_string(),
        AnyValue::Decimal(unscaled, _, scale) => decimal_text(*unscaled, *scale),
        // JSON knows neither NaN nor infinity.
        AnyValue::Float64(number) if !number.is_finite() => "null".to_owned(),
        AnyValue::Float32(number) if !number.is_finite() => "null".to_owned(),
        AnyValue::Float64(number) => render::float_text(number.to_string()),
        AnyValue::Float32(number) => render::float_text(number.to_string()),
        number if number.is_primitive_numeric() => number.to_string(),
        AnyValue::String(text) => quoted(text),
        AnyValue::StringOwned(text) => quoted(text),
        AnyValue::List(series) => {
            let cells: Vec<String> = series.iter().map(|cell| json(&cell)).collect();
            format!("[{}]", cells.join(","))
        }
        other => quoted(&other.to_string()),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, Series};

    use super::*;

    fn frame() -> DataFrame {
        let columns = vec![
            Column::new("name".into(), ["a\tb", "long ".repeat(30).as_str()]),
            Column::new("customers".into(), [1_234_567_u32, 2]),
            Column::new("year".into(), [2024_i32, 2025]),
            Column::new("my_ratio".into(), [0.123_456_789_012, f64::NAN]),
        ];
        DataFrame::new(2, columns).expect("a frame")
    }

    fn printed(width: Option<usize>) -> (String, usize) {
        let mut out = Vec::new();
        let left_out = as_table(&mut out, &frame(), width).expect("printed");
        (String::from_utf8(out).expect("text"), left_out)
    }

    #[test]
    fn counts_are_grouped_and_years_are_not() {
        let (text, left_out) = printed(None);
        assert_eq!(left_out, 0);
        for cell in ["1,234,567", " 2024 ", "0.1235", "a\\tb", "…"] {
            assert!(text.contains(cell), "{cell} is missing in\n{text}");
        }
    }

    #[test]
    fn columns_that_do_not_fit_are_counted() {
        let (text, left_out) = printed(Some(80));
        assert_eq!(left_out, 2);
        assert!(text.contains("customers") && !text.contains("year"), "{text}");
        assert_eq!(printed(Some(5)).1, 3, "one column stands always");
    }

    #[test]
    fn answers_are_json_whatever_their_types() {
        let mut frame = frame();
        let lists = Series::new(
            "list".into(),
            [Series::new("".into(), [1_i32, 2]), Series::new("".into(), [3_i32])],
        );
        frame.with_column(lists.into()).expect("added");
        let mut out = Vec::new();
        as_json(&mut out, &frame).expect("printed");
        let rows: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
        assert_eq!(rows[0]["list"], serde_json::json!([1, 2]));
        assert_eq!(rows[0]["customers"], 1_234_567);
        assert_eq!(rows[0]["my_ratio"], 0.123_456_789_012);
        assert_eq!(rows[1]["my_ratio"], serde_json::Value::Null);
        let mut out = Vec::new();
        as_ndjson(&mut out, &frame).expect("printed");
        let lines = String::from_utf8(out).expect("text");
        assert_eq!(lines.lines().count(), 2);
        for (line, row) in lines.lines().zip(0..) {
            let read: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(read, rows[row]);
        }
    }
}
