//! Puts the cells of a sheet together to rows.

use calamine::DataType;

use super::cell_text::push_cell;
use super::workbook::CellSink;
use crate::blocks::row::Row;

/// Which cells make the rows.
#[derive(Debug, Clone)]
pub(super) struct RowParams {
    /// Rows at the top that are passed over.
    pub(super) skipped_rows: u64,
    /// Columns that are looked at, from 0; all that are there without it.
    pub(super) width: Option<usize>,
    /// Between whole units and decimals of numbers.
    pub(super) decimal_separator: u8,
    /// Errors that mean no value.
    pub(super) null_values: Vec<String>,
}

/// Hands on row by row with its number in the sheet, leaving out those without a value, until it is told to stop.
pub(super) struct Rows<F> {
    params: RowParams,
    row: Row,
    /// Of the row, from 1.
    number: u64,
    hand_on: F,
    stopped: bool,
}

impl<F: FnMut(u64, &Row) -> bool> Rows<F> {
    pub(super) fn new(params: RowParams, hand_on: F) -> Self {
        Self {
            row: Row::new(params.null_values.clone()),
            params,
            number: 0,
            hand_on,
            stopped: false,
        }
    }

    /// Hands on the last row.
    pub(super) fn finish(mut self) {
        self.close_row();
    }

    fn close_row(&mut self) {
        if !self.stopped && !self.row.is_empty() {
            self.stopped = !(self.hand_on)(self.number, &self.row);
        }
        self.row.clear();
    }
}

impl<F: FnMut(u64, &Row) -> bool> CellSink for Rows<F> {
    fn take<D: DataType>(&mut self, row: u32, column: u32, cell: &D) -> bool {
        let (number, column) = (u64::from(row) + 1, column as usize);
        if number != self.number {
            self.close_row();
            self.number = number;
        }
        let is_outside = self.params.width.is_some_and(|width| column >= width);
        if !is_outside && number > self.params.skipped_rows {
            let separator = self.params.decimal_separator;
            self.row.push(column, |text| push_cell(text, cell, separator));
        }
        !self.stopped
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, Data};

    use super::*;

    fn rows(params: RowParams, cells: &[(u32, u32, Data)]) -> Vec<(u64, Vec<String>)> {
        let mut found = Vec::new();
        let mut rows = Rows::new(params, |number, row: &Row| {
            found.push((number, row.texts()));
            true
        });
        for (row, column, cell) in cells {
            assert!(rows.take(*row, *column, cell));
        }
        rows.finish();
        found
    }

    fn params() -> RowParams {
        RowParams {
            skipped_rows: 0,
            width: None,
            decimal_separator: b'.',
            null_values: vec!["#N/A".to_owned()],
        }
    }

    fn text(value: &str) -> Data {
        Data::String(value.to_owned())
    }

    #[test]
    fn rows_keep_their_numbers_and_gaps() {
        let cells = [
            (1, 0, text("id")),
            (1, 2, text("note")),
            (2, 1, Data::Empty),
            (4, 2, Data::Float(1.5)),
        ];
        let expected = [(2, vec!["id", "", "note"]), (5, vec!["", "", "1.5"])];
        let found = rows(params(), &cells);
        assert_eq!(found.len(), 2);
        for ((number, texts), (expected_number, expected_texts)) in found.iter().zip(expected) {
            assert_eq!((*number, texts.len()), (expected_number, expected_texts.len()));
            assert_eq!(*texts, expected_texts);
        }
    }

    #[test]
    fn what_is_skipped_or_beside_the_table_makes_no_row() {
        let cells = [
            (0, 0, text("Report of May")),
            (2, 0, text("id")),
            (3, 9, text("a note beside the table")),
            (4, 0, Data::Error(CellErrorType::NA)),
            (5, 0, Data::Error(CellErrorType::Div0)),
        ];
        let params = RowParams {
            skipped_rows: 1,
            width: Some(3),
            ..params()
        };
        let found = rows(params, &cells);
        assert_eq!(found, [(3, vec!["id".to_owned()]), (6, vec!["#DIV/0!".to_owned()])]);
    }

    #[test]
    fn no_row_is_handed_on_after_a_stop() {
        let mut count = 0;
        let mut rows = Rows::new(params(), |_, _: &Row| {
            count += 1;
            false
        });
        assert!(rows.take(0, 0, &text("a")));
        assert!(!rows.take(1, 0, &text("b")));
        rows.finish();
        assert_eq!(count, 1);
    }
}
