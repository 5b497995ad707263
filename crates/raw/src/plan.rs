//! What to read from each record, and the reading of a block.

use crate::builder::{ColumnBuilder, TextFacts};
use crate::cells::{CellTable, CellWindows};
use crate::column::Column;
use crate::date_formats::DateFormats;
use crate::decimal::DecimalFormat;
use crate::dialect::Dialect;
use crate::error::RawError;
use crate::failure::{CellFailure, RejectedRecord};
use crate::json_paths::PathTree;
use crate::json_walk::{JsonLayout, JsonWalk};
use crate::records::JsonFormat;
use crate::split::Block;
use crate::walk::{Layout, Walk};
use crate::windows::{Found, Windows};

/// One column to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Its name, for messages.
    pub name: String,
    /// Position of its field in the record, from 0.
    pub field: usize,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// Whether a cell without a value is a failure.
    pub required: bool,
    /// Cells that mean "no value" besides empty ones, as they stand in the file without blanks
    /// around them.
    pub null_values: Vec<String>,
}

/// What the cells of a column hold. Blanks (spaces and tabs) around it mean nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text in UTF-8, without NUL bytes.
    Text,
    /// Exact decimal numbers.
    Decimal(DecimalFormat),
    /// Days; a time of day or an offset in the pattern is checked and left out.
    Date(DateFormats),
    /// Moments; without a time in the pattern, the start of the day.
    Timestamp(DateFormats),
}

/// What to read from each record of a file, checked.
#[derive(Debug, Clone)]
pub struct Plan {
    columns: Vec<ColumnSpec>,
    records: Records,
}

/// Where the fields of a record are found.
#[derive(Debug, Clone)]
enum Records {
    Delimited(Layout),
    Json(JsonLayout),
    Cells { field_count: usize, wanted: Vec<usize> },
}

/// The rows of a block, and all that is wrong with it.
///
/// Every well-formed record is one row of every column, in the order of the file. A failed cell is
/// null there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedBlock {
    /// Physical line on which each row's record starts, from 1; for the objects of a JSON array and
    /// for cells, the number of the record.
    pub lines: Vec<u64>,
    /// One for each [`ColumnSpec`], in their order.
    pub columns: Vec<Column>,
    /// Cells that are not as declared, ordered by row and column.
    pub failures: Vec<CellFailure>,
    /// Records that are no rows, in the order of the file.
    pub rejected: Vec<RejectedRecord>,
    /// For each column, whether any record has its field. True wherever all records have all fields;
    /// a JSON object may lack one, which is an empty cell.
    pub fields_found: Vec<bool>,
}

impl ParsedBlock {
    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.lines.len()
    }
}

impl Plan {
    /// A plan for records of `field_count` fields.
    ///
    /// # Errors
    /// [`RawError::Dialect`], [`RawError::Column`] or [`RawError::Plan`] for what cannot be read as
    /// specified.
    pub fn new(dialect: Dialect, columns: Vec<ColumnSpec>, field_count: usize) -> Result<Self, RawError> {
        dialect.check()?;
        check_columns(&columns, field_count)?;
        let wanted = columns.iter().map(|spec| spec.field).collect();
        let records = Records::Delimited(Layout {
            dialect,
            field_count,
            wanted,
        });
        Ok(Self { columns, records })
    }

    /// A plan for JSON objects. [`ColumnSpec::field`] is a place in `paths`, which name the fields: a
    /// name, or names with dots between them for a value within objects (`customer.id`).
    ///
    /// A field that is `null` or not there is an empty cell; an object or a list where a value
    /// belongs is a failed one. Numbers are taken as they are written and not through floating point.
    ///
    /// # Errors
    /// As [`Plan::new`]; also for a path or a field that is there twice.
    pub fn for_json(format: JsonFormat, columns: Vec<ColumnSpec>, paths: &[String]) -> Result<Self, RawError> {
        let lines = format.lines();
        lines.check()?;
        check_columns(&columns, paths.len())?;
        for (index, spec) in columns.iter().enumerate() {
            let path = &paths[spec.field];
            let again = columns[..index].iter().any(|earlier| paths[earlier.field] == *path);
            if again || paths[..spec.field].contains(path) {
                return Err(RawError::Column {
                    column: spec.name.clone(),
                    problem: format!("field {path:?} is read twice"),
                });
            }
        }
        let paths = PathTree::new(paths);
        let records = Records::Json(JsonLayout { lines, paths });
        Ok(Self { columns, records })
    }

    /// A plan for the blocks of a [`crate::BlockBuilder`] of `field_count` cells.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn for_cells(columns: Vec<ColumnSpec>, field_count: usize) -> Result<Self, RawError> {
        check_columns(&columns, field_count)?;
        let wanted = columns.iter().map(|spec| spec.field).collect();
        let records = Records::Cells { field_count, wanted };
        Ok(Self { columns, records })
    }

    /// The columns to be read.
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    /// Reads the records of a block that a [`crate::Splitter`] of the same format has cut, or that a
    /// [`crate::BlockBuilder`] has put together.
    ///
    /// The records that are counted there are the rows and the rejected records together.
    pub fn parse(&self, block: &Block) -> ParsedBlock {
        match &self.records {
            Records::Delimited(layout) => self.read(block, Walk::new(layout, &block.bytes, block.first_line)),
            Records::Json(layout) => {
                let walk = JsonWalk::new(layout, &self.columns, &block.bytes, block.first_line);
                self.read(block, walk)
            }
            Records::Cells { field_count, wanted } => {
                let nothing = CellTable::default();
                let table = block.cells.as_ref().unwrap_or(&nothing);
                self.read(block, CellWindows::new(&block.bytes, table, *field_count, wanted))
            }
        }
    }

    fn read(&self, block: &Block, mut windows: impl Windows) -> ParsedBlock {
        let rows = block.records as usize;
        let mut builders: Vec<ColumnBuilder<'_>> = self
            .columns
            .iter()
            .zip(0..)
            .map(|(spec, column)| ColumnBuilder::new(spec, column, rows))
            .collect();
        let has_text = self.columns.iter().any(|spec| spec.kind == ColumnKind::Text);
        let mut found = Found {
            lines: Vec::with_capacity(rows),
            ..Found::default()
        };
        while let Some(cells) = windows.next_window(&mut found) {
            let facts = TextFacts::of(if has_text { cells.window } else { &[] });
            for builder in &mut builders {
                builder.append(cells, self.columns.len(), facts, &mut found.failures);
            }
        }
        let Found {
            lines,
            mut failures,
            rejected,
            fields_met,
        } = found;
        // Stable: where a cell has failed before its column saw it empty, the first word counts.
        failures.sort_by_key(|failure| (failure.row, failure.column));
        failures.dedup_by_key(|failure| (failure.row, failure.column));
        let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
        let is_json = matches!(self.records, Records::Json(_));
        let is_found = |spec: &ColumnSpec| !is_json || fields_met.get(spec.field) == Some(&true);
        ParsedBlock {
            lines,
            columns,
            failures,
            rejected,
            fields_found: self.columns.iter().map(is_found).collect(),
        }
    }
}

/// Refuses columns that cannot be read from records of so many fields.
fn check_columns(columns: &[ColumnSpec], field_count: usize) -> Result<(), RawError> {
    if field_count == 0 {
        return Err(RawError::Plan {
            problem: "a record of no fields",
        });
    }
    if columns.len() > usize::from(u16::MAX) {
        return Err(RawError::Plan {
            problem: "more than 65,535 columns",
        });
    }
    for spec in columns {
        if spec.field >= field_count {
            return Err(RawError::Column {
                column: spec.name.clone(),
                problem: format!("field {} of {field_count} does not exist", spec.field + 1),
            });
        }
        if let ColumnKind::Decimal(format) = &spec.kind {
            format.check().map_err(|problem| RawError::Column {
                column: spec.name.clone(),
                problem,
            })?;
        }
    }
    Ok(())
}
