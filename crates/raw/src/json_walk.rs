//! Takes the wanted fields out of lines of JSON.

use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ValueType};

use crate::dialect::{Dialect, without_carriage_return};
use crate::failure::{CellFailure, CellReason, RecordReason, RejectedRecord, quoted_lossily};
use crate::fields::Span;
use crate::json_array::reader_settings;
use crate::json_paths::PathTree;
use crate::plan::{ColumnKind, ColumnSpec};
use crate::windows::{Cells, Found, Windows};

/// Bytes of lines whose cells are handed on together.
const WINDOW_BYTES: usize = 64 << 10;

/// What the walk needs to know of a plan.
#[derive(Debug, Clone)]
pub(crate) struct JsonLayout {
    /// How the lines are cut.
    pub(crate) lines: Dialect,
    /// The fields that are read.
    pub(crate) paths: PathTree,
}

/// Walks over a block of lines of JSON.
pub(crate) struct JsonWalk<'a> {
    layout: &'a JsonLayout,
    columns: &'a [ColumnSpec],
    bytes: &'a [u8],
    position: usize,
    line: u64,
    record: Record,
    /// The texts of a window's cells, end to end.
    texts: Vec<u8>,
    spans: Vec<Span>,
}

/// What has been found in a record so far.
#[derive(Debug, Default)]
struct Record {
    /// Which paths have been met.
    met: Vec<bool>,
    /// The value of each field; the outer `None` where it is not in the record.
    values: Vec<Value>,
    /// The texts of the values.
    texts: Vec<u8>,
}

#[derive(Debug, Clone, Copy, Default)]
enum Value {
    #[default]
    Nothing,
    Text {
        start: usize,
        end: usize,
    },
    /// Like a text, in the notation of JSON.
    Number {
        start: usize,
        end: usize,
    },
    Nested(&'static str),
}

impl<'a> JsonWalk<'a> {
    pub(crate) fn new(layout: &'a JsonLayout, columns: &'a [ColumnSpec], bytes: &'a [u8], first_line: u64) -> Self {
        Self {
            layout,
            columns,
            bytes,
            position: 0,
            line: first_line,
            record: Record::default(),
            texts: Vec::new(),
            spans: Vec::new(),
        }
    }

    /// Notes the cells of the record just read.
    fn take_record(&mut self, found: &mut Found) {
        let row = found.lines.len() as u32;
        for (column, spec) in self.columns.iter().enumerate() {
            let start = self.texts.len();
            match self.record.values[spec.field] {
                Value::Nothing => {}
                Value::Text { start, end } => self.texts.extend_from_slice(&self.record.texts[start..end]),
                Value::Number { start, end } => {
                    let number = &self.record.texts[start..end];
                    match &spec.kind {
                        // Whatever the other numbers of the file look like, this one is plain.
                        ColumnKind::Decimal(format) => format.write_plain(number, &mut self.texts),
                        _ => self.texts.extend_from_slice(number),
                    }
                }
                Value::Nested(shown) => found.failures.push(CellFailure {
                    row,
                    column: column as u16,
                    value: shown.to_owned(),
                    reason: CellReason::NestedValue,
                }),
            }
            self.spans.push(Span::within(start as u32, self.texts.len() as u32));
        }
        for (seen, value) in found.fields_met.iter_mut().zip(&self.record.met) {
            *seen |= value;
        }
        found.lines.push(self.line);
    }
}

impl Windows for JsonWalk<'_> {
    fn next_window(&mut self, found: &mut Found) -> Option<Cells<'_>> {
        if self.position == self.bytes.len() {
            return None;
        }
        self.texts.clear();
        self.spans.clear();
        found.fields_met.resize(self.layout.paths.len(), false);
        let window_end = self.position.saturating_add(WINDOW_BYTES);
        while self.position < self.bytes.len().min(window_end) {
            let rest = &self.bytes[self.position..];
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = without_carriage_return(&rest[..end]);
            let limit_bytes = self.layout.lines.max_record_bytes;
            let result = if line.len() > limit_bytes {
                Some(Err(RecordReason::RecordTooLong { limit_bytes }))
            } else if self.layout.lines.is_no_record(line) {
                None
            } else {
                Some(self.record.read(line, &self.layout.paths))
            };
            match result {
                None => {}
                Some(Ok(())) => self.take_record(found),
                Some(Err(reason)) => found.rejected.push(RejectedRecord {
                    line: self.line,
                    record: quoted_lossily(line),
                    reason,
                }),
            }
            self.position += (end + 1).min(rest.len());
            self.line += 1;
        }
        Some(Cells {
            window: &self.texts,
            side_buffer: &[],
            spans: &self.spans,
        })
    }
}

/// Why a record is none.
enum Refusal {
    Reason(RecordReason),
    /// Not JSON, or not UTF-8.
    Unreadable,
}

impl From<ReaderError> for Refusal {
    fn from(_: ReaderError) -> Self {
        Self::Unreadable
    }
}

impl Record {
    fn read(&mut self, line: &[u8], paths: &PathTree) -> Result<(), RecordReason> {
        self.met.clear();
        self.met.resize(paths.len(), false);
        self.values.clear();
        self.values.resize(paths.field_count(), Value::Nothing);
        self.texts.clear();
        match self.read_line(line, paths) {
            Ok(()) => Ok(()),
            Err(Refusal::Reason(reason)) => Err(reason),
            Err(Refusal::Unreadable) if std::str::from_utf8(line).is_err() => Err(RecordReason::InvalidUtf8),
            Err(Refusal::Unreadable) => Err(RecordReason::NotJson),
        }
    }

    fn read_line(&mut self, line: &[u8], paths: &PathTree) -> Result<(), Refusal> {
        let mut reader = JsonStreamReader::new_custom(line, reader_settings());
        if reader.peek()? == ValueType::Object {
            self.read_object(&mut reader, paths)?;
            reader.consume_trailing_whitespace()?;
            Ok(())
        } else {
            reader.skip_value()?;
            reader.consume_trailing_whitespace()?;
            Err(Refusal::Reason(RecordReason::NotAnObject))
        }
    }

    /// Goes through an object and those within it that hold wanted fields.
    fn read_object(&mut self, reader: &mut JsonStreamReader<&[u8]>, paths: &PathTree) -> Result<(), Refusal> {
        reader.begin_object()?;
        // The path of each object that is open; the outermost has none.
        let mut open: Vec<Option<usize>> = vec![None];
        while let Some(&parent) = open.last() {
            if !reader.has_next()? {
                reader.end_object()?;
                open.pop();
                continue;
            }
            let Some(path) = paths.child(parent, reader.next_name()?) else {
                reader.skip_value()?;
                continue;
            };
            if std::mem::replace(&mut self.met[path], true) {
                return Err(Refusal::Reason(RecordReason::DuplicateField));
            }
            if self.read_value(reader, paths, path)? {
                open.push(Some(path));
            }
        }
        Ok(())
    }

    /// Takes the value of a path; true when it is an object that has been opened, to be looked into.
    fn read_value(
        &mut self,
        reader: &mut JsonStreamReader<&[u8]>,
        paths: &PathTree,
        path: usize,
    ) -> Result<bool, Refusal> {
        let field = paths.field(path);
        let start = self.texts.len();
        let value = match reader.peek()? {
            ValueType::Null => {
                reader.next_null()?;
                Value::Nothing
            }
            ValueType::Boolean => {
                let text: &[u8] = if reader.next_bool()? { b"true" } else { b"false" };
                self.texts.extend_from_slice(text);
                Value::Text {
                    start,
                    end: self.texts.len(),
                }
            }
            ValueType::String => {
                self.texts.extend_from_slice(reader.next_str()?.as_bytes());
                Value::Text {
                    start,
                    end: self.texts.len(),
                }
            }
            ValueType::Number => {
                self.texts.extend_from_slice(reader.next_number_as_str()?.as_bytes());
                Value::Number {
                    start,
                    end: self.texts.len(),
                }
            }
            ValueType::Array => {
                reader.skip_value()?;
                // What is wanted from within it has more than one value.
                for inner in paths.fields_below(path) {
                    self.values[inner] = Value::Nested("[...]");
                }
                Value::Nested("[...]")
            }
            ValueType::Object if paths.has_children(path) => {
                reader.begin_object()?;
                if let Some(field) = field {
                    self.values[field] = Value::Nested("{...}");
                }
                return Ok(true);
            }
            ValueType::Object => {
                reader.skip_value()?;
                Value::Nested("{...}")
            }
        };
        if let Some(field) = field {
            self.values[field] = value;
        }
        Ok(false)
    }
}
