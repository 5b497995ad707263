//! Why a file cannot be read at all; bad cells and bad records are data, not errors.

use std::io;
use std::path::PathBuf;

use crate::failure::RecordReason;

/// Everything that stops reading, as against what fails one cell or one record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RawError {
    /// The file could not be opened, or its first bytes could not be read.
    #[error("cannot open {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Reading or decompressing failed part of the way.
    #[error("cannot read beyond byte {byte_offset} of the decompressed file")]
    Read {
        /// How many bytes had been read well.
        byte_offset: u64,
        /// What the operating system or the decompressor said.
        source: io::Error,
    },
    /// The header record cannot be cut into fields.
    #[error("the header on line {line} cannot be read: {reason}")]
    Header {
        /// Physical line of the header, from 1.
        line: u64,
        /// What is wrong with it.
        reason: RecordReason,
    },
    /// A field of the header is not UTF-8.
    #[error("field {field} of the header on line {line} is not UTF-8: {value:?}")]
    HeaderNotUtf8 {
        /// Physical line of the header, from 1.
        line: u64,
        /// Position of the field, from 1.
        field: usize,
        /// The field, with a replacement character for each bad byte sequence.
        value: String,
    },
    /// The first record of a file without header cannot be cut into fields.
    #[error("the first record, on line {line}, cannot be read: {reason}")]
    FirstRecord {
        /// Physical line of the record, from 1.
        line: u64,
        /// What is wrong with it.
        reason: RecordReason,
    },
    /// A JSON array is broken; the objects before that place have been read.
    #[error("the JSON array cannot be read beyond line {line}, column {column}, after object {objects}: {problem}")]
    JsonArray {
        /// Physical line, from 1.
        line: u64,
        /// Character of the line, from 1.
        column: u64,
        /// How many objects had been read well.
        objects: u64,
        /// What is wrong there.
        problem: String,
    },
    /// The parts of a dialect contradict each other.
    #[error("the dialect cannot be read: {problem}")]
    Dialect {
        /// What contradicts what.
        problem: &'static str,
    },
    /// A date pattern is not understood.
    #[error("date format {pattern:?}, position {position}: {problem}")]
    DateFormat {
        /// The whole pattern.
        pattern: String,
        /// Byte position in the pattern, from 1.
        position: usize,
        /// What is wrong there.
        problem: String,
    },
    /// Date patterns do not go together in a column.
    #[error("the date formats cannot be read: {problem}")]
    DateFormats {
        /// Which patterns, and why.
        problem: String,
    },
    /// A column cannot be read as specified.
    #[error("column {column:?}: {problem}")]
    Column {
        /// Name of the column.
        column: String,
        /// What is wrong with its specification.
        problem: String,
    },
    /// The columns as a whole cannot be read.
    #[error("the columns cannot be read: {problem}")]
    Plan {
        /// What is wrong.
        problem: &'static str,
    },
}
