//! Small warehouses for the tests of this folder.

use cartera_table::contracts::IdentityLinks;
use cartera_table::{AsOf, Table};
use polars::prelude::df;
use tempfile::TempDir;

use super::manifest::RunRecord;
use super::parquet::{FileStamp, TableFile};
use super::run_ref::RunSelector;
use super::staging::Staging;
use super::warehouse::Warehouse;

pub(crate) fn as_of(text: &str) -> AsOf {
    AsOf(text.parse().expect("a day"))
}

pub(crate) fn selector(text: &str) -> RunSelector {
    text.parse().expect("a selector")
}

/// A small table.
pub(crate) fn links(keys: &[&str]) -> Table<IdentityLinks> {
    let frame = df!(
        "key_space" => vec!["main"; keys.len()],
        "source_key" => keys,
        "customer_id" => keys,
        "rule" => vec!["same_key"; keys.len()],
        "score" => vec![1.0; keys.len()],
    );
    Table::sorted(frame.expect("columns of one length")).expect("a valid table")
}

pub(crate) fn write_links(staging: &mut Staging<'_>) -> TableFile {
    staging
        .write_table(
            &links(&["a", "b"]),
            &FileStamp {
                fingerprint: "f00d",
                version: "0.1.0",
            },
        )
        .expect("written")
}

/// A warehouse with a run for each of the days, published in that order.
pub(crate) fn publish_runs(days: &[&str]) -> (TempDir, Warehouse) {
    let folder = tempfile::tempdir().expect("a folder");
    let warehouse = Warehouse::open(folder.path().join("warehouse")).expect("opened");
    let lock = warehouse.lock("now").expect("free");
    for day in days {
        let mut staging = lock.stage().expect("staged");
        write_links(&mut staging);
        let published = staging.publish(as_of(day), RunRecord::default()).expect("published");
        assert!(published.warning.is_none(), "{published:?}");
    }
    drop(lock);
    (folder, warehouse)
}
