//! Blocks of the rows of a Parquet file.
//!
//! Only the columns that are mapped are read, a slice of a row group at a time, so that neither the
//! width of the file nor its length matters to memory. Each value becomes the text that stands for it
//! exactly, and is read from there as any other cell: one way to read, one list of reasons.

mod cell_text;
mod columns;

use std::collections::VecDeque;
use std::fs::File;

use cartera_raw::{Block, BlockBuilder, ColumnSpec};
use polars::prelude::{
    ArrowSchema, DataFrame, FileMetadataRef, ParallelStrategy, ParquetReader, PolarsError, PolarsResult, SerReader,
};

use self::cell_text::CellColumn;
use self::columns::check_column;
use super::row::Row;
use super::witness::Witness;
use super::{BlockSource, Fields, unless_it_panics};
use crate::error::IngestError;
use crate::format_params::FormatValidParams;

/// Rows that are decoded at a time: row groups may hold millions.
const SLICE_ROWS: usize = 1 << 16;

/// Reads a Parquet file.
pub(super) struct ParquetBlocks {
    witness: Witness,
    file: File,
    metadata: FileMetadataRef,
    schema: std::sync::Arc<ArrowSchema>,
    decimal_separator: u8,
    /// Positions of the columns that are read, ascending.
    selected: Vec<usize>,
    /// First row and number of rows of what is still to be read.
    slices: VecDeque<(usize, usize)>,
    current: Option<Slice>,
    builder: Option<BlockBuilder>,
    row: Row,
}

/// Decoded rows, of which some are not handed on yet.
struct Slice {
    columns: Vec<CellColumn>,
    /// Number of its first row in the file, from 1.
    first_row: u64,
    /// The next row, from 0.
    next: usize,
    rows: usize,
}

impl ParquetBlocks {
    /// Reads what the file says of itself.
    pub(super) fn open(
        witness: Witness,
        file: File,
        format: &FormatValidParams,
        block_bytes: usize,
    ) -> Result<Self, IngestError> {
        let described = unless_it_panics(damaged, || {
            let mut reader = ParquetReader::new(file.try_clone()?);
            let schema = reader.schema()?;
            Ok((reader.get_metadata()?.clone(), schema))
        });
        let (metadata, schema) = described.map_err(|cause| IngestError::Parquet {
            path: witness.path().to_owned(),
            cause,
        })?;
        let slices = slices(metadata.row_groups.iter().map(|group| group.num_rows()));
        let builder = BlockBuilder::new(schema.len(), format.dialect.max_record_bytes, block_bytes);
        Ok(Self {
            witness,
            file,
            metadata,
            schema,
            decimal_separator: format.decimal_format.decimal_separator,
            selected: Vec::new(),
            slices,
            current: None,
            builder: Some(builder),
            row: Row::new(format.null_values.clone()),
        })
    }

    /// Decodes the mapped columns of some rows.
    fn decode(&self, slice: (usize, usize)) -> PolarsResult<DataFrame> {
        unless_it_panics(damaged, || {
            let mut reader = ParquetReader::new(self.file.try_clone()?);
            reader.set_metadata(self.metadata.clone());
            reader
                .with_projection(Some(self.selected.clone()))
                .with_slice(Some(slice))
                // Row groups outside the slice are passed over, which other strategies do not do.
                .read_parallel(ParallelStrategy::RowGroups)
                .finish()
        })
    }

    fn next_slice(&mut self) -> Result<Option<Slice>, IngestError> {
        let Some(slice) = self.slices.pop_front() else {
            return Ok(None);
        };
        let columns = self.decode(slice).and_then(|frame| {
            let columns = frame.columns().iter();
            columns
                .map(|column| CellColumn::new(column.as_materialized_series()))
                .collect()
        });
        let columns = columns.map_err(|cause| IngestError::Parquet {
            path: self.witness.path().to_owned(),
            cause,
        })?;
        Ok(Some(Slice {
            columns,
            first_row: slice.0 as u64 + 1,
            next: 0,
            rows: slice.1,
        }))
    }
}

impl BlockSource for ParquetBlocks {
    fn fields(&mut self) -> Result<Option<Fields>, IngestError> {
        let names = self.schema.iter_names().map(|name| name.to_string());
        Ok(Some(Fields::Named(names.collect())))
    }

    fn select(&mut self, columns: &[ColumnSpec]) -> Result<(), IngestError> {
        for column in columns {
            if let Some((_, field)) = self.schema.get_at_index(column.field) {
                check_column(self.witness.path(), field, column)?;
            }
        }
        self.selected = columns.iter().map(|column| column.field).collect();
        self.selected.sort_unstable();
        self.selected.dedup();
        Ok(())
    }

    fn next_block(&mut self) -> Result<Option<Block>, IngestError> {
        loop {
            let Some(mut slice) = self
                .current
                .take()
                .map_or_else(|| self.next_slice(), |slice| Ok(Some(slice)))?
            else {
                self.witness.check()?;
                return Ok(self.builder.take().and_then(BlockBuilder::finish));
            };
            let Some(builder) = &mut self.builder else {
                return Ok(None);
            };
            while slice.next < slice.rows {
                self.row.clear();
                for (column, &field) in slice.columns.iter().zip(&self.selected) {
                    let separator = self.decimal_separator;
                    self.row
                        .push(field, |text| column.push_cell(text, slice.next, separator));
                }
                let number = slice.first_row + slice.next as u64;
                let full = builder.append(number, self.row.cells(self.schema.len()));
                slice.next += 1;
                if full.is_some() {
                    self.current = Some(slice);
                    return Ok(full);
                }
            }
        }
    }
}

/// The rows of the row groups, in pieces.
fn slices(row_groups: impl Iterator<Item = usize>) -> VecDeque<(usize, usize)> {
    let mut slices = VecDeque::new();
    let mut start = 0;
    for rows in row_groups {
        let end = start + rows;
        while start < end {
            let taken = SLICE_ROWS.min(end - start);
            slices.push_back((start, taken));
            start += taken;
        }
    }
    slices
}

fn damaged() -> PolarsError {
    PolarsError::ComputeError("the file is damaged, and the reader gave up".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_groups_are_cut_and_never_joined() {
        let found = slices([3, 0, SLICE_ROWS + 2].into_iter());
        assert_eq!(found, [(0, 3), (3, SLICE_ROWS), (SLICE_ROWS + 3, 2)]);
    }
}
