//! The values of a Parquet column as text.

use std::borrow::Cow;

use polars::prelude::{
    BinaryChunked, BooleanChunked, ChunkedArray, DataType, Float32Chunked, Float64Chunked, Int32Chunked, Int64Chunked,
    Int128Chunked, PolarsDataType, PolarsError, PolarsResult, Series, StringChunked, TimeUnit,
};

use crate::blocks::number_text::{push, push_decimal, push_shortest_number};
use crate::blocks::row::CellKind;
use crate::blocks::time_text::{push_day, push_nanoseconds, push_time_of_day};

/// A column whose values can be written as text, in one chunk.
pub(super) enum CellColumn {
    Nothing,
    Text(StringChunked),
    Bytes(BinaryChunked),
    Boolean(BooleanChunked),
    Whole(Int64Chunked),
    Wide(Int128Chunked),
    Single(Float32Chunked),
    Double(Float64Chunked),
    Decimal {
        unscaled: Int128Chunked,
        scale: usize,
    },
    Day(Int32Chunked),
    Moment {
        moments: Int64Chunked,
        nanoseconds_per_unit: i128,
        is_instant: bool,
    },
    TimeOfDay(Int64Chunked),
}

impl CellColumn {
    pub(super) fn new(series: &Series) -> PolarsResult<Self> {
        let series = series.rechunk();
        Ok(match series.dtype() {
            DataType::Null => Self::Nothing,
            DataType::String => Self::Text(series.str()?.clone()),
            DataType::Categorical(..) | DataType::Enum(..) => {
                Self::Text(series.cast(&DataType::String)?.str()?.clone())
            }
            DataType::Binary => Self::Bytes(series.binary()?.clone()),
            DataType::Boolean => Self::Boolean(series.bool()?.clone()),
            DataType::Float32 => Self::Single(series.f32()?.clone()),
            DataType::Float64 => Self::Double(series.f64()?.clone()),
            DataType::Decimal(_, scale) => Self::Decimal {
                unscaled: series.decimal()?.physical().clone(),
                scale: *scale,
            },
            DataType::Date => Self::Day(series.date()?.physical().clone()),
            DataType::Datetime(unit, zone) => Self::Moment {
                moments: series.datetime()?.physical().clone(),
                nanoseconds_per_unit: match unit {
                    TimeUnit::Nanoseconds => 1,
                    TimeUnit::Microseconds => 1_000,
                    TimeUnit::Milliseconds => 1_000_000,
                },
                is_instant: zone.is_some(),
            },
            DataType::Time => Self::TimeOfDay(series.time()?.physical().clone()),
            DataType::UInt64 | DataType::Int128 => Self::Wide(series.cast(&DataType::Int128)?.i128()?.clone()),
            data_type if data_type.is_integer() => Self::Whole(series.cast(&DataType::Int64)?.i64()?.clone()),
            other => {
                let message = format!(
                    "column {:?} is of type {other}, which is no single value",
                    series.name()
                );
                return Err(PolarsError::InvalidOperation(message.into()));
            }
        })
    }

    /// Appends the value of a row.
    pub(super) fn push_cell(&self, text: &mut String, row: usize, decimal_separator: u8) -> CellKind {
        self.push_value(text, row, decimal_separator).unwrap_or(CellKind::Empty)
    }

    fn push_value(&self, text: &mut String, row: usize, decimal_separator: u8) -> Option<CellKind> {
        match self {
            Self::Nothing => return None,
            Self::Text(values) => text.push_str(values.get(row)?),
            Self::Bytes(values) => {
                let value = String::from_utf8_lossy(values.get(row)?);
                text.push_str(&value);
                // Borrowed means that nothing had to be replaced.
                return Some(value_if(matches!(value, Cow::Borrowed(_))));
            }
            Self::Boolean(values) => push(text, values.get(row)?),
            Self::Whole(values) => push(text, value(values, row)?),
            Self::Wide(values) => push(text, value(values, row)?),
            Self::Single(values) => {
                let value = value(values, row)?;
                push_shortest_number(text, value, decimal_separator);
                return Some(value_if(value.is_finite()));
            }
            Self::Double(values) => {
                let value = value(values, row)?;
                push_shortest_number(text, value, decimal_separator);
                return Some(value_if(value.is_finite()));
            }
            Self::Decimal { unscaled, scale } => push_decimal(text, value(unscaled, row)?, *scale, decimal_separator),
            Self::Day(days) => push_day(text, value(days, row)?),
            Self::Moment {
                moments,
                nanoseconds_per_unit,
                is_instant,
            } => {
                push_nanoseconds(text, i128::from(value(moments, row)?) * nanoseconds_per_unit);
                if *is_instant {
                    text.push('Z');
                }
            }
            Self::TimeOfDay(times) => push_time_of_day(text, value(times, row)?),
        }
        Some(CellKind::Text)
    }
}

/// Bytes that are no text and numbers that are none (`NaN`, infinities) are errors in any column.
fn value_if(is_value: bool) -> CellKind {
    if is_value { CellKind::Text } else { CellKind::Error }
}

fn value<T: PolarsDataType>(values: &ChunkedArray<T>, row: usize) -> Option<T::Physical<'_>> {
    values.get(row)
}
