//! What to do about a defect, in a sentence.

use std::borrow::Cow;

use cartera_raw::RecordReason;
use cartera_table::ColumnDef;

const ENCODING: &str = "declare the file's encoding in [source.format], or export it as UTF-8";

pub(crate) fn of_cell(reason: &str, column: &ColumnDef) -> Cow<'static, str> {
    let name = column.name;
    match reason {
        "not_allowed_value" => {
            let allowed = match column.allowed_values {
                [] => "true or false".to_owned(),
                values => values.join(", "),
            };
            format!("say in `values` of {name} in [source.columns] what the value means: {allowed}, or \"\" for none")
                .into()
        }
        "day_out_of_range" => "mend the time: it lies outside the years -9999 to 9999".into(),
        "missing" => format!("fill the cell in the source, or do not map {name}").into(),
        "not_a_number" => "mend the number, or declare in [source.format] how numbers are written: decimal_separator, \
             thousands_separator, negatives, currency_signs, percent"
            .into(),
        "too_many_decimals" => {
            format!("round the number in the source: {name} is kept exactly, with fewer decimals").into()
        }
        "number_out_of_range" => "check the number: it has more than 18 digits at the column's scale".into(),
        "names_nobody" => "fill customer_key, email or phone: nobody can tell who must not be contacted".into(),
        "not_an_email" => "write one e-mail address, or leave the cell empty; declare what stands for nothing in null_values".into(),
        "not_a_phone" => {
            "write one telephone number with all its digits, or leave the cell empty; declare what stands for nothing in \
             null_values"
                .into()
        }
        "negative_number" => format!("mend the number: {name} is not below zero").into(),
        "not_a_date" => format!("mend the date, or add the format that it has to those of {name}").into(),
        "unknown_currency" => {
            "write a code of ISO 4217 such as EUR in capitals, or translate it with values = { .. } in [source.columns]"
                .into()
        }
        "no_such_day" => "mend the date: the calendar has no such day".into(),
        "invalid_utf8" => ENCODING.into(),
        "nested_value" => {
            format!("map {name} to one value within it, such as \"customer.id\", or write one value in the source")
                .into()
        }
        "error_value" => "mend the formula in the workbook".into(),
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
            "not_json" => "write one JSON object a line, or all of them as one array".into(),
            "not_an_object" => "write the record as a JSON object, with a name for each field".into(),
            "duplicate_field" => "write each field of the object once".into(),
            "invalid_utf8" => ENCODING.into(),
            "record_too_long" => "look for a quote that is not closed, or raise max_record_bytes".into(),
            _ => "mend the record in the source".into(),
        },
    }
}
