//! What is true of one execution and not of its tables: times, paths, threads, memory, run number.
//!
//! Tables of equal fingerprints are equal byte for byte, so all that may differ stands here alone.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable;
use super::error::StoreError;
use super::parquet::TableFile;
use super::run_ref::RunRef;

/// The manifest's name in the run's folder.
pub const MANIFEST_FILE: &str = "manifest.json";

/// The format that this build writes, and the newest that it reads.
const FORMAT_VERSION: u32 = 1;

/// A published run's manifest: where it stands, what the runner recorded, and its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this file's format.
    pub format_version: u32,
    /// The run: its `as_of` and `run`.
    #[serde(flatten)]
    pub reference: RunRef,
    /// What the runner recorded.
    #[serde(flatten)]
    pub record: RunRecord,
    /// The files, in the order in which they were written.
    pub tables: Vec<TableFile>,
}

/// What the runner records of a run. The store adds run number and files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The pipeline's name.
    pub pipeline: String,
    /// Hash of all that the tables depend on.
    pub fingerprint: String,
    /// The run whose state was carried over: the newest one with an earlier day.
    pub prior_state: Option<RunRef>,
    /// The version of cartera that ran.
    pub cartera_version: String,
    /// Hash of the config.
    pub config_hash: String,
    /// When the run began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: String,
    /// How long it took.
    pub seconds: f64,
    /// Threads that it could use.
    pub threads: usize,
    /// Memory that it was allowed.
    pub memory_limit_bytes: u64,
    /// Memory that it took at most; null where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// Bytes that did not fit in memory and waited on disk.
    #[serde(default)]
    pub spilled_bytes: u64,
    /// The files that were read.
    pub inputs: Vec<InputRecord>,
    /// The totals.
    pub totals: Totals,
    /// Where every row went, in short.
    pub ledger: Vec<LedgerRecord>,
    /// The stages, in order.
    pub stages: Vec<StageRecord>,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// Everything that the run was told: the config with its defaults filled in.
    pub parameters: serde_json::Value,
}

/// A file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// The pipeline's name of the source.
    pub source: String,
    /// The file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Hash of its content, in hexadecimal.
    pub blake3: String,
    /// Its rows, without the header.
    pub rows: u64,
}

/// The run in a few numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows read.
    pub rows_in: u64,
    /// The amount of all that could be read, as exact decimal text.
    pub amount_in: String,
    /// Rows among the customers' lines.
    pub rows_kept: u64,
    /// Rows of guests: no customer key.
    pub guest_rows: u64,
    /// Rows that were merged into equal ones.
    pub merged_rows: u64,
    /// Rows out of scope for another reason than being a guest's.
    pub out_of_scope_rows: u64,
    /// Rows set aside as defects.
    pub quarantined_rows: u64,
    /// Customers published.
    pub customers: u64,
    /// Of these, customers with at least one order.
    pub customers_with_orders: u64,
    /// Orders of customers.
    pub orders: u64,
    /// Net sales of customers, as exact decimal text.
    pub net_sales: String,
    /// Orders of guests.
    pub guest_orders: u64,
    /// Net sales to guests, as exact decimal text.
    pub guest_net_sales: String,
    /// The currency, an ISO 4217 code.
    pub currency: String,
}

/// One cell of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRecord {
    /// The source.
    pub source: String,
    /// `customer` or `guest`; null where it could not be read.
    pub party: Option<String>,
    /// Kind of the lines; null where it was not decided.
    pub line_kind: Option<String>,
    /// `kept`, `merged`, `quarantined` or `out_of_scope`.
    pub disposition: String,
    /// Why they are not among the customers' lines.
    pub reason: Option<String>,
    /// Currency of the amounts.
    pub currency: String,
    /// Rows in the cell.
    pub rows: u64,
    /// Sum of the amounts, as exact decimal text.
    pub amount: String,
}

/// One stage of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// The stage.
    pub name: String,
    /// Rows that came out of it.
    pub rows: u64,
    /// How long it took.
    pub seconds: f64,
}

impl Manifest {
    /// The manifest of a run that is about to be published.
    pub(crate) fn new(reference: RunRef, record: RunRecord, tables: Vec<TableFile>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            reference,
            record,
            tables,
        }
    }

    /// Writes and syncs the manifest in the run's folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(MANIFEST_FILE);
        let mut text = serde_json::to_vec_pretty(self).map_err(|source| StoreError::Manifest {
            path: path.clone(),
            source,
        })?;
        text.push(b'\n');
        durable::write_new(&path, &text)
    }

    /// Reads the manifest of the run in that folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, StoreError> {
        /// Read first, because a newer format may have other fields.
        #[derive(Deserialize)]
        struct Format {
            format_version: u32,
        }

        let path = folder.join(MANIFEST_FILE);
        let text = fs::read(&path).map_err(StoreError::io("read", &path))?;
        let malformed = |source| StoreError::Manifest {
            path: path.clone(),
            source,
        };
        let Format { format_version } = serde_json::from_slice(&text).map_err(malformed)?;
        if format_version > FORMAT_VERSION {
            return Err(StoreError::NewerManifest {
                path,
                found: format_version,
                supported: FORMAT_VERSION,
            });
        }
        serde_json::from_slice(&text).map_err(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let record = RunRecord {
            pipeline: "retail".into(),
            prior_state: Some("2011-11-30/2".parse().expect("a run")),
            seconds: 1.25,
            memory_limit_bytes: u64::MAX,
            totals: Totals {
                net_sales: "8911407.9040".into(),
                ..Totals::default()
            },
            parameters: serde_json::json!({"seed": 7, "bins": [1.5, 2.0]}),
            ..RunRecord::default()
        };
        let table = TableFile {
            name: "ledger".into(),
            rows: 3,
            bytes: 4,
            blake3: "00".into(),
        };
        Manifest::new("2011-12-09/3".parse().expect("a run"), record, vec![table])
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        manifest().write(folder.path()).expect("written");
        assert_eq!(Manifest::read(folder.path()).expect("read"), manifest());
    }

    #[test]
    fn keys_stand_in_a_fixed_order() {
        let text = serde_json::to_string_pretty(&manifest()).expect("json");
        let keys: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("  \"")?.split('"').next())
            .collect();
        assert_eq!(keys[..4], ["format_version", "as_of", "run", "pipeline"]);
        assert_eq!(keys.last(), Some(&"tables"));
        assert!(text.contains("\"as_of\": \"2011-12-09\",\n  \"run\": 3,"), "{text}");
    }

    #[test]
    fn a_newer_format_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(
            folder.path().join(MANIFEST_FILE),
            r#"{"format_version": 99, "unknown": true}"#,
        )
        .expect("written");
        assert!(matches!(
            Manifest::read(folder.path()),
            Err(StoreError::NewerManifest { found: 99, .. })
        ));
    }
}
