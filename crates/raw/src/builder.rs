//! Turns the cells of a column into its values, window by window.

use crate::column::{Bitmap, Column, TextColumn, ValueColumn};
use crate::dialect::is_blank;
use crate::failure::{CellFailure, CellReason, quoted_lossily};
use crate::plan::{ColumnKind, ColumnSpec};
use crate::windows::Cells;

/// Texts up to this long are copied as a whole piece of this length, which is faster than asking how
/// long they are.
const SHORT_TEXT_BYTES: usize = 32;

/// A column while it grows.
#[derive(Debug)]
pub(crate) struct ColumnBuilder<'p> {
    spec: &'p ColumnSpec,
    column: u16,
    values: Column,
    /// Rows without a value, ascending.
    without_value: Vec<u32>,
}

/// What is known of all texts of a window at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextFacts {
    is_utf8: bool,
    has_nul: bool,
}

impl TextFacts {
    pub(crate) fn of(window: &[u8]) -> Self {
        Self {
            is_utf8: std::str::from_utf8(window).is_ok(),
            has_nul: memchr::memchr(0, window).is_some(),
        }
    }

    /// Whether a cell of the window is text. Its ends are at ASCII characters, so it is UTF-8 if the
    /// window is.
    #[inline(always)]
    fn check(self, cell: &[u8]) -> Result<(), CellReason> {
        if !self.is_utf8 && std::str::from_utf8(cell).is_err() {
            return Err(CellReason::InvalidUtf8);
        }
        if self.has_nul && cell.contains(&0) {
            return Err(CellReason::ControlCharacter);
        }
        Ok(())
    }
}

impl<'p> ColumnBuilder<'p> {
    pub(crate) fn new(spec: &'p ColumnSpec, column: u16, rows: usize) -> Self {
        let values = match spec.kind {
            ColumnKind::Text => {
                let mut offsets = Vec::with_capacity(rows + 1);
                offsets.push(0);
                Column::Text(TextColumn {
                    offsets,
                    bytes: Vec::new(),
                    validity: None,
                })
            }
            ColumnKind::Decimal(_) => Column::Decimal(empty(rows)),
            ColumnKind::Date(_) => Column::Date(empty(rows)),
            ColumnKind::Timestamp(_) => Column::Timestamp(empty(rows)),
        };
        Self {
            spec,
            column,
            values,
            without_value: Vec::new(),
        }
    }

    /// Appends this column's cell of every row of the window; `columns` is how many a row has.
    pub(crate) fn append(
        &mut self,
        cells: Cells<'_>,
        columns: usize,
        facts: TextFacts,
        failures: &mut Vec<CellFailure>,
    ) {
        let mut sink = Sink {
            spec: self.spec,
            column: self.column,
            without_value: &mut self.without_value,
            failures,
        };
        match (&mut self.values, &self.spec.kind) {
            (Column::Text(texts), _) => sink.append_texts(texts, cells, columns, facts),
            (Column::Decimal(numbers), ColumnKind::Decimal(format)) => {
                sink.append_values(numbers, cells, columns, |cell| format.parse(cell));
            }
            (Column::Date(days), ColumnKind::Date(format)) => {
                sink.append_values(days, cells, columns, |cell| format.parse(cell).map(|moment| moment.day));
            }
            (Column::Timestamp(moments), ColumnKind::Timestamp(format)) => {
                sink.append_values(moments, cells, columns, |cell| {
                    format.parse(cell).map(|moment| moment.microseconds())
                });
            }
            // `new` makes the values of the kind.
            _ => {}
        }
    }

    pub(crate) fn finish(self) -> Column {
        let mut column = self.values;
        let validity = Bitmap::all_but(&self.without_value, column.len());
        match &mut column {
            Column::Text(texts) => texts.validity = validity,
            Column::Decimal(numbers) | Column::Timestamp(numbers) => numbers.validity = validity,
            Column::Date(days) => days.validity = validity,
        }
        column
    }
}

fn empty<T>(rows: usize) -> ValueColumn<T> {
    ValueColumn {
        values: Vec::with_capacity(rows),
        validity: None,
    }
}

/// Where rows without a value are noted.
struct Sink<'a> {
    spec: &'a ColumnSpec,
    column: u16,
    without_value: &'a mut Vec<u32>,
    failures: &'a mut Vec<CellFailure>,
}

impl Sink<'_> {
    #[inline(always)]
    fn append_values<T: Copy + Default>(
        &mut self,
        column: &mut ValueColumn<T>,
        cells: Cells<'_>,
        columns: usize,
        parse: impl Fn(&[u8]) -> Result<T, CellReason>,
    ) {
        let own_cells = cells.spans.iter().skip(usize::from(self.column)).step_by(columns);
        for span in own_cells {
            let (bytes, start, end) = span.locate(cells.window, cells.side_buffer);
            let cell = &bytes[start..end];
            let (left, right) = trim(cell);
            let trimmed = &cell[left..right];
            let row = column.values.len() as u32;
            let value = if self.is_null(trimmed) {
                self.note_null(row, cell);
                None
            } else {
                parse(trimmed)
                    .map_err(|reason| self.note_failure(row, cell, reason))
                    .ok()
            };
            column.values.push(value.unwrap_or_default());
        }
    }

    fn append_texts(&mut self, column: &mut TextColumn, cells: Cells<'_>, columns: usize, facts: TextFacts) {
        let own_cells = cells.spans.iter().skip(usize::from(self.column)).step_by(columns);
        for span in own_cells {
            let (bytes, start, end) = span.locate(cells.window, cells.side_buffer);
            let cell = &bytes[start..end];
            let (left, right) = trim(cell);
            let trimmed = &cell[left..right];
            let row = column.len() as u32;
            if let Err(reason) = facts.check(cell) {
                self.note_failure(row, cell, reason);
            } else if self.is_null(trimmed) {
                self.note_null(row, cell);
            } else {
                append_text(&mut column.bytes, bytes, start + left, trimmed);
            }
            column.offsets.push(column.bytes.len() as u32);
        }
    }

    #[inline(always)]
    fn is_null(&self, trimmed: &[u8]) -> bool {
        trimmed.is_empty()
            || (!self.spec.null_values.is_empty()
                && self.spec.null_values.iter().any(|null| null.as_bytes() == trimmed))
    }

    fn note_null(&mut self, row: u32, cell: &[u8]) {
        if self.spec.required {
            self.note_failure(row, cell, CellReason::Missing);
        } else {
            self.without_value.push(row);
        }
    }

    #[cold]
    fn note_failure(&mut self, row: u32, cell: &[u8], reason: CellReason) {
        self.without_value.push(row);
        let value = quoted_lossily(cell);
        self.failures.push(CellFailure {
            row,
            column: self.column,
            value,
            reason,
        });
    }
}

/// Appends `text`, which stands at `start` of `source`.
#[inline(always)]
fn append_text(target: &mut Vec<u8>, source: &[u8], start: usize, text: &[u8]) {
    match source[start..].first_chunk::<SHORT_TEXT_BYTES>() {
        Some(piece) if text.len() <= SHORT_TEXT_BYTES => {
            let length = target.len() + text.len();
            target.extend_from_slice(piece);
            target.truncate(length);
        }
        _ => target.extend_from_slice(text),
    }
}

/// Where the cell without the blanks around it starts and ends.
#[inline(always)]
fn trim(cell: &[u8]) -> (usize, usize) {
    let (mut left, mut right) = (0, cell.len());
    while left < right && is_blank(cell[right - 1]) {
        right -= 1;
    }
    while left < right && is_blank(cell[left]) {
        left += 1;
    }
    (left, right)
}
