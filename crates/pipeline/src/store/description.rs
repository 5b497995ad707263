//! What a published table says of itself: its file knows its columns, their meaning and its grain, whatever version of
//! cartera wrote it.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use arrow::datatypes::{DataType, Field, TimeUnit};
use cartera_table::contracts::PUBLISHED;
use cartera_table::{ColumnDescription, ColumnType, TableDescription};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};

use super::error::StoreError;
use super::warehouse::PublishedRun;

impl PublishedRun {
    /// One of its tables in words.
    ///
    /// # Errors
    /// When the run has no such table, or its file cannot be read.
    pub fn description(&self, table: &str) -> Result<TableDescription, StoreError> {
        describe(&self.table_path(table)?, table)
    }

    /// All its tables in words, in the order in which they were written.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn descriptions(&self) -> Result<Vec<TableDescription>, StoreError> {
        let tables = self.manifest.tables.iter();
        tables.map(|table| self.description(&table.name)).collect()
    }
}

fn describe(path: &Path, table: &str) -> Result<TableDescription, StoreError> {
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(StoreError::parquet(path))?;
    let said = metadata.metadata().file_metadata().key_value_metadata();
    let said: HashMap<&str, &str> = said
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((entry.key.strip_prefix("cartera.")?, entry.value.as_deref()?)))
        .collect();
    let of_table = |key: &str| said.get(key).copied().unwrap_or_default();
    let column = |field: &std::sync::Arc<Field>| {
        Ok(ColumnDescription {
            name: field.name().clone(),
            column_type: column_type(field).ok_or_else(|| StoreError::OtherType {
                path: path.to_owned(),
                column: field.name().clone(),
                found: field.data_type().to_string(),
                expected: "a type that tables of cartera have".to_owned(),
            })?,
            nullable: field.is_nullable(),
            description: of_table(&format!("column.{}", field.name())).to_owned(),
        })
    };
    Ok(TableDescription {
        name: table.to_owned(),
        description: of_table("description").to_owned(),
        grain: of_table("grain")
            .split(", ")
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        columns: metadata
            .schema()
            .fields()
            .iter()
            .map(column)
            .collect::<Result<_, StoreError>>()?,
        personal: is_personal(path, table)?,
    })
}

/// As the contract says; of a table that this version does not know, whether its file is for its owner alone.
fn is_personal(path: &Path, table: &str) -> Result<bool, StoreError> {
    if let Some(contract) = PUBLISHED.iter().find(|contract| contract.name == table) {
        return Ok(contract.personal);
    }
    let metadata = fs::metadata(path).map_err(StoreError::io("read", path))?;
    Ok(metadata.permissions().mode() & 0o044 == 0)
}

fn column_type(field: &Field) -> Option<ColumnType> {
    Some(match field.data_type() {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => ColumnType::Text,
        DataType::Boolean => ColumnType::Boolean,
        DataType::Int32 => ColumnType::Int32,
        DataType::Int64 => ColumnType::Int64,
        DataType::Float64 => ColumnType::Float64,
        DataType::Date32 => ColumnType::Date,
        DataType::Timestamp(TimeUnit::Microsecond, None) => ColumnType::Timestamp,
        DataType::Decimal128(precision, scale) => ColumnType::Decimal {
            precision: *precision,
            scale: u8::try_from(*scale).ok()?,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use cartera_table::{frame, schema_changes};
    use polars::prelude::DataFrame;

    use super::*;
    use crate::store::FileStamp;
    use crate::store::parquet::write_table;

    #[test]
    fn every_table_says_of_itself_what_its_contract_does() {
        let stamp = FileStamp {
            fingerprint: "f",
            version: "0",
        };
        let folder = tempfile::tempdir().expect("a folder");
        let mut found = Vec::new();
        for contract in PUBLISHED {
            let path = folder.path().join(format!("{}.parquet", contract.name));
            let empty = DataFrame::empty_with_schema(&frame::schema(contract));
            write_table(&empty, contract, &stamp, &path).expect("written");
            found.push(describe(&path, contract.name).expect("described"));
        }
        let expected: Vec<TableDescription> = PUBLISHED.iter().map(TableDescription::from).collect();
        assert_eq!(found, expected);
        assert_eq!(schema_changes(&found, &expected), []);
    }

    #[test]
    fn a_table_that_nobody_knows_is_as_personal_as_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("older.parquet");
        fs::write(&path, "").expect("written");
        for (mode, personal) in [(0o644, false), (0o600, true)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            assert_eq!(is_personal(&path, "older").expect("read"), personal);
        }
    }
}
