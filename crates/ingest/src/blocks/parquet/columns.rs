//! Which columns of a Parquet file can be read as what.

use std::path::Path;

use cartera_raw::{ColumnKind, ColumnSpec};
use polars::prelude::{ArrowDataType, ArrowField, TimeZone};

use crate::blocks::time_text::{TYPED_INSTANT, TYPED_MOMENT};
use crate::error::IngestError;

/// Refuses a mapped column that has no one value a row, or whose moments are not of the kind that the
/// source declares.
pub(super) fn check_column(path: &Path, field: &ArrowField, column: &ColumnSpec) -> Result<(), IngestError> {
    let refuse = |problem: String| {
        Err(IngestError::ParquetColumn {
            path: path.to_owned(),
            column: field.name.to_string(),
            target: column.name.clone(),
            problem,
        })
    };
    if !has_one_value(&field.dtype) {
        return refuse(format!("it is of type {:?}, which is no single value", field.dtype));
    }
    let ArrowDataType::Timestamp(_, zone) = &field.dtype else {
        return Ok(());
    };
    if TimeZone::opt_try_new(zone.clone()).is_err() {
        return refuse("its time zone is unknown".to_owned());
    }
    let formats = match &column.kind {
        ColumnKind::Date(formats) | ColumnKind::Timestamp(formats) => formats,
        _ => return Ok(()),
    };
    match (zone.is_some(), formats.has_offset()) {
        (true, false) => refuse(format!(
            "it holds moments of a time zone: declare the format {TYPED_INSTANT:?} for it"
        )),
        (false, true) => refuse(format!(
            "it holds moments without a time zone: declare the format {TYPED_MOMENT:?} for it, or none"
        )),
        _ => Ok(()),
    }
}

/// Types whose values can be written as one text that reads back exactly.
fn has_one_value(data_type: &ArrowDataType) -> bool {
    use ArrowDataType as T;
    match data_type {
        T::Dictionary(_, values, _) => has_one_value(values),
        T::Decimal(precision, _) | T::Decimal256(precision, _) => *precision <= 38,
        T::Null
        | T::Boolean
        | T::Int8
        | T::Int16
        | T::Int32
        | T::Int64
        | T::UInt8
        | T::UInt16
        | T::UInt32
        | T::UInt64
        | T::Float16
        | T::Float32
        | T::Float64
        | T::Decimal32(..)
        | T::Decimal64(..)
        | T::Timestamp(..)
        | T::Date32
        | T::Date64
        | T::Time32(_)
        | T::Time64(_)
        | T::Utf8
        | T::LargeUtf8
        | T::Utf8View
        | T::Binary
        | T::LargeBinary
        | T::BinaryView => true,
        _ => false,
    }
}
