//! What is reported of cells and records that are not as declared.

use std::fmt;

/// Longest piece of the input that a report repeats, in bytes.
const MAX_QUOTED_BYTES: usize = 1024;

/// A cell that is not what its column declares; the cell is null in the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFailure {
    /// Row within the block, from 0.
    pub row: u32,
    /// Position of the column in the plan, from 0.
    pub column: u16,
    /// The cell as it stands in the file, quotes removed; bad UTF-8 replaced, cut after 1,024 bytes.
    pub value: String,
    /// What is wrong with it.
    pub reason: CellReason,
}

/// Why a cell failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CellReason {
    /// Empty, or one of the null values, in a required column.
    Missing,
    /// Not a number of the declared format.
    NotANumber,
    /// Digits other than zero beyond the scale of the column.
    TooManyDecimals,
    /// More than 64 bits hold at the scale of the column.
    NumberOutOfRange,
    /// Does not match the pattern.
    NotADate,
    /// Matches the pattern, but the calendar has no such day.
    NoSuchDay,
    /// Text that is not UTF-8.
    InvalidUtf8,
    /// Text with a NUL byte in it.
    ControlCharacter,
    /// An object or a list where one value belongs.
    NestedValue,
    /// What a spreadsheet shows where a formula failed, such as `#N/A`.
    ErrorValue,
}

impl CellReason {
    /// The stable name, for tables.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotANumber => "not_a_number",
            Self::TooManyDecimals => "too_many_decimals",
            Self::NumberOutOfRange => "number_out_of_range",
            Self::NotADate => "not_a_date",
            Self::NoSuchDay => "no_such_day",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::ControlCharacter => "control_character",
            Self::NestedValue => "nested_value",
            Self::ErrorValue => "error_value",
        }
    }
}

impl fmt::Display for CellReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "the value is missing",
            Self::NotANumber => "not a number of the declared format",
            Self::TooManyDecimals => "more decimals than the column keeps",
            Self::NumberOutOfRange => "the number is too large",
            Self::NotADate => "does not match the declared date format",
            Self::NoSuchDay => "there is no such day in the calendar",
            Self::InvalidUtf8 => "the text is not UTF-8",
            Self::ControlCharacter => "the text contains a NUL byte",
            Self::NestedValue => "an object or a list where one value belongs",
            Self::ErrorValue => "a formula failed here",
        })
    }
}

/// A record that could not be cut into the declared fields; it is no row of the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRecord {
    /// Where it starts, as in [`crate::ParsedBlock::lines`].
    pub line: u64,
    /// The record as it stands in the file; bad UTF-8 replaced, cut after 1,024 bytes.
    pub record: String,
    /// What is wrong with it.
    pub reason: RecordReason,
}

/// Why a record was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordReason {
    /// More or fewer fields than declared.
    WrongFieldCount {
        /// Fields of every well-formed record.
        expected: usize,
        /// Fields of this record.
        found: usize,
    },
    /// A quoted field is not closed where it must be: on its line, or, when quoted fields may span
    /// lines, properly and within the longest record.
    UnclosedQuote,
    /// Something other than a delimiter or the line end follows a closing quote.
    TextAfterQuote,
    /// Longer than the longest record allowed.
    RecordTooLong {
        /// The longest record allowed, in bytes.
        limit_bytes: usize,
    },
    /// Not JSON.
    NotJson,
    /// JSON, but not an object.
    NotAnObject,
    /// A field that is read stands in the record twice.
    DuplicateField,
    /// Bytes that are not UTF-8, in a record that can only be read whole.
    InvalidUtf8,
}

impl RecordReason {
    /// The stable name, for tables.
    pub fn slug(self) -> &'static str {
        match self {
            Self::WrongFieldCount { .. } => "wrong_field_count",
            Self::UnclosedQuote => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
            Self::RecordTooLong { .. } => "record_too_long",
            Self::NotJson => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::DuplicateField => "duplicate_field",
            Self::InvalidUtf8 => "invalid_utf8",
        }
    }
}

impl fmt::Display for RecordReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongFieldCount { expected, found } => {
                write!(formatter, "{found} fields where {expected} are expected")
            }
            Self::UnclosedQuote => formatter.write_str("a quoted field is not closed"),
            Self::TextAfterQuote => formatter.write_str("text follows a closing quote"),
            Self::RecordTooLong { limit_bytes } => {
                write!(formatter, "the record is longer than {limit_bytes} bytes")
            }
            Self::NotJson => formatter.write_str("the record is not JSON"),
            Self::NotAnObject => formatter.write_str("the record is not a JSON object"),
            Self::DuplicateField => formatter.write_str("a field is in the record twice"),
            Self::InvalidUtf8 => formatter.write_str("the record is not UTF-8"),
        }
    }
}

/// A piece of input as text for a report.
pub(crate) fn quoted_lossily(bytes: &[u8]) -> String {
    let shown = bytes.get(..MAX_QUOTED_BYTES).unwrap_or(bytes);
    String::from_utf8_lossy(shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_the_numbers() {
        let reason = RecordReason::WrongFieldCount { expected: 8, found: 7 };
        assert_eq!(reason.to_string(), "7 fields where 8 are expected");
        assert_eq!(reason.slug(), "wrong_field_count");
    }

    #[test]
    fn long_input_is_cut() {
        assert_eq!(quoted_lossily(&[b'x'; 5000]).len(), MAX_QUOTED_BYTES);
        assert_eq!(quoted_lossily(b"caf\xE9"), "caf\u{FFFD}");
    }
}
