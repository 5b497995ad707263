//! What to read from each record, and the reading of a block.

use crate::builder::{ColumnBuilder, TextFacts};
use crate::column::Column;
use crate::date_format::DateFormat;
use crate::decimal::DecimalFormat;
use crate::dialect::Dialect;
use crate::error::RawError;
use crate::failure::{CellFailure, RejectedRecord};
use crate::split::Block;
use crate::walk::{Layout, Walk};

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
    Date(DateFormat),
    /// Moments; without a time in the pattern, the start of the day.
    Timestamp(DateFormat),
}

/// What to read from each record of a file, checked.
#[derive(Debug, Clone)]
pub struct Plan {
    columns: Vec<ColumnSpec>,
    layout: Layout,
}

/// The rows of a block, and all that is wrong with it.
///
/// Every well-formed record is one row of every column, in the order of the file. A failed cell is
/// null there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedBlock {
    /// Physical line on which each row's record starts, from 1.
    pub lines: Vec<u64>,
    /// One for each [`ColumnSpec`], in their order.
    pub columns: Vec<Column>,
    /// Cells that are not as declared, ordered by row and column.
    pub failures: Vec<CellFailure>,
    /// Records that are no rows, in the order of the file.
    pub rejected: Vec<RejectedRecord>,
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
        for spec in &columns {
            if spec.field >= field_count {
                return Err(RawError::Column {
                    column: spec.name.clone(),
                    problem: format!("field {} of {field_count} does not exist", spec.field + 1),
                });
            }
            if let ColumnKind::Decimal(format) = &spec.kind {
                format.check(&spec.name)?;
            }
        }
        let wanted = columns.iter().map(|spec| spec.field).collect();
        Ok(Self {
            columns,
            layout: Layout {
                dialect,
                field_count,
                wanted,
            },
        })
    }

    /// The columns to be read.
    pub fn columns(&self) -> &[ColumnSpec] {
        &self.columns
    }

    /// Reads the records of a block that a [`crate::Splitter`] of the same dialect has cut.
    ///
    /// The records that the splitter has counted are the rows and the rejected records together.
    pub fn parse(&self, block: &Block) -> ParsedBlock {
        let rows = block.records as usize;
        let mut builders: Vec<ColumnBuilder<'_>> = self
            .columns
            .iter()
            .zip(0..)
            .map(|(spec, column)| ColumnBuilder::new(spec, column, rows))
            .collect();
        let has_text = self.columns.iter().any(|spec| spec.kind == ColumnKind::Text);
        let mut lines = Vec::with_capacity(rows);
        let (mut failures, mut rejected) = (Vec::new(), Vec::new());
        let mut walk = Walk::new(&self.layout, &block.bytes, block.first_line);
        while let Some(cells) = walk.next_window(&mut lines, &mut rejected) {
            let facts = TextFacts::of(if has_text { cells.window } else { &[] });
            for builder in &mut builders {
                builder.append(cells, self.columns.len(), facts, &mut failures);
            }
        }
        failures.sort_unstable_by_key(|failure| (failure.row, failure.column));
        let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
        ParsedBlock {
            lines,
            columns,
            failures,
            rejected,
        }
    }
}
