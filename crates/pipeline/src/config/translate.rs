//! What serde says about a pipeline file, in the words of the file.
//!
//! serde's errors are text, so the text is taken apart; what is not understood is passed on as it
//! stands, which costs the hint and never the place.

use super::document::Document;
use super::error::{ConfigError, ConfigProblem};

/// An error of deserializing, at its line and column.
pub(crate) fn serde_error(document: &Document<'_>, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(0..0);
    let key = document.key_at(&span).unwrap_or_default();
    let problem = problem(document, &key, error.message());
    document.error_in(span, problem)
}

fn problem(document: &Document<'_>, key: &str, message: &str) -> ConfigProblem {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (unknown, valid) = split_choice(rest);
        let section = key.rsplit_once('.').map_or("", |(section, _)| section);
        return ConfigProblem::UnknownKey {
            key: unknown,
            section: title(document, section),
            valid,
        };
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (value, valid) = split_choice(rest);
        return ConfigProblem::UnknownValue {
            key: key.to_owned(),
            value,
            valid,
        };
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        return ConfigProblem::MissingKey {
            key: rest.trim_matches('`').to_owned(),
            section: title(document, key),
        };
    }
    let mismatch = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .or_else(|| message.strip_prefix("invalid length "))
        .and_then(|rest| rest.split_once(", expected "));
    match mismatch {
        Some((found, expected)) => ConfigProblem::WrongType {
            key: key.to_owned(),
            found: plain_found(found),
            expected: plain_expected(key, expected),
        },
        None => ConfigProblem::Unreadable {
            key: key.to_owned(),
            message: message.to_owned(),
        },
    }
}

/// "`given`, expected one of `a`, `b`" to the given word and the valid ones.
fn split_choice(text: &str) -> (String, Vec<String>) {
    let (given, expected) = text.rsplit_once(", expected ").unwrap_or((text, ""));
    let valid = expected.split('`').skip(1).step_by(2);
    let given = given.strip_prefix('`').unwrap_or(given);
    (
        given.strip_suffix('`').unwrap_or(given).to_owned(),
        valid.map(str::to_owned).collect(),
    )
}

/// A section as it is written in the file: `[source.columns]`, `[[source]]`.
fn title(document: &Document<'_>, key: &str) -> String {
    let words: Vec<&str> = key.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
    let words = words.join(".");
    if words.is_empty() {
        "the pipeline file".to_owned()
    } else if document.is_list_entry(key) {
        format!("[[{words}]]")
    } else {
        format!("[{words}]")
    }
}

fn plain_found(found: &str) -> String {
    let found = found.strip_suffix(" as i128").unwrap_or(found);
    for (rust, plain) in [
        ("string ", "the text "),
        ("integer ", "the whole number "),
        ("floating point ", "the number "),
        ("boolean ", ""),
    ] {
        if let Some(value) = found.strip_prefix(rust) {
            return format!("{plain}{}", value.trim_matches('`'));
        }
    }
    match found {
        "map" => "a table".to_owned(),
        "sequence" => "a list".to_owned(),
        other => other.to_owned(),
    }
}

fn plain_expected(key: &str, expected: &str) -> String {
    match expected {
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" => "a text in quotes".to_owned(),
        "a sequence" => format!("a list, as `[[{key}]]` or `[..]` writes it"),
        "a map" => "a table".to_owned(),
        other if other.starts_with("struct ") => "a table".to_owned(),
        other => other.to_owned(),
    }
}
