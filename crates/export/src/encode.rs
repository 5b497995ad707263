//! Frames to the rows of a binary COPY.

use cartera_table::{ColumnType, TableDescription};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked, Int128Chunked, PolarsResult,
    StringChunked,
};

use crate::error::ExportError;
use crate::wire::{put_bool, put_date, put_f64, put_i32, put_i64, put_null, put_numeric, put_text, put_timestamp};

/// Bytes that are handed on at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// A column as its cells are read.
enum Cells<'a> {
    Text(&'a StringChunked),
    Boolean(&'a BooleanChunked),
    Int32(&'a Int32Chunked),
    Int64(&'a Int64Chunked),
    Float64(&'a Float64Chunked),
    Date(&'a Int32Chunked),
    Timestamp(&'a Int64Chunked),
    Decimal(&'a Int128Chunked, u32),
}

/// What became of a cell.
enum Put {
    Whole,
    /// A NUL was stood in for.
    WithoutNul,
    /// PostgreSQL cannot hold it.
    Refused,
}

/// Rows in their binary form.
#[derive(Debug, Default)]
pub(crate) struct EncodedRows {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: u64,
    /// Texts in which a NUL was stood in for.
    pub(crate) texts_with_nul: u64,
}

/// Encodes the frame, whose first row is the table's row `first_row`, and hands the rows on in pieces. Stops early where
/// `hand_on` says false.
pub(crate) fn encode(
    table: &TableDescription,
    mut frame: DataFrame,
    first_row: u64,
    hand_on: &mut dyn FnMut(EncodedRows) -> bool,
) -> Result<(), ExportError> {
    // One chunk a column: a cell is then found without a search.
    frame.rechunk_mut();
    let columns = columns(table, &frame)?;
    let fields = i16::try_from(columns.len()).map_err(|_| misfit(table, "it has too many columns"))?;
    let mut encoded = EncodedRows::default();
    for row in 0..frame.height() {
        encoded.bytes.extend_from_slice(&fields.to_be_bytes());
        for (cells, column) in columns.iter().zip(&table.columns) {
            match cells.put(&mut encoded.bytes, row) {
                Put::Whole => {}
                Put::WithoutNul => encoded.texts_with_nul += 1,
                Put::Refused => {
                    return Err(ExportError::Value {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        row: first_row + row as u64 + 1,
                    });
                }
            }
        }
        encoded.rows += 1;
        if encoded.bytes.len() >= CHUNK_BYTES && !hand_on(std::mem::take(&mut encoded)) {
            return Ok(());
        }
    }
    hand_on(encoded);
    Ok(())
}

fn columns<'a>(table: &TableDescription, frame: &'a DataFrame) -> Result<Vec<Cells<'a>>, ExportError> {
    let cells = |column: &cartera_table::ColumnDescription| {
        let found = frame.column(&column.name);
        found
            .and_then(|found| Cells::of(found, column.column_type))
            .map_err(|error| misfit(table, &error.to_string()))
    };
    table.columns.iter().map(cells).collect()
}

fn misfit(table: &TableDescription, reason: &str) -> ExportError {
    ExportError::Frame {
        table: table.name.clone(),
        reason: reason.to_owned(),
    }
}

impl<'a> Cells<'a> {
    fn of(column: &'a Column, column_type: ColumnType) -> PolarsResult<Self> {
        Ok(match column_type {
            ColumnType::Text => Self::Text(column.str()?),
            ColumnType::Boolean => Self::Boolean(column.bool()?),
            ColumnType::Int32 => Self::Int32(column.i32()?),
            ColumnType::Int64 => Self::Int64(column.i64()?),
            ColumnType::Float64 => Self::Float64(column.f64()?),
            ColumnType::Date => Self::Date(column.date()?.physical()),
            ColumnType::Timestamp => Self::Timestamp(column.datetime()?.physical()),
            ColumnType::Decimal { scale, .. } => Self::Decimal(column.decimal()?.physical(), scale.into()),
        })
    }

    fn put(&self, out: &mut Vec<u8>, row: usize) -> Put {
        let mut put = Put::Whole;
        let is_set = match self {
            Self::Text(cells) => cells.get(row).map(|text| {
                if put_text(out, text) {
                    put = Put::WithoutNul;
                }
            }),
            Self::Boolean(cells) => cells.get(row).map(|value| put_bool(out, value)),
            Self::Int32(cells) => cells.get(row).map(|value| put_i32(out, value)),
            Self::Int64(cells) => cells.get(row).map(|value| put_i64(out, value)),
            Self::Float64(cells) => cells.get(row).map(|value| put_f64(out, value)),
            Self::Date(cells) => cells.get(row).map(|days| {
                if !put_date(out, days) {
                    put = Put::Refused;
                }
            }),
            Self::Timestamp(cells) => cells.get(row).map(|microseconds| {
                if !put_timestamp(out, microseconds) {
                    put = Put::Refused;
                }
            }),
            Self::Decimal(cells, scale) => cells.get(row).map(|unscaled| put_numeric(out, unscaled, *scale)),
        };
        if is_set.is_none() {
            put_null(out);
        }
        put
    }
}
