//! The sheets that say what came of a list, and what its columns tell.

use cartera_table::contracts::{TargetLists, TargetReasons};
use cartera_table::frame::{decimal, float64, int64, text};
use cartera_table::{ColumnDef, ColumnType, Contract, Unit};
use polars::prelude::{ChunkCompareEq, DataFrame, DataType};
use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

use super::ListForFiles;
use super::columns::FileColumn;
use super::error::FilesError;
use super::xlsx::{excel_day, number_format};

/// Where the explanations stand.
const EXPLANATION: u16 = 2;

/// The sheet of a summary: the list's row of target_lists with what each value means, then its candidates by decision
/// and reason with their sum.
pub(super) fn write_summary(
    sheet: &mut Worksheet,
    list: &ListForFiles<'_>,
    customers: usize,
) -> Result<(), FilesError> {
    let (bold, day) = (
        Format::new().set_bold(),
        Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
    );
    let mut row = 0;
    sheet.write_string_with_format(row, 0, "list", &bold)?;
    sheet.write_string_with_format(row, 1, list.name, &bold)?;
    row += 1;
    sheet.write_string(row, 0, "as_of")?;
    sheet.write_number_with_format(row, 1, excel_day(list.as_of), &day)?;
    sheet.write_string(row, EXPLANATION, "The day that the list is of.")?;
    row += 1;
    if let Some(run) = list.run {
        sheet.write_string(row, 0, "run")?;
        sheet.write_string(row, 1, run)?;
        sheet.write_string(row, EXPLANATION, "The published run that it was made from.")?;
        row += 1;
    }
    sheet.write_string(row, 0, "customers_here")?;
    write_count(sheet, row, 1, customers as i64, false)?;
    sheet.write_string(row, EXPLANATION, list.part.explanation())?;
    row += 1;
    let of_list = rows_of(list.lists, list.name)?;
    for column in TargetLists::INFO.columns.iter().filter(|column| column.name != "list") {
        sheet.write_string(row, 0, column.name)?;
        write_value(sheet, row, &of_list, column)?;
        sheet.write_string(row, EXPLANATION, column.description)?;
        row += 1;
    }
    write_reasons(sheet, row + 1, list, &of_list)?;
    sheet
        .set_column_width(0, 24)?
        .set_column_width(1, 24)?
        .set_column_width(EXPLANATION, 90)?;
    Ok(())
}

/// The sheet of the columns: what each tells, and in what unit.
pub(super) fn write_columns(sheet: &mut Worksheet, columns: &[FileColumn]) -> Result<(), FilesError> {
    let bold = Format::new().set_bold();
    for (index, header) in (0u16..).zip(["column", "unit", "meaning"]) {
        sheet.write_string_with_format(0, index, header, &bold)?;
    }
    for (row, column) in (1u32..).zip(columns) {
        sheet.write_string(row, 0, column.name.as_str())?;
        sheet.write_string(row, 1, column.unit.name().unwrap_or_default())?;
        sheet.write_string(row, 2, column.description)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet
        .set_column_width(0, 30)?
        .set_column_width(1, 18)?
        .set_column_width(2, 100)?;
    Ok(())
}

/// Candidates by decision and reason, with their sum, which is that of the list.
fn write_reasons(
    sheet: &mut Worksheet,
    first_row: u32,
    list: &ListForFiles<'_>,
    of_list: &DataFrame,
) -> Result<(), FilesError> {
    let bold = Format::new().set_bold();
    let counted = TargetReasons::INFO
        .columns
        .iter()
        .filter(|column| column.name != "list");
    for (index, column) in (0u16..).zip(counted) {
        sheet.write_string_with_format(first_row, index, column.name, &bold)?;
    }
    let reasons = rows_of(list.reasons, list.name)?;
    let cells = text(&reasons, "decision")?
        .iter()
        .zip(text(&reasons, "reason")?.iter())
        .zip(int64(&reasons, "customer_count")?.iter());
    let (mut row, mut sum) = (first_row + 1, 0);
    for ((decision, reason), count) in cells {
        let count = count.unwrap_or_default();
        sheet.write_string(row, 0, decision.unwrap_or_default())?;
        sheet.write_string(row, 1, reason.unwrap_or_default())?;
        write_count(sheet, row, 2, count, false)?;
        (row, sum) = (row + 1, sum + count);
    }
    sheet.write_string_with_format(row, 0, "all", &bold)?;
    write_count(sheet, row, 2, sum, true)?;
    let candidates = int64(of_list, "candidate_count")?.get(0);
    match candidates {
        Some(candidates) if candidates != sum => Err(FilesError::Counts {
            list: list.name.to_owned(),
            counted: sum,
            candidates,
        }),
        _ => Ok(()),
    }
}

fn write_count(sheet: &mut Worksheet, row: u32, column: u16, count: i64, is_sum: bool) -> Result<(), FilesError> {
    let format = Format::new().set_num_format("#,##0").set_align(FormatAlign::Left);
    let format = if is_sum { format.set_bold() } else { format };
    sheet.write_number_with_format(row, column, count as f64, &format)?;
    Ok(())
}

/// A value of the list's row, beside its name.
fn write_value(sheet: &mut Worksheet, row: u32, of_list: &DataFrame, column: &ColumnDef) -> Result<(), FilesError> {
    if of_list.height() == 0 {
        return Ok(());
    }
    let format = match column.unit {
        // These shares are small: a tenth of a percent is too coarse.
        Unit::Share => "0.00%",
        unit => number_format(&column.column_type.data_type(), unit),
    };
    let format = Format::new().set_num_format(format).set_align(FormatAlign::Left);
    let name = column.name;
    let number = match column.column_type {
        ColumnType::Int64 => int64(of_list, name)?.get(0).map(|count| count as f64),
        ColumnType::Float64 => float64(of_list, name)?.get(0),
        ColumnType::Decimal { scale, .. } => {
            let unscaled = decimal(of_list, name)?.get(0);
            unscaled.map(|unscaled| unscaled as f64 / 10f64.powi(scale.into()))
        }
        _ => {
            if let Some(text) = of_list.column(name)?.cast(&DataType::String)?.str()?.get(0) {
                sheet.write_string(row, 1, text)?;
            }
            None
        }
    };
    if let Some(number) = number {
        sheet.write_number_with_format(row, 1, number, &format)?;
    }
    Ok(())
}

/// The rows of a table that are of this list.
fn rows_of(table: &DataFrame, list: &str) -> Result<DataFrame, FilesError> {
    let is_of_list = text(table, "list")?.equal(list);
    Ok(table.filter(&is_of_list)?)
}
