//! Parsed cells to the columns of a table: translated, held against its allowed values, and typed.
//!
//! Order lines and all other tables share this. What a column refuses is told to a closure, which
//! sets the row aside.

use std::borrow::Cow;

use cartera_raw::{CellReason, Column as RawColumn, TextColumn, ValueColumn};
use cartera_table::frame::{date_column, null_column, optional_decimal_column, timestamp_column};
use cartera_table::{ColumnDef, ColumnType, Currency, MICROSECONDS_PER_DAY, decimal_text};
use polars::prelude::{
    BooleanChunked, Column, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunked,
    StringChunkedBuilder,
};

use crate::constant::{Constant, fits, parse_boolean, parse_integer};
use crate::currencies::UNKNOWN_CURRENCY;
use crate::file_plan::{FilePlan, Target};

/// The largest unscaled value of a decimal of 18 digits.
pub(crate) const MAX_UNSCALED: u64 = 999_999_999_999_999_999;

/// A value that is none of those that a column may hold.
pub(crate) const NOT_ALLOWED: &str = "not_allowed_value";

/// A cell that a column refuses: its row, its text, and the slug of the reason.
pub(crate) type Refuse<'r> = dyn FnMut(usize, String, &'static str) + 'r;

/// A column of the table, from the cells of the file, from a constant, or of nulls.
pub(crate) fn table_column(
    definition: &'static ColumnDef,
    plan: &FilePlan,
    cells: Option<(&Target, &RawColumn)>,
    rows: usize,
    refuse: &mut Refuse<'_>,
) -> Column {
    match (cells, plan.constant(definition.name)) {
        (Some((target, cells)), _) => typed(target, cells, rows, refuse),
        (None, Some(constant)) => repeated(definition, constant, rows),
        (None, None) => null_column(definition.name, definition.column_type, rows),
    }
}

fn typed(target: &Target, cells: &RawColumn, rows: usize, refuse: &mut Refuse<'_>) -> Column {
    let definition = target.definition;
    let name = definition.name;
    match (definition.column_type, cells) {
        (ColumnType::Text, RawColumn::Text(cells))
            if target.values.is_none() && definition.allowed_values.is_empty() && name != "currency" =>
        {
            text_column(name, cells)
        }
        (ColumnType::Text, RawColumn::Text(cells)) if name == "currency" => currencies(target, cells, refuse),
        (ColumnType::Text, RawColumn::Text(cells)) => allowed_texts(target, cells, refuse),
        (ColumnType::Boolean, RawColumn::Text(cells)) => {
            parsed_texts(target, cells, NOT_ALLOWED, refuse, parse_boolean, |values| {
                BooleanChunked::from_iter_options(name.into(), values).into_column()
            })
        }
        (column_type @ (ColumnType::Int32 | ColumnType::Int64), RawColumn::Text(cells)) => {
            let reason = CellReason::NotANumber.slug();
            let parse = |text: &str| parse_integer(column_type, text);
            parsed_texts(target, cells, reason, refuse, parse, |values| {
                integer_column(name, column_type, values)
            })
        }
        (column_type @ (ColumnType::Int32 | ColumnType::Int64), RawColumn::Decimal(cells)) => {
            let values: Vec<Option<i64>> = in_range(cells, 0, |value| fits(column_type, value), refuse).collect();
            integer_column(name, column_type, values.into_iter())
        }
        // Nearly all columns are of short numbers alone: they need no look at each.
        (column_type @ ColumnType::Decimal { .. }, RawColumn::Decimal(cells)) if cells.values.iter().all(is_short) => {
            optional_decimal_column(name, (0..rows).map(|row| cells.get(row).map(i128::from)), column_type)
        }
        (column_type @ ColumnType::Decimal { scale, .. }, RawColumn::Decimal(cells)) => {
            let values: Vec<Option<i64>> = in_range(cells, scale, |value| is_short(&value), refuse).collect();
            optional_decimal_column(name, values.into_iter().map(|value| value.map(i128::from)), column_type)
        }
        (ColumnType::Date, RawColumn::Date(cells)) => {
            date_column(name, Int32Chunked::from_iter_options(name.into(), cells.iter()))
        }
        (ColumnType::Timestamp, RawColumn::Timestamp(cells)) => times(name, cells, |time| time),
        (ColumnType::Timestamp, RawColumn::Date(cells)) => {
            times(name, cells, |day| i64::from(day) * MICROSECONDS_PER_DAY)
        }
        // The plan reads each type as one of the above.
        (column_type, _) => null_column(name, column_type, rows),
    }
}

/// Whether a decimal has at most 18 digits.
fn is_short(value: &i64) -> bool {
    value.unsigned_abs() <= MAX_UNSCALED
}

/// A text column as it stands in the file.
pub(crate) fn text_column(name: &str, values: &TextColumn) -> Column {
    let mut builder = StringChunkedBuilder::new(name.into(), values.len());
    for value in values.iter() {
        builder.append_option(value);
    }
    builder.finish().into_series().into_column()
}

/// What a value of the source means; none where it means "no value".
fn translated<'t>(target: &'t Target, value: &'t str) -> Option<&'t str> {
    match target.values.as_ref().and_then(|values| values.get(value)) {
        Some(ours) if ours.is_empty() => None,
        Some(ours) => Some(ours),
        None => Some(value),
    }
}

/// Codes of ISO 4217.
fn currencies(target: &Target, cells: &TextColumn, refuse: &mut Refuse<'_>) -> Column {
    let mut builder = StringChunkedBuilder::new(target.name().into(), cells.len());
    for (row, cell) in cells.iter().enumerate() {
        let code = cell.and_then(|cell| checked(target, row, cell, refuse));
        let known = code.filter(|code| Currency::parse(code).is_some());
        if let (Some(code), None) = (code, known) {
            refuse(row, code.to_owned(), UNKNOWN_CURRENCY);
        }
        builder.append_option(known);
    }
    builder.finish().into_series().into_column()
}

fn allowed_texts(target: &Target, cells: &TextColumn, refuse: &mut Refuse<'_>) -> Column {
    let definition = target.definition;
    let mut builder = StringChunkedBuilder::new(definition.name.into(), cells.len());
    for (row, cell) in cells.iter().enumerate() {
        let value = cell.and_then(|cell| checked(target, row, cell, refuse));
        let is_allowed =
            |value: &&str| definition.allowed_values.is_empty() || definition.allowed_values.contains(value);
        if let (Some(cell), true) = (cell, value.is_some_and(|value| !is_allowed(&value))) {
            refuse(row, cell.to_owned(), NOT_ALLOWED);
        }
        builder.append_option(value.filter(is_allowed));
    }
    builder.finish().into_series().into_column()
}

/// The translated value of a cell; a required cell that means "no value" is refused.
fn checked<'t>(target: &'t Target, row: usize, cell: &'t str, refuse: &mut Refuse<'_>) -> Option<&'t str> {
    let value = translated(target, cell);
    if value.is_none() && target.is_required {
        refuse(row, cell.to_owned(), CellReason::Missing.slug());
    }
    value
}

fn parsed_texts<T>(
    target: &Target,
    cells: &TextColumn,
    reason: &'static str,
    refuse: &mut Refuse<'_>,
    parse: impl Fn(&str) -> Option<T>,
    column: impl FnOnce(std::vec::IntoIter<Option<T>>) -> Column,
) -> Column {
    let mut values = Vec::with_capacity(cells.len());
    for (row, cell) in cells.iter().enumerate() {
        values.push(cell.and_then(|cell| {
            let parsed = parse(checked(target, row, cell, refuse)?);
            if parsed.is_none() {
                refuse(row, cell.to_owned(), reason);
            }
            parsed
        }));
    }
    column(values.into_iter())
}

/// The numbers of a column that its type can hold.
fn in_range<'c>(
    cells: &'c ValueColumn<i64>,
    scale: u8,
    holds: impl Fn(i64) -> bool + 'c,
    refuse: &'c mut Refuse<'_>,
) -> impl Iterator<Item = Option<i64>> + 'c {
    cells.iter().enumerate().map(move |(row, value)| {
        let value = value?;
        if holds(value) {
            return Some(value);
        }
        refuse(
            row,
            decimal_text(value.into(), scale.into()),
            CellReason::NumberOutOfRange.slug(),
        );
        None
    })
}

fn integer_column(name: &str, column_type: ColumnType, values: impl Iterator<Item = Option<i64>>) -> Column {
    if column_type == ColumnType::Int32 {
        let values = values.map(|value| value.and_then(|value| i32::try_from(value).ok()));
        Int32Chunked::from_iter_options(name.into(), values).into_column()
    } else {
        Int64Chunked::from_iter_options(name.into(), values).into_column()
    }
}

fn times<T: Copy>(name: &str, cells: &ValueColumn<T>, microseconds: impl Fn(T) -> i64) -> Column {
    if cells.validity.is_none() {
        return timestamp_column(name, cells.values.iter().map(|&value| microseconds(value)).collect());
    }
    let values = cells.iter().map(|value| value.map(&microseconds));
    optional_timestamp_column(name, values)
}

/// A wall-clock column with nulls.
pub(crate) fn optional_timestamp_column(name: &str, values: impl Iterator<Item = Option<i64>>) -> Column {
    use polars::prelude::TimeUnit;
    Int64Chunked::from_iter_options(name.into(), values)
        .into_datetime(TimeUnit::Microseconds, None)
        .into_series()
        .into_column()
}

fn repeated(definition: &'static ColumnDef, constant: &Constant, rows: usize) -> Column {
    use polars::prelude::ChunkFull;
    let name = definition.name;
    match constant {
        Constant::Text(text) => StringChunked::full(name.into(), text, rows).into_column(),
        Constant::Boolean(value) => BooleanChunked::full(name.into(), *value, rows).into_column(),
        Constant::Integer(value) => integer_column(name, definition.column_type, (0..rows).map(|_| Some(*value))),
        Constant::Decimal(value) => optional_decimal_column(
            name,
            (0..rows).map(|_| Some(i128::from(*value))),
            definition.column_type,
        ),
        Constant::Date(day) => date_column(name, Int32Chunked::full(name.into(), *day, rows)),
        Constant::Timestamp(time) => timestamp_column(name, vec![*time; rows]),
    }
}

/// Only the shape of what may tell who a person is.
pub(crate) fn shown<'v>(definition: &ColumnDef, value: &'v str) -> Cow<'v, str> {
    // A name or an e-mail that slipped into another column is one all the same.
    let letters = value.chars().filter(|character| character.is_alphabetic()).count();
    let is_out_of_place = match definition.column_type {
        ColumnType::Text => !definition.allowed_values.is_empty() && value.contains(' '),
        _ => letters > 3,
    };
    if definition.personal || is_out_of_place || value.contains('@') {
        Cow::Owned(masked(value))
    } else {
        Cow::Borrowed(value)
    }
}

/// Digits as 9, letters as x.
pub fn masked(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            character if character.is_numeric() => '9',
            character if character.is_alphabetic() => 'x',
            character => character,
        })
        .collect()
}
