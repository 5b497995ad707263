//! Sees to it that a file which is read here and there, as workbooks and Parquet files are, is the same
//! file from the first reading to the last.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::IngestError;
use crate::tally::Tally;

/// A file as it was when it was opened.
pub(super) struct Witness {
    path: PathBuf,
    file: File,
    seen: (u64, Option<SystemTime>),
}

impl Witness {
    /// Tallies the whole file.
    pub(super) fn new(path: &Path, file: &File, tally: &Tally) -> Result<Self, IngestError> {
        let look = || -> io::Result<Self> {
            let file = file.try_clone()?;
            let seen = state(&file.metadata()?);
            tally.add(seen.0);
            Ok(Self {
                path: path.to_owned(),
                file,
                seen,
            })
        };
        look().map_err(|cause| IngestError::Io {
            path: path.to_owned(),
            cause,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses a file that has changed since.
    pub(super) fn check(&self) -> Result<(), IngestError> {
        let path = self.path.clone();
        match self.file.metadata() {
            Err(cause) => Err(IngestError::Io { path, cause }),
            Ok(metadata) if state(&metadata) != self.seen => Err(IngestError::Changed { path }),
            Ok(_) => Ok(()),
        }
    }
}

fn state(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_that_grows_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, "PAR1").expect("written");
        let file = File::open(&path).expect("there");
        let tally = Tally::default();
        let witness = Witness::new(&path, &file, &tally).expect("read");
        assert_eq!(tally.bytes(), 4);
        assert!(witness.check().is_ok());
        let mut writer = File::options().append(true).open(&path).expect("there");
        writer.write_all(b"more").expect("written");
        assert!(matches!(witness.check(), Err(IngestError::Changed { .. })));
    }
}
