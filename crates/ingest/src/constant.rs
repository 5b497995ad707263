//! A value that a pipeline gives to every row of a source.

use cartera_raw::{
    Column as RawColumn, ColumnKind, ColumnSpec, DateFormat, DecimalFormat, Delimiter, Dialect, Plan, Splitter,
};
use cartera_table::{ColumnType, MICROSECONDS_PER_DAY};

/// A value of a column, in the form that its column has in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Constant {
    /// Text, not empty.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A whole number that fits its column.
    Integer(i64),
    /// A decimal as a whole number of its column's scale.
    Decimal(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01, of the wall clock.
    Timestamp(i64),
}

impl Constant {
    /// Reads a value as the manual writes it: a point before decimals, ISO dates, `true` and `false`.
    ///
    /// # Errors
    /// What would have been expected.
    pub(crate) fn parse(column_type: ColumnType, text: &str) -> Result<Self, String> {
        match column_type {
            ColumnType::Boolean => parse_boolean(text)
                .map(Self::Boolean)
                .ok_or_else(|| "true or false".to_owned()),
            ColumnType::Int32 | ColumnType::Int64 => parse_integer(column_type, text)
                .map(Self::Integer)
                .ok_or_else(|| "a whole number".to_owned()),
            ColumnType::Decimal { scale, .. } => decimal(text, scale)
                .map(Self::Decimal)
                .ok_or_else(|| format!("a number with at most {scale} decimals after a point")),
            ColumnType::Date => day(text)
                .map(Self::Date)
                .ok_or_else(|| "a date such as 2024-12-31".to_owned()),
            ColumnType::Timestamp => timestamp(text)
                .map(Self::Timestamp)
                .ok_or_else(|| "a date, or a date and time, such as 2024-12-31 18:30:00".to_owned()),
            ColumnType::Text | ColumnType::Float64 if text.trim().is_empty() => {
                Err("a text that is not empty".to_owned())
            }
            ColumnType::Text | ColumnType::Float64 => Ok(Self::Text(text.trim().to_owned())),
        }
    }
}

/// `true` and `false`, in any capitals.
pub(crate) fn parse_boolean(text: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find_map(|(word, value)| text.eq_ignore_ascii_case(word).then_some(value))
}

/// A whole number that fits the column.
pub(crate) fn parse_integer(column_type: ColumnType, text: &str) -> Option<i64> {
    let value: i64 = text.parse().ok()?;
    fits(column_type, value).then_some(value)
}

/// Whether a whole number fits the column.
pub(crate) fn fits(column_type: ColumnType, value: i64) -> bool {
    column_type != ColumnType::Int32 || i32::try_from(value).is_ok()
}

fn decimal(text: &str, scale: u8) -> Option<i64> {
    let format = DecimalFormat {
        scale,
        ..DecimalFormat::default()
    };
    match cell(text, ColumnKind::Decimal(format))? {
        RawColumn::Decimal(values) => values.get(0),
        _ => None,
    }
}

fn day(text: &str) -> Option<i32> {
    match cell(text, ColumnKind::Date(DateFormat::new("%Y-%m-%d").ok()?.into()))? {
        RawColumn::Date(values) => values.get(0),
        _ => None,
    }
}

fn timestamp(text: &str) -> Option<i64> {
    if let Some(day) = day(text) {
        return Some(i64::from(day) * MICROSECONDS_PER_DAY);
    }
    let format = DateFormat::new("%Y-%m-%d %H:%M:%S").ok()?;
    match cell(text, ColumnKind::Timestamp(format.into()))? {
        RawColumn::Timestamp(values) => values.get(0),
        _ => None,
    }
}

/// Reads the text as the only cell of a file, so that constants and cells follow the same rules.
fn cell(text: &str, kind: ColumnKind) -> Option<RawColumn> {
    let dialect = Dialect {
        delimiter: Delimiter::Byte(b'\x1f'),
        quote: None,
        header: false,
        ..Dialect::default()
    };
    let spec = ColumnSpec {
        name: "value".to_owned(),
        field: 0,
        kind,
        required: true,
        null_values: Vec::new(),
    };
    let mut splitter = Splitter::new(text.as_bytes(), &dialect, 1 << 10);
    let block = splitter.next_block().ok()??;
    let parsed = Plan::new(dialect, vec![spec], 1).ok()?.parse(&block);
    (parsed.row_count() == 1 && parsed.failures.is_empty()).then(|| parsed.columns.into_iter().next())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_their_columns_hold_them() {
        let cases = [
            (ColumnType::Text, "web", Constant::Text("web".to_owned())),
            (ColumnType::Boolean, "True", Constant::Boolean(true)),
            (ColumnType::Int32, "-7", Constant::Integer(-7)),
            (ColumnType::AMOUNT, "12.5", Constant::Decimal(125_000)),
            (ColumnType::Date, "1970-01-02", Constant::Date(1)),
            (
                ColumnType::Timestamp,
                "1970-01-02",
                Constant::Timestamp(MICROSECONDS_PER_DAY),
            ),
            (
                ColumnType::Timestamp,
                "1970-01-01 00:00:01",
                Constant::Timestamp(1_000_000),
            ),
        ];
        for (column_type, text, constant) in cases {
            assert_eq!(Constant::parse(column_type, text), Ok(constant), "{text}");
        }
    }

    #[test]
    fn others_are_refused() {
        for (column_type, text) in [
            (ColumnType::Text, " "),
            (ColumnType::Boolean, "yes"),
            (ColumnType::Int32, "3000000000"),
            (ColumnType::Int64, "1.5"),
            (ColumnType::AMOUNT, "1.00001"),
            (ColumnType::AMOUNT, "1,5"),
            (ColumnType::AMOUNT, ""),
            (ColumnType::Date, "31/12/2024"),
            (ColumnType::Date, "2024-02-30"),
            (ColumnType::Timestamp, "2024-12-31T25:00:00"),
            (ColumnType::Date, "2024-12-31\n2024-12-31"),
        ] {
            assert!(Constant::parse(column_type, text).is_err(), "{text}");
        }
    }
}
