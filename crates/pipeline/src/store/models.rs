//! Fitted models, each in a file that is named by the hash of its content.
//!
//! A run names the models that it used in its manifest, and the next night goes on with them. Several runs share a
//! file; it goes when no run that is left names it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::durable::{create_folder, remove_any, sync_folder, write_new};
use super::error::StoreError;
use super::warehouse::{RunListing, Warehouse};

const MODELS_FOLDER: &str = "models";

/// The name of a model's content: its BLAKE3 hash in hexadecimal.
pub(crate) fn model_hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

/// Writes and syncs a model unless it stands there, and says its hash. It is written beside its place first, so that
/// a file that has the name also has the content.
pub(crate) fn write(warehouse: &Warehouse, staging: &Path, content: &[u8]) -> Result<String, StoreError> {
    let hash = model_hash(content);
    let path = path_of(warehouse, &hash);
    let folder = warehouse.root().join(MODELS_FOLDER);
    if !fs::read(&path).is_ok_and(|known| known == content) {
        create_folder(&folder)?;
        let written = staging.join(format!("model-{hash}"));
        remove_any(&written)?;
        write_new(&written, content)?;
        fs::rename(&written, &path).map_err(StoreError::io("write", &path))?;
    }
    // Where it stood there already, the run that wrote it may have died before this.
    sync_folder(&folder)?;
    sync_folder(warehouse.root())?;
    Ok(hash)
}

/// The content of a model.
pub(crate) fn read(warehouse: &Warehouse, hash: &str) -> Result<Vec<u8>, StoreError> {
    let path = path_of(warehouse, hash);
    let content = fs::read(&path).map_err(StoreError::io("read", &path))?;
    if model_hash(&content) == hash {
        Ok(content)
    } else {
        Err(StoreError::DamagedModel { path })
    }
}

/// Removes the models that no run names. As long as a run cannot be read, nobody knows what it names, and all stay.
pub(crate) fn prune(warehouse: &Warehouse, listing: &RunListing) -> Result<(), StoreError> {
    let folder = warehouse.root().join(MODELS_FOLDER);
    if !listing.unreadable.is_empty() || !folder.is_dir() {
        return Ok(());
    }
    let records = listing.runs.iter().flat_map(|run| &run.manifest.record.models);
    let named: BTreeSet<PathBuf> = records
        .flat_map(|record| record.hashes())
        .map(|hash| path_of(warehouse, hash))
        .collect();
    let mut has_changed = false;
    for entry in fs::read_dir(&folder).map_err(StoreError::io("list", &folder))? {
        let path = entry.map_err(StoreError::io("list", &folder))?.path();
        if !named.contains(&path) {
            remove_any(&path)?;
            has_changed = true;
        }
    }
    if has_changed { sync_folder(&folder) } else { Ok(()) }
}

fn path_of(warehouse: &Warehouse, hash: &str) -> PathBuf {
    warehouse.root().join(MODELS_FOLDER).join(format!("{hash}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::manifest::{ModelRecord, RunRecord};
    use crate::store::test_support::{as_of, publish_runs, write_links};

    fn models(warehouse: &Warehouse) -> usize {
        fs::read_dir(warehouse.root().join(MODELS_FOLDER))
            .expect("listed")
            .count()
    }

    #[test]
    fn a_model_is_read_as_it_was_written_and_stands_there_once() {
        let (_folder, warehouse) = publish_runs(&[]);
        let lock = warehouse.lock("now").expect("free");
        let staging = lock.stage().expect("staged");
        let first = staging.write_model(b"{}").expect("written");
        assert_eq!(staging.write_model(b"{}").expect("written"), first);
        assert_ne!(staging.write_model(b"[]").expect("written"), first);
        assert_eq!(models(&warehouse), 2);
        assert_eq!(warehouse.model(&first).expect("read"), b"{}");
        assert!(matches!(warehouse.model("f00d"), Err(StoreError::Io { .. })));
    }

    #[test]
    fn a_model_that_was_changed_is_told_and_written_anew() {
        let (_folder, warehouse) = publish_runs(&[]);
        let lock = warehouse.lock("now").expect("free");
        let staging = lock.stage().expect("staged");
        let hash = staging.write_model(b"{}").expect("written");
        fs::write(path_of(&warehouse, &hash), "{ }").expect("written");
        assert!(matches!(warehouse.model(&hash), Err(StoreError::DamagedModel { .. })));
        staging.write_model(b"{}").expect("written");
        assert_eq!(warehouse.model(&hash).expect("read"), b"{}");
    }

    #[test]
    fn models_go_with_the_last_run_that_names_them() {
        let (_folder, warehouse) = publish_runs(&[]);
        let lock = warehouse.lock("now").expect("free");
        for (day, model) in [("2011-10-31", "old"), ("2011-11-30", "kept"), ("2011-12-09", "kept")] {
            let mut staging = lock.stage().expect("staged");
            write_links(&mut staging);
            let hash = staging.write_model(model.as_bytes()).expect("written");
            let record = RunRecord {
                models: vec![ModelRecord {
                    hash,
                    ..ModelRecord::default()
                }],
                ..RunRecord::default()
            };
            staging.publish(as_of(day), record).expect("published");
        }
        assert_eq!(models(&warehouse), 2);
        lock.prune(2).expect("pruned");
        assert_eq!(models(&warehouse), 1);
        assert_eq!(
            warehouse.model(&model_hash(b"kept")).expect("read"),
            b"kept",
            "the runs that are left name it"
        );
    }
}
