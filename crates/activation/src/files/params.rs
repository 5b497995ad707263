//! What a list's files hold and how they are written.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::audience::{Identifier, Platform};
use super::columns::{FileColumn, file_column};
use super::error::FilesError;
use crate::condition::KnownColumns;
use crate::contact::country_code;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Text with delimiters.
    Csv,
    /// A workbook: the list, a summary and what the columns tell.
    Xlsx,
    /// Parquet.
    Parquet,
    /// Hashed identifiers for Google's Customer Match.
    Google,
    /// Hashed identifiers for a custom audience of Meta.
    Meta,
}

impl FileFormat {
    /// The platform that the file is for.
    pub(super) fn platform(self) -> Option<Platform> {
        match self {
            Self::Csv | Self::Xlsx | Self::Parquet => None,
            Self::Google => Some(Platform::Google),
            Self::Meta => Some(Platform::Meta),
        }
    }
}

/// The files of a list: `files` of a `[[target]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileParams {
    /// The kinds of files; none is right too. Default: `["csv"]`.
    pub formats: Vec<FileFormat>,
    /// The columns of csv, xlsx and parquet: those that a condition may name, and `rank`, `expected_value` and
    /// `listed_since` of the list. Personal ones stand in a file only where they are named here. Default:
    /// `["customer_id", "rank", "expected_value", "rfm_segment", "lifecycle_stage", "pareto_class", "value_tier"]`.
    pub columns: Vec<String>,
    /// How csv is written.
    pub csv: CsvParams,
    /// Whose telephone numbers those of customers without a country are; it is no part of an address. A code or a name. Default: none, so that only their
    /// numbers with a calling code are read.
    pub default_country: Option<String>,
    /// What platforms get to find people by, hashed. `birth_date`, `gender` and `customer_id` (not hashed) are for Meta
    /// alone. Default: `["email", "phone", "address"]`.
    pub identifiers: Vec<Identifier>,
}

/// How csv is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CsvParams {
    /// Between two cells: `,`, `;`, `|` or a tab. Default: `,`.
    pub delimiter: String,
    /// Whether the file begins with the mark by which Excel knows UTF-8. Default: false.
    pub bom: bool,
    /// Whether numbers have a comma before their decimals, as spreadsheets of many countries expect. Default: false.
    pub decimal_comma: bool,
    /// Whether an apostrophe goes before text that a spreadsheet would take for a formula, such as `+34600123456`.
    /// Programs that read the file may want it without. Default: true.
    pub excel_safe: bool,
}

impl Default for FileParams {
    fn default() -> Self {
        let columns = [
            "customer_id",
            "rank",
            "expected_value",
            "rfm_segment",
            "lifecycle_stage",
            "pareto_class",
            "value_tier",
        ];
        Self {
            formats: vec![FileFormat::Csv],
            columns: columns.map(str::to_owned).to_vec(),
            csv: CsvParams::default(),
            default_country: None,
            identifiers: vec![Identifier::Email, Identifier::Phone, Identifier::Address],
        }
    }
}

impl Default for CsvParams {
    fn default() -> Self {
        Self {
            delimiter: ",".to_owned(),
            bom: false,
            decimal_comma: false,
            excel_safe: true,
        }
    }
}

/// Checked parameters of a list's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileValidParams {
    pub(super) formats: Vec<FileFormat>,
    pub(super) columns: Vec<FileColumn>,
    pub(super) csv: CsvValidParams,
    pub(super) default_country: Option<&'static str>,
    pub(super) identifiers: Vec<Identifier>,
}

/// Checked way of writing csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvValidParams {
    pub(super) delimiter: u8,
    pub(super) bom: bool,
    pub(super) decimal_comma: bool,
    pub(super) excel_safe: bool,
}

impl Default for CsvValidParams {
    fn default() -> Self {
        Self {
            delimiter: b',',
            bom: false,
            decimal_comma: false,
            excel_safe: true,
        }
    }
}

impl FileParams {
    /// Checks the parameters against the columns that there are.
    ///
    /// # Errors
    /// When a column, the delimiter or the country is not known, something stands twice, or a platform gets nothing to
    /// find people by.
    pub fn check(&self, known: &KnownColumns) -> Result<FileValidParams, FilesError> {
        if self.columns.is_empty() {
            return Err(FilesError::NoColumn);
        }
        twice(
            "formats",
            self.formats.iter().map(|format| format!("{format:?}").to_lowercase()),
        )?;
        twice(
            "identifiers",
            self.identifiers.iter().map(|identifier| identifier.name().to_owned()),
        )?;
        let columns = self
            .columns
            .iter()
            .map(|name| file_column(name, known))
            .collect::<Result<Vec<_>, _>>()?;
        twice("columns", columns.iter().map(|column| column.name.clone()))?;
        for platform in self.formats.iter().filter_map(|format| format.platform()) {
            if !self.identifiers.iter().any(|identifier| identifier.finds(platform)) {
                return Err(FilesError::NoIdentifier {
                    format: platform.name(),
                });
            }
        }
        let default_country = match &self.default_country {
            None => None,
            Some(country) => Some(country_code(country).ok_or_else(|| FilesError::Country {
                country: country.clone(),
            })?),
        };
        Ok(FileValidParams {
            formats: self.formats.clone(),
            columns,
            csv: self.csv.check()?,
            default_country,
            identifiers: self.identifiers.clone(),
        })
    }
}

impl CsvParams {
    fn check(&self) -> Result<CsvValidParams, FilesError> {
        let &[delimiter @ (b',' | b';' | b'|' | b'\t')] = self.delimiter.as_bytes() else {
            return Err(FilesError::Delimiter {
                delimiter: self.delimiter.clone(),
            });
        };
        Ok(CsvValidParams {
            delimiter,
            bom: self.bom,
            decimal_comma: self.decimal_comma,
            excel_safe: self.excel_safe,
        })
    }
}

impl FileValidParams {
    /// The kinds of files.
    #[must_use]
    pub fn formats(&self) -> &[FileFormat] {
        &self.formats
    }

    /// The columns that the base needs for these files, by their names there.
    #[must_use]
    pub fn base_columns(&self) -> BTreeSet<String> {
        let asked = self.columns.iter().filter(|column| column.is_of_base);
        let platforms = self.formats.iter().filter_map(|format| format.platform());
        let of_platforms = platforms.flat_map(|platform| {
            let sent = self
                .identifiers
                .iter()
                .filter(move |identifier| identifier.is_for(platform));
            sent.flat_map(|identifier| identifier.base_columns())
        });
        asked
            .map(|column| column.name.clone())
            .chain(of_platforms.map(|&name| name.to_owned()))
            .collect()
    }
}

/// Refuses what stands twice.
fn twice(key: &'static str, values: impl Iterator<Item = String>) -> Result<(), FilesError> {
    let mut seen = BTreeSet::new();
    for value in values {
        if seen.contains(&value) {
            return Err(FilesError::Twice { key, value });
        }
        seen.insert(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<FileValidParams, String> {
        let params: FileParams = toml::from_str(text).map_err(|error| error.to_string())?;
        params
            .check(&KnownColumns::new(&["overdue"], &[]))
            .map_err(|error| error.to_string())
    }

    fn refused(text: &str) -> String {
        check(text).expect_err("refused")
    }

    #[test]
    fn the_defaults_are_valid_and_not_personal() {
        let params = check("").expect("valid");
        assert_eq!(params.formats(), [FileFormat::Csv]);
        let known = KnownColumns::new(&[], &[]);
        let base = params.base_columns();
        assert!(base.contains("customer_id") && !base.contains("rank"), "{base:?}");
        for name in base {
            assert!(!known.named(&name).expect("a column").personal, "{name}");
        }
    }

    #[test]
    fn platforms_need_the_columns_of_their_identifiers() {
        let params = check("formats = ['google']\ncolumns = ['customer_id', 'signal_overdue', 'email']\nidentifiers = ['email', 'gender']")
            .expect("valid");
        let expected = ["customer_id", "email", "signal_overdue"].map(str::to_owned);
        assert_eq!(params.base_columns(), BTreeSet::from(expected));
        let params = check("formats = ['meta']\ncolumns = ['rank']\ndefault_country = 'España'").expect("valid");
        let base = params.base_columns();
        assert!(
            ["email", "phone", "country", "postcode", "region"]
                .iter()
                .all(|&name| base.contains(name)),
            "{base:?}"
        );
        assert!(!base.contains("birth_date") && !base.contains("gender"), "{base:?}");
        assert_eq!(params.default_country, Some("ES"));
    }

    #[test]
    fn columns_that_are_not_there_are_refused_with_the_nearest() {
        let error = refused("columns = ['custmer_id']");
        assert!(
            error.starts_with("files: columns: there is no column `custmer_id`"),
            "{error}"
        );
        assert!(error.contains("customer_id"), "{error}");
        assert_eq!(
            refused("columns = []"),
            "files: columns is empty, at least one is needed, such as customer_id"
        );
        assert_eq!(refused("columns = ['rank', 'rank']"), "files: columns has `rank` twice");
    }

    #[test]
    fn formats_and_identifiers_stand_once_and_are_known() {
        assert_eq!(refused("formats = ['csv', 'csv']"), "files: formats has `csv` twice");
        assert_eq!(
            refused("identifiers = ['birth_date', 'birth_date']"),
            "files: identifiers has `birth_date` twice"
        );
        assert!(refused("formats = ['tiktok']").contains("tiktok"));
        assert_eq!(
            refused("formats = ['meta']\nidentifiers = ['gender']"),
            "files: identifiers has none that meta finds people by, such as \"email\""
        );
        assert_eq!(
            refused("formats = ['google']\nidentifiers = ['customer_id']"),
            "files: identifiers has none that google finds people by, such as \"email\""
        );
    }

    #[test]
    fn delimiters_and_countries_are_known() {
        assert_eq!(
            refused("csv = { delimiter = '::' }"),
            "files: csv.delimiter = \"::\" is not one of \",\", \";\", \"|\" and \"\\t\""
        );
        assert_eq!(
            refused("default_country = 'Atlantis'"),
            "files: default_country = \"Atlantis\" is no country, an ISO 3166 code such as \"ES\" is right"
        );
        assert!(refused("csv = { delimeter = ';' }").contains("delimeter"));
    }
}
