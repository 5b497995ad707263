//! What the reader itself counted, apart from what became of the rows.

use std::sync::{Mutex, PoisonError};

use cartera_table::{Count, Origin};

/// What was read of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileIntake {
    /// Records, as the splitter counted them, and the amounts that could be read.
    pub read: Count,
    /// Bytes of the file, compressed where it is.
    pub bytes: u64,
    /// BLAKE3 hash of these bytes, in hexadecimal digits.
    pub blake3: String,
}

/// What was read of all files.
#[derive(Debug, Default)]
pub struct Intake {
    files: Mutex<std::collections::BTreeMap<Origin, FileIntake>>,
}

impl Intake {
    pub(crate) fn add_rows(&self, origin: Origin, read: Count) {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(origin)
            .or_default()
            .read
            .add(read);
    }

    pub(crate) fn close_file(&self, origin: Origin, bytes: u64, blake3: String) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let file = files.entry(origin).or_default();
        file.bytes = bytes;
        file.blake3 = blake3;
    }

    /// The files in the order of their sources.
    #[must_use]
    pub fn files(&self) -> Vec<(Origin, FileIntake)> {
        self.files
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|(&origin, file)| (origin, file.clone()))
            .collect()
    }

    /// What was read of one source.
    #[must_use]
    pub fn of_source(&self, source_index: usize) -> Count {
        self.sum(|origin| origin.source_index == source_index)
    }

    /// What was read of all sources.
    #[must_use]
    pub fn total(&self) -> Count {
        self.sum(|_| true)
    }

    fn sum(&self, chosen: impl Fn(Origin) -> bool) -> Count {
        let mut total = Count::default();
        for (_, file) in self.files().iter().filter(|(origin, _)| chosen(*origin)) {
            total.add(file.read);
        }
        total
    }
}
