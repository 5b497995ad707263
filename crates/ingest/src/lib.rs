//! Raw files to typed source tables and quarantined rows.
//!
//! What the pipeline declares of a source is a [`SourceParams`], checked to a
//! [`SourceValidParams`]. [`source_files`] looks at its files, and [`source_lines`] is the flow of their
//! lines. Rows that cannot be taken as declared go to the quarantine and the ledger; what the
//! reader itself counted stands in the [`Intake`].

mod column_params;
mod error;
mod file_plan;
mod files;
mod format_params;
mod hint;
mod intake;
mod lines;
mod reader;
mod source_params;
mod tally;

pub use column_params::{ColumnParams, ColumnRef, ColumnsParams, ColumnsValidParams};
pub use error::IngestError;
pub use files::{SourceFile, source_files};
pub use format_params::{FormatParams, FormatValidParams};
pub use intake::{FileIntake, Intake};
pub use reader::{LineSource, ReadParams, ReadSinks, source_lines};
pub use source_params::{
    DuplicatesParams, SourceDefaults, SourceParams, SourceParamsError, SourceTable, SourceValidParams,
    check_unique_names,
};
