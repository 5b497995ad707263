//! Bytes to records to typed columns, with every failed cell reported.
//!
//! The reader is strict: a cell either is what its column declares, or it is null in the column and
//! listed as a [`CellFailure`]; a record that cannot be cut into the declared number of fields is
//! listed as a [`RejectedRecord`]. Nothing is guessed and nothing vanishes: for every block,
//! `records == rows + rejected`, where `records` is counted by the [`Splitter`] without the parser.
//!
//! The three steps, so that the middle of the work can run on many threads:
//!
//! 1. [`open`] gives the plain bytes of a file, whatever its compression, and [`decode`] makes UTF-8
//!    of them, whatever their encoding;
//! 2. [`Splitter`] cuts them into [`Block`]s of whole records, cheaply, on one thread: lines of
//!    delimited fields, or JSON objects ([`RecordFormat`]). [`BlockBuilder`] takes its place for
//!    formats that another library reads;
//! 3. [`Plan::parse`] turns a block into typed columns; it is pure and shared between threads.
//!
//! ```
//! use cartera_raw::{
//!     Column, ColumnKind, ColumnSpec, DateFormat, DecimalFormat, Dialect, Plan, RawError, Splitter,
//! };
//!
//! # fn main() -> Result<(), RawError> {
//! let file = "order,day,price\nA1,2011-01-31,12.50\nA2,2011-02-31,3\n";
//! let dialect = Dialect::default();
//! let mut splitter = Splitter::new(file.as_bytes(), &dialect, 4 << 20);
//! let names = splitter.header()?.unwrap_or_default();
//! assert_eq!(names, ["order", "day", "price"]);
//!
//! let column = |name: &str, field, kind| ColumnSpec {
//!     name: name.to_owned(),
//!     field,
//!     kind,
//!     required: true,
//!     null_values: Vec::new(),
//! };
//! let columns = vec![
//!     column("order", 0, ColumnKind::Text),
//!     column("day", 1, ColumnKind::Date(DateFormat::new("%Y-%m-%d")?.into())),
//!     column("price", 2, ColumnKind::Decimal(DecimalFormat::default())),
//! ];
//! let plan = Plan::new(dialect, columns, names.len())?;
//! while let Some(block) = splitter.next_block()? {
//!     let parsed = plan.parse(&block);
//!     assert_eq!(block.records as usize, parsed.row_count() + parsed.rejected.len());
//!     assert_eq!(parsed.lines, [2, 3]);
//!     let Column::Decimal(prices) = &parsed.columns[2] else { unreachable!() };
//!     assert_eq!(prices.values, [12_500_000, 3_000_000]);
//!     let failure = &parsed.failures[0];
//!     assert_eq!((failure.row, failure.value.as_str()), (1, "2011-02-31"));
//!     assert_eq!(failure.reason.slug(), "no_such_day");
//! }
//! # Ok(())
//! # }
//! ```

mod builder;
mod cells;
mod column;
mod count;
mod date_format;
mod date_formats;
mod date_layout;
mod date_parse;
mod date_samples;
mod decimal;
mod decimal_marks;
mod decode;
mod dialect;
mod error;
mod extent;
mod failure;
mod fields;
mod index;
mod json_array;
mod json_paths;
mod json_walk;
mod open;
mod plan;
mod records;
mod split;
mod walk;
mod windows;

pub use cells::{BlockBuilder, CellValue};
pub use column::{Bitmap, Column, TextColumn, ValueColumn};
pub use date_format::DateFormat;
pub use date_formats::DateFormats;
pub use decimal::DecimalFormat;
pub use decimal_marks::NegativeStyles;
pub use decode::{Encoding, decode, is_passed_on};
pub use dialect::{Delimiter, Dialect};
pub use error::RawError;
pub use failure::{CellFailure, CellReason, RecordReason, RejectedRecord};
pub use open::{decompress, is_compressed, open};
pub use plan::{ColumnKind, ColumnSpec, ParsedBlock, Plan};
pub use records::{JsonFormat, RecordFormat};
pub use split::{Block, Splitter};
