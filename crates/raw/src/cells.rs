//! Blocks of cells that another reader has found, for formats that are not text: workbooks, Parquet.

use crate::dialect::MAX_WINDOW_BYTES;
use crate::failure::{CellFailure, CellReason, RecordReason, RejectedRecord, quoted_lossily};
use crate::fields::Span;
use crate::split::Block;
use crate::windows::{Cells, Found, Windows};

/// A cell as another reader has found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellValue<'a> {
    /// Nothing.
    Empty,
    /// Text, or the text of a value, to be read as the column declares.
    Text(&'a str),
    /// What a spreadsheet shows where a formula failed, such as `#N/A`.
    Error(&'a str),
}

impl<'a> From<Option<&'a str>> for CellValue<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }
}

/// Puts records of cells together to blocks, for [`crate::Plan::for_cells`] to read.
///
/// Any text survives: there are no delimiters and no quotes.
///
/// ```
/// use cartera_raw::{BlockBuilder, Column, ColumnKind, ColumnSpec, Plan, RawError};
///
/// # fn main() -> Result<(), RawError> {
/// let mut builder = BlockBuilder::new(2, 1 << 20, 1 << 20);
/// // The rows of a sheet, numbered as the sheet numbers them.
/// assert_eq!(builder.append(5, [Some("A1"), Some("two\nlines")]), None);
/// assert_eq!(builder.append(7, [Some("A2"), None]), None);
/// let block = builder.finish().expect("two records");
/// let note = ColumnSpec {
///     name: "note".to_owned(),
///     field: 1,
///     kind: ColumnKind::Text,
///     required: false,
///     null_values: Vec::new(),
/// };
/// let parsed = Plan::for_cells(vec![note], 2)?.parse(&block);
/// assert_eq!(parsed.lines, [5, 7]);
/// let Column::Text(notes) = &parsed.columns[0] else { unreachable!() };
/// assert_eq!([notes.get(0), notes.get(1)], [Some("two\nlines"), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BlockBuilder {
    field_count: usize,
    max_record_bytes: usize,
    block_bytes: usize,
    texts: Vec<u8>,
    table: CellTable,
    /// Bytes of text in the blocks before this one.
    byte_offset: u64,
}

/// Where the cells of a block are, in place of delimiters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CellTable {
    /// The number of each record and what it is.
    records: Vec<(u64, BuiltRecord)>,
    /// The cells of the sound records, one after another.
    cells: Vec<BuiltCell>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum BuiltRecord {
    Sound,
    Rejected { record: String, reason: RecordReason },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct BuiltCell {
    start: u32,
    end: u32,
    is_error: bool,
}

impl BlockBuilder {
    /// A builder of records of `field_count` cells. A record whose texts are longer than
    /// `max_record_bytes` is rejected; a block is full at about `block_bytes`.
    pub fn new(field_count: usize, max_record_bytes: usize, block_bytes: usize) -> Self {
        // A block is full before its last record, and positions are 31-bit numbers.
        Self {
            field_count,
            max_record_bytes: max_record_bytes.min(MAX_WINDOW_BYTES / 2),
            block_bytes: block_bytes.clamp(1, MAX_WINDOW_BYTES / 2),
            texts: Vec::new(),
            table: CellTable::default(),
            byte_offset: 0,
        }
    }

    /// Appends the record of the given number, which messages will name. Gives a block when one is
    /// full; the record is in it.
    pub fn append<'a, C: Into<CellValue<'a>>>(
        &mut self,
        row: u64,
        cells: impl IntoIterator<Item = C>,
    ) -> Option<Block> {
        let (texts_before, cells_before) = (self.texts.len(), self.table.cells.len());
        let mut found = 0;
        let mut record_bytes = 0_usize;
        for cell in cells {
            found += 1;
            let (text, is_error) = match cell.into() {
                CellValue::Empty => ("", false),
                CellValue::Text(text) => (text, false),
                CellValue::Error(text) => (text, true),
            };
            record_bytes = record_bytes.saturating_add(text.len());
            if found > self.field_count || record_bytes > self.max_record_bytes {
                continue;
            }
            let start = self.texts.len() as u32;
            self.texts.extend_from_slice(text.as_bytes());
            let end = self.texts.len() as u32;
            self.table.cells.push(BuiltCell { start, end, is_error });
        }
        let limit_bytes = self.max_record_bytes;
        let reason = if record_bytes > limit_bytes {
            Some(RecordReason::RecordTooLong { limit_bytes })
        } else if found != self.field_count {
            let expected = self.field_count;
            Some(RecordReason::WrongFieldCount { expected, found })
        } else {
            None
        };
        let record = match reason {
            None => BuiltRecord::Sound,
            Some(reason) => {
                let record = quoted_lossily(&self.texts[texts_before..]);
                self.texts.truncate(texts_before);
                self.table.cells.truncate(cells_before);
                BuiltRecord::Rejected { record, reason }
            }
        };
        self.table.records.push((row, record));
        // Cells without text take room too.
        let block_bytes = self.texts.len()
            + self.table.cells.len() * size_of::<BuiltCell>()
            + self.table.records.len() * size_of::<(u64, BuiltRecord)>();
        (block_bytes >= self.block_bytes).then(|| self.take())
    }

    /// The records since the last block, if there are any.
    pub fn finish(mut self) -> Option<Block> {
        (!self.table.records.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> Block {
        let bytes = std::mem::take(&mut self.texts);
        let table = std::mem::take(&mut self.table);
        let byte_offset = self.byte_offset;
        self.byte_offset += bytes.len() as u64;
        Block {
            first_line: table.records.first().map_or(1, |&(row, _)| row),
            byte_offset,
            records: table.records.len() as u64,
            bytes,
            cells: Some(table),
        }
    }
}

/// Goes through a block of cells, all at once.
pub(crate) struct CellWindows<'a> {
    bytes: &'a [u8],
    table: &'a CellTable,
    field_count: usize,
    wanted: &'a [usize],
    spans: Vec<Span>,
    done: bool,
}

impl<'a> CellWindows<'a> {
    pub(crate) fn new(bytes: &'a [u8], table: &'a CellTable, field_count: usize, wanted: &'a [usize]) -> Self {
        Self {
            bytes,
            table,
            field_count,
            wanted,
            spans: Vec::new(),
            done: false,
        }
    }
}

impl Windows for CellWindows<'_> {
    fn next_window(&mut self, found: &mut Found) -> Option<Cells<'_>> {
        if std::mem::replace(&mut self.done, true) {
            return None;
        }
        let mut rows = self.table.cells.chunks(self.field_count.max(1));
        for (line, record) in &self.table.records {
            let row = match record {
                BuiltRecord::Sound => rows.next(),
                BuiltRecord::Rejected { record, reason } => {
                    found.rejected.push(RejectedRecord {
                        line: *line,
                        record: record.clone(),
                        reason: *reason,
                    });
                    continue;
                }
            };
            for (column, &field) in self.wanted.iter().enumerate() {
                let cell = row.and_then(|row| row.get(field));
                let cell = cell.copied().unwrap_or(BuiltCell {
                    start: 0,
                    end: 0,
                    is_error: false,
                });
                if cell.is_error {
                    found.failures.push(CellFailure {
                        row: found.lines.len() as u32,
                        column: column as u16,
                        value: quoted_lossily(&self.bytes[cell.start as usize..cell.end as usize]),
                        reason: CellReason::ErrorValue,
                    });
                    self.spans.push(Span::within(0, 0));
                } else {
                    self.spans.push(Span::within(cell.start, cell.end));
                }
            }
            found.lines.push(*line);
        }
        Some(Cells {
            window: self.bytes,
            side_buffer: &[],
            spans: &self.spans,
        })
    }
}
