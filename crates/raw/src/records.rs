//! What a file's records are: lines of delimited fields, or JSON objects.

use crate::dialect::{Delimiter, Dialect};

/// How the bytes of a file are cut into records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordFormat {
    /// Lines of fields with a delimiter between them: CSV and its relatives.
    Delimited(Dialect),
    /// JSON objects.
    Json(JsonFormat),
}

/// How a file of JSON objects is read: one object a line, or one array of objects, told by the first
/// byte that is not white space.
///
/// Objects of an array are numbered from 1, whatever lines they stand on. A line that is not a JSON
/// object is a rejected record, and reading goes on with the next one. In an array there is no next
/// one to be sure of, so that damage is an error after what came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonFormat {
    /// The longest record, in bytes, for objects of an array without white space between their
    /// values; a longer one is rejected. Default: 1 MiB.
    pub max_record_bytes: usize,
}

impl Default for JsonFormat {
    fn default() -> Self {
        Self {
            max_record_bytes: 1 << 20,
        }
    }
}

impl JsonFormat {
    /// The lines of the file, or those that its array is turned into.
    pub(crate) fn lines(self) -> Dialect {
        Dialect {
            delimiter: Delimiter::Blanks,
            quote: None,
            header: false,
            max_record_bytes: self.max_record_bytes,
            ..Dialect::default()
        }
    }
}

impl From<Dialect> for RecordFormat {
    fn from(dialect: Dialect) -> Self {
        Self::Delimited(dialect)
    }
}

impl From<&Dialect> for RecordFormat {
    fn from(dialect: &Dialect) -> Self {
        Self::Delimited(dialect.clone())
    }
}

impl From<JsonFormat> for RecordFormat {
    fn from(format: JsonFormat) -> Self {
        Self::Json(format)
    }
}

impl From<&RecordFormat> for RecordFormat {
    fn from(format: &RecordFormat) -> Self {
        format.clone()
    }
}
