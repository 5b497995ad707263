//! A run while it is written: out of sight, then visible by one rename.
//!
//! ```text
//! .staging/run-4711-0/run/     becomes runs/as_of=2011-12-09/run=3
//! .staging/run-4711-0/spill/   what did not fit in memory; never published
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use cartera_table::{AsOf, Contract, Table};

use super::durable::{self, create_folder, create_private_folder, sync_folder};
use super::error::StoreError;
use super::lists::{ListFile, ListWriter, written_private};
use super::lock::WarehouseLock;
use super::manifest::{Manifest, RunRecord};
use super::models;
use super::parquet::{self, FileStamp, TableFile, TableWriter};
use super::warehouse::PublishedRun;

/// Where a run's target lists stand.
pub(super) const LISTS_FOLDER: &str = "lists";

/// The page that people open, in the run's folder.
pub const REPORT_FILE: &str = "report.html";

/// A run that is being written. Dropped without being published, it leaves nothing.
#[derive(Debug)]
pub struct Staging<'lock> {
    lock: &'lock WarehouseLock,
    folder: PathBuf,
    tables: Vec<TableFile>,
    lists: Vec<ListFile>,
}

/// A run that is visible now.
#[derive(Debug)]
pub struct Publication {
    /// The run.
    pub run: PublishedRun,
    /// What failed after the run became visible, and does not take it back: `current` may name the
    /// run before until the next one. With its causes.
    pub warning: Option<String>,
}

impl<'lock> Staging<'lock> {
    pub(crate) fn create(lock: &'lock WarehouseLock, folder: PathBuf) -> Result<Self, StoreError> {
        // Made first, so that a folder that could be created only in part is removed as well.
        let staging = Self {
            lock,
            folder,
            tables: Vec::new(),
            lists: Vec::new(),
        };
        create_folder(&staging.path())?;
        Ok(staging)
    }

    /// The lock that the run is written under.
    #[must_use]
    pub fn lock(&self) -> &'lock WarehouseLock {
        self.lock
    }

    /// The folder that becomes the run's.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join("run")
    }

    /// The path of a table that was or will be written.
    #[must_use]
    pub fn table_path(&self, table: &str) -> PathBuf {
        self.path().join(format!("{table}.parquet"))
    }

    /// The tables written so far.
    #[must_use]
    pub fn tables(&self) -> &[TableFile] {
        &self.tables
    }

    /// A folder, for the owner alone, for what does not fit in memory; gone with the staging.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spill_dir(&self) -> Result<PathBuf, StoreError> {
        let path = self.folder.join("spill");
        create_private_folder(&path)?;
        Ok(path)
    }

    /// Writes and syncs a table.
    ///
    /// # Errors
    /// When the table was written before, or the disk refuses.
    pub fn write_table<T: Contract>(
        &mut self,
        table: &Table<T>,
        stamp: &FileStamp<'_>,
    ) -> Result<TableFile, StoreError> {
        let file = parquet::write_table(table.frame(), &T::INFO, stamp, &self.table_path(T::INFO.name))?;
        self.tables.push(file.clone());
        Ok(file)
    }

    /// Writes and syncs a table that comes in parts, in the order of its grain.
    ///
    /// # Errors
    /// When a part cannot be had, the table was written before, or the disk refuses.
    pub fn write_parts<T: Contract, E: From<StoreError>>(
        &mut self,
        parts: impl IntoIterator<Item = Result<Table<T>, E>>,
        stamp: &FileStamp<'_>,
    ) -> Result<TableFile, E> {
        let path = self.table_path(T::INFO.name);
        let mut writer = TableWriter::create(&T::INFO, stamp, &path)?;
        for part in parts {
            writer.push(part?.into_frame())?;
        }
        let file = writer.finish()?;
        self.tables.push(file.clone());
        Ok(file)
    }

    /// Writes and syncs a model beside the runs, unless it stands there already, and says its hash. Where the run is
    /// not published after all, no run names the model, and the next pruning removes it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_model(&self, content: &[u8]) -> Result<String, StoreError> {
        models::write(self.lock.warehouse(), &self.folder, content)
    }

    /// Writes and syncs a file of a target list, for the owner alone, into the run's folder `lists`.
    ///
    /// # Errors
    /// When the file was written before, or the disk refuses.
    pub fn write_list(&mut self, name: &str, write: ListWriter<'_>) -> Result<(), StoreError> {
        let folder = self.path().join(LISTS_FOLDER);
        create_private_folder(&folder)?;
        let (bytes, content_hash) = written_private(&folder.join(name), write)?;
        sync_folder(&folder)?;
        self.lists.push(ListFile {
            name: name.to_owned(),
            bytes,
            content_hash,
        });
        Ok(())
    }

    /// Writes and syncs the page that people open, into the run's folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_report(&self, page: &str) -> Result<(), StoreError> {
        durable::write_new(&self.path().join(REPORT_FILE), page.as_bytes())
    }

    /// Makes the run visible as one of that day, with the number after the day's greatest.
    ///
    /// # Errors
    /// When the disk refuses; then nothing was published.
    pub fn publish(mut self, as_of: AsOf, record: RunRecord) -> Result<Publication, StoreError> {
        let warehouse = self.lock.warehouse();
        let reference = warehouse.next_run(as_of)?;
        let staged = self.path();

        fail::fail_point!("publish_before_manifest");
        let lists = std::mem::take(&mut self.lists);
        let manifest = Manifest::new(reference, record, std::mem::take(&mut self.tables), lists);
        manifest.write(&staged)?;
        sync_folder(&staged)?;

        let target = warehouse.root().join(reference.folder());
        // Always there: the folder is runs/as_of=../run=..
        let day = target.parent().unwrap_or(warehouse.root()).to_owned();
        create_folder(&day)?;
        sync_folder(&warehouse.runs_folder())?;
        sync_folder(warehouse.root())?;

        fail::fail_point!("publish_before_rename");
        fs::rename(&staged, &target).map_err(StoreError::io("publish", &target))?;

        // The run is visible: from here on nothing may say that it is not.
        fail::fail_point!("publish_before_current");
        let warning = self
            .settle(&day)
            .err()
            .map(|error| format!("run {reference} is published, but {}", error.with_causes()));
        Ok(Publication {
            run: PublishedRun {
                reference,
                path: target,
                manifest,
            },
            warning,
        })
    }

    fn settle(&self, day: &Path) -> Result<(), StoreError> {
        sync_folder(day)?;
        self.lock.repair_current().map(|_| ())
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        // What cannot be removed now, the next holder of the lock removes.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_support::{as_of, publish_runs, write_links};
    use crate::store::warehouse::Warehouse;

    fn staged_folders(warehouse: &Warehouse) -> usize {
        fs::read_dir(warehouse.root().join(".staging")).expect("listed").count()
    }

    #[test]
    fn a_published_run_is_whole_and_current() {
        let (_folder, warehouse) = publish_runs(&[]);
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        let file = write_links(&mut staging);
        fs::write(staging.spill_dir().expect("created").join("part"), "spilled").expect("written");
        assert!(
            warehouse.runs().expect("listed").runs.is_empty(),
            "nothing is visible before the rename"
        );

        let published = staging
            .publish(
                as_of("2011-12-09"),
                RunRecord {
                    pipeline: "retail".into(),
                    ..RunRecord::default()
                },
            )
            .expect("published");
        assert!(published.warning.is_none(), "{published:?}");
        assert_eq!(published.run.manifest.tables, [file]);
        assert_eq!(warehouse.runs().expect("listed").runs, [published.run]);
        let mut names: Vec<_> = fs::read_dir(warehouse.root().join("current"))
            .expect("listed")
            .map(|entry| entry.expect("listed").file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["identity_links.parquet", "manifest.json"],
            "the spill is not published"
        );
        assert_eq!(staged_folders(&warehouse), 0);
    }

    #[test]
    fn the_manifest_comes_last() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09"]);
        let run = warehouse.root().join("current");
        let modified = |name: &str| {
            fs::metadata(run.join(name))
                .and_then(|metadata| metadata.modified())
                .expect("there")
        };
        assert!(modified("manifest.json") >= modified("identity_links.parquet"));

        // A staging has none until it is published: whoever sees a manifest sees a whole run.
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        write_links(&mut staging);
        assert!(!staging.path().join("manifest.json").exists());
    }

    #[test]
    fn runs_of_a_day_are_numbered_on() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09", "2011-12-09", "2011-11-30", "2011-12-09"]);
        assert_eq!(
            warehouse
                .runs()
                .expect("listed")
                .current()
                .expect("there")
                .reference
                .to_string(),
            "2011-12-09/3"
        );
    }

    #[test]
    fn an_earlier_day_does_not_become_current() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09", "2011-11-30"]);
        assert_eq!(
            fs::read_link(warehouse.root().join("current")).expect("a link"),
            PathBuf::from("runs/as_of=2011-12-09/run=1")
        );
    }

    #[test]
    fn an_unpublished_staging_leaves_nothing() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09"]);
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        write_links(&mut staging);
        drop(staging);
        assert_eq!(staged_folders(&warehouse), 0);
        assert_eq!(warehouse.runs().expect("listed").runs.len(), 1);
    }

    #[test]
    fn a_run_that_cannot_become_visible_changes_nothing() {
        let (_folder, warehouse) = publish_runs(&["2011-11-30"]);
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        write_links(&mut staging);
        fs::write(warehouse.root().join("runs/as_of=2011-12-09"), "in the way").expect("written");
        assert!(staging.publish(as_of("2011-12-09"), RunRecord::default()).is_err());
        fs::remove_file(warehouse.root().join("runs/as_of=2011-12-09")).expect("removed");
        assert_eq!(warehouse.runs().expect("listed").runs.len(), 1);
        assert_eq!(staged_folders(&warehouse), 0);
    }

    #[test]
    fn a_table_is_written_once() {
        let (_folder, warehouse) = publish_runs(&[]);
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        let table = crate::store::test_support::links(&["a"]);
        let stamp = FileStamp {
            fingerprint: "f",
            version: "0",
        };
        staging.write_table(&table, &stamp).expect("written");
        assert!(matches!(
            staging.write_table(&table, &stamp),
            Err(StoreError::Io { .. })
        ));
    }

    #[test]
    fn stagings_of_one_lock_do_not_meet() {
        let (_folder, warehouse) = publish_runs(&[]);
        let lock = warehouse.lock("now").expect("free");
        let first = lock.stage().expect("staged");
        let second = lock.stage().expect("staged");
        assert_ne!(first.path(), second.path());
        assert_eq!(
            first
                .publish(as_of("2011-12-09"), RunRecord::default())
                .expect("published")
                .run
                .reference
                .run,
            1
        );
        assert_eq!(
            second
                .publish(as_of("2011-12-09"), RunRecord::default())
                .expect("published")
                .run
                .reference
                .run,
            2
        );
    }
}
