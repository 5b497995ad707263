//! The rows of one key from a table's file, without reading what others have there.
//!
//! Rows are sorted, so that the smallest and largest keys of row groups and of pages tell where a key can stand. Of the
//! row groups that can hold it only the index of their pages is read, and of the pages only those that can hold it: a
//! few of many thousands. A table that is sorted by something else first, as lists are, has the key in a page a list.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
    RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::page_index::column_index::{ByteArrayColumnIndex, ColumnIndexMetaData};
use parquet::schema::types::SchemaDescriptor;

/// Rows that are looked at together.
const BATCH_ROWS: usize = 8_192;

/// All rows whose column is exactly that text, in their order; none where the file has no such column.
pub(in crate::store) fn rows_with(file: File, column: &str, key: &str) -> Result<Vec<RecordBatch>, ParquetError> {
    let footer = ParquetMetaDataReader::new()
        .with_page_index_policy(PageIndexPolicy::Skip)
        .parse_and_finish(&file)?;
    let Some(place) = place_of(footer.file_metadata().schema_descr(), column) else {
        return Ok(Vec::new());
    };
    let footer = only_row_groups(footer, |row_group| can_hold(row_group, place, key.as_bytes()));
    if footer.num_row_groups() == 0 {
        return Ok(Vec::new());
    }
    let mut reader = ParquetMetaDataReader::new_with_metadata(footer).with_page_index_policy(PageIndexPolicy::Optional);
    reader.read_page_indexes(&file)?;
    let metadata = reader.finish()?;
    let selection = pages_with(&metadata, place, key.as_bytes());
    if !selection.selects_any() {
        return Ok(Vec::new());
    }
    let is_key = is_key(metadata.file_metadata().schema_descr(), place, key);
    let metadata = ArrowReaderMetadata::try_new(Arc::new(metadata), ArrowReaderOptions::new())?;
    let found = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_batch_size(BATCH_ROWS)
        .with_row_selection(selection)
        .with_row_filter(RowFilter::new(vec![Box::new(is_key)]))
        .build()?;
    Ok(found.collect::<Result<Vec<RecordBatch>, ArrowError>>()?)
}

/// The leaf of a column of text; contracts nest nothing.
fn place_of(schema: &SchemaDescriptor, column: &str) -> Option<usize> {
    schema.columns().iter().position(|leaf| leaf.name() == column)
}

fn only_row_groups(footer: ParquetMetaData, keep: impl Fn(&RowGroupMetaData) -> bool) -> ParquetMetaData {
    let mut builder = footer.into_builder();
    let row_groups = builder.take_row_groups();
    builder
        .set_row_groups(row_groups.into_iter().filter(keep).collect())
        .build()
}

/// Whether a key lies between the smallest and the largest of a row group. Either may be cut short, the largest upwards,
/// so that a key in between may still be absent, but none that is there lies outside.
fn can_hold(row_group: &RowGroupMetaData, place: usize, key: &[u8]) -> bool {
    let statistics = row_group.column(place).statistics();
    let Some(statistics) = statistics else { return true };
    let is_above = statistics.min_bytes_opt().is_none_or(|least| least <= key);
    is_above && statistics.max_bytes_opt().is_none_or(|most| key <= most)
}

/// The rows of the pages that can hold the key; without an index all of them can.
fn pages_with(metadata: &ParquetMetaData, place: usize, key: &[u8]) -> RowSelection {
    let mut selectors = Vec::new();
    for (index, row_group) in metadata.row_groups().iter().enumerate() {
        let rows = usize::try_from(row_group.num_rows()).unwrap_or(0);
        let of_values = metadata
            .column_index()
            .and_then(|of_file| of_file.get(index)?.get(place));
        let of_places = metadata
            .offset_index()
            .and_then(|of_file| of_file.get(index)?.get(place));
        let (Some(ColumnIndexMetaData::BYTE_ARRAY(values)), Some(places)) = (of_values, of_places) else {
            selectors.push(RowSelector::select(rows));
            continue;
        };
        let first_row = |page: usize| {
            let location = places.page_locations().get(page);
            location.map_or(rows, |location| {
                usize::try_from(location.first_row_index).unwrap_or(rows)
            })
        };
        for page in 0..places.page_locations().len() {
            let count = first_row(page + 1).saturating_sub(first_row(page));
            selectors.push(match page_can_hold(values, page, key) {
                true => RowSelector::select(count),
                false => RowSelector::skip(count),
            });
        }
    }
    RowSelection::from(selectors)
}

fn page_can_hold(values: &ByteArrayColumnIndex, page: usize, key: &[u8]) -> bool {
    // A page of nulls has neither.
    let bounds = values.min_value(page).zip(values.max_value(page));
    bounds.is_some_and(|(least, most)| least <= key && key <= most)
}

/// Looks at the column of the key first: the others are read of the rows that are found.
fn is_key(
    schema: &SchemaDescriptor,
    place: usize,
    key: &str,
) -> ArrowPredicateFn<impl FnMut(RecordBatch) -> Result<BooleanArray, ArrowError> + use<>> {
    let key = key.to_owned();
    ArrowPredicateFn::new(ProjectionMask::leaves(schema, [place]), move |batch| {
        let column = batch.column(0);
        let is_key = |text: Option<&str>| Some(text == Some(key.as_str()));
        match column.data_type() {
            DataType::Utf8 => Ok(column.as_string::<i32>().iter().map(is_key).collect()),
            DataType::Utf8View => Ok(column.as_string_view().iter().map(is_key).collect()),
            // What is no text is no key.
            _ => Ok(BooleanArray::from(vec![false; column.len()])),
        }
    })
}
