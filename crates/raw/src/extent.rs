//! Where a record ends: the splitter's own, minimal reading of quotes, apart from the parser's.

use crate::dialect::{Delimiter, Dialect, without_carriage_return};

/// What stands at the start of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// A record, or what is rejected as one, with its line end.
    Record { bytes: usize, line_ends: u64 },
    /// An empty line or a comment, with its line end.
    NoRecord { bytes: usize },
    /// A line so long that its end is not worth reading for.
    EndlessLine,
    /// More bytes are needed to tell.
    Unknown,
}

/// Bytes after which the end of a record is no longer looked for: the longest record, `\r\n`.
pub(crate) fn lookahead_bytes(dialect: &Dialect) -> usize {
    dialect.max_record_bytes + 2
}

/// Finds the end of the record that starts at the first of `bytes`; `at_end` says that the file has
/// no more of them.
///
/// A quoted field that spans lines but is malformed, or makes the record too long, makes a record of
/// its first line alone.
pub(crate) fn extent(bytes: &[u8], dialect: &Dialect, at_end: bool) -> Extent {
    let lookahead = lookahead_bytes(dialect);
    let (line, line_bytes, line_ends) = match memchr::memchr(b'\n', bytes) {
        Some(end) => (&bytes[..end], end + 1, 1),
        None if at_end => (bytes, bytes.len(), 0),
        None if bytes.len() >= lookahead => return Extent::EndlessLine,
        None => return Extent::Unknown,
    };
    let content = without_carriage_return(line);
    if content.is_empty() || (dialect.is_comment(content) && content.len() <= dialect.max_record_bytes) {
        return Extent::NoRecord { bytes: line_bytes };
    }
    let first_line = Extent::Record {
        bytes: line_bytes,
        line_ends,
    };
    let (true, Some(quote), Delimiter::Byte(delimiter)) = (dialect.multiline, dialect.quote, dialect.delimiter) else {
        return first_line;
    };
    if content.len() > dialect.max_record_bytes || memchr::memchr(quote, line).is_none() {
        return first_line;
    }
    let window = &bytes[..bytes.len().min(lookahead)];
    let nothing_follows = at_end && window.len() == bytes.len();
    match end_outside_quotes(window, quote, delimiter, nothing_follows) {
        QuotedEnd::At(end) => {
            let record = without_carriage_return(&bytes[..end]);
            if record.len() > dialect.max_record_bytes {
                return first_line;
            }
            let line_ends = memchr::memchr_iter(b'\n', record).count() as u64;
            let has_line_end = end < bytes.len();
            Extent::Record {
                bytes: end + usize::from(has_line_end),
                line_ends: line_ends + u64::from(has_line_end),
            }
        }
        QuotedEnd::Malformed => first_line,
        QuotedEnd::BeyondWindow if at_end || window.len() >= lookahead => first_line,
        QuotedEnd::BeyondWindow => Extent::Unknown,
    }
}

enum QuotedEnd {
    /// Position of the line end, or of the end of the file.
    At(usize),
    Malformed,
    BeyondWindow,
}

/// The first line end that no quoted field holds.
fn end_outside_quotes(window: &[u8], quote: u8, delimiter: u8, at_end: bool) -> QuotedEnd {
    let mut field_start = true;
    let mut position = 0;
    loop {
        if field_start && window.get(position) == Some(&quote) {
            position += 1;
            // Past the closing quote; a doubled one is content.
            loop {
                let Some(offset) = memchr::memchr(quote, &window[position..]) else {
                    return QuotedEnd::BeyondWindow;
                };
                position += offset + 1;
                if window.get(position) != Some(&quote) {
                    break;
                }
                position += 1;
            }
            match &window[position..] {
                [] if at_end => return QuotedEnd::At(position),
                [b'\r'] if at_end => return QuotedEnd::At(position + 1),
                [] | [b'\r'] => return QuotedEnd::BeyondWindow,
                [b'\n', ..] => return QuotedEnd::At(position),
                [b'\r', b'\n', ..] => return QuotedEnd::At(position + 1),
                [byte, ..] if *byte == delimiter => position += 1,
                _ => return QuotedEnd::Malformed,
            }
            continue;
        }
        match memchr::memchr2(delimiter, b'\n', &window[position..]) {
            Some(offset) if window[position + offset] == b'\n' => {
                return QuotedEnd::At(position + offset);
            }
            Some(offset) => position += offset + 1,
            None if at_end => return QuotedEnd::At(window.len()),
            None => return QuotedEnd::BeyondWindow,
        }
        field_start = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect() -> Dialect {
        Dialect {
            multiline: true,
            max_record_bytes: 16,
            ..Dialect::default()
        }
    }

    fn record(bytes: usize, line_ends: u64) -> Extent {
        Extent::Record { bytes, line_ends }
    }

    #[test]
    fn quoted_line_ends_belong_to_the_record() {
        assert_eq!(extent(b"a,\"b\nc\"\nd", &dialect(), false), record(8, 2));
        assert_eq!(extent(b"a,\"b\nc\"\r\nd", &dialect(), false), record(9, 2));
        assert_eq!(extent(b"\"b\n\"\"\"", &dialect(), true), record(6, 1));
        assert_eq!(extent(b"\"b\n\"\r", &dialect(), true), record(5, 1));
        assert_eq!(extent(b"a\"b\nc\"", &dialect(), true), record(4, 1));
    }

    #[test]
    fn a_malformed_record_is_its_first_line() {
        assert_eq!(extent(b"\"a\nb\"c\nd\n", &dialect(), true), record(3, 1));
        assert_eq!(extent(b"\"a\nb", &dialect(), true), record(3, 1));
        assert_eq!(extent(b"\"a\n67890123456789012345\"\n", &dialect(), true), record(3, 1));
    }

    #[test]
    fn more_is_asked_for_only_within_the_longest_record() {
        assert_eq!(extent(b"abc", &dialect(), false), Extent::Unknown);
        assert_eq!(extent(b"\"a\nb", &dialect(), false), Extent::Unknown);
        assert_eq!(extent(b"\"a\n\"", &dialect(), false), Extent::Unknown);
        assert_eq!(extent(b"\"a\n\"\r", &dialect(), false), Extent::Unknown);
        assert_eq!(extent(&[b'x'; 18], &dialect(), false), Extent::EndlessLine);
        assert_eq!(extent(b"\"a\n456789012345678", &dialect(), false), record(3, 1));
    }

    #[test]
    fn a_record_of_exactly_the_limit_is_kept() {
        assert_eq!(extent(b"\"a\n456789012345\"\r\n", &dialect(), false), record(18, 2));
        assert_eq!(extent(b"\"a\n4567890123456\"\n", &dialect(), false), record(3, 1));
    }

    #[test]
    fn empty_lines_are_told_apart() {
        assert_eq!(extent(b"\r\na", &dialect(), false), Extent::NoRecord { bytes: 2 });
        assert_eq!(extent(b"\r", &dialect(), false), Extent::Unknown);
        assert_eq!(extent(b"\r", &dialect(), true), Extent::NoRecord { bytes: 1 });
    }
}
