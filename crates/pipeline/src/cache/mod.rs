//! What a night need not do again: the parts of orders of every segment of a raw file, and the customers of
//! the last run.
//!
//! ```text
//! .cache/index.json           the files as they were last seen, cut into segments, and what was used when
//! .cache/<key>.lines          one segment: its parts of orders by partition, its counts, its defects, and
//!                             what its cells are like
//! .cache/customers.state      the customers, by partition, with the segments that they were made of
//! ```
//!
//! A segment's key is the hash of its bytes, of its place in the file, of the file's header, of what the
//! pipeline declares of its source and of the build. Nothing in it knows of another file, of `as_of` or
//! of who is who; what a policy that looks at other files makes of it has a key of its own. Everything here
//! can be removed at any time: it is made again. Damage is found by hashes, and what is damaged is made again.

mod container;
mod index;
mod segment;
mod state;

pub use container::Damage;
pub(crate) use index::{FileRecord, FileStamp, Index, SegmentRecord};
pub(crate) use segment::{SegmentEntry, SegmentFacts, SegmentFrames};
pub(crate) use state::{CustomersState, StatePartition};

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::PipelineError;

/// Runs after which what none of them used is removed.
const KEPT_RUNS: u64 = 8;

/// The folder of what earlier runs left.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    index: Mutex<Index>,
    /// Whether what is there may be used; it is written in any case.
    is_read: AtomicBool,
}

impl Cache {
    /// Opens the folder, which must exist. An index that cannot be read is begun anew.
    pub(crate) fn open(folder: PathBuf, is_read: bool) -> Self {
        let mut index = fs::read(folder.join(INDEX_FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Index>(&bytes).ok())
            .unwrap_or_default();
        index.generation += 1;
        Self {
            folder,
            index: Mutex::new(index),
            is_read: AtomicBool::new(is_read),
        }
    }

    /// What was recorded of a file, where it may be used.
    pub(crate) fn file(&self, name: &str) -> Option<FileRecord> {
        let index = self.index();
        index.files.get(name).filter(|_| self.is_read()).cloned()
    }

    /// The files that the last run read for a source, by name.
    pub(crate) fn files_of(&self, source: &str) -> Vec<(String, FileRecord)> {
        let index = self.index();
        let last = index.generation - 1;
        let of_source = |record: &FileRecord| record.source == source && record.generation == last;
        index
            .files
            .iter()
            .filter(|(_, record)| of_source(record))
            .map(|(name, record)| (name.clone(), record.clone()))
            .collect()
    }

    /// Records a file as this run saw it.
    pub(crate) fn record(&self, name: String, mut record: FileRecord) {
        let mut index = self.index();
        record.generation = index.generation;
        index.files.insert(name, record);
    }

    /// The segment of that key, if it is there and whole.
    pub(crate) fn segment(&self, key: &str) -> Option<SegmentEntry> {
        if !self.is_read() {
            return None;
        }
        let entry = SegmentEntry::open(&self.path(key)).ok()?;
        self.used(key);
        Some(entry)
    }

    /// Keeps a segment.
    pub(crate) fn keep_segment(
        &self,
        key: &str,
        facts: &SegmentFacts,
        frames: &SegmentFrames,
    ) -> Result<SegmentEntry, PipelineError> {
        let entry = SegmentEntry::write(&self.path(key), facts, frames)?;
        self.used(key);
        Ok(entry)
    }

    /// A segment of the last run that this one does not use, to tell what went with it.
    pub(crate) fn old_segment(&self, key: &str) -> Option<SegmentEntry> {
        SegmentEntry::open(&self.path(key)).ok()
    }

    /// The customers of an earlier run, where they may be used.
    pub(crate) fn customers(&self) -> Option<CustomersState> {
        if !self.is_read() {
            return None;
        }
        CustomersState::open(&self.folder.join(STATE_FILE)).ok()
    }

    /// Where the customers of this run are kept.
    pub(crate) fn customers_path(&self) -> PathBuf {
        self.folder.join(STATE_FILE)
    }

    /// From now on nothing that is there is used: some of it is damaged.
    pub(crate) fn distrust(&self) {
        self.is_read.store(false, Ordering::Relaxed);
    }

    /// Writes the index, and removes what no run used for some time. What cannot be removed now is removed later.
    pub(crate) fn close(&self) -> Result<(), PipelineError> {
        let mut index = self.index();
        let oldest = index.generation.saturating_sub(KEPT_RUNS);
        index.files.retain(|_, record| record.generation > oldest);
        index.entries.retain(|_, generation| *generation > oldest);
        for file in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            let is_known = match name.strip_suffix(SEGMENT_SUFFIX) {
                Some(key) => index.entries.contains_key(key),
                None => name == INDEX_FILE || name == STATE_FILE,
            };
            if !is_known {
                let _ = fs::remove_file(file.path());
            }
        }
        let bytes = serde_json::to_vec(&*index).unwrap_or_default();
        container::write_private(&self.folder.join(INDEX_FILE), |file| {
            std::io::Write::write_all(file, &bytes)
        })
    }

    fn is_read(&self) -> bool {
        self.is_read.load(Ordering::Relaxed)
    }

    fn used(&self, key: &str) {
        let mut index = self.index();
        let generation = index.generation;
        index.entries.insert(key.to_owned(), generation);
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}{SEGMENT_SUFFIX}"))
    }

    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

const INDEX_FILE: &str = "index.json";
const STATE_FILE: &str = "customers.state";
const SEGMENT_SUFFIX: &str = ".lines";
