//! Tables to Parquet files that any reader opens, and that are equal byte for byte for equal tables.
//!
//! The Apache writer is used because it writes what the frame engine's does not: required columns,
//! a page index, sort order and column descriptions. Frames reach it without a copy.

mod handover;
mod layout;
mod lookup;
mod writer;

pub use layout::FileStamp;
pub(super) use lookup::rows_with;
pub(super) use writer::ROW_GROUP_ROWS;
pub use writer::{TableFile, TableWriter, write_table};
