//! A JSON array of records as lines of JSON, so that one parser reads both kinds of file.
//!
//! The array is read in full on the way, so that damage is found where it is: cutting it by counting
//! brackets would take a stray quote for the end of a record, and lose records without a word.

use std::fmt;
use std::io::{self, Read, Write};

use struson::reader::{JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, TransferError};
use struson::writer::{JsonStreamWriter, JsonWriter};

use crate::error::RawError;
use crate::records::JsonFormat;

/// How both kinds of file are read: numbers as they are written, however long.
pub(crate) fn reader_settings() -> ReaderSettings {
    ReaderSettings {
        restrict_number_values: false,
        track_path: false,
        ..ReaderSettings::default()
    }
}

/// Reads an array and gives its elements, each on a line of its own.
pub(crate) struct ArrayLines<R: Read> {
    /// `None` once the array is behind.
    reader: Option<JsonStreamReader<R>>,
    /// Where the array starts in the file.
    byte_offset: u64,
    max_record_bytes: usize,
    state: State,
    /// The line that is being handed out, and how much of it is gone.
    line: Vec<u8>,
    position: usize,
    elements: u64,
    failure: Option<RawError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Within,
    /// Nothing more will come.
    Done,
}

impl<R: Read> fmt::Debug for ArrayLines<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ArrayLines")
            .field("state", &self.state)
            .field("elements", &self.elements)
            .finish_non_exhaustive()
    }
}

impl<R: Read> ArrayLines<R> {
    pub(crate) fn new(reader: R, format: JsonFormat, byte_offset: u64) -> Self {
        Self {
            reader: Some(JsonStreamReader::new_custom(reader, reader_settings())),
            byte_offset,
            max_record_bytes: format.max_record_bytes,
            state: State::Before,
            line: Vec::new(),
            position: 0,
            elements: 0,
            failure: None,
        }
    }

    /// What stopped the reading, once everything before it has been handed out.
    pub(crate) fn take_failure(&mut self) -> Option<RawError> {
        self.failure.take()
    }

    /// Puts the next element on the line; leaves the line empty when there is none.
    fn advance(&mut self) -> Result<(), ReaderError> {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        if self.state == State::Before {
            reader.begin_array()?;
            self.state = State::Within;
        }
        if !reader.has_next()? {
            reader.end_array()?;
            self.state = State::Done;
            return self
                .reader
                .take()
                .map_or(Ok(()), JsonReader::consume_trailing_whitespace);
        }
        let mut writer = JsonStreamWriter::new(Shortened {
            line: &mut self.line,
            limit_bytes: self.max_record_bytes.saturating_add(1),
        });
        match reader.transfer_to(&mut writer) {
            Ok(()) => {}
            Err(TransferError::ReaderError(error)) => return Err(error),
            // The line takes whatever it is given.
            Err(TransferError::WriterError(error)) => {
                let location = reader.current_position(false);
                return Err(ReaderError::IoError { error, location });
            }
        }
        // What is buffered is written when the document is finished; that cannot fail either.
        let location = reader.current_position(false);
        writer
            .finish_document()
            .map_err(|error| ReaderError::IoError { error, location })?;
        self.line.push(b'\n');
        self.elements += 1;
        Ok(())
    }

    fn stop(&mut self, error: ReaderError) {
        self.state = State::Done;
        self.line.clear();
        let objects = self.elements;
        let broken = |location: JsonReaderPosition, problem: String| {
            let (line, column) = location.line_pos.map_or((0, 0), |at| (at.line, at.column));
            RawError::JsonArray {
                line: line + 1,
                column: column + 1,
                objects,
                problem,
            }
        };
        self.failure = Some(match error {
            ReaderError::SyntaxError(error) => broken(error.location, spaced(&error.kind.to_string())),
            ReaderError::IoError { error, location } if error.kind() == io::ErrorKind::InvalidData => {
                broken(location, "not UTF-8".to_owned())
            }
            ReaderError::IoError { error, location } => RawError::Read {
                byte_offset: self.byte_offset + location.data_pos.unwrap_or_default(),
                source: error,
            },
            ReaderError::MaxNestingDepthExceeded {
                max_nesting_depth,
                location,
            } => broken(
                location,
                format!("values are nested more than {max_nesting_depth} deep"),
            ),
            ReaderError::UnexpectedValueType { location, .. }
            | ReaderError::UnexpectedStructure { location, .. }
            | ReaderError::UnsupportedNumberValue { location, .. } => broken(location, "not an array".to_owned()),
            other => broken(unknown_position(), other.to_string()),
        });
    }
}

fn unknown_position() -> JsonReaderPosition {
    JsonReaderPosition {
        path: None,
        line_pos: None,
        data_pos: None,
    }
}

/// `MissingComma` as words. What could be allowed (comments) never is, so that part is left out.
fn spaced(name: &str) -> String {
    let name = name.strip_suffix("NotEnabled").unwrap_or(name);
    let mut words = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

impl<R: Read> Read for ArrayLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position == self.line.len() {
            self.line.clear();
            self.position = 0;
            if self.state != State::Done
                && let Err(error) = self.advance()
            {
                self.stop(error);
            }
        }
        let rest = &self.line[self.position..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        Ok(count)
    }
}

/// A line that keeps no more than it needs for being found too long.
struct Shortened<'l> {
    line: &'l mut Vec<u8>,
    limit_bytes: usize,
}

impl Write for Shortened<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.limit_bytes.saturating_sub(self.line.len());
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
