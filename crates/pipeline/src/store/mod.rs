//! The warehouse on disk: what a run publishes, where it stands, and how it gets there in one piece.
//!
//! ```text
//! <warehouse>/
//!   runs/as_of=2011-12-09/run=3/<table>.parquet, report.html, manifest.json
//!   runs/as_of=2011-12-09/run=3/lists/  files of target lists, for the owner alone
//!   current -> runs/as_of=2011-12-09/run=3
//!   models/<hash>.json  fitted models that manifests name
//!   erased.json        salted hashes of the keys of erased people
//!   .staging/          what is being written, and what commands that publish nothing work with; what nobody works
//!                      with is removed by the next holder of the lock
//!   .lock              held by the run that publishes
//! ```
//!
//! A run is written and synced in `.staging`, its manifest last, and one rename makes it visible.
//! So a kill at any moment leaves the last published run whole. This is the only place in the
//! workspace that writes files, and the only one that knows the Apache Arrow and Parquet crates.

mod current;
mod description;
mod durable;
mod erased;
mod error;
mod frames;
mod hashing;
mod lists;
mod lock;
pub mod lookup;
mod manifest;
mod models;
pub mod parquet;
mod prune;
pub mod read;
mod run_ref;
mod scratch;
mod spill;
mod sql;
mod staging;
#[cfg(test)]
mod test_support;
mod warehouse;

pub(crate) use durable::create_private_folder;
pub(crate) use erased::check_complete;
pub use erased::{ErasedRecord, Erasure, ReplacedRun};
pub use error::StoreError;
pub use frames::TableFrames;
pub use lists::{ListFile, ListWriter, write_answer, write_list};
pub use lock::{LockReport, WarehouseLock};
pub use manifest::{
    AskedRecord, BacktestRecord, EffectRecord, ErasedKeysRecord, InputRecord, LedgerRecord, LifetimeRecord,
    MANIFEST_FILE, Manifest, MarginTotals, ModelRecord, MonthRecord, ProfitTotals, ReadingRecord, ReferenceRecord,
    Replacement, ReturnRecord, RunRecord, SchemaChangesRecord, SourceTableRecord, StageRecord, Totals,
};
pub use parquet::{FileStamp, TableFile};
pub use read::{ReadOptions, Recount};
pub use run_ref::{RunRef, RunSelector};
pub(crate) use scratch::ScratchFolder;
pub use spill::DiskSpill;
pub use sql::RunSql;
pub(crate) use sql::{first_paragraph, scan};
pub use staging::{Publication, REPORT_FILE, Staging};
pub use warehouse::{PublishedRun, RunListing, UnreadableRun, Warehouse};
