//! How the bytes of a source's files are laid out.

use cartera_raw::{ColumnSpec, DecimalFormat, Delimiter, Dialect, Encoding, JsonFormat, Plan, RawError, RecordFormat};
use serde::{Deserialize, Serialize};

use crate::file_type::FileType;
use crate::number_format::decimal_format;
use crate::sheet_ref::SheetRef;
use crate::source_params::SourceParamsError;

/// Shortest and longest `max_record_bytes`: below it no real record fits, above it one stray
/// quote could take the memory of the machine.
const RECORD_BYTES: std::ops::RangeInclusive<u64> = 64..=1 << 30;

/// `[source.format]`, as typed. Files are plain, gzip or zstd, told by their first bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormatParams {
    /// Kind of file: `csv`, `json`, `parquet` or `excel`. Default `csv`.
    #[serde(rename = "type")]
    pub file_type: String,
    /// How the characters of `csv` and `json` files are written: `utf-8`, `utf-16` (its byte order mark
    /// tells which; little-endian without one), `utf-16le`, `utf-16be`, `latin-1` or `windows-1252`. A byte
    /// order mark in the file wins. Default `utf-8`.
    pub encoding: String,
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
    /// Lines of `csv` files that start with this ASCII character are not records. Default none.
    pub comment: Option<String>,
    /// Lines of `csv` files, rows of `excel` sheets, before the header that are passed over. Default 0.
    pub skip_lines: u64,
    /// `.` or `,`. Default `.`.
    pub decimal_separator: String,
    /// Character between groups of three digits: `,`, `.`, `'`, `_` or a blank; the last also reads
    /// no-break blanks, and `'` the typographic apostrophe. Default none.
    pub thousands_separator: Option<String>,
    /// How negative numbers are marked, one or more of `minus` (-12.50), `trailing_minus` (12.50-) and
    /// `parentheses` ((12.50)). Default `minus` alone.
    pub negatives: Vec<String>,
    /// Texts such as `€` or `EUR`, of which one may stand before or after a number. Default none.
    pub currency_signs: Vec<String>,
    /// Numbers may end in `%`, and then mean hundredths. Default `false`.
    pub percent: bool,
    /// Cells that mean "no value", besides the empty cell. Default none.
    pub null_values: Vec<String>,
    /// `strftime` format of date columns that have none of their own. Default none.
    pub date_format: Option<String>,
    /// Several such formats in place of `date_format`, tried in order. Two that would read one text as
    /// two days are refused. Default none.
    pub date_formats: Option<Vec<String>>,
    /// The sheet of a workbook: its name, or its number among those that are not hidden. Default the first.
    pub sheet: Option<SheetRef>,
}

impl Default for FormatParams {
    fn default() -> Self {
        Self {
            file_type: "csv".to_owned(),
            encoding: "utf-8".to_owned(),
            delimiter: ",".to_owned(),
            quote: "\"".to_owned(),
            header: true,
            multiline: false,
            max_record_bytes: 1 << 20,
            comment: None,
            skip_lines: 0,
            decimal_separator: ".".to_owned(),
            thousands_separator: None,
            negatives: vec!["minus".to_owned()],
            currency_signs: Vec::new(),
            percent: false,
            null_values: Vec::new(),
            date_format: None,
            date_formats: None,
            sheet: None,
        }
    }
}

/// A checked layout.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormatValidParams {
    /// Kind of file.
    pub file_type: FileType,
    /// How the characters of a text file are written.
    pub encoding: Encoding,
    /// The sheet of a workbook.
    pub sheet: SheetRef,
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
        let file_type = FileType::checked(&self.file_type)?;
        self.check_sheet(file_type)?;
        self.check_text_keys(file_type)?;
        let encoding = self.checked_encoding(file_type)?;
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
        let comment = self.checked_comment(delimiter, quote)?;
        Ok(FormatValidParams {
            file_type,
            encoding,
            sheet: self.sheet.clone().unwrap_or_default(),
            dialect: Dialect {
                delimiter,
                quote,
                header: self.header,
                multiline: self.multiline,
                max_record_bytes,
                comment,
                skip_lines: self.skip_lines,
            },
            decimal_format: self.checked_decimal_format(file_type)?,
            null_values: self.null_values.clone(),
        })
    }

    fn check_sheet(&self, file_type: FileType) -> Result<(), SourceParamsError> {
        match &self.sheet {
            Some(_) if file_type != FileType::Excel => Err(SourceParamsError::Conflict {
                key: "format.sheet".to_owned(),
                other: "format.type",
                reason: format!("only `excel` has sheets, and the type is `{}`", file_type.slug()),
            }),
            Some(SheetRef::Name(name)) if name.is_empty() => Err(SourceParamsError::value(
                "format.sheet",
                name,
                "the name of a sheet or its number counted from 1",
            )),
            _ => Ok(()),
        }
    }

    /// Refuses keys that have no meaning for the type of file: they would be declared in vain.
    fn check_text_keys(&self, file_type: FileType) -> Result<(), SourceParamsError> {
        if file_type == FileType::Csv {
            return Ok(());
        }
        let plain = Self::default();
        let is_table = matches!(file_type, FileType::Excel);
        for (key, is_given) in [
            ("delimiter", self.delimiter != plain.delimiter),
            ("quote", self.quote != plain.quote),
            ("header", self.header != plain.header && !is_table),
            ("multiline", self.multiline != plain.multiline),
            ("comment", self.comment != plain.comment),
            ("skip_lines", self.skip_lines != plain.skip_lines && !is_table),
        ] {
            if is_given {
                return Err(SourceParamsError::Conflict {
                    key: format!("format.{key}"),
                    other: "format.type",
                    reason: format!("files of type `{}` have none; leave the key out", file_type.slug()),
                });
            }
        }
        Ok(())
    }

    /// Numbers that have a type of their own are written with a minus, however texts mark negative ones.
    fn checked_decimal_format(&self, file_type: FileType) -> Result<DecimalFormat, SourceParamsError> {
        let mut format = decimal_format(self)?;
        format.negatives.minus |= file_type.is_typed();
        Ok(format)
    }

    fn checked_encoding(&self, file_type: FileType) -> Result<Encoding, SourceParamsError> {
        let encoding = match self.encoding.as_str() {
            "utf-8" => Encoding::Utf8,
            "utf-16" => Encoding::Utf16,
            "utf-16le" => Encoding::Utf16Le,
            "utf-16be" => Encoding::Utf16Be,
            "latin-1" => Encoding::Latin1,
            "windows-1252" => Encoding::Windows1252,
            other => {
                return Err(SourceParamsError::value(
                    "format.encoding",
                    other,
                    "`utf-8`, `utf-16`, `utf-16le`, `utf-16be`, `latin-1` or `windows-1252`",
                ));
            }
        };
        if encoding != Encoding::Utf8 && file_type.is_typed() {
            return Err(SourceParamsError::Conflict {
                key: "format.encoding".to_owned(),
                other: "format.type",
                reason: format!(
                    "files of type `{}` say themselves how text is written",
                    file_type.slug()
                ),
            });
        }
        Ok(encoding)
    }

    fn checked_comment(&self, delimiter: Delimiter, quote: Option<u8>) -> Result<Option<u8>, SourceParamsError> {
        let Some(text) = &self.comment else { return Ok(None) };
        match text.as_bytes() {
            [byte] if delimiter == Delimiter::Byte(*byte) || quote == Some(*byte) => Err(SourceParamsError::Conflict {
                key: "format.comment".to_owned(),
                other: "format.delimiter",
                reason: "a comment starts with a character that is neither the delimiter nor the quote".to_owned(),
            }),
            [byte] if separates(*byte) && !byte.is_ascii_whitespace() => Ok(Some(*byte)),
            _ => Err(SourceParamsError::value(
                "format.comment",
                text,
                "one ASCII character such as `#`; leave the key out for none",
            )),
        }
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
}

impl FormatValidParams {
    /// How a text file is cut into records.
    pub(crate) fn records(&self) -> RecordFormat {
        match self.file_type {
            FileType::Json => RecordFormat::Json(self.json()),
            _ => RecordFormat::Delimited(self.dialect.clone()),
        }
    }

    /// How the objects of a JSON file are read.
    pub(crate) fn json(&self) -> JsonFormat {
        JsonFormat {
            max_record_bytes: self.dialect.max_record_bytes,
        }
    }

    /// How the records of a file are read, whose fields are these.
    pub(crate) fn plan(&self, columns: Vec<ColumnSpec>, field_count: usize) -> Result<Plan, RawError> {
        match self.file_type {
            FileType::Parquet | FileType::Excel => Plan::for_cells(columns, field_count),
            _ => Plan::new(self.dialect.clone(), columns, field_count),
        }
    }
}

/// Letters and digits are content, line ends end records, other bytes may be half a character.
fn separates(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'\r' | 0)
}

/// Checks that a change of the default is refused, at the key and with the words.
#[cfg(test)]
#[track_caller]
pub(crate) fn refused(change: impl FnOnce(&mut FormatParams), key: &str, words: &str) {
    let mut params = FormatParams::default();
    change(&mut params);
    let error = params.check().expect_err("the change is to be refused");
    assert_eq!(error.key(), key);
    let message = error.to_string();
    assert!(message.contains(words), "{message:?} lacks {words:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

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
        refused(
            |f| f.file_type = "xlsx".to_owned(),
            "format.type",
            "`csv`, `json`, `parquet`, `excel`",
        );
    }

    #[test]
    fn refuses_a_sheet_where_there_are_none() {
        refused(|f| f.sheet = Some(SheetRef::default()), "format.sheet", "only `excel`");
        let change = |f: &mut FormatParams| {
            f.file_type = "excel".to_owned();
            f.sheet = Some(SheetRef::Name(String::new()));
        };
        refused(change, "format.sheet", "counted from 1");
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
    fn encodings_have_names() {
        for (text, encoding) in [
            ("utf-8", Encoding::Utf8),
            ("utf-16", Encoding::Utf16),
            ("utf-16le", Encoding::Utf16Le),
            ("utf-16be", Encoding::Utf16Be),
            ("latin-1", Encoding::Latin1),
            ("windows-1252", Encoding::Windows1252),
        ] {
            let params = FormatParams {
                encoding: text.to_owned(),
                ..FormatParams::default()
            };
            assert_eq!(params.check().map(|valid| valid.encoding), Ok(encoding));
        }
    }

    #[test]
    fn refuses_other_encodings() {
        for text in ["", "UTF8", "cp1252"] {
            refused(|f| f.encoding = text.to_owned(), "format.encoding", "`windows-1252`");
        }
    }

    #[test]
    fn refuses_an_encoding_of_files_that_have_their_own() {
        for file_type in ["parquet", "excel"] {
            let change = |f: &mut FormatParams| {
                f.file_type = file_type.to_owned();
                f.encoding = "latin-1".to_owned();
            };
            refused(change, "format.encoding", "say themselves");
        }
    }

    #[test]
    fn comments_and_lines_before_the_header_are_none_of_the_table() {
        let params = FormatParams {
            comment: Some("#".to_owned()),
            skip_lines: 3,
            ..FormatParams::default()
        };
        let dialect = params.check().expect("valid").dialect;
        assert_eq!((dialect.comment, dialect.skip_lines), (Some(b'#'), 3));
    }

    #[test]
    fn refuses_comments_that_could_be_content() {
        for text in ["", "//", "a", " ", "\n", "§"] {
            refused(|f| f.comment = Some(text.to_owned()), "format.comment", "ASCII");
        }
        for text in [",", "\""] {
            refused(|f| f.comment = Some(text.to_owned()), "format.comment", "neither");
        }
    }

    #[test]
    fn refuses_keys_of_lines_where_there_are_no_lines() {
        type Change = fn(&mut FormatParams);
        let changes: [(&str, Change); 6] = [
            ("format.delimiter", |f| f.delimiter = ";".to_owned()),
            ("format.quote", |f| f.quote.clear()),
            ("format.header", |f| f.header = false),
            ("format.multiline", |f| f.multiline = true),
            ("format.comment", |f| f.comment = Some("#".to_owned())),
            ("format.skip_lines", |f| f.skip_lines = 1),
        ];
        for file_type in ["json", "parquet", "excel"] {
            for (key, change) in changes {
                if file_type == "excel" && ["format.header", "format.skip_lines"].contains(&key) {
                    continue;
                }
                let change = |f: &mut FormatParams| {
                    f.file_type = file_type.to_owned();
                    change(f);
                };
                refused(change, key, "leave the key out");
            }
        }
    }
}
