//! Which column of a file feeds which column of the table, as typed.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;

use cartera_raw::{DateFormat, DateFormats, RawError};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::column_ref::{ColumnRef, ColumnRefVisitor};
use crate::file_type::FileType;
use crate::format_params::FormatParams;
use crate::source_params::SourceParamsError;

/// `[source.columns]`, as typed: `target = "header name"`, or a position counted from 1, or a table
/// `{ column = .., format = .. | formats = [..], values = .. }` or `{ value = "constant" }`.
///
/// The targets are the columns of the source's table, see [`cartera_table::SourceTable::contract`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnsParams {
    /// What feeds each target.
    pub targets: BTreeMap<String, ColumnParams>,
}

impl ColumnsParams {
    /// Whether something feeds a column of the table.
    #[must_use]
    pub fn maps(&self, target: &str) -> bool {
        self.targets.contains_key(target)
    }
}

impl<const N: usize> From<[(&str, ColumnParams); N]> for ColumnsParams {
    fn from(targets: [(&str, ColumnParams); N]) -> Self {
        Self {
            targets: targets
                .into_iter()
                .map(|(target, params)| (target.to_owned(), params))
                .collect(),
        }
    }
}

/// One entry of `[source.columns]`, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ColumnParams {
    /// Header name, or position counted from 1. Either this or `value` is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnRef>,
    /// The value of every row, in place of a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Date format of this column. Default `[source.format] date_format`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Several date formats of this column, in place of `format`, tried in order. Two that would read
    /// one text as two days are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formats: Option<Vec<String>>,
    /// What the source's values mean in the table; the empty text means "no value". Values that are not
    /// listed stay as they are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl ColumnParams {
    /// A column by its header name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::of(ColumnRef::Name(name.to_owned()))
    }

    /// A column by its position, counted from 1.
    #[must_use]
    pub fn at(position: NonZeroUsize) -> Self {
        Self::of(ColumnRef::Position(position))
    }

    /// The same value in every row.
    #[must_use]
    pub fn constant(value: &str) -> Self {
        Self {
            value: Some(value.to_owned()),
            ..Self::default()
        }
    }

    fn of(column: ColumnRef) -> Self {
        Self {
            column: Some(column),
            ..Self::default()
        }
    }
}

/// The column's own formats, else the file's. There is no default where dates are text: a guess between
/// day and month would be wrong without anyone noticing.
pub(crate) fn date_formats(
    target: &str,
    column: &ColumnParams,
    format: &FormatParams,
) -> Result<DateFormats, SourceParamsError> {
    let own = one_or_several(
        [
            &format!("columns.{target}.format"),
            &format!("columns.{target}.formats"),
        ],
        "format",
        column.format.as_ref(),
        column.formats.as_ref(),
    )?;
    let shared = one_or_several(
        ["format.date_format", "format.date_formats"],
        "format.date_format",
        format.date_format.as_ref(),
        format.date_formats.as_ref(),
    )?;
    let file_type = FileType::checked(&format.file_type)?;
    let (key, texts) = match own.or(shared) {
        Some(declared) => declared,
        None if file_type.is_typed() => ("format.date_format".to_owned(), Vec::new()),
        None => {
            return Err(SourceParamsError::Missing {
                key: "format.date_format".to_owned(),
                expected: format!("the format of `{target}`, such as \"%Y-%m-%d %H:%M:%S\""),
            });
        }
    };
    let declared = texts.iter().map(|text| {
        DateFormat::new(text).map_err(|error| match error {
            RawError::DateFormat { problem, position, .. } => {
                let expected = format!("a date format: {problem} (character {position})");
                SourceParamsError::value(key.clone(), text, expected)
            }
            other => SourceParamsError::value(key.clone(), text, other.to_string()),
        })
    });
    let declared: Vec<DateFormat> = declared.collect::<Result<_, _>>()?;
    file_type
        .date_formats(declared)
        .and_then(DateFormats::new)
        .map_err(|error| {
            let problem = match error {
                RawError::DateFormats { problem } => problem,
                other => other.to_string(),
            };
            SourceParamsError::value(key, texts, format!("date formats that agree: {problem}"))
        })
}

type KeyAndPatterns = (String, Vec<String>);

/// The patterns of one of two keys, the second of which is for several of them.
fn one_or_several(
    keys: [&str; 2],
    other: &'static str,
    one: Option<&String>,
    several: Option<&Vec<String>>,
) -> Result<Option<KeyAndPatterns>, SourceParamsError> {
    match (one, several) {
        (None, None) => Ok(None),
        (Some(pattern), None) => Ok(Some((keys[0].to_owned(), vec![pattern.clone()]))),
        (None, Some(patterns)) if patterns.is_empty() => Err(SourceParamsError::value(
            keys[1],
            patterns,
            "at least one date format; leave the key out for none",
        )),
        (None, Some(patterns)) => Ok(Some((keys[1].to_owned(), patterns.clone()))),
        (Some(_), Some(_)) => Err(SourceParamsError::Conflict {
            key: keys[1].to_owned(),
            other,
            reason: "give one of the two".to_owned(),
        }),
    }
}

/// The long form of a column: `{ column = .., format = .. }` or `{ value = .. }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnTable {
    #[serde(default)]
    column: Option<ColumnRef>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    formats: Option<Vec<String>>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// Written by hand because an untagged enum would hide which key of the long form is wrong.
struct ColumnParamsVisitor;

impl<'de> Visitor<'de> for ColumnParamsVisitor {
    type Value = ColumnParams;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a column name, a position counted from 1, or a table with `column` or `value`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<ColumnParams, E> {
        ColumnRefVisitor.visit_str(name).map(ColumnParams::of)
    }

    fn visit_i64<E: de::Error>(self, position: i64) -> Result<ColumnParams, E> {
        ColumnRefVisitor.visit_i64(position).map(ColumnParams::of)
    }

    fn visit_u64<E: de::Error>(self, position: u64) -> Result<ColumnParams, E> {
        ColumnRefVisitor.visit_u64(position).map(ColumnParams::of)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnParams, A::Error> {
        let ColumnTable {
            column,
            value,
            format,
            formats,
            values,
        } = ColumnTable::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ColumnParams {
            column,
            value,
            format,
            formats,
            values,
        })
    }
}

impl<'de> Deserialize<'de> for ColumnParams {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColumnParamsVisitor)
    }
}
