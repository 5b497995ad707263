//! Cuts one record into fields, byte by byte: for headers, and for files delimited by blanks.

use crate::dialect::{Delimiter, Dialect, is_blank, without_carriage_return};
use crate::error::RawError;
use crate::failure::{RecordReason, quoted_lossily};

/// Where a field's content is: in the bytes that were read, or, when quotes had to be taken out of
/// it, in a side buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// First byte; the highest bit says that it counts in the side buffer.
    start: u32,
    /// One past the last byte.
    end: u32,
}

const IN_SIDE_BUFFER: u32 = 1 << 31;

impl Span {
    /// A field within the bytes that were read, which are less than 2 GiB (see `MAX_WINDOW_BYTES`).
    #[inline(always)]
    pub(crate) fn within(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Takes doubled quotes out of the content of a quoted field.
    pub(crate) fn undoubled(content: &[u8], quote: u8, side_buffer: &mut Vec<u8>) -> Self {
        let start = side_buffer.len() as u32;
        let mut rest = content;
        while let Some(position) = memchr::memchr(quote, rest) {
            side_buffer.extend_from_slice(&rest[..=position]);
            rest = rest.get(position + 2..).unwrap_or_default();
        }
        side_buffer.extend_from_slice(rest);
        Self {
            start: start | IN_SIDE_BUFFER,
            end: side_buffer.len() as u32,
        }
    }

    /// The bytes that hold the field, and its first and last position in them.
    #[inline(always)]
    pub(crate) fn locate<'a>(self, window: &'a [u8], side_buffer: &'a [u8]) -> (&'a [u8], usize, usize) {
        if self.start & IN_SIDE_BUFFER == 0 {
            (window, self.start as usize, self.end as usize)
        } else {
            (side_buffer, (self.start & !IN_SIDE_BUFFER) as usize, self.end as usize)
        }
    }
}

/// Cuts the record at `start..end` of the window, which has no line end of its own.
pub(crate) fn cut(
    window: &[u8],
    start: usize,
    end: usize,
    dialect: &Dialect,
    fields: &mut Vec<Span>,
    side_buffer: &mut Vec<u8>,
) -> Result<(), RecordReason> {
    fields.clear();
    let is_delimiter = |byte: u8| match dialect.delimiter {
        Delimiter::Byte(delimiter) => byte == delimiter,
        Delimiter::Blanks => is_blank(byte),
    };
    let blanks = dialect.delimiter == Delimiter::Blanks;
    let bytes = &window[..end];
    let skip_blanks = |mut position: usize| {
        while blanks && bytes.get(position).copied().is_some_and(is_blank) {
            position += 1;
        }
        position
    };
    let mut position = skip_blanks(start);
    loop {
        if let Some(quote) = dialect.quote.filter(|quote| bytes.get(position) == Some(quote)) {
            let content_start = position + 1;
            let mut doubled = false;
            position = content_start;
            let content_end = loop {
                let Some(offset) = memchr::memchr(quote, &bytes[position..]) else {
                    return Err(RecordReason::UnclosedQuote);
                };
                position += offset + 1;
                if bytes.get(position) != Some(&quote) {
                    break position - 1;
                }
                doubled = true;
                position += 1;
            };
            if bytes.get(position).is_some_and(|&byte| !is_delimiter(byte)) {
                return Err(RecordReason::TextAfterQuote);
            }
            fields.push(if doubled {
                Span::undoubled(&bytes[content_start..content_end], quote, side_buffer)
            } else {
                Span::within(content_start as u32, content_end as u32)
            });
        } else {
            let field_start = position;
            while bytes.get(position).is_some_and(|&byte| !is_delimiter(byte)) {
                position += 1;
            }
            fields.push(Span::within(field_start as u32, position as u32));
        }
        // At a delimiter, or at the end of the record.
        let after = if blanks { skip_blanks(position) } else { position + 1 };
        if position >= end || (blanks && after >= end) {
            return Ok(());
        }
        position = after;
    }
}

/// How many fields a record has.
pub(crate) fn record_fields(record: &[u8], dialect: &Dialect) -> Result<usize, RecordReason> {
    let record = without_carriage_return(record.strip_suffix(b"\n").unwrap_or(record));
    let (mut fields, mut side_buffer) = (Vec::new(), Vec::new());
    cut(record, 0, record.len(), dialect, &mut fields, &mut side_buffer)?;
    Ok(fields.len())
}

/// The names in a header record, trimmed.
pub(crate) fn header_fields(record: &[u8], dialect: &Dialect, line: u64) -> Result<Vec<String>, RawError> {
    let record = without_carriage_return(record.strip_suffix(b"\n").unwrap_or(record));
    let limit_bytes = dialect.max_record_bytes;
    if record.len() > limit_bytes {
        let reason = RecordReason::RecordTooLong { limit_bytes };
        return Err(RawError::Header { line, reason });
    }
    let (mut fields, mut side_buffer) = (Vec::new(), Vec::new());
    cut(record, 0, record.len(), dialect, &mut fields, &mut side_buffer)
        .map_err(|reason| RawError::Header { line, reason })?;
    let mut names = Vec::with_capacity(fields.len());
    for (index, span) in fields.iter().enumerate() {
        let (bytes, start, end) = span.locate(record, &side_buffer);
        match std::str::from_utf8(&bytes[start..end]) {
            Ok(name) => names.push(name.trim_matches([' ', '\t']).to_owned()),
            Err(_) => {
                let value = quoted_lossily(&bytes[start..end]);
                return Err(RawError::HeaderNotUtf8 {
                    line,
                    field: index + 1,
                    value,
                });
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(record: &[u8], dialect: &Dialect) -> Result<Vec<String>, RawError> {
        header_fields(record, dialect, 1)
    }

    #[test]
    fn headers_are_trimmed_and_unquoted() {
        let found = names(b" a ,\"b,\"\"c\"\"\",,\"\"\"\",\r\n", &Dialect::default());
        assert_eq!(found.expect("a good header"), ["a", "b,\"c\"", "", "\"", ""]);
    }

    #[test]
    fn blanks_delimit_in_runs() {
        let dialect = Dialect {
            delimiter: Delimiter::Blanks,
            ..Dialect::default()
        };
        let found = names(b"  one\t two \"three four\"   \r\n", &dialect);
        assert_eq!(found.expect("a good header"), ["one", "two", "three four"]);
    }

    #[test]
    fn bad_headers_are_errors() {
        let reason = |record: &[u8]| match names(record, &Dialect::default()) {
            Err(RawError::Header { reason, .. }) => Some(reason),
            _ => None,
        };
        assert_eq!(reason(b"a,\"b\n"), Some(RecordReason::UnclosedQuote));
        assert_eq!(reason(b"a,\"b\"c\n"), Some(RecordReason::TextAfterQuote));
        assert!(matches!(
            names(b"a,\xFF\n", &Dialect::default()),
            Err(RawError::HeaderNotUtf8 { field: 2, .. })
        ));
    }
}
