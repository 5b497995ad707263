//! The text of one table, made in parts that are joined in order.

use std::fmt::Display;
use std::io::Write as _;

use crate::plant::PlantedRow;

/// Rows of one file as CSV, and which of them were planted.
#[derive(Debug, Default)]
pub(crate) struct TableText {
    pub(crate) text: Vec<u8>,
    pub(crate) rows: u64,
    /// Rows counted from 1 within this text.
    pub(crate) planted: Vec<PlantedRow>,
}

impl TableText {
    /// Appends a row; fields are quoted where CSV asks for it.
    pub(crate) fn row(&mut self, fields: &[&dyn Display]) {
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                self.text.push(b',');
            }
            let start = self.text.len();
            // Writing to memory cannot fail.
            let _ = write!(self.text, "{field}");
            self.quote_from(start);
        }
        self.text.push(b'\n');
        self.rows += 1;
    }

    /// Appends a row whose fields are bytes, as they are.
    pub(crate) fn raw_row(&mut self, fields: &[Vec<u8>]) {
        self.text.extend_from_slice(&fields.join(&b','));
        self.text.push(b'\n');
        self.rows += 1;
    }

    fn quote_from(&mut self, start: usize) {
        let field = &self.text[start..];
        if field.iter().any(|byte| matches!(byte, b',' | b'"')) {
            let inner = String::from_utf8_lossy(field).replace('"', "\"\"");
            self.text.truncate(start);
            self.text.push(b'"');
            self.text.extend_from_slice(inner.as_bytes());
            self.text.push(b'"');
        }
    }
}

/// An amount of cents with two decimals.
pub(crate) struct Cents(pub(crate) i64);

impl Display for Cents {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        push_scaled(formatter, self.0, 100, 2)
    }
}

/// An amount of ten-thousandths with four decimals.
pub(crate) struct TenThousandths(pub(crate) i64);

impl Display for TenThousandths {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        push_scaled(formatter, self.0, 10_000, 4)
    }
}

fn push_scaled(formatter: &mut std::fmt::Formatter<'_>, value: i64, unit: u64, decimals: usize) -> std::fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    write!(formatter, "{sign}{}.{:0decimals$}", value / unit, value % unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut table = TableText::default();
        table.row(&[
            &"a",
            &"Knives, Set of 5",
            &"6\" frame",
            &Cents(-7),
            &TenThousandths(120_500),
            &"",
        ]);
        let expected = "a,\"Knives, Set of 5\",\"6\"\" frame\",-0.07,12.0500,\n";
        assert_eq!(String::from_utf8(table.text).unwrap(), expected);
        assert_eq!(table.rows, 1);
    }
}
