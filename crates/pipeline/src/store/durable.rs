//! File operations that survive a power cut: data, then the folder that names it, each synced.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::error::StoreError;

/// Makes the names in a folder durable: files created in it, renamed into it, removed from it.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::io("sync", path))
}

/// Creates a folder, and those above it.
pub(crate) fn create_folder(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("create", path))
}

/// Creates a folder for the owner alone, for what may hold customers' keys.
pub(crate) fn create_private_folder(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(StoreError::io("create", path))
}

/// Writes a new file and syncs it.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    write_to(File::create_new(path), path, content)
}

/// The same for the owner alone.
pub(crate) fn write_new_private(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    write_to(file, path, content)
}

fn write_to(file: io::Result<File>, path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let mut file = file.map_err(StoreError::io("create", path))?;
    file.write_all(content)
        .and_then(|()| file.sync_all())
        .map_err(StoreError::io("write", path))
}

/// Removes whatever stands at the path; nothing there is fine.
pub(crate) fn remove_any(path: &Path) -> Result<(), StoreError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io("remove", path)(error)),
        _ => Ok(()),
    }
}
