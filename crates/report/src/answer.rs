//! The answer to a figure's query: its cells as the page shows them, and its columns as charts draw them.

use jiff::civil::Date;
use polars::prelude::{AnyValue, Column, DataFrame, DataType, PolarsResult};
use serde::Serialize;

use crate::words::{UNKNOWN, Words};

/// What a column holds, and so how its cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text as it stands; a dash where there is none.
    Text,
    /// A name out of the data, as it stands there; said to be unknown where there is none.
    Name,
    /// A category, of that kind of the catalogue.
    Label(&'static str),
    /// The same, where nothing means that there is none.
    LabelOrNone(&'static str),
    /// A month, as 2025-03.
    Month,
    /// A calendar day.
    Day,
    /// Yes or no.
    Flag,
    /// A number of things.
    Count,
    /// Money of the pipeline's currency.
    Money,
    /// A fraction of one, shown in percent.
    Share,
    /// Any other number, with so many digits after the point.
    Number(u8),
}

impl Kind {
    /// Whether cells are set to the right, digit under digit.
    const fn is_number(self) -> bool {
        matches!(self, Self::Count | Self::Money | Self::Share | Self::Number(_))
    }
}

/// A column of a query, in the order of the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnSpec {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

impl ColumnSpec {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }
}

/// A cell as a person reads it, and as a machine does.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cell {
    text: String,
    /// The value as it was answered; empty where it is null.
    raw: String,
    is_number: bool,
}

/// A column's heading.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Heading {
    label: String,
    name: &'static str,
    is_number: bool,
}

/// An answer in both forms.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    frame: DataFrame,
    columns: Vec<ColumnSpec>,
}

/// The form that the table view shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TableView {
    headings: Vec<Heading>,
    rows: Vec<Vec<Cell>>,
}

impl Answer {
    /// Takes the columns of the frame that are declared, which must be all that it has.
    pub(crate) fn new(frame: DataFrame, columns: &[ColumnSpec]) -> PolarsResult<Self> {
        let frame = frame.select(columns.iter().map(|column| column.name))?;
        Ok(Self {
            frame,
            columns: columns.to_vec(),
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.frame.height()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows() == 0
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.frame.column(name).ok()
    }

    pub(crate) fn kind(&self, name: &str) -> Option<Kind> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.kind)
    }

    /// A column as plain numbers, for charts; money in units of the currency.
    pub(crate) fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        let Some(column) = self.column(name) else {
            return vec![None; self.rows()];
        };
        let values = column.cast(&DataType::Float64);
        match values.as_ref().map(Column::f64) {
            Ok(Ok(values)) => values
                .iter()
                .map(|value| value.filter(|value| value.is_finite()))
                .collect(),
            _ => vec![None; self.rows()],
        }
    }

    /// A column of text as it stands in the table.
    pub(crate) fn slugs(&self, name: &str) -> Vec<Option<String>> {
        match self.column(name).map(Column::str) {
            Some(Ok(values)) => values.iter().map(|value| value.map(str::to_owned)).collect(),
            _ => vec![None; self.rows()],
        }
    }

    /// A column as people read it.
    pub(crate) fn texts(&self, name: &str, words: &Words) -> Vec<String> {
        let Some(column) = self.columns.iter().find(|column| column.name == name) else {
            return Vec::new();
        };
        (0..self.rows()).map(|row| self.shown(column, row, words)).collect()
    }

    /// The exact amount of a cell, in ten-thousandths.
    pub(crate) fn money(&self, name: &str, row: usize) -> Option<i128> {
        match self.column(name)?.get(row).ok()? {
            AnyValue::Decimal(unscaled, _, 4) => Some(unscaled),
            _ => None,
        }
    }

    /// The number of a cell.
    pub(crate) fn number(&self, name: &str, row: usize) -> Option<f64> {
        self.numbers(name).get(row).copied().flatten()
    }

    /// Whether a cell says yes.
    pub(crate) fn flag(&self, name: &str, row: usize) -> Option<bool> {
        match self.column(name)?.get(row).ok()? {
            AnyValue::Boolean(flag) => Some(flag),
            _ => None,
        }
    }

    /// A cell as people read it.
    pub(crate) fn shown(&self, column: &ColumnSpec, row: usize, words: &Words) -> String {
        match self.column(column.name).map(|values| values.get(row)) {
            Some(Ok(value)) => cell_text(&value, column.kind, words),
            _ => String::new(),
        }
    }

    /// The table view.
    pub(crate) fn view(&self, words: &Words) -> TableView {
        let headings = self.columns.iter().map(|column| Heading {
            label: words.label("column", column.name),
            name: column.name,
            is_number: column.kind.is_number(),
        });
        let cells = |row: usize| {
            let cell = |column: &ColumnSpec| {
                let value = self.column(column.name).and_then(|values| values.get(row).ok());
                let value = value.unwrap_or(AnyValue::Null);
                Cell {
                    text: cell_text(&value, column.kind, words),
                    raw: raw_text(&value),
                    is_number: column.kind.is_number(),
                }
            };
            self.columns.iter().map(cell).collect()
        };
        TableView {
            headings: headings.collect(),
            rows: (0..self.rows()).map(cells).collect(),
        }
    }
}

/// The value without any format, as a machine compares it.
fn raw_text(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Date(_) => day_of(value).map(|day| day.to_string()).unwrap_or_default(),
        // With all its digits: as polars shows them there are six.
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Float32(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// The value as people read it; a dash where there is none.
fn cell_text(value: &AnyValue<'_>, kind: Kind, words: &Words) -> String {
    let text = match (kind, value) {
        (Kind::Name, AnyValue::Null) => Some(words.label("value", "unknown")),
        (Kind::Label(kind), AnyValue::Null) => Some(words.label(kind, "unknown")),
        (_, AnyValue::Null) => None,
        (Kind::Label(kind) | Kind::LabelOrNone(kind), _) => Some(words.label(kind, &raw_text(value))),
        (Kind::Month, _) => format!("{}-01", raw_text(value))
            .parse()
            .ok()
            .map(|day: Date| words.month(day)),
        (Kind::Day, _) => day_of(value).map(|day| words.date(day)),
        (Kind::Money, AnyValue::Decimal(unscaled, _, 4)) => Some(words.money(*unscaled)),
        (Kind::Money, _) => number_of(value).map(|amount| words.money(ten_thousandths(amount))),
        (Kind::Count, _) => value.extract::<i64>().map(|count| words.count(count)),
        (Kind::Share, _) => number_of(value).map(|share| words.percent(share, 1)),
        (Kind::Number(digits), _) => number_of(value).map(|number| words.number(number, digits)),
        (Kind::Flag, AnyValue::Boolean(flag)) => Some(words.say(if *flag { "yes" } else { "no" })),
        (Kind::Text | Kind::Name | Kind::Flag, _) => Some(raw_text(value)),
    };
    text.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Model money of a float, as the nearest ten-thousandth.
pub(crate) fn ten_thousandths(amount: f64) -> i128 {
    (amount * 10_000.0).round_ties_even() as i128
}

fn number_of(value: &AnyValue<'_>) -> Option<f64> {
    match value {
        AnyValue::Decimal(unscaled, _, scale) => {
            let unscaled = *unscaled as f64;
            i32::try_from(*scale).ok().map(|scale| unscaled / 10_f64.powi(scale))
        }
        other => other.extract::<f64>().filter(|number| number.is_finite()),
    }
}

fn day_of(value: &AnyValue<'_>) -> Option<Date> {
    let AnyValue::Date(days) = value else { return None };
    Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().days(*days))
        .ok()
}
