//! What can go wrong between a table and the disk.

use std::io;
use std::path::{Path, PathBuf};

use ::parquet::errors::ParquetError;
use arrow::error::ArrowError;
use cartera_table::TableError;
use polars::error::PolarsError;
use thiserror::Error;

use super::run_ref::RunRef;
use super::warehouse::NOTHING_YET;
use crate::error::with_causes;

/// Why the warehouse cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The operating system refused.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried: `create`, `read`, `rename`.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The warehouse's path is something else than a folder.
    #[error("the warehouse {path} is not a folder")]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// Another run publishes into the same warehouse.
    #[error("another run ({holder}) is publishing into {warehouse}")]
    Locked {
        /// The warehouse.
        warehouse: PathBuf,
        /// The process that holds the lock, and since when.
        holder: String,
    },
    /// Text that names no run.
    #[error("{text:?} names no run: write current, a day such as 2011-12-09, or a day and a run such as 2011-12-09/3")]
    BadSelector {
        /// The text.
        text: String,
    },
    /// The run is not there.
    #[error("{warehouse} has no run {selector}; published: {available}")]
    RunNotFound {
        /// The warehouse.
        warehouse: PathBuf,
        /// What was asked for.
        selector: String,
        /// What there is, newest first.
        available: String,
    },
    /// The run has no such table.
    #[error("run {run} has no table {table}; it has {available}")]
    TableNotFound {
        /// The run.
        run: RunRef,
        /// The table asked for.
        table: String,
        /// The tables that it has.
        available: String,
    },
    /// A query that cannot be answered.
    #[error("cannot answer the query {sql:?}: {reason}")]
    Query {
        /// The query.
        sql: String,
        /// What the engine said.
        reason: String,
    },
    /// The manifest is not the JSON that it should be.
    #[error("manifest {path} is malformed")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// The manifest was written by a newer build.
    #[error("manifest {path} has format {found}, this build reads up to {supported}")]
    NewerManifest {
        /// The manifest.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this build knows.
        supported: u32,
    },
    /// The manifest belongs to another run: the folder was moved or copied by hand.
    #[error("manifest {path} is that of run {found}")]
    MisplacedManifest {
        /// The manifest.
        path: PathBuf,
        /// The run that it describes.
        found: RunRef,
    },
    /// A model's content is not what its name says.
    #[error("the model {path} was damaged or changed by hand")]
    DamagedModel {
        /// The model.
        path: PathBuf,
    },
    /// What is known of erased people is not the JSON that it should be.
    #[error("{path}, by which erased people are kept out, is malformed")]
    Erased {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// It was written by a newer build.
    #[error("{path} has format {found}, this build reads up to {supported}")]
    NewerErased {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this build knows.
        supported: u32,
    },
    /// It knows of fewer erased keys than a run does.
    #[error("{path} knows {found} erased keys, and run {run} was made without {expected}: some would come back")]
    LostErased {
        /// The file.
        path: PathBuf,
        /// The run.
        run: RunRef,
        /// Keys that the run was made without.
        expected: u64,
        /// Keys that the file knows.
        found: u64,
    },
    /// A run was made before somebody was erased whom it tells of, and is still to be replaced.
    #[error("run {run} still tells of somebody who was erased")]
    StillTellsErased {
        /// The run.
        run: RunRef,
    },
    /// It knows other erased keys than a run does.
    #[error("{path} does not know the keys that run {run} was made without: some of these people would come back")]
    OtherErased {
        /// The file.
        path: PathBuf,
        /// The run.
        run: RunRef,
    },
    /// A table broke its contract.
    #[error("{path} breaks its contract")]
    Contract {
        /// The file.
        path: PathBuf,
        /// How.
        source: TableError,
    },
    /// A column could not be handed from the frame engine to the Parquet writer.
    #[error("column {column} cannot be written to {path}")]
    HandOver {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What the receiving side said.
        source: ArrowError,
    },
    /// A column has another type than its contract says.
    #[error("column {column} of {path} is {found}, not {expected}")]
    OtherType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// The type that it should have.
        expected: String,
    },
    /// The file has no such column.
    #[error("{path} has no column {column}; it has {available}")]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The columns that it has.
        available: String,
    },
    /// The Parquet crate could not write or read a file.
    #[error("the Parquet file {path} cannot be written or read")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: ParquetError,
    },
    /// The frame engine could not read a file.
    #[error("the Parquet file {path} cannot be read")]
    Frame {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: PolarsError,
    },
    /// A file's rows are not as many as its footer says.
    #[error("{path} holds {decoded} rows, its footer says {footer}")]
    RowCount {
        /// The file.
        path: PathBuf,
        /// Rows that could be decoded.
        decoded: u64,
        /// Rows that the footer promises.
        footer: u64,
    },
    /// A sum left the range of 128 bits.
    #[error("the sum of column {column} of {path} overflows 128 bits")]
    Overflow {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
}

impl StoreError {
    /// What to do about it, where that does not follow from the message.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => {
                    "give this user the right to it, or choose another --warehouse (quarantine is for its owner alone)"
                }
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "free some space, for instance with cartera prune; what was published before is whole"
                }
                _ => return None,
            },
            Self::NotAFolder { .. } => "choose another --warehouse",
            Self::Locked { .. } => "wait for it or choose another --warehouse",
            Self::RunNotFound { available, .. } if available == NOTHING_YET => {
                "name the folder that runs are published in, or the pipeline file, with --warehouse"
            }
            Self::RunNotFound { .. } => "choose one of these, or current for the newest",
            Self::Erased { .. } | Self::LostErased { .. } | Self::OtherErased { .. } => {
                "put the file back from a backup of the warehouse: raw files would bring back who was erased"
            }
            Self::StillTellsErased { .. } => "`cartera forget` with the same key finishes what was begun",
            Self::NewerManifest { .. } | Self::NewerErased { .. } => "use a newer version of cartera",
            Self::MisplacedManifest { .. } => "move the folder back to where it was",
            Self::Parquet { .. } | Self::Frame { .. } | Self::RowCount { .. } => {
                "the file or the disk may be damaged: compare the file's hash with the run's manifest.json, and run again"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }

    /// The message with those of its causes, for warnings, which are text.
    pub(crate) fn with_causes(&self) -> String {
        with_causes(self)
    }

    /// For `map_err` on calls to the operating system.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// For `map_err` on calls to the Parquet crate. A full disk is told as one.
    pub(crate) fn parquet(path: &Path) -> impl Fn(ParquetError) -> Self + Copy {
        move |source| match source {
            ParquetError::External(cause) => match cause.downcast::<io::Error>() {
                Ok(source) => Self::io("write or read", path)(*source),
                Err(cause) => Self::Parquet {
                    path: path.to_owned(),
                    source: ParquetError::External(cause),
                },
            },
            source => Self::Parquet {
                path: path.to_owned(),
                source,
            },
        }
    }

    /// For `map_err` on calls to the frame engine.
    pub(crate) fn frame(path: &Path) -> impl Fn(PolarsError) -> Self + Copy {
        move |source| Self::Frame {
            path: path.to_owned(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_once() {
        let error =
            StoreError::io("read", Path::new("/x"))(io::Error::new(io::ErrorKind::PermissionDenied, "not yours"));
        assert_eq!(error.to_string(), "cannot read /x");
        assert_eq!(error.with_causes(), "cannot read /x: not yours");
        assert!(error.hint().is_some_and(|hint| hint.contains("the right to it")));
    }

    #[test]
    fn a_full_disk_is_told_as_one() {
        let full = ParquetError::from(io::Error::from(io::ErrorKind::StorageFull));
        let error = StoreError::parquet(Path::new("/x"))(full);
        assert!(matches!(error, StoreError::Io { .. }), "{error:?}");
        assert!(error.hint().is_some_and(|hint| hint.contains("free some space")));
        let other = StoreError::parquet(Path::new("/x"))(ParquetError::General("no".into()));
        assert_eq!(
            other.with_causes(),
            "the Parquet file /x cannot be written or read: Parquet error: no"
        );
    }
}
