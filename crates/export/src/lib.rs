//! Published tables into databases.
//!
//! [`export`] loads tables into a schema of PostgreSQL in one transaction: each is filled beside the old one by binary
//! COPY and takes its place at the end, so that readers see all of the old tables or all of the new ones. A connection
//! that breaks leaves what was there.

mod address;
mod encode;
mod error;
mod existing;
mod load;
mod plan;
mod report;
mod source;
mod sql;
mod tls;
mod wire;

pub use address::Address;
pub use error::ExportError;
pub use existing::Dependent;
pub use load::{ExportOptions, export};
pub use report::{ExportObserver, ExportReport, ExportedTable, Replaced};
pub use source::{ExportSource, Frames, RunStamp};
pub use sql::schema_name;
