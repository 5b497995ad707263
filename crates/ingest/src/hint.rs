//! What to do about a defect, in a sentence.

use std::borrow::Cow;

use cartera_raw::RecordReason;

use crate::file_plan::Target;

pub(crate) fn of_cell(reason: &str, target: Target) -> Cow<'static, str> {
    let name = target.name();
    match reason {
        "missing" => format!("fill the cell in the source, or do not map {name}").into(),
        "not_a_number" => {
            "mend the number, or declare decimal_separator and thousands_separator in [source.format]".into()
        }
        "too_many_decimals" => {
            format!("round the number in the source: {name} is kept exactly, with fewer decimals").into()
        }
        "number_out_of_range" => "check the number: it has more than 18 digits at the column's scale".into(),
        "not_a_date" => format!("mend the date, or declare the format that it has for {name}").into(),
        "no_such_day" => "mend the date: the calendar has no such day".into(),
        "invalid_utf8" => "export the file as UTF-8".into(),
        "control_character" => "remove the NUL byte from the cell".into(),
        _ => "mend the cell in the source".into(),
    }
}

pub(crate) fn of_record(reason: &RecordReason) -> Cow<'static, str> {
    match reason {
        RecordReason::WrongFieldCount { expected, found } => format!(
            "the record has {found} fields and should have {expected}: look for a missing or unquoted delimiter"
        )
        .into(),
        _ => match reason.slug() {
            "unclosed_quote" => {
                "close the quote, or set multiline = true in [source.format] if cells hold newlines".into()
            }
            "text_after_quote" => "double the quotes inside quoted cells, or declare another quote".into(),
            "record_too_long" => "look for a quote that is not closed, or raise max_record_bytes".into(),
            _ => "mend the record in the source".into(),
        },
    }
}
