//! The rows of one key of a published table as a frame: for whoever asks for one customer among millions.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use cartera_table::frame::{date_column, null_column, optional_decimal_column};
use cartera_table::{ColumnDef, ColumnType, ContractInfo};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries,
    NewChunkedArray, StringChunked, TimeUnit,
};

use super::error::StoreError;
use super::parquet::rows_with;

/// The rows of a table whose column is exactly that text, with all columns of the contract: one that the file does not
/// have, as it was written by another version, is null. Only the pages that can hold them are read.
///
/// # Errors
/// When the file cannot be read, or has a column in another type.
pub fn rows_of_key(path: &Path, contract: &ContractInfo, column: &str, key: &str) -> Result<DataFrame, StoreError> {
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let batches = rows_with(file, column, key).map_err(StoreError::parquet(path))?;
    let height = batches.iter().map(RecordBatch::num_rows).sum();
    let columns = contract.columns.iter();
    let columns = columns.map(|definition| column_of(path, definition, &batches, height));
    DataFrame::new(height, columns.collect::<Result<_, _>>()?).map_err(StoreError::frame(path))
}

fn column_of(
    path: &Path,
    definition: &ColumnDef,
    batches: &[RecordBatch],
    height: usize,
) -> Result<Column, StoreError> {
    let arrays: Option<Vec<&ArrayRef>> = batches
        .iter()
        .map(|batch| batch.column_by_name(definition.name))
        .collect();
    let Some(arrays) = arrays else {
        return Ok(null_column(definition.name, definition.column_type, height));
    };
    // An array of another type has no values to hand over: it is told as what it is.
    values(definition, &arrays).ok_or_else(|| StoreError::OtherType {
        path: path.to_owned(),
        column: definition.name.to_owned(),
        found: arrays
            .first()
            .map_or_else(String::new, |array| array.data_type().to_string()),
        expected: definition.column_type.data_type().to_string(),
    })
}

/// None where an array is of another type than the column.
fn values(definition: &ColumnDef, arrays: &[&ArrayRef]) -> Option<Column> {
    let name = definition.name;
    Some(match definition.column_type {
        ColumnType::Text => {
            let texts: Option<Vec<_>> = arrays.iter().map(|array| array.as_string_opt::<i32>()).collect();
            let texts = texts?.into_iter().flatten();
            let texts: Vec<Option<&str>> = texts.collect();
            StringChunked::from_iter_options(name.into(), texts.into_iter())
                .into_series()
                .into_column()
        }
        ColumnType::Boolean => {
            let flags: Option<Vec<_>> = arrays.iter().map(|array| array.as_boolean_opt()).collect();
            let flags: BooleanChunked = flags?.into_iter().flatten().collect();
            flags.with_name(name.into()).into_series().into_column()
        }
        ColumnType::Int32 => {
            let numbers = numbers::<Int32Type>(arrays)?;
            Int32Chunked::from_iter_options(name.into(), numbers.into_iter())
                .into_series()
                .into_column()
        }
        ColumnType::Int64 => {
            let numbers = numbers::<Int64Type>(arrays)?;
            Int64Chunked::from_iter_options(name.into(), numbers.into_iter())
                .into_series()
                .into_column()
        }
        ColumnType::Float64 => {
            let numbers = numbers::<Float64Type>(arrays)?;
            Float64Chunked::from_iter_options(name.into(), numbers.into_iter())
                .into_series()
                .into_column()
        }
        ColumnType::Date => {
            let days = numbers::<Date32Type>(arrays)?;
            date_column(name, Int32Chunked::from_iter_options(name.into(), days.into_iter()))
        }
        ColumnType::Timestamp => {
            let times = numbers::<TimestampMicrosecondType>(arrays)?;
            Int64Chunked::from_iter_options(name.into(), times.into_iter())
                .into_datetime(TimeUnit::Microseconds, None)
                .into_series()
                .into_column()
        }
        ColumnType::Decimal { precision, scale } => {
            let expected = DataType::Decimal128(precision, scale.cast_signed());
            if arrays.iter().any(|array| *array.data_type() != expected) {
                return None;
            }
            let amounts = numbers::<Decimal128Type>(arrays)?;
            optional_decimal_column(name, amounts.into_iter(), definition.column_type)
        }
    })
}

fn numbers<T: arrow::datatypes::ArrowPrimitiveType>(arrays: &[&ArrayRef]) -> Option<Vec<Option<T::Native>>> {
    let arrays: Option<Vec<_>> = arrays.iter().map(|array| array.as_primitive_opt::<T>()).collect();
    Some(arrays?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
