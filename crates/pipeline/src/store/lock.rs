//! At most one process publishes into a warehouse.
//!
//! The operating system holds the lock for the open file, so that it ends with the process however
//! the process ends. The file itself stays; only its lock counts.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::current;
use super::durable::{create_folder, create_private_folder, remove_any, sync_folder};
use super::erased::ErasedRecord;
use super::error::StoreError;
use super::run_ref::RunRef;
use super::scratch::is_held;
use super::staging::Staging;
use super::warehouse::{PublishedRun, Warehouse};
use super::{models, prune};

const LOCK_FILE: &str = ".lock";
pub(super) const STAGING_FOLDER: &str = ".staging";
const CACHE_FOLDER: &str = ".cache";

/// The right to publish into a warehouse; given up when dropped.
#[derive(Debug)]
pub struct WarehouseLock {
    warehouse: Warehouse,
    report: LockReport,
    stagings: AtomicU32,
    /// Holds the lock by being open.
    _file: File,
}

/// What was put in order when the lock was taken.
#[derive(Debug, Default)]
pub struct LockReport {
    /// Left-overs of runs that died, removed.
    pub removed_leftovers: usize,
    /// Whether `current` named another run than the newest.
    pub repaired_current: bool,
    /// What could not be put in order and is not needed to go on, with its causes.
    pub warnings: Vec<String>,
}

impl LockReport {
    /// What a person should know of it, in words; nothing where all was in order.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let mut messages = Vec::new();
        if self.removed_leftovers > 0 {
            messages.push(format!(
                "removed what {} unfinished run(s) had left in {STAGING_FOLDER}",
                self.removed_leftovers
            ));
        }
        if self.repaired_current {
            messages.push("current did not name the newest run; repaired".to_owned());
        }
        messages.extend(self.warnings.iter().cloned());
        messages
    }
}

impl WarehouseLock {
    pub(crate) fn acquire(warehouse: &Warehouse, now: &str) -> Result<Self, StoreError> {
        create_folder(warehouse.root())?;
        let file = take_lock(warehouse.root(), now)?;
        let mut lock = Self {
            warehouse: warehouse.clone(),
            report: LockReport::default(),
            stagings: AtomicU32::new(0),
            _file: file,
        };
        lock.report.removed_leftovers = lock.remove_leftovers()?;
        match lock.repair_current() {
            Ok(repaired) => lock.report.repaired_current = repaired,
            Err(error) => lock.report.warnings.push(error.with_causes()),
        }
        Ok(lock)
    }

    /// The warehouse that is locked.
    #[must_use]
    pub fn warehouse(&self) -> &Warehouse {
        &self.warehouse
    }

    /// What was put in order when the lock was taken.
    #[must_use]
    pub fn report(&self) -> &LockReport {
        &self.report
    }

    /// Begins a run. Its day may still be unknown: the latest one in the data.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stage(&self) -> Result<Staging<'_>, StoreError> {
        let number = self.stagings.fetch_add(1, Ordering::Relaxed);
        Staging::create(
            self,
            self.staging_folder()
                .join(format!("run-{}-{number}", std::process::id())),
        )
    }

    /// Removes old runs: all but the newest `keep_runs`, the current one and the state that it names.
    /// Says which, oldest first.
    ///
    /// # Errors
    /// When the disk refuses. What was removed until then stays removed.
    pub fn prune(&self, keep_runs: usize) -> Result<Vec<RunRef>, StoreError> {
        let removed = prune::prune(&self.warehouse, &self.staging_folder(), keep_runs)?;
        models::prune(&self.warehouse, &self.warehouse.runs()?)?;
        Ok(removed)
    }

    /// Removes one run, whatever needs it. `current` may name it until it is repaired.
    pub(crate) fn remove_run(&self, run: &PublishedRun) -> Result<(), StoreError> {
        prune::remove(run, &self.staging_folder())
    }

    /// Removes the models that no run names.
    pub(crate) fn remove_unnamed_models(&self) -> Result<(), StoreError> {
        models::prune(&self.warehouse, &self.warehouse.runs()?)
    }

    /// Removes all that runs left for later ones.
    pub(crate) fn remove_cache(&self) -> Result<(), StoreError> {
        remove_any(&self.warehouse.root().join(CACHE_FOLDER))?;
        sync_folder(self.warehouse.root())
    }

    /// Puts what is known of erased people in the place of what was known.
    pub(crate) fn write_erased(&self, record: &ErasedRecord) -> Result<(), StoreError> {
        record.write(self.warehouse.root(), &self.staging_folder())
    }

    /// The folder, for the owner alone, of what one run leaves for the next.
    pub(crate) fn cache_folder(&self) -> Result<PathBuf, StoreError> {
        let path = self.warehouse.root().join(CACHE_FOLDER);
        create_private_folder(&path)?;
        Ok(path)
    }

    /// Points `current` to the newest run; says whether it had to change.
    pub(crate) fn repair_current(&self) -> Result<bool, StoreError> {
        let newest = self.warehouse.runs()?.current().map(|run| run.reference);
        current::point_to(self.warehouse.root(), &self.staging_folder(), newest)
    }

    fn staging_folder(&self) -> PathBuf {
        self.warehouse.root().join(STAGING_FOLDER)
    }

    /// Whatever is staged while nobody publishes was left by a run that died, unless a command that publishes nothing
    /// is at work in it.
    fn remove_leftovers(&self) -> Result<usize, StoreError> {
        let staging = self.staging_folder();
        create_folder(&staging)?;
        let mut removed = 0;
        for entry in fs::read_dir(&staging).map_err(StoreError::io("list", &staging))? {
            let path = entry.map_err(StoreError::io("list", &staging))?.path();
            if !is_held(&path) {
                remove_any(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn take_lock(root: &Path, now: &str) -> Result<File, StoreError> {
    let path = root.join(LOCK_FILE);
    // Not truncated on opening: what it says belongs to the holder, who may be another.
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(StoreError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // The message is no less true without the holder's name.
            let named = file.read_to_string(&mut holder).is_ok() && !holder.trim().is_empty();
            let holder = if named {
                holder.trim().to_owned()
            } else {
                "just started".to_owned()
            };
            return Err(StoreError::Locked {
                warehouse: root.to_owned(),
                holder,
            });
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "pid {}, since {now}", std::process::id()))
        .map_err(StoreError::io("write", &path))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_support::{publish_runs, write_links};

    #[test]
    fn a_second_run_is_refused_by_name_until_the_first_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let warehouse = Warehouse::open(folder.path()).expect("opened");
        let lock = warehouse.lock("2011-12-10T01:00:00Z").expect("free");
        let error = warehouse.lock("2011-12-10T01:05:00Z").expect_err("held");
        assert_eq!(
            error.hint().as_deref(),
            Some("wait for it or choose another --warehouse")
        );
        let error = error.to_string();
        assert_eq!(
            error,
            format!(
                "another run (pid {}, since 2011-12-10T01:00:00Z) is publishing into {}",
                std::process::id(),
                folder.path().display()
            )
        );
        drop(lock);
        warehouse.lock("2011-12-10T01:10:00Z").expect("given up on drop");
        let text = fs::read_to_string(folder.path().join(".lock")).expect("read");
        assert_eq!(
            text,
            format!("pid {}, since 2011-12-10T01:10:00Z\n", std::process::id())
        );
    }

    #[test]
    fn a_lock_file_without_a_process_refuses_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(
            folder.path().join(".lock"),
            "pid 1, since 1970-01-01T00:00:00Z, and a long text that must not remain\n",
        )
        .expect("written");
        let _lock = Warehouse::open(folder.path())
            .expect("opened")
            .lock("now")
            .expect("free");
        assert_eq!(
            fs::read_to_string(folder.path().join(".lock")).expect("read"),
            format!("pid {}, since now\n", std::process::id())
        );
    }

    #[test]
    fn what_a_dead_run_left_is_removed() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09"]);
        let lock = warehouse.lock("now").expect("free");
        let mut staging = lock.stage().expect("staged");
        write_links(&mut staging);
        let left = staging.path().to_owned();
        // As a kill does: no destructor runs, and the lock ends with the process.
        std::mem::forget(staging);
        drop(lock);
        assert!(left.exists());
        assert_eq!(
            warehouse.runs().expect("listed").runs.len(),
            1,
            "what is staged is not published"
        );

        let lock = warehouse.lock("later").expect("free");
        assert_eq!(lock.report().removed_leftovers, 1);
        assert_eq!(
            lock.report().messages(),
            ["removed what 1 unfinished run(s) had left in .staging"]
        );
        assert!(!left.exists());
        assert_eq!(warehouse.runs().expect("listed").runs.len(), 1);
    }

    #[test]
    fn current_is_repaired() {
        let (_folder, warehouse) = publish_runs(&["2011-11-30", "2011-12-09"]);
        let link = warehouse.root().join("current");
        let newest = PathBuf::from("runs/as_of=2011-12-09/run=1");
        assert_eq!(fs::read_link(&link).expect("a link"), newest);
        assert!(
            !warehouse.lock("now").expect("free").report().repaired_current,
            "nothing to repair"
        );

        fs::remove_file(&link).expect("removed");
        assert!(warehouse.lock("now").expect("free").report().repaired_current);
        assert_eq!(fs::read_link(&link).expect("a link"), newest);

        fs::remove_file(&link).expect("removed");
        std::os::unix::fs::symlink("runs/as_of=2011-11-30/run=1", &link).expect("linked");
        assert!(warehouse.lock("now").expect("free").report().repaired_current);
        assert_eq!(fs::read_link(&link).expect("a link"), newest);
        assert!(link.join("manifest.json").is_file(), "the link resolves");
    }

    #[test]
    fn something_else_named_current_is_a_warning() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09"]);
        let link = warehouse.root().join("current");
        fs::remove_file(&link).expect("removed");
        fs::create_dir(&link).expect("created");
        let lock = warehouse.lock("now").expect("free");
        assert_eq!(lock.report().messages().len(), 1, "{:?}", lock.report());
        assert!(link.is_dir(), "what we did not make is left alone");
    }
}
