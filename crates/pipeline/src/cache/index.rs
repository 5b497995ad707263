//! The files as the last run saw them.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use cartera_ingest::Stretch;
use serde::{Deserialize, Serialize};

/// What is kept, and which run used it last.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    /// Counts the runs.
    pub(crate) generation: u64,
    /// By source and path.
    pub(crate) files: BTreeMap<String, FileRecord>,
    /// The last run that used a segment, by its key.
    pub(crate) entries: BTreeMap<String, u64>,
}

/// A file as a run saw it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileRecord {
    /// The source that it was read for.
    pub(crate) source: String,
    /// The name in messages.
    pub(crate) name: String,
    /// Hash of what was declared of the source: another declaration may cut the file elsewhere.
    pub(crate) declared: String,
    /// Size and times.
    pub(crate) stamp: FileStamp,
    /// When it was looked at, in nanoseconds since 1970.
    pub(crate) seen_ns: i128,
    /// Its segments, in order, without gaps.
    pub(crate) segments: Vec<SegmentRecord>,
    /// The last run that read it.
    pub(crate) generation: u64,
}

/// A segment of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentRecord {
    pub(crate) start: u64,
    pub(crate) first_line: u64,
    pub(crate) bytes: u64,
    /// Hash of its bytes.
    pub(crate) hash: String,
    /// First and last day that its lines asked rates and costs of; none where that may be any day.
    pub(crate) days: Option<(i32, i32)>,
}

impl SegmentRecord {
    pub(crate) fn stretch(&self) -> Stretch {
        Stretch {
            start: self.start,
            first_line: self.first_line,
            bytes: self.bytes,
        }
    }
}

/// What the system tells of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileStamp {
    pub(crate) bytes: u64,
    modified_ns: i128,
    /// When the system last touched the file: programs can set the time of change back, but not this one.
    changed_ns: i128,
    device: u64,
    inode: u64,
}

/// Within this time of its last change a file may change again without its times telling.
const CLOCK_GRAIN_NS: i128 = 2_000_000_000;

impl FileStamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let ns = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Self {
            bytes: metadata.size(),
            modified_ns: ns(metadata.mtime(), metadata.mtime_nsec()),
            changed_ns: ns(metadata.ctime(), metadata.ctime_nsec()),
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    /// Whether the same stamp at that time means the same contents.
    pub(crate) fn is_settled(&self, seen_ns: i128) -> bool {
        self.modified_ns.max(self.changed_ns) + CLOCK_GRAIN_NS <= seen_ns
    }
}
