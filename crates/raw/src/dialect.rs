//! How the bytes of a file are cut: what the splitter and the parser must agree on.

use crate::error::RawError;

/// Positions inside a window of a block are 31-bit numbers, so nothing may be larger than this.
pub(crate) const MAX_WINDOW_BYTES: usize = 1 << 30;

/// How the bytes of a file are cut into records and fields.
///
/// Records end at `\n` or `\r\n`; the last one may end at the end of the file. A line with nothing
/// in it (with [`Delimiter::Blanks`]: nothing but blanks) is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two fields. Default: a comma.
    pub delimiter: Delimiter,
    /// The byte that opens and closes a quoted field, doubled inside it. Default: `"`.
    ///
    /// It opens a field only as the field's first byte; elsewhere it is an ordinary byte.
    pub quote: Option<u8>,
    /// Whether the first record holds the names of the fields. Default: true.
    pub header: bool,
    /// Whether a quoted field may contain line ends. Default: false.
    ///
    /// When false, a line end always ends the record, so that a stray quote costs one record.
    /// When true, a quoted field that is malformed after its first line costs that first line, and
    /// reading resumes on the next one.
    pub multiline: bool,
    /// The longest record, in bytes without its line end; a longer one is rejected. Default: 1 MiB.
    pub max_record_bytes: usize,
    /// Lines that start with this byte where a record could start are none. Default: none.
    ///
    /// One that is longer than the longest record is rejected all the same.
    pub comment: Option<u8>,
    /// Lines before the header, or before the first record, that are passed over. Default: 0.
    pub skip_lines: u64,
}

/// What stands between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// One byte, of ASCII.
    Byte(u8),
    /// Runs of spaces and tabs; those at the start and the end of a record mean nothing.
    Blanks,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: Delimiter::Byte(b','),
            quote: Some(b'"'),
            header: true,
            multiline: false,
            max_record_bytes: 1 << 20,
            comment: None,
            skip_lines: 0,
        }
    }
}

impl Dialect {
    /// Refuses dialects whose parts contradict each other.
    ///
    /// # Errors
    /// [`RawError::Dialect`].
    pub(crate) fn check(&self) -> Result<(), RawError> {
        let refuse = |problem| Err(RawError::Dialect { problem });
        if let Delimiter::Byte(byte) = self.delimiter {
            if !byte.is_ascii() {
                return refuse("the delimiter is not an ASCII character");
            }
            if matches!(byte, b'\n' | b'\r') {
                return refuse("the delimiter is a line end");
            }
            if self.quote == Some(byte) {
                return refuse("the delimiter and the quote are the same");
            }
        } else if self.multiline {
            return refuse("multiline needs one byte as its delimiter, not blanks");
        }
        if let Some(comment) = self.comment {
            if !comment.is_ascii() {
                return refuse("the comment sign is not an ASCII character");
            }
            if matches!(comment, b'\n' | b'\r') || is_blank(comment) {
                return refuse("the comment sign is a blank or a line end");
            }
            if self.quote == Some(comment) || self.delimiter == Delimiter::Byte(comment) {
                return refuse("the comment sign is also the delimiter or the quote");
            }
        }
        match self.quote {
            Some(quote) if !quote.is_ascii() => refuse("the quote is not an ASCII character"),
            Some(b'\n' | b'\r' | b' ' | b'\t') => refuse("the quote is a blank or a line end"),
            _ if self.max_record_bytes == 0 => refuse("max_record_bytes is zero"),
            _ if self.max_record_bytes > MAX_WINDOW_BYTES => refuse("max_record_bytes is more than 1 GiB"),
            _ => Ok(()),
        }
    }

    /// Whether a line of a file delimited by blanks, or of JSON objects, holds no record: it is blank
    /// or a comment.
    pub(crate) fn is_no_record(&self, content: &[u8]) -> bool {
        content.iter().copied().all(is_blank) || self.is_comment(content)
    }

    /// Whether a line is a comment.
    pub(crate) fn is_comment(&self, content: &[u8]) -> bool {
        self.comment.is_some() && content.first().copied() == self.comment
    }
}

/// The bytes of a line without the `\r` of a `\r\n` line end.
pub(crate) fn without_carriage_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Spaces and tabs: what is trimmed around cells, and what delimits with [`Delimiter::Blanks`].
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_accepted() {
        assert!(Dialect::default().check().is_ok());
    }

    #[test]
    fn contradictions_are_refused() {
        let base = Dialect::default;
        let refused = [
            Dialect {
                delimiter: Delimiter::Byte(0xE9),
                ..base()
            },
            Dialect {
                delimiter: Delimiter::Byte(b'\n'),
                ..base()
            },
            Dialect {
                delimiter: Delimiter::Byte(b'\r'),
                ..base()
            },
            Dialect {
                delimiter: Delimiter::Byte(b'"'),
                ..base()
            },
            Dialect {
                delimiter: Delimiter::Blanks,
                multiline: true,
                ..base()
            },
            Dialect {
                quote: Some(0xE9),
                ..base()
            },
            Dialect {
                quote: Some(b' '),
                ..base()
            },
            Dialect {
                quote: Some(b'\n'),
                ..base()
            },
            Dialect {
                comment: Some(0xE9),
                ..base()
            },
            Dialect {
                comment: Some(b' '),
                ..base()
            },
            Dialect {
                comment: Some(b'"'),
                ..base()
            },
            Dialect {
                comment: Some(b','),
                ..base()
            },
            Dialect {
                max_record_bytes: 0,
                ..base()
            },
            Dialect {
                max_record_bytes: (1 << 30) + 1,
                ..base()
            },
        ];
        for dialect in refused {
            assert!(matches!(dialect.check(), Err(RawError::Dialect { .. })), "{dialect:?}");
        }
    }
}
