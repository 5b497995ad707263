//! What a contract says about a file: schema, encodings, sort order and the texts in its footer.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use cartera_table::{ColumnDef, ColumnType, ContractInfo};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// The usual middle between size and time.
const ZSTD_LEVEL: i32 = 3;

/// What a file says of the run that wrote it: only what is equal for equal tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp<'a> {
    /// Hash of all that the tables depend on.
    pub fingerprint: &'a str,
    /// The version of cartera.
    pub version: &'a str,
}

/// The schema, with required columns as required.
pub(super) fn arrow_schema(contract: &ContractInfo) -> SchemaRef {
    let fields: Vec<Field> = contract
        .columns
        .iter()
        .map(|column| Field::new(column.name, arrow_type(column.column_type), column.nullable))
        .collect();
    Arc::new(Schema::new(fields))
}

/// How the file is written. No part of it may depend on the machine, the time or the run's number.
pub(super) fn writer_properties(
    contract: &ContractInfo,
    stamp: &FileStamp<'_>,
) -> Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("cartera {}", stamp.version))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_offset_index_disabled(false)
        .set_sorting_columns(sorting_columns(contract))
        .set_key_value_metadata(Some(key_values(contract, stamp)));
    for column in contract.columns {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column.name), repeats(contract, column));
    }
    Ok(properties.build())
}

/// Text as views, because that is how frames hold it; in the file it is plain UTF-8.
fn arrow_type(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Text => DataType::Utf8View,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        // A contract's scale is at most its precision, which is at most 38.
        ColumnType::Decimal { precision, scale } => DataType::Decimal128(precision, scale.cast_signed()),
    }
}

/// Whether a dictionary can pay: not where every value is another.
fn repeats(contract: &ContractInfo, column: &ColumnDef) -> bool {
    contract.grain != [column.name] && column.column_type != ColumnType::Float64
}

/// The grain is the order of the rows. Nulls sort first.
fn sorting_columns(contract: &ContractInfo) -> Option<Vec<SortingColumn>> {
    let place = |name: &&str| contract.columns.iter().position(|column| column.name == *name);
    let columns: Vec<SortingColumn> = contract
        .grain
        .iter()
        .filter_map(place)
        .filter_map(|index| i32::try_from(index).ok())
        .map(|column_idx| SortingColumn {
            column_idx,
            descending: false,
            nulls_first: true,
        })
        .collect();
    (!columns.is_empty()).then_some(columns)
}

/// The texts, one entry a column, so that `parquet_kv_metadata` in DuckDB prints a catalogue.
fn key_values(contract: &ContractInfo, stamp: &FileStamp<'_>) -> Vec<KeyValue> {
    let entry = |key: &str, value: &str| KeyValue::new(format!("cartera.{key}"), value.to_owned());
    let mut entries = vec![
        entry("table", contract.name),
        entry("description", contract.description),
        entry("grain", &contract.grain.join(", ")),
        entry("version", stamp.version),
        entry("fingerprint", stamp.fingerprint),
    ];
    entries.extend(
        contract
            .columns
            .iter()
            .map(|column| entry(&format!("column.{}", column.name), &column.meaning())),
    );
    entries
}
