//! What the reader itself counted, apart from what became of the rows.

use std::sync::{Mutex, PoisonError};

use cartera_table::{Count, CurrencyCounts, Origin};

/// What was read of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileIntake {
    /// Records, as the splitter counted them, and the amounts that could be read, of all currencies together.
    pub read: Count,
    /// Rows and amounts by currency, as the parser found them.
    pub by_currency: CurrencyCounts,
    /// Bytes of the file, compressed where it is.
    pub bytes: u64,
    /// BLAKE3 hash in hexadecimal digits: of these bytes or, where they are several segments, of the
    /// hashes of the segments one after the other.
    pub content_hash: String,
}

/// What was read of all files.
#[derive(Debug, Default)]
pub struct Intake {
    files: Mutex<std::collections::BTreeMap<Origin, FileIntake>>,
}

impl Intake {
    /// Adds what was read of a segment.
    pub fn add_rows(&self, origin: Origin, read: Count, by_currency: &CurrencyCounts) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let file = files.entry(origin).or_default();
        file.read.add(read);
        file.by_currency.add(by_currency);
    }

    /// Notes the size and the hash of a file.
    pub fn close_file(&self, origin: Origin, bytes: u64, content_hash: String) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let file = files.entry(origin).or_default();
        file.bytes = bytes;
        file.content_hash = content_hash;
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).clear();
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

    /// What was read of one source, by currency.
    #[must_use]
    pub fn currencies_of_source(&self, source_index: usize) -> CurrencyCounts {
        let mut counts = CurrencyCounts::default();
        for (origin, file) in self.files() {
            if origin.source_index == source_index {
                counts.add(&file.by_currency);
            }
        }
        counts
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
