//! The rows of workbooks and Parquet files, whose cells have types of their own, as text.

use std::path::Path;

use cartera_raw::{Column, ColumnKind, ColumnSpec};

use super::finding::Place;
use crate::blocks::{Fields, Range, open_blocks};
use crate::error::IngestError;
use crate::file_type::FileType;
use crate::format_params::{FormatParams, FormatValidParams};
use crate::tally::Tally;

/// Rows that are looked at, from the start.
const MOST_ROWS: u64 = 300_000;
const BLOCK_BYTES: usize = 1 << 20;

/// The names of the columns of the first sheet, or of the file; and whether all rows were visited.
pub(super) struct TypedRows {
    pub(super) names: Vec<Option<String>>,
    pub(super) is_whole: bool,
}

/// Calls with each row.
pub(super) fn each_row(
    path: &Path,
    file_type: FileType,
    visit: &mut dyn FnMut(Place, &[String]),
) -> Result<TypedRows, IngestError> {
    let raw = |cause| IngestError::Raw {
        path: path.to_owned(),
        cause,
    };
    let Some(format) = plain_format(file_type) else {
        return Ok(TypedRows::none());
    };
    let mut blocks = open_blocks(path, &format, Range::default(), BLOCK_BYTES, &Tally::default())?;
    let Some(fields) = blocks.fields()? else {
        return Ok(TypedRows::none());
    };
    let columns: Vec<ColumnSpec> = (0..fields.count()).map(text_column).collect();
    blocks.select(&columns)?;
    let mut rows = TypedRows {
        names: names(&fields),
        is_whole: true,
    };
    if columns.is_empty() {
        return Ok(rows);
    }
    let mut cells = vec![String::new(); columns.len()];
    let plan = format.plan(columns, fields.count()).map_err(raw)?;
    let mut seen = 0;
    while let Some(block) = blocks.next_block()? {
        if seen >= MOST_ROWS {
            rows.is_whole = false;
            break;
        }
        let parsed = plan.parse(&block);
        for (row, line) in parsed.lines.iter().enumerate() {
            for (cell, column) in cells.iter_mut().zip(&parsed.columns) {
                cell.clear();
                if let Column::Text(texts) = column {
                    cell.push_str(texts.get(row).unwrap_or(""));
                }
            }
            visit(Place::Row(*line), &cells);
        }
        seen += parsed.lines.len() as u64;
    }
    Ok(rows)
}

impl TypedRows {
    fn none() -> Self {
        Self {
            names: Vec::new(),
            is_whole: true,
        }
    }
}

/// The format of a file about which nothing is declared but its type, which is always valid.
fn plain_format(file_type: FileType) -> Option<FormatValidParams> {
    let params = FormatParams {
        file_type: file_type.slug().to_owned(),
        ..FormatParams::default()
    };
    params.check().ok()
}

fn text_column(field: usize) -> ColumnSpec {
    ColumnSpec {
        name: String::new(),
        field,
        kind: ColumnKind::Text,
        required: false,
        null_values: Vec::new(),
    }
}

fn names(fields: &Fields) -> Vec<Option<String>> {
    match fields {
        Fields::Named(names) => names
            .iter()
            .map(|name| Some(name.trim().to_owned()).filter(|name| !name.is_empty()))
            .collect(),
        Fields::Counted(count) => vec![None; *count],
        Fields::Paths => Vec::new(),
    }
}
