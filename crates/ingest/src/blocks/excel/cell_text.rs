//! The cells of a sheet as text.

use calamine::{DataType, ExcelDateTime};

use crate::blocks::number_text::{push, push_spreadsheet_number};
use crate::blocks::row::CellKind;
use crate::blocks::time_text::push_time_of_day;

const NANOSECONDS_PER_DAY: f64 = 86_400_000_000_000.0;
/// The day after 9999-12-31, the last day that a workbook can hold, counted from either of its two epochs.
const END_OF_DAYS: f64 = 2_958_466.0;

/// Appends a cell as text that a column can be read from: numbers in the declared decimal separator,
/// moments in ISO 8601.
pub(super) fn push_cell(text: &mut String, cell: &impl DataType, decimal_separator: u8) -> CellKind {
    if let Some(value) = cell.get_string() {
        text.push_str(value);
        return if value.is_empty() {
            CellKind::Empty
        } else {
            CellKind::Text
        };
    }
    if let Some(value) = cell.get_float() {
        push_spreadsheet_number(text, value, decimal_separator);
    } else if let Some(value) = cell.get_int() {
        push(text, value);
    } else if let Some(value) = cell.get_bool() {
        push(text, value);
    } else if let Some(value) = cell.get_datetime() {
        push_moment(text, value, decimal_separator);
    } else if let Some(value) = cell.get_datetime_iso() {
        text.push_str(value);
        if !value.contains('T') {
            text.push_str("T00:00:00");
        }
    } else if let Some(value) = cell.get_duration_iso() {
        text.push_str(value);
    } else if let Some(error) = cell.get_error() {
        push(text, error);
        return CellKind::Error;
    } else {
        return CellKind::Empty;
    }
    CellKind::Text
}

/// A number that the workbook shows as a date is a date, one below a day is a time of day, and one
/// that is shown as hours beyond 24 is a duration.
fn push_moment(text: &mut String, moment: ExcelDateTime, decimal_separator: u8) {
    let serial = moment.as_f64();
    if moment.is_duration() || (0.0..1.0).contains(&serial) {
        // Milliseconds are all that a workbook keeps.
        let milliseconds = (serial * NANOSECONDS_PER_DAY / 1_000_000.0).round() as i64;
        if serial < 0.0 {
            text.push('-');
        }
        push_time_of_day(text, milliseconds.saturating_abs().saturating_mul(1_000_000));
    } else if (1.0..END_OF_DAYS).contains(&serial) {
        let (year, month, day, hour, minute, second, millisecond) = moment.to_ymd_hms_milli();
        push(
            text,
            format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
        );
        if millisecond != 0 {
            push(text, format_args!(".{millisecond:03}"));
        }
    } else {
        push_spreadsheet_number(text, serial, decimal_separator);
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, Data, ExcelDateTimeType};

    use super::*;

    fn read(cell: &Data) -> (CellKind, String) {
        let mut text = String::new();
        let kind = push_cell(&mut text, cell, b',');
        (kind, text)
    }

    fn moment(serial: f64, is_1904: bool) -> Data {
        Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904))
    }

    #[test]
    fn values_are_written_as_they_are_read() {
        for (cell, text) in [
            (Data::String("0012 ñ".to_owned()), "0012 ñ"),
            (Data::Float(17850.0), "17850"),
            (Data::Float(0.1 + 0.2), "0,3"),
            (Data::Int(-7), "-7"),
            (Data::Bool(true), "true"),
            (Data::DateTimeIso("2011-12-09".to_owned()), "2011-12-09T00:00:00"),
            (
                Data::DateTimeIso("2011-12-09T12:50:00".to_owned()),
                "2011-12-09T12:50:00",
            ),
            (Data::DurationIso("PT1H".to_owned()), "PT1H"),
        ] {
            assert_eq!(read(&cell), (CellKind::Text, text.to_owned()));
        }
        assert_eq!(read(&Data::Empty).0, CellKind::Empty);
        assert_eq!(read(&Data::String(String::new())).0, CellKind::Empty);
        assert_eq!(
            read(&Data::Error(CellErrorType::NA)),
            (CellKind::Error, "#N/A".to_owned())
        );
    }

    #[test]
    fn dates_follow_the_workbooks_epoch() {
        for (cell, text) in [
            (moment(40_513.351_388_888_89, false), "2010-12-01T08:26:00"),
            (moment(40_513.351_388_888_89 - 1462.0, true), "2010-12-01T08:26:00"),
            (moment(40_513.0, false), "2010-12-01T00:00:00"),
            (moment(59.0, false), "1900-02-28T00:00:00"),
            (moment(61.0, false), "1900-03-01T00:00:00"),
            (moment(45_943.541, false), "2025-10-13T12:59:02.400"),
            (moment(0.5, false), "12:00:00"),
            (moment(-1.0, false), "-1"),
            (moment(3_000_000.0, false), "3000000"),
            (
                Data::DateTime(ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false)),
                "36:00:00",
            ),
        ] {
            assert_eq!(read(&cell), (CellKind::Text, text.to_owned()));
        }
    }
}
