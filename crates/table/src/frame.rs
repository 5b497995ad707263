//! Typed access to the columns of a frame, and columns made of plain vectors.

use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataFrame, DataType, Float64Chunked, Int32Chunked, Int64Chunked, Int64Type,
    Int128Chunked, IntoColumn, IntoSeries, NewChunkedArray, PlSmallStr, Schema, StringChunked, TimeUnit,
};

use crate::contract::{ColumnType, ContractInfo};
use crate::error::TableError;

/// The types that a grain may have, for messages.
pub(crate) const GRAIN_TYPES: &str = "str, i32, i64, date or datetime";

/// A text column.
///
/// # Errors
/// When it is not there or of another type; likewise for the functions below.
pub fn text<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a StringChunked, TableError> {
    Ok(frame.column(name)?.str()?)
}

/// A boolean column.
///
/// # Errors
/// As [`text`].
pub fn boolean<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a BooleanChunked, TableError> {
    Ok(frame.column(name)?.bool()?)
}

/// A column of small whole numbers.
///
/// # Errors
/// As [`text`].
pub fn int32<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int32Chunked, TableError> {
    Ok(frame.column(name)?.i32()?)
}

/// A column of whole numbers.
///
/// # Errors
/// As [`text`].
pub fn int64<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int64Chunked, TableError> {
    Ok(frame.column(name)?.i64()?)
}

/// A column of real numbers.
///
/// # Errors
/// As [`text`].
pub fn float64<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Float64Chunked, TableError> {
    Ok(frame.column(name)?.f64()?)
}

/// The days since 1970-01-01 of a date column.
///
/// # Errors
/// As [`text`].
pub fn dates<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int32Chunked, TableError> {
    Ok(frame.column(name)?.date()?.physical())
}

/// The microseconds since 1970-01-01 of a wall-clock column.
///
/// # Errors
/// As [`text`].
pub fn timestamps<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int64Chunked, TableError> {
    Ok(frame.column(name)?.datetime()?.physical())
}

/// The unscaled whole numbers of a decimal column.
///
/// # Errors
/// As [`text`].
pub fn decimal<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Int128Chunked, TableError> {
    Ok(frame.column(name)?.decimal()?.physical())
}

/// A decimal column from unscaled values; `column_type` gives precision and scale.
#[must_use]
pub fn decimal_column(name: &str, values: Vec<i128>, column_type: ColumnType) -> Column {
    as_decimal(Int128Chunked::from_vec(name.into(), values), column_type)
}

/// A decimal column with nulls.
#[must_use]
pub fn optional_decimal_column(
    name: &str,
    values: impl ExactSizeIterator<Item = Option<i128>>,
    column_type: ColumnType,
) -> Column {
    let mut has_nulls = false;
    let (unscaled, is_set): (Vec<i128>, Vec<bool>) = values
        .map(|value| {
            has_nulls |= value.is_none();
            (value.unwrap_or_default(), value.is_some())
        })
        .unzip();
    if !has_nulls {
        return decimal_column(name, unscaled, column_type);
    }
    let options = unscaled
        .into_iter()
        .zip(is_set)
        .map(|(value, is_set)| is_set.then_some(value));
    as_decimal(Int128Chunked::from_iter_options(name.into(), options), column_type)
}

/// A column of sums of amounts, unscaled.
#[must_use]
pub fn sum_column(name: &str, values: Vec<i128>) -> Column {
    decimal_column(name, values, ColumnType::SUM)
}

/// A date column from days since 1970-01-01.
#[must_use]
pub fn date_column(name: &str, days: Int32Chunked) -> Column {
    days.with_name(name.into()).into_date().into_series().into_column()
}

/// A wall-clock column from microseconds since 1970-01-01.
#[must_use]
pub fn timestamp_column(name: &str, microseconds: Vec<i64>) -> Column {
    ChunkedArray::<Int64Type>::from_vec(name.into(), microseconds)
        .into_datetime(TimeUnit::Microseconds, None)
        .into_series()
        .into_column()
}

/// A column of nulls.
#[must_use]
pub fn null_column(name: &str, column_type: ColumnType, height: usize) -> Column {
    Column::full_null(PlSmallStr::from_str(name), height, &column_type.data_type())
}

/// The frame schema of a contract.
#[must_use]
pub fn schema(contract: &ContractInfo) -> Schema {
    contract
        .columns
        .iter()
        .map(|column| (PlSmallStr::from_static(column.name), column.column_type.data_type()))
        .collect()
}

fn as_decimal(values: Int128Chunked, column_type: ColumnType) -> Column {
    let (precision, scale) = match column_type.data_type() {
        DataType::Decimal(precision, scale) => (precision, scale),
        _ => (38, 0),
    };
    values
        .into_decimal_unchecked(precision, scale)
        .into_series()
        .into_column()
}
