//! Raw files to typed source tables and quarantined rows.
//!
//! What the pipeline declares of a source is a [`SourceParams`], checked to a
//! [`SourceValidParams`]. [`source_files`] looks at its files, [`read_segments`] reads the order
//! lines, a stretch of a file at a time, and [`source_table`] reads a table of any other kind whole. All of them read by the contract of their
//! table ([`cartera_table::SourceTable`]). Rows that cannot be taken as declared go to the quarantine and the ledger, and
//! those that may have forbidden a contact deny it ([`cartera_table::SourceDenial`]); what the reader itself counted stands in the [`Intake`], and what the cells are like in the
//! [`QualityBook`](quality::QualityBook).

mod blocks;
mod cells;
mod column_params;
mod column_ref;
mod columns;
mod constant;
mod contact_details;
mod currencies;
mod denials;
mod erase;
mod error;
mod failures;
mod file_plan;
mod file_type;
mod files;
mod format_params;
mod hint;
mod intake;
mod lines;
mod merge;
mod number_format;
mod plain;
pub mod quality;
mod reader;
mod rows;
mod sheet_ref;
mod source_params;
mod source_table;
pub mod survey;
mod tally;

pub use cells::masked;
pub use column_params::{ColumnParams, ColumnsParams};
pub use column_ref::ColumnRef;
pub use columns::{ColumnsValidParams, Feed, FileColumn, MappedColumn};
pub use constant::Constant;
pub use error::IngestError;
pub use failures::SetAside;
pub use file_type::FileType;
pub use files::{SourceFile, content_hash, source_files};
pub use format_params::{FormatParams, FormatValidParams};
pub use intake::{FileIntake, Intake};
pub use lines::ReadLines;
pub use plain::{PLAIN_ONE, PlainColumn, PlainDefect, PlainFile, PlainNumber, PlainRows};
pub use reader::{
    FileBlock, FilePart, LineSource, OpenSegment, ReadParams, ReadTask, SegmentSink, Stretch, can_be_cut, file_fields,
    read_segments,
};
pub use sheet_ref::SheetRef;
pub use source_params::{
    DuplicatesParams, SourceDefaults, SourceParams, SourceParamsError, SourceValidParams, check_unique_names,
};
pub use source_table::{ReadSinks, SourceRows, SourceTableParams, source_table};
