//! One record of a file that is not text, as cells of text.

use cartera_raw::CellValue;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Empty,
    Text,
    /// What stands where there is no value, such as `#N/A` where a formula failed. It is a defect.
    Error,
}

/// The text of the cells of a record, and where each one is.
#[derive(Debug, Default)]
pub(super) struct Row {
    text: String,
    cells: Vec<PlacedCell>,
    /// Errors that mean no value.
    null_values: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct PlacedCell {
    column: usize,
    start: usize,
    end: usize,
    kind: CellKind,
}

impl Row {
    pub(super) fn new(null_values: Vec<String>) -> Self {
        Self {
            null_values,
            ..Self::default()
        }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Adds the cell of a column right of those before. A second value for a place is not looked at.
    pub(super) fn push(&mut self, column: usize, write: impl FnOnce(&mut String) -> CellKind) {
        let start = self.text.len();
        let kind = write(&mut self.text);
        let end = self.text.len();
        let text = &self.text[start..end];
        let is_null = kind == CellKind::Error && self.null_values.iter().any(|null| null == text);
        let is_right = self.cells.last().is_none_or(|last| last.column < column);
        if kind != CellKind::Empty && !is_null && is_right {
            self.cells.push(PlacedCell {
                column,
                start,
                end,
                kind,
            });
        }
    }

    /// The cells of the first `width` columns.
    pub(super) fn cells(&self, width: usize) -> impl Iterator<Item = CellValue<'_>> {
        let mut placed = self.cells.iter().peekable();
        (0..width).map(move |column| match placed.next_if(|cell| cell.column == column) {
            None => CellValue::Empty,
            Some(cell) => {
                let text = &self.text[cell.start..cell.end];
                match cell.kind {
                    CellKind::Error => CellValue::Error(text),
                    CellKind::Empty | CellKind::Text => CellValue::Text(text),
                }
            }
        })
    }

    /// The texts of the cells up to the last one.
    pub(super) fn texts(&self) -> Vec<String> {
        let width = self.cells.last().map_or(0, |cell| cell.column + 1);
        let text = |cell| match cell {
            CellValue::Empty => String::new(),
            CellValue::Text(text) | CellValue::Error(text) => text.to_owned(),
        };
        self.cells(width).map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_places() {
        let mut row = Row::new(vec!["#N/A".to_owned()]);
        for (column, text, kind) in [
            (1, "a", CellKind::Text),
            (2, "", CellKind::Empty),
            (3, "#N/A", CellKind::Error),
            (4, "#REF!", CellKind::Error),
            (4, "again", CellKind::Text),
            (6, "b", CellKind::Text),
        ] {
            row.push(column, |into| {
                into.push_str(text);
                kind
            });
        }
        let cells: Vec<CellValue<'_>> = row.cells(6).collect();
        assert_eq!(
            cells,
            [
                CellValue::Empty,
                CellValue::Text("a"),
                CellValue::Empty,
                CellValue::Empty,
                CellValue::Error("#REF!"),
                CellValue::Empty,
            ]
        );
        assert_eq!(row.texts(), ["", "a", "", "", "#REF!", "", "b"]);
        row.clear();
        assert!(row.is_empty() && row.texts().is_empty());
    }
}
