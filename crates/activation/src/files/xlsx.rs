//! A workbook: the list, a summary of what came of it, and what its columns tell.
//!
//! Text is written as text, so that no cell is a formula whatever it begins with. The day that the workbook was made is
//! that of the list: equal lists give equal bytes.

use std::io::Write;

use cartera_table::frame::{boolean, dates, decimal, float64, int32, int64, text};
use cartera_table::{AsOf, Unit};
use polars::prelude::{Column, DataFrame, DataType};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::columns::FileColumn;
use super::error::FilesError;
use super::summary::{write_columns, write_summary};
use super::{FileValidParams, ListForFiles};

/// Rows of a sheet below its header.
pub(super) const MOST_ROWS: usize = (1 << 20) - 1;

/// Characters that a cell holds.
const LONGEST_TEXT: usize = 32_767;

/// Rows whose texts decide how wide a column is.
const ROWS_MEASURED: usize = 1000;

/// Days from the first day of Excel's count to 1970-01-01.
const EXCEL_EPOCH_DAYS: i32 = 25_569;

/// Writes the workbook of a list.
pub(super) fn write_xlsx(
    list: &ListForFiles<'_>,
    frame: &DataFrame,
    params: &FileValidParams,
    out: &mut dyn Write,
) -> Result<(), FilesError> {
    if frame.height() > MOST_ROWS {
        return Err(FilesError::TooManyRows {
            list: list.name.to_owned(),
            rows: frame.height(),
            limit: MOST_ROWS,
        });
    }
    let mut workbook = Workbook::new();
    let date = list.as_of.0;
    let year = u16::try_from(date.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, date.month().unsigned_abs(), date.day().unsigned_abs())?;
    let properties = DocProperties::new().set_title(list.name).set_creation_datetime(&made);
    workbook.set_properties(&properties);
    write_list(workbook.add_worksheet().set_name("list")?, frame, &params.columns)?;
    write_summary(workbook.add_worksheet().set_name("summary")?, list, frame.height())?;
    write_columns(workbook.add_worksheet().set_name("columns")?, &params.columns)?;
    out.write_all(&workbook.save_to_buffer()?)?;
    Ok(())
}

/// The sheet of the customers: header in bold that stays, with filters.
fn write_list(sheet: &mut Worksheet, frame: &DataFrame, columns: &[FileColumn]) -> Result<(), FilesError> {
    let bold = Format::new().set_bold();
    for (index, (column, described)) in (0u16..).zip(frame.columns().iter().zip(columns)) {
        sheet.write_string_with_format(0, index, described.name.as_str(), &bold)?;
        let longest = write_cells(sheet, index, frame, column, described.unit)?;
        // Room for the button of the filter too.
        let width = longest.max(described.name.chars().count() + 3).clamp(8, 50);
        sheet.set_column_width(index, width as f64)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    // Checked above: the rows fit the sheet, and columns are few.
    let (last_row, last_column) = (frame.height() as u32, frame.width().saturating_sub(1) as u16);
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}

/// Writes the cells of a column below its header; says how many characters the longest has.
fn write_cells(
    sheet: &mut Worksheet,
    index: u16,
    frame: &DataFrame,
    column: &Column,
    unit: Unit,
) -> Result<usize, FilesError> {
    let name = column.name().as_str();
    let format = Format::new().set_num_format(number_format(column.dtype(), unit));
    let mut numbers = |values: &mut dyn Iterator<Item = Option<f64>>| -> Result<usize, FilesError> {
        for (row, value) in (1u32..).zip(values) {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                sheet.write_number_with_format(row, index, value, &format)?;
            }
        }
        Ok(14)
    };
    match column.dtype() {
        DataType::Int32 => numbers(&mut int32(frame, name)?.iter().map(|value| value.map(f64::from))),
        DataType::Int64 => numbers(&mut int64(frame, name)?.iter().map(|value| value.map(|value| value as f64))),
        DataType::Float64 => numbers(&mut float64(frame, name)?.iter()),
        DataType::Date => {
            let serial = |days: i32| f64::from(days + EXCEL_EPOCH_DAYS);
            numbers(&mut dates(frame, name)?.iter().map(|days| days.map(serial)))
        }
        DataType::Decimal(_, scale) => {
            let unit_value = 10f64.powi(i32::try_from(*scale).unwrap_or(0));
            // Excel counts with 15 digits; the exact amount is in csv and parquet.
            let amounts = decimal(frame, name)?.iter();
            numbers(&mut amounts.map(|unscaled| unscaled.map(|unscaled| unscaled as f64 / unit_value)))
        }
        DataType::Boolean => {
            for (row, flag) in (1u32..).zip(boolean(frame, name)?.iter()) {
                if let Some(flag) = flag {
                    sheet.write_boolean(row, index, flag)?;
                }
            }
            Ok(8)
        }
        DataType::String => write_texts(sheet, index, text(frame, name)?.iter()),
        _ => {
            let told = column.cast(&DataType::String)?;
            write_texts(sheet, index, told.str()?.iter())
        }
    }
}

fn write_texts<'t>(
    sheet: &mut Worksheet,
    index: u16,
    texts: impl Iterator<Item = Option<&'t str>>,
) -> Result<usize, FilesError> {
    let mut longest = 0;
    for (row, value) in (1u32..).zip(texts) {
        let Some(value) = value else { continue };
        if row as usize <= ROWS_MEASURED {
            longest = longest.max(value.chars().count());
        }
        sheet.write_string(row, index, cut(value))?;
    }
    Ok(longest)
}

/// As much of a text as a cell holds.
fn cut(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > LONGEST_TEXT
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// How numbers of a unit are shown.
pub(super) fn number_format(data_type: &DataType, unit: Unit) -> &'static str {
    match (data_type, unit) {
        (DataType::Date, _) => "yyyy-mm-dd",
        (_, Unit::Share) => "0.0%",
        (_, Unit::Money | Unit::OfRow) | (DataType::Decimal(..), _) => "#,##0.00",
        (DataType::Float64, _) => "0.00",
        (_, Unit::Count | Unit::Days) => "#,##0",
        _ => "0",
    }
}

/// The day of a list as Excel counts it.
pub(super) fn excel_day(as_of: AsOf) -> f64 {
    f64::from(as_of.epoch_days() + EXCEL_EPOCH_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_a_cell_ends() {
        assert_eq!(cut("Ana"), "Ana");
        let long = "a".repeat(LONGEST_TEXT);
        assert_eq!(cut(&long), long);
        assert_eq!(cut(&format!("{long}b")), long);
        // A sign outside the first plane counts twice, and is never halved.
        let wide = "\u{1f600}".repeat(LONGEST_TEXT);
        assert_eq!(cut(&wide).chars().count(), LONGEST_TEXT / 2);
    }

    #[test]
    fn days_are_those_of_excel() {
        // 2025-06-30 is 45838 there.
        assert_eq!(excel_day(AsOf(cartera_table::Date::constant(2025, 6, 30))), 45_838.0);
    }
}
