//! Files of a list: for people, for programs, and for advertising platforms.
//!
//! Nothing is written to disk here: whoever publishes gives something to write to. A list of any length passes through
//! csv and the files of platforms in slices; a workbook is made in memory and holds at most what a sheet does.

mod audience;
mod columns;
mod csv;
mod error;
mod members;
mod params;
mod person;
mod safe;
mod summary;
#[cfg(test)]
mod tests;
mod xlsx;

use std::io::Write;

use cartera_table::AsOf;
use polars::prelude::{DataFrame, ParquetWriter};

pub use audience::Identifier;
pub use error::FilesError;
pub use members::members;
pub use params::{CsvParams, FileFormat, FileParams, FileValidParams};

/// Which customers a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListPart {
    /// All who are to be contacted.
    Whole,
    /// Those who came since the run before.
    Added,
    /// Those who went since the run before.
    Removed,
}

impl ListPart {
    fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Added => "_added",
            Self::Removed => "_removed",
        }
    }

    fn explanation(self) -> &'static str {
        match self {
            Self::Whole => "Customers in this workbook: all who are to be contacted.",
            Self::Added => "Customers in this workbook: those who came since the run before.",
            Self::Removed => "Customers in this workbook: those who went since the run before.",
        }
    }
}

/// A list, or what came and went of it, that files are made of.
#[derive(Debug, Clone, Copy)]
pub struct ListForFiles<'l> {
    /// Its name.
    pub name: &'l str,
    /// Which of its customers.
    pub part: ListPart,
    /// The day that it is of.
    pub as_of: AsOf,
    /// The published run that it was made from. None for the files of a run itself, which must not tell its number.
    pub run: Option<&'l str>,
    /// The customers, as [`members`] makes them.
    pub members: &'l DataFrame,
    /// Rows of `target_lists`, of this list and others.
    pub lists: &'l DataFrame,
    /// Rows of `target_reasons`, of this list and others.
    pub reasons: &'l DataFrame,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Customers in the file.
    pub rows: usize,
    /// Customers of the list who are not in it, as a platform cannot find them.
    pub left_out: usize,
    /// What the user should know.
    pub warnings: Vec<String>,
    /// What a platform's file holds and by which rules it was made, as TOML; for the file that
    /// [`ListForFiles::about_file_name`] names.
    pub about: Option<String>,
}

impl ListForFiles<'_> {
    /// The name of the list's file of this format.
    #[must_use]
    pub fn file_name(&self, format: FileFormat) -> String {
        let extension = match format {
            FileFormat::Csv | FileFormat::Google | FileFormat::Meta => "csv",
            FileFormat::Xlsx => "xlsx",
            FileFormat::Parquet => "parquet",
        };
        format!("{}.{extension}", self.stem(format))
    }

    /// Whether a file of this format can hold the list: a sheet has no more than about a million rows.
    #[must_use]
    pub fn fits(&self, format: FileFormat) -> bool {
        format != FileFormat::Xlsx || self.members.height() <= xlsx::MOST_ROWS
    }

    /// The name of the file that tells of a platform's file.
    #[must_use]
    pub fn about_file_name(&self, format: FileFormat) -> String {
        format!("{}.about.toml", self.stem(format))
    }

    /// The list's name, with signs that no file name should have left out.
    fn stem(&self, format: FileFormat) -> String {
        let is_safe = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
        let name: String = self
            .name
            .chars()
            .map(|character| if is_safe(character) { character } else { '_' })
            .collect();
        let platform = format
            .platform()
            .map_or(String::new(), |platform| format!("_{}", platform.name()));
        format!("{name}{}{platform}", self.part.suffix())
    }

    /// The columns that the pipeline asked for, in its order.
    fn table(&self, params: &FileValidParams) -> Result<DataFrame, FilesError> {
        let columns = params
            .columns
            .iter()
            .map(|column| self.members.column(&column.name).cloned())
            .collect::<Result<Vec<_>, _>>()?;
        Ok(DataFrame::new(self.members.height(), columns)?)
    }
}

/// Writes decisions as csv that a spreadsheet takes for text.
///
/// # Errors
/// When `out` refuses.
pub fn write_decisions(decisions: &DataFrame, out: &mut dyn Write) -> Result<WrittenFile, FilesError> {
    csv::write_csv(decisions, &params::CsvValidParams::default(), out)?;
    Ok(WrittenFile {
        rows: decisions.height(),
        left_out: 0,
        warnings: Vec::new(),
        about: None,
    })
}

/// Writes a list in a format.
///
/// # Errors
/// When `out` refuses, a column is not there, or a workbook cannot hold the list.
pub fn write_file(
    list: &ListForFiles<'_>,
    params: &FileValidParams,
    format: FileFormat,
    out: &mut dyn Write,
) -> Result<WrittenFile, FilesError> {
    if let Some(platform) = format.platform() {
        let is_whole = list.part == ListPart::Whole;
        let about = audience::write_audience(list.members, platform, params, is_whole, out)?;
        return Ok(WrittenFile {
            rows: about.rows,
            left_out: about.left_out,
            warnings: about.warnings.clone(),
            about: Some(about.text()?),
        });
    }
    let mut table = list.table(params)?;
    match format {
        FileFormat::Xlsx => xlsx::write_xlsx(list, &table, params, out)?,
        FileFormat::Parquet => {
            ParquetWriter::new(out).finish(&mut table)?;
        }
        FileFormat::Csv | FileFormat::Google | FileFormat::Meta => csv::write_csv(&table, &params.csv, out)?,
    }
    Ok(WrittenFile {
        rows: table.height(),
        left_out: 0,
        warnings: Vec::new(),
        about: None,
    })
}
