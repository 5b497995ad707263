//! Files of target lists: they can hold names and addresses, so that only their owner may read them.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable::{remove_any, sync_folder};
use super::error::StoreError;
use super::hashing::{HashingFile, Readers};

/// Writes the content of a list.
pub type ListWriter<'w> = &'w mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// A file of a target list that a run published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFile {
    /// Its name in the run's folder `lists`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Hash of its content, in hexadecimal.
    pub content_hash: String,
}

/// Writes and syncs a new file for its owner alone; says its size and hash.
pub(super) fn written_private(path: &Path, write: ListWriter<'_>) -> Result<(u64, String), StoreError> {
    written(path, Readers::Owner, write)
}

fn written(path: &Path, readers: Readers, write: ListWriter<'_>) -> Result<(u64, String), StoreError> {
    let mut create = || -> io::Result<(u64, String)> {
        let mut file = BufWriter::with_capacity(1 << 20, HashingFile::create(path, readers)?);
        write(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
    };
    create().map_err(StoreError::io("write", path))
}

/// Writes a file for its owner alone outside of the warehouse, in place of one that is there. It has its name once it
/// is whole.
///
/// # Errors
/// When the disk refuses.
pub fn write_list(path: &Path, write: ListWriter<'_>) -> Result<u64, StoreError> {
    write_file(path, Readers::Owner, write)
}

/// The same for the answer of a query, which others may read too unless it can hold personal data.
///
/// # Errors
/// As [`write_list`].
pub fn write_answer(path: &Path, personal: bool, write: ListWriter<'_>) -> Result<u64, StoreError> {
    let readers = if personal { Readers::Owner } else { Readers::Everyone };
    write_file(path, readers, write)
}

fn write_file(path: &Path, readers: Readers, write: ListWriter<'_>) -> Result<u64, StoreError> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let unfinished = path.with_file_name(format!(".{name}.unfinished-{}", std::process::id()));
    remove_any(&unfinished)?;
    let written = written(&unfinished, readers, write).and_then(|(bytes, _)| {
        fs::rename(&unfinished, path).map_err(StoreError::io("write", path))?;
        Ok(bytes)
    });
    if written.is_err() {
        // What stands there is no list.
        let _ = fs::remove_file(&unfinished);
    }
    let bytes = written?;
    match path.parent() {
        Some(folder) if folder != Path::new("") => sync_folder(folder)?,
        _ => sync_folder(Path::new("."))?,
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn lists_are_for_their_owner_and_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list.csv");
        fs::write(&path, "an older list").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        write_list(&path, &mut |out| {
            out.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        })
        .expect_err("full");
        assert_eq!(fs::read_to_string(&path).expect("there"), "an older list");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);

        let bytes = write_list(&path, &mut |out| out.write_all(b"customer_id\n")).expect("written");
        assert_eq!(bytes, 12);
        assert_eq!(fs::read_to_string(&path).expect("there"), "customer_id\n");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn answers_are_for_their_owner_where_they_can_be_personal() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, personal) in [("open.csv", false), ("personal.csv", true)] {
            let path = folder.path().join(name);
            write_answer(&path, personal, &mut |out| out.write_all(b"1\n")).expect("written");
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o077 == 0, personal, "{name}: {mode:o}");
        }
    }
}
