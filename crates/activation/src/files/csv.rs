//! Text with delimiters, written in slices so that a list of any length passes through.

use std::io::Write;

use polars::io::csv::write::BatchedWriter;
use polars::prelude::{ChunkApply, CsvWriter, DataFrame, IntoColumn, SerWriter};

use super::error::FilesError;
use super::params::CsvValidParams;
use super::safe::without_formulas;

/// Rows that are prepared at once.
pub(super) const SLICE_ROWS: usize = 1 << 16;

/// A file of text with delimiters in the making: quotes where RFC 4180 wants them, UTF-8, line feeds.
pub(super) struct CsvFile<'o> {
    writer: BatchedWriter<&'o mut dyn Write>,
    excel_safe: bool,
}

impl<'o> CsvFile<'o> {
    /// Begins the file; `empty` has its columns.
    pub(super) fn begin(
        out: &'o mut dyn Write,
        empty: &DataFrame,
        params: &CsvValidParams,
    ) -> Result<Self, FilesError> {
        let writer = CsvWriter::new(out)
            .include_bom(params.bom)
            .with_separator(params.delimiter)
            .with_decimal_comma(params.decimal_comma)
            .batched(empty.schema())?;
        Ok(Self {
            writer,
            excel_safe: params.excel_safe,
        })
    }

    /// Adds rows.
    pub(super) fn add(&mut self, rows: &DataFrame) -> Result<(), FilesError> {
        if self.excel_safe {
            self.writer.write_batch(&safe(rows)?)?;
        } else {
            self.writer.write_batch(rows)?;
        }
        Ok(())
    }

    /// Ends the file; one without rows has its header.
    pub(super) fn finish(mut self) -> Result<(), FilesError> {
        Ok(self.writer.finish()?)
    }
}

/// Writes a frame.
pub(super) fn write_csv(frame: &DataFrame, params: &CsvValidParams, out: &mut dyn Write) -> Result<(), FilesError> {
    let mut file = CsvFile::begin(out, &frame.clear(), params)?;
    for begin in (0..frame.height()).step_by(SLICE_ROWS) {
        // Rows are counted in memory: far within i64.
        file.add(&frame.slice(begin as i64, SLICE_ROWS))?;
    }
    file.finish()
}

/// The rows with no text that could be a formula. Numbers, days and flags are not of the customers' making and stay.
fn safe(rows: &DataFrame) -> Result<DataFrame, FilesError> {
    let columns = rows.columns().iter().map(|column| match column.str() {
        Ok(text) => text.apply_values(without_formulas).into_column(),
        Err(_) => column.clone(),
    });
    Ok(DataFrame::new(rows.height(), columns.collect())?)
}
