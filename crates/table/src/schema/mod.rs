//! What published tables look like from outside, and how that changes from version to version.
//!
//! Dashboards and queries stand on the names and types of columns. So they are numbered: [`SCHEMA_VERSION`] goes up when
//! tables or columns change, `docs/schema-changes.md` announces each change, a test holds the contracts against the
//! tables of the last released version, and every run compares itself with the run before it.

mod changes;
mod description;

pub use changes::{SchemaChange, schema_changes};
pub use description::{ColumnDescription, TableDescription};

/// The version of the published tables' names, columns and types.
pub const SCHEMA_VERSION: u32 = 1;
