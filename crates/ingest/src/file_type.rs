//! The kinds of files that a source can be made of.

use cartera_raw::{DateFormat, RawError};

use crate::blocks::{TYPED_INSTANT, TYPED_MOMENT};
use crate::source_params::SourceParamsError;

/// Kind of file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileType {
    /// Lines of cells with a delimiter between them.
    #[default]
    Csv,
    /// JSON objects, one a line or in one array.
    Json,
    /// Parquet.
    Parquet,
    /// One sheet of a workbook: `.xlsx`, `.xlsb`, `.xls` or `.ods`.
    Excel,
}

impl FileType {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Json, Self::Parquet, Self::Excel];

    /// The word for it in a pipeline file.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Parquet => "parquet",
            Self::Excel => "excel",
        }
    }

    /// Whether its values have types of their own: numbers and moments need no format there.
    #[must_use]
    pub fn is_typed(self) -> bool {
        matches!(self, Self::Parquet | Self::Excel)
    }

    /// The date formats of a column, the declared ones after the one that moments with a type of their
    /// own are written in. These are instants where the declared formats are of instants.
    ///
    /// # Errors
    /// None in fact: the added formats are good ones.
    pub(crate) fn date_formats(self, declared: Vec<DateFormat>) -> Result<Vec<DateFormat>, RawError> {
        if !self.is_typed() {
            return Ok(declared);
        }
        let are_instants = declared.iter().any(DateFormat::has_offset);
        let typed = DateFormat::new(if are_instants { TYPED_INSTANT } else { TYPED_MOMENT })?;
        let others = declared
            .into_iter()
            .filter(|format| format.pattern() != typed.pattern());
        Ok(std::iter::once(typed.clone()).chain(others).collect())
    }

    pub(crate) fn checked(word: &str) -> Result<Self, SourceParamsError> {
        Self::ALL.into_iter().find(|known| known.slug() == word).ok_or_else(|| {
            let words: Vec<String> = Self::ALL.iter().map(|known| format!("`{}`", known.slug())).collect();
            SourceParamsError::value("format.type", word, words.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_formats(file_type: FileType, declared: &[&str]) -> Vec<String> {
        let declared = declared
            .iter()
            .map(|text| DateFormat::new(text).expect("valid"))
            .collect();
        let formats = file_type.date_formats(declared).expect("valid");
        formats.iter().map(|format| format.pattern().to_owned()).collect()
    }

    #[test]
    fn typed_files_have_a_date_format_of_their_own() {
        assert_eq!(date_formats(FileType::Csv, &["%d/%m/%Y"]), ["%d/%m/%Y"]);
        assert_eq!(date_formats(FileType::Excel, &[]), [TYPED_MOMENT]);
        assert_eq!(date_formats(FileType::Excel, &["%d/%m/%Y"]), [TYPED_MOMENT, "%d/%m/%Y"]);
        assert_eq!(date_formats(FileType::Parquet, &[TYPED_MOMENT]), [TYPED_MOMENT]);
        assert_eq!(date_formats(FileType::Parquet, &[TYPED_INSTANT]), [TYPED_INSTANT]);
    }
}
