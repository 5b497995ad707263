//! Folders of commands that publish nothing, as `check`: they hold customers' keys as long as the command works.
//!
//! ```text
//! <warehouse>/.staging/scratch-x7Yd2k   for the owner alone
//! ```
//!
//! The operating system holds a lock on the folder for the command. Whoever publishes next removes the folders that
//! nobody holds, so that a command that was killed leaves nothing for good. Where there is no warehouse yet, or it
//! cannot be written to, the folder lies among the system's temporary files, and nobody finds it again.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use tempfile::TempDir;

use super::error::StoreError;
use super::lock::STAGING_FOLDER;
use super::warehouse::Warehouse;

/// How often another folder is tried where somebody cleaned up between making one and locking it.
const ATTEMPTS: usize = 8;

/// A folder for the owner alone, gone when dropped.
#[derive(Debug)]
pub(crate) struct ScratchFolder {
    folder: TempDir,
    /// Holds the folder by being open; none among the temporary files.
    _lock: Option<File>,
}

impl ScratchFolder {
    /// Makes one in the warehouse if it can, else among the temporary files.
    pub(crate) fn new(warehouse: &Warehouse) -> Result<Self, StoreError> {
        let staging = warehouse.root().join(STAGING_FOLDER);
        for _ in 0..ATTEMPTS {
            let Ok(folder) = private_folder("scratch-", &staging) else {
                break;
            };
            match held(folder.path()) {
                Ok(Some(lock)) => {
                    return Ok(Self {
                        folder,
                        _lock: Some(lock),
                    });
                }
                Ok(None) => {}
                // A disk that knows no locks.
                Err(_) => break,
            }
        }
        let temporary = std::env::temp_dir();
        Ok(Self {
            folder: private_folder("cartera-", &temporary).map_err(StoreError::io("write", &temporary))?,
            _lock: None,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn private_folder(prefix: &str, parent: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new()
        .prefix(prefix)
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)
}

/// The lock of a new folder; none where somebody else took it for left behind.
fn held(folder: &Path) -> io::Result<Option<File>> {
    let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let Some(lock) = if_free(folder)? else { return Ok(None) };
    let is_there = fs::metadata(folder).is_ok_and(|there| lock.metadata().is_ok_and(|own| place(own) == place(there)));
    Ok(is_there.then_some(lock))
}

/// Whether it is a folder that belongs to a command that is at work.
pub(super) fn is_held(path: &Path) -> bool {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    is_folder && matches!(if_free(path), Ok(None))
}

/// The lock of a folder; none where somebody has it, or it is gone.
fn if_free(folder: &Path) -> io::Result<Option<File>> {
    let file = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_support::publish_runs;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn one_that_a_kill_left_goes_with_the_next_lock_and_one_in_use_stays() {
        let (_folder, warehouse) = publish_runs(&["2011-12-09"]);
        let staging = warehouse.root().join(STAGING_FOLDER);
        let used = ScratchFolder::new(&warehouse).expect("made");
        let killed = ScratchFolder::new(&warehouse).expect("made");
        assert!(used.path().starts_with(&staging) && killed.path().starts_with(&staging));
        assert_eq!(mode(used.path()), 0o700);
        let left = killed.path().to_owned();
        fs::write(left.join("partition-0-0.arrow"), "ann").expect("written");
        // As a kill does: the lock ends, and no destructor removes the folder.
        let ScratchFolder { folder, _lock } = killed;
        drop(_lock);
        let _ = folder.keep();
        let lock = warehouse.lock("now").expect("free");
        assert_eq!(lock.report().removed_leftovers, 1);
        assert!(!left.exists() && used.path().exists());
        drop((lock, used));
        assert_eq!(fs::read_dir(&staging).expect("listed").count(), 0);
    }

    #[test]
    fn without_a_warehouse_it_lies_among_the_temporary_files_for_the_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("warehouse");
        let warehouse = Warehouse::open(&root).expect("not there yet");
        let scratch = ScratchFolder::new(&warehouse).expect("made");
        assert_eq!(mode(scratch.path()), 0o700);
        assert!(scratch.path().starts_with(std::env::temp_dir()));
        assert!(!root.exists(), "what publishes nothing makes no warehouse");
    }
}
