//! How the bytes of a source's files are laid out.

use cartera_raw::{DecimalFormat, Delimiter, Dialect};
use serde::{Deserialize, Serialize};

use crate::source_params::SourceParamsError;

/// Shortest and longest `max_record_bytes`: below it no real record fits, above it one stray
/// quote could take the memory of the machine.
const RECORD_BYTES: std::ops::RangeInclusive<u64> = 64..=1 << 30;

/// `[source.format]`, as typed. Files are UTF-8, plain, gzip (`.gz`) or zstd (`.zst`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormatParams {
    /// Kind of file. Only `csv` in this version, and the default.
    #[serde(rename = "type")]
    pub file_type: String,
    /// One ASCII character, `tab`, or `blanks` for runs of blanks. Default `,`.
    pub delimiter: String,
    /// One ASCII character, or the empty text for none. Default `"`.
    pub quote: String,
    /// The first record of each file names the columns. Default `true`.
    pub header: bool,
    /// A newline inside quotes belongs to the cell. Default `false`: it ends the record, which is
    /// quarantined, so that a stray quote costs one line and not the rest of the file.
    pub multiline: bool,
    /// A longer record is quarantined. Bytes, 64 to 1,073,741,824. Default 1,048,576.
    pub max_record_bytes: u64,
    /// `.` or `,`. Default `.`.
    pub decimal_separator: String,
    /// Character between groups of three digits: `,`, `.`, `'`, `_` or a blank. Default none.
    pub thousands_separator: Option<String>,
    /// Cells that mean "no value", besides the empty cell. Default none.
    pub null_values: Vec<String>,
    /// `strftime` format of date columns that have none of their own. Default none.
    pub date_format: Option<String>,
}

impl Default for FormatParams {
    fn default() -> Self {
        Self {
            file_type: "csv".to_owned(),
            delimiter: ",".to_owned(),
            quote: "\"".to_owned(),
            header: true,
            multiline: false,
            max_record_bytes: 1 << 20,
            decimal_separator: ".".to_owned(),
            thousands_separator: None,
            null_values: Vec::new(),
            date_format: None,
        }
    }
}

/// A checked layout.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormatValidParams {
    /// How records and cells are cut.
    pub dialect: Dialect,
    /// How numbers are written. Its scale is the default one; a column sets its own.
    pub decimal_format: DecimalFormat,
    /// Cells that mean "no value", besides the empty cell.
    pub null_values: Vec<String>,
}

impl FormatParams {
    /// Checks the layout; the date format is checked with the column that uses it.
    pub(crate) fn check(&self) -> Result<FormatValidParams, SourceParamsError> {
        if self.file_type != "csv" {
            return Err(SourceParamsError::value(
                "format.type",
                &self.file_type,
                "`csv`, the only file type that this version reads",
            ));
        }
        let delimiter = self.checked_delimiter()?;
        let quote = self.checked_quote(delimiter)?;
        if self.multiline && quote.is_none() {
            return Err(SourceParamsError::Conflict {
                key: "format.multiline".to_owned(),
                other: "format.quote = \"\"",
                reason: "only a quoted cell can hold a newline".to_owned(),
            });
        }
        if self.multiline && delimiter == Delimiter::Blanks {
            return Err(SourceParamsError::Conflict {
                key: "format.multiline".to_owned(),
                other: "format.delimiter = \"blanks\"",
                reason: "cells that may hold newlines need one character between them".to_owned(),
            });
        }
        let max_record_bytes = usize::try_from(self.max_record_bytes)
            .ok()
            .filter(|_| RECORD_BYTES.contains(&self.max_record_bytes))
            .ok_or_else(|| {
                SourceParamsError::value(
                    "format.max_record_bytes",
                    self.max_record_bytes,
                    "64 to 1073741824 bytes",
                )
            })?;
        let decimal_separator = self.checked_decimal_separator()?;
        let thousands_separator = self.checked_thousands_separator(decimal_separator)?;
        Ok(FormatValidParams {
            dialect: Dialect {
                delimiter,
                quote,
                header: self.header,
                multiline: self.multiline,
                max_record_bytes,
            },
            decimal_format: DecimalFormat {
                decimal_separator,
                thousands_separator,
                ..DecimalFormat::default()
            },
            null_values: self.null_values.clone(),
        })
    }

    fn checked_delimiter(&self) -> Result<Delimiter, SourceParamsError> {
        match self.delimiter.as_bytes() {
            b"blanks" => Ok(Delimiter::Blanks),
            b"tab" => Ok(Delimiter::Byte(b'\t')),
            [byte] if separates(*byte) => Ok(Delimiter::Byte(*byte)),
            _ => Err(SourceParamsError::value(
                "format.delimiter",
                &self.delimiter,
                "one ASCII character other than a letter, a digit or a line end, or `tab`, or `blanks` for runs of blanks",
            )),
        }
    }

    fn checked_quote(&self, delimiter: Delimiter) -> Result<Option<u8>, SourceParamsError> {
        match self.quote.as_bytes() {
            [] => Ok(None),
            [byte] if delimiter == Delimiter::Byte(*byte) => Err(SourceParamsError::Conflict {
                key: "format.quote".to_owned(),
                other: "format.delimiter",
                reason: "the two must differ".to_owned(),
            }),
            [byte] if separates(*byte) && !byte.is_ascii_whitespace() => Ok(Some(*byte)),
            _ => Err(SourceParamsError::value(
                "format.quote",
                &self.quote,
                "one ASCII character such as `\"` or `'`, or the empty text for none",
            )),
        }
    }

    fn checked_decimal_separator(&self) -> Result<u8, SourceParamsError> {
        match self.decimal_separator.as_bytes() {
            [byte @ (b'.' | b',')] => Ok(*byte),
            _ => Err(SourceParamsError::value(
                "format.decimal_separator",
                &self.decimal_separator,
                "`.` or `,`",
            )),
        }
    }

    fn checked_thousands_separator(&self, decimal: u8) -> Result<Option<u8>, SourceParamsError> {
        let Some(text) = &self.thousands_separator else {
            return Ok(None);
        };
        match text.as_bytes() {
            [byte] if *byte == decimal => Err(SourceParamsError::Conflict {
                key: "format.thousands_separator".to_owned(),
                other: "format.decimal_separator",
                reason: "the two must differ".to_owned(),
            }),
            [byte @ (b',' | b'.' | b'\'' | b'_' | b' ')] => Ok(Some(*byte)),
            _ => Err(SourceParamsError::value(
                "format.thousands_separator",
                text,
                "`,`, `.`, `'`, `_` or a blank; leave the key out for none",
            )),
        }
    }
}

/// Letters and digits are content, line ends end records, other bytes may be half a character.
fn separates(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'\r' | 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(change: impl FnOnce(&mut FormatParams), key: &str, words: &str) {
        let mut params = FormatParams::default();
        change(&mut params);
        let error = params.check().expect_err("the change is to be refused");
        assert_eq!(error.key(), key);
        let message = error.to_string();
        assert!(message.contains(words), "{message:?} lacks {words:?}");
    }

    #[test]
    fn the_default_is_plain_csv() {
        let valid = FormatParams::default().check().expect("valid");
        assert_eq!(valid.dialect, Dialect::default());
        assert_eq!(valid.decimal_format, DecimalFormat::default());
    }

    #[test]
    fn delimiters_have_names() {
        for (text, delimiter) in [
            ("tab", Delimiter::Byte(b'\t')),
            ("\t", Delimiter::Byte(b'\t')),
            (" ", Delimiter::Byte(b' ')),
            ("blanks", Delimiter::Blanks),
            (";", Delimiter::Byte(b';')),
        ] {
            let params = FormatParams {
                delimiter: text.to_owned(),
                ..FormatParams::default()
            };
            assert_eq!(params.check().map(|valid| valid.dialect.delimiter), Ok(delimiter));
        }
    }

    #[test]
    fn refuses_other_file_types() {
        refused(|f| f.file_type = "xlsx".to_owned(), "format.type", "`csv`");
    }

    #[test]
    fn refuses_delimiters_that_cannot_separate() {
        for text in ["", ",,", "a", "7", "\n", "\r", "\0", "§"] {
            refused(|f| f.delimiter = text.to_owned(), "format.delimiter", "blanks");
        }
    }

    #[test]
    fn refuses_quotes_that_cannot_quote() {
        for text in ["\"\"", "a", "\n", " ", "\t", "«"] {
            refused(|f| f.quote = text.to_owned(), "format.quote", "ASCII");
        }
    }

    #[test]
    fn refuses_the_delimiter_as_quote() {
        refused(|f| f.quote = ",".to_owned(), "format.quote", "differ");
    }

    #[test]
    fn refuses_multiline_without_a_quote() {
        let change = |f: &mut FormatParams| {
            f.quote.clear();
            f.multiline = true;
        };
        refused(change, "format.multiline", "quoted");
    }

    #[test]
    fn refuses_multiline_between_blanks() {
        let change = |f: &mut FormatParams| {
            f.delimiter = "blanks".to_owned();
            f.multiline = true;
        };
        refused(change, "format.multiline", "one character");
    }

    #[test]
    fn refuses_record_limits_out_of_range() {
        for bytes in [0, 63, (1 << 30) + 1] {
            refused(|f| f.max_record_bytes = bytes, "format.max_record_bytes", "64 to");
        }
    }

    #[test]
    fn refuses_other_decimal_separators() {
        for text in ["", ";", ".."] {
            refused(
                |f| f.decimal_separator = text.to_owned(),
                "format.decimal_separator",
                "`.` or `,`",
            );
        }
    }

    #[test]
    fn refuses_other_thousands_separators() {
        for text in ["", "-", ",,"] {
            refused(
                |f| f.thousands_separator = Some(text.to_owned()),
                "format.thousands_separator",
                "leave the key out",
            );
        }
    }

    #[test]
    fn refuses_equal_separators() {
        refused(
            |f| f.thousands_separator = Some(".".to_owned()),
            "format.thousands_separator",
            "differ",
        );
    }
}
