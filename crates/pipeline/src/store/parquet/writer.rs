//! Writes a table's file: fixed row groups, columns encoded in parallel, one hash, one sync.

use std::path::Path;

use arrow::array::Array;
use arrow::datatypes::{Field, SchemaRef};
use cartera_table::{ContractInfo, TableError};
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriter, ArrowWriterOptions, compute_leaves,
};
use parquet::file::writer::SerializedFileWriter;
use polars::prelude::{Column, DataFrame};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::handover;
use super::layout::{FileStamp, arrow_schema, writer_properties};
use crate::store::error::StoreError;
use crate::store::hashing::{HashingFile, Readers};

/// Rows of a row group. Fixed, so that the bytes depend on the rows alone and not on how a frame
/// was cut; small enough that one is encoded in a few megabytes a column.
pub(in crate::store) const ROW_GROUP_ROWS: usize = 131_072;

/// A written file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// The table.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// The file's size.
    pub bytes: u64,
    /// Hash of its content, in hexadecimal.
    pub blake3: String,
}

/// Writes the frame as a new Parquet file and syncs it. The frame must have the contract's columns
/// in their order; row groups are encoded one after another, their columns in parallel.
///
/// # Errors
/// When the frame does not keep the contract, the file is there already, or the disk refuses.
pub fn write_table(
    frame: &DataFrame,
    contract: &ContractInfo,
    stamp: &FileStamp<'_>,
    path: &Path,
) -> Result<TableFile, StoreError> {
    let mut writer = TableWriter::create(contract, stamp, path)?;
    writer.push(frame.clone())?;
    writer.finish()
}

/// A table's file while it is written, for tables that come in parts: the bytes are the same however they were cut.
pub struct TableWriter<'w> {
    contract: &'w ContractInfo,
    path: &'w Path,
    schema: SchemaRef,
    writer: SerializedFileWriter<HashingFile>,
    columns: ArrowRowGroupWriterFactory,
    /// Rows that do not yet fill a row group.
    waiting: Option<DataFrame>,
    row_groups: usize,
    rows: u64,
}

impl<'w> TableWriter<'w> {
    /// Begins a new file.
    ///
    /// # Errors
    /// When it is there already, or the disk refuses.
    pub fn create(contract: &'w ContractInfo, stamp: &FileStamp<'_>, path: &'w Path) -> Result<Self, StoreError> {
        let schema = arrow_schema(contract);
        let readers = if contract.personal {
            Readers::Owner
        } else {
            Readers::Everyone
        };
        let file = HashingFile::create(path, readers).map_err(StoreError::io("create", path))?;
        let (writer, columns) = open_writer(file, contract, stamp, &schema).map_err(StoreError::parquet(path))?;
        Ok(Self {
            contract,
            path,
            schema,
            writer,
            columns,
            waiting: None,
            row_groups: 0,
            rows: 0,
        })
    }

    /// Adds rows behind those that are there.
    ///
    /// # Errors
    /// When the frame does not have the contract's columns in their order, or the disk refuses.
    pub fn push(&mut self, frame: DataFrame) -> Result<(), StoreError> {
        check_columns(&frame, self.contract, self.path)?;
        self.rows += frame.height() as u64;
        let frame = match self.waiting.take() {
            Some(mut waiting) => {
                waiting.vstack_mut_owned(frame).map_err(StoreError::frame(self.path))?;
                waiting
            }
            None => frame,
        };
        let whole = frame.height() / ROW_GROUP_ROWS * ROW_GROUP_ROWS;
        for offset in (0..whole).step_by(ROW_GROUP_ROWS) {
            self.write_row_group(&rows_from(&frame, offset))?;
        }
        if whole < frame.height() {
            let start = i64::try_from(whole).unwrap_or(i64::MAX);
            self.waiting = Some(frame.slice(start, ROW_GROUP_ROWS));
        }
        Ok(())
    }

    /// Ends and syncs the file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> Result<TableFile, StoreError> {
        if let Some(rest) = self.waiting.take() {
            self.write_row_group(rest.columns())?;
        }
        let file = self.writer.into_inner().map_err(StoreError::parquet(self.path))?;
        let (bytes, blake3) = file.finish().map_err(StoreError::io("sync", self.path))?;
        Ok(TableFile {
            name: self.contract.name.to_owned(),
            rows: self.rows,
            bytes,
            blake3,
        })
    }

    fn write_row_group(&mut self, columns: &[Column]) -> Result<(), StoreError> {
        let chunks = encode_row_group(&self.columns, self.row_groups, &self.schema, columns, self.path)?;
        self.row_groups += 1;
        append_row_group(&mut self.writer, chunks).map_err(StoreError::parquet(self.path))
    }
}

fn open_writer(
    file: HashingFile,
    contract: &ContractInfo,
    stamp: &FileStamp<'_>,
    schema: &SchemaRef,
) -> Result<(SerializedFileWriter<HashingFile>, ArrowRowGroupWriterFactory), parquet::errors::ParquetError> {
    let options = ArrowWriterOptions::new()
        .with_properties(writer_properties(contract, stamp)?)
        // Arrow's own schema would make Arrow readers show views instead of plain strings.
        .with_skip_arrow_metadata(true)
        .with_schema_root(contract.name.to_owned());
    ArrowWriter::try_new_with_options(file, SchemaRef::clone(schema), options)?.into_serialized_writer()
}

/// The rows of one row group, column by column.
fn rows_from(frame: &DataFrame, offset: usize) -> Vec<Column> {
    // Slicing keeps the buffers: nothing is copied here.
    let start = i64::try_from(offset).unwrap_or(i64::MAX);
    frame
        .columns()
        .iter()
        .map(|column| column.slice(start, ROW_GROUP_ROWS))
        .collect()
}

fn encode_row_group(
    factory: &ArrowRowGroupWriterFactory,
    index: usize,
    schema: &SchemaRef,
    columns: &[Column],
    path: &Path,
) -> Result<Vec<ArrowColumnChunk>, StoreError> {
    let writers = factory
        .create_column_writers(index)
        .map_err(StoreError::parquet(path))?;
    writers
        .into_par_iter()
        .zip(schema.fields().par_iter())
        .zip(columns.par_iter())
        .map(|((writer, field), column)| encode_column(writer, field, column, path))
        .collect()
}

fn encode_column(
    mut writer: ArrowColumnWriter,
    field: &Field,
    column: &Column,
    path: &Path,
) -> Result<ArrowColumnChunk, StoreError> {
    let array = handover::to_arrow(column.as_materialized_series()).map_err(|source| StoreError::HandOver {
        path: path.to_owned(),
        column: field.name().clone(),
        source,
    })?;
    if array.data_type() != field.data_type() {
        return Err(StoreError::OtherType {
            path: path.to_owned(),
            column: field.name().clone(),
            found: array.data_type().to_string(),
            expected: field.data_type().to_string(),
        });
    }
    let encode = || {
        for leaf in compute_leaves(field, &array)? {
            writer.write(&leaf)?;
        }
        writer.close()
    };
    encode().map_err(StoreError::parquet(path))
}

fn append_row_group(
    writer: &mut SerializedFileWriter<HashingFile>,
    chunks: Vec<ArrowColumnChunk>,
) -> Result<(), parquet::errors::ParquetError> {
    let mut row_group = writer.next_row_group()?;
    for chunk in chunks {
        chunk.append_to_row_group(&mut row_group)?;
    }
    row_group.close().map(|_| ())
}

/// A column in the wrong place, or a null in a required one, would be written as something else.
fn check_columns(frame: &DataFrame, contract: &ContractInfo, path: &Path) -> Result<(), StoreError> {
    let broken = |source| StoreError::Contract {
        path: path.to_owned(),
        source,
    };
    let found: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
    let expected: Vec<&str> = contract.columns.iter().map(|column| column.name).collect();
    if found != expected {
        let (found, expected) = (found.join(", "), expected.join(", "));
        return Err(broken(TableError::OtherColumns {
            table: contract.name.to_owned(),
            found,
            expected,
        }));
    }
    for (column, definition) in frame.columns().iter().zip(contract.columns) {
        let nulls = column.null_count();
        if nulls > 0 && !definition.nullable {
            return Err(broken(TableError::Nulls {
                table: contract.name.to_owned(),
                column: definition.name.to_owned(),
                nulls,
            }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
