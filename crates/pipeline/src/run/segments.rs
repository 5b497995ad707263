//! The pass over lines: each segment of each file is read, normalized and merged to parts of orders once,
//! and taken from the cache ever after.

use std::fs;
use std::path::Path;

use cartera_ingest::{FilePart, LineSource, ReadTask, Stretch, can_be_cut, content_hash, file_fields};
use cartera_normalize::MoneyRules;
use cartera_table::{Cell, Effect, Origin};
use rayon::prelude::*;
use serde_json::json;

use super::gather::{Variant, read_tasks};
use super::inputs::Work;
use super::money::money_hash;
use crate::cache::{FileRecord, FileStamp, SegmentEntry, SegmentRecord};
use crate::error::PipelineError;

/// A segment that the run works with.
pub(super) struct UsedSegment {
    pub(super) origin: Origin,
    pub(super) stretch: Stretch,
    /// Hash of all that decides what is in it.
    pub(super) key: String,
    pub(super) entry: SegmentEntry,
}

/// A file with what is known of it before it is read.
struct PlannedFile<'w> {
    source: &'w LineSource,
    file_index: usize,
    stamp: FileStamp,
    /// What tells its fields apart.
    fields: String,
    /// Whether it can be entered in its middle.
    is_cut: bool,
    /// Its segments that need not be cut anew.
    known: Vec<SegmentRecord>,
    /// What follows them.
    rest: Option<FilePart>,
}

/// The plan of a run's reading.
pub(super) struct Plan<'w> {
    money: &'w MoneyRules,
    files: Vec<PlannedFile<'w>>,
    reused: Vec<UsedSegment>,
    tasks: Vec<ReadTask<'w>>,
}

impl<'w> Plan<'w> {
    /// Looks at all files and at what the cache has of them.
    pub(super) fn new(work: &Work<'w>, money: &'w MoneyRules) -> Result<Self, PipelineError> {
        let mut plan = Self {
            money,
            files: Vec::new(),
            reused: Vec::new(),
            tasks: Vec::new(),
        };
        for source in &work.inputs.lines {
            let mut names = Vec::new();
            for file_index in 0..source.files.len() {
                let file = plan_file(work, source, file_index)?;
                names.push(record_name(source, file_index));
                plan.take(work, file);
            }
            for (name, record) in work.cache.files_of(&source.params.name) {
                if !names.contains(&name) {
                    work.context.observer.warning(&format!(
                        "{} of source {} is not there any more; the last run read {} bytes of it",
                        record.name, record.source, record.stamp.bytes
                    ));
                }
            }
        }
        Ok(plan)
    }

    /// The bytes that have to be read.
    pub(super) fn bytes(&self) -> u64 {
        let of = |task: &ReadTask<'_>| match task.part {
            FilePart::Whole => task.file().bytes,
            FilePart::Segment(stretch) => stretch.bytes,
            FilePart::From { start, .. } => task.file().bytes.saturating_sub(start),
        };
        self.tasks.iter().map(of).sum()
    }

    fn take(&mut self, work: &Work<'w>, file: PlannedFile<'w>) {
        let task = |part| ReadTask {
            source: file.source,
            file_index: file.file_index,
            part,
        };
        let origin = Origin {
            source_index: file.source.source_index,
            file_index: file.file_index,
        };
        for segment in &file.known {
            let key = segment_key(work, self.money, origin.source_index, &file.fields, segment);
            match work.cache.segment(&key) {
                Some(entry) => self.reused.push(UsedSegment {
                    origin,
                    stretch: segment.stretch(),
                    key,
                    entry,
                }),
                None => self.tasks.push(task(file.part(segment.stretch()))),
            }
        }
        self.tasks.extend(file.rest.map(task));
        self.files.push(file);
    }
}

impl PlannedFile<'_> {
    fn part(&self, stretch: Stretch) -> FilePart {
        if self.is_cut {
            FilePart::Segment(stretch)
        } else {
            FilePart::Whole
        }
    }
}

fn plan_file<'w>(work: &Work<'w>, source: &'w LineSource, file_index: usize) -> Result<PlannedFile<'w>, PipelineError> {
    let file = &source.files[file_index];
    let read = |cause| {
        PipelineError::from(cartera_ingest::IngestError::Io {
            path: file.path.clone(),
            cause,
        })
    };
    let stamp = FileStamp::of(&fs::metadata(&file.path).map_err(read)?);
    let fields = file_fields(source, file)?;
    let is_cut = can_be_cut(source, file)?;
    let declared = &work.inputs.declared[source.source_index];
    let record = work.cache.file(&record_name(source, file_index));
    let record = record.filter(|record| record.declared == *declared);
    let mut known = Vec::new();
    let mut rest = Some(if is_cut {
        FilePart::From {
            start: 0,
            first_line: 1,
        }
    } else {
        FilePart::Whole
    });
    if let Some(record) = record {
        if record.stamp == stamp && stamp.is_settled(record.seen_ns) {
            (known, rest) = (record.segments, None);
        } else {
            let sound = unchanged_segments(&file.path, &record, stamp.bytes).map_err(read)?;
            say_what_changed(work, &record, stamp, sound);
            let end = |segments: &[SegmentRecord]| segments.last().map_or(0, |last| last.start + last.bytes);
            let mut segments = record.segments;
            if sound == segments.len() && end(&segments) == stamp.bytes {
                (known, rest) = (segments, None);
            } else if is_cut {
                // The last segment ended where the file did: what was added belongs to it.
                let full = segments[..sound]
                    .iter()
                    .take_while(|segment| segment.bytes >= work.sizes.segment_bytes)
                    .count();
                let next = segments.get(full).map(|next| (next.start, next.first_line));
                segments.truncate(full);
                match next {
                    Some((start, first_line)) => rest = Some(FilePart::From { start, first_line }),
                    // All segments were full: where the next one starts is known to the byte, not to the line.
                    None => segments.clear(),
                }
                known = segments;
            }
        }
    }
    Ok(PlannedFile {
        source,
        file_index,
        stamp,
        fields,
        is_cut,
        known,
        rest,
    })
}

/// How many of the recorded segments are what they were, from the first one on.
fn unchanged_segments(path: &Path, record: &FileRecord, bytes: u64) -> std::io::Result<usize> {
    let is_same: Vec<bool> = record
        .segments
        .par_iter()
        .map(|segment| {
            let is_there = segment.start + segment.bytes <= bytes;
            Ok(is_there && content_hash(path, segment.start, segment.bytes)? == segment.hash)
        })
        .collect::<std::io::Result<_>>()?;
    Ok(is_same.iter().take_while(|same| **same).count())
}

fn say_what_changed(work: &Work<'_>, record: &FileRecord, stamp: FileStamp, sound: usize) {
    let FileRecord {
        name, source, segments, ..
    } = record;
    let before = record.stamp.bytes;
    if stamp.bytes < before {
        work.context.observer.warning(&format!(
            "{name} of source {source} shrank from {before} to {} bytes since the last run",
            stamp.bytes
        ));
    } else if let Some(changed) = segments.get(sound) {
        work.context.observer.warning(&format!(
            "{name} of source {source} changed since the last run, at byte {} or after; it is read again from there",
            changed.start
        ));
    }
}

/// The name of a file in the records of the cache.
fn record_name(source: &LineSource, file_index: usize) -> String {
    format!("{}:{}", source.params.name, source.files[file_index].path.display())
}

fn segment_key(
    work: &Work<'_>,
    money: &MoneyRules,
    source_index: usize,
    fields: &str,
    segment: &SegmentRecord,
) -> String {
    let all = json!([
        work.inputs.declared[source_index],
        fields,
        segment.hash,
        segment.first_line,
        money_hash(work, money, source_index, segment.days)
    ]);
    blake3::hash(all.to_string().as_bytes()).to_hex().to_string()
}

/// Reads what has to be read, and records all files as they are now.
pub(super) fn all_segments(work: &Work<'_>, plan: Plan<'_>) -> Result<Vec<UsedSegment>, PipelineError> {
    let Plan {
        money,
        files,
        reused,
        tasks,
    } = plan;
    let fields_of = |origin: Origin| {
        let is_of = |file: &&PlannedFile<'_>| {
            (file.source.source_index, file.file_index) == (origin.source_index, origin.file_index)
        };
        files.iter().find(is_of).map_or("", |file| &file.fields)
    };
    let keep = |origin: Origin, record: &SegmentRecord| {
        segment_key(work, money, origin.source_index, fields_of(origin), record)
    };
    let read = read_tasks(work, money, &tasks, &Variant::default(), &keep)?;
    let mut segments = reused;
    let mut hashes: Vec<(Origin, SegmentRecord)> = Vec::new();
    for (segment, record) in read {
        hashes.push((segment.origin, record));
        segments.push(segment);
    }
    segments.sort_by_key(|segment| (segment.origin, segment.stretch));
    for file in &files {
        record_file(work, file, &hashes)?;
    }
    Ok(segments)
}

/// Notes what a file is now; one that changed while it was read stops the run.
fn record_file(work: &Work<'_>, file: &PlannedFile<'_>, read: &[(Origin, SegmentRecord)]) -> Result<(), PipelineError> {
    let source_file = &file.source.files[file.file_index];
    let origin = Origin {
        source_index: file.source.source_index,
        file_index: file.file_index,
    };
    let of_file = read.iter().filter(|(of, _)| *of == origin).map(|(_, record)| record);
    // What was known and had to be read all the same is what it was read as now.
    let mut segments: Vec<SegmentRecord> = of_file.chain(&file.known).cloned().collect();
    segments.sort_by_key(|segment| segment.start);
    segments.dedup_by_key(|segment| segment.start);
    let now = fs::metadata(&source_file.path).map(|metadata| FileStamp::of(&metadata));
    let is_gapless = segments
        .windows(2)
        .all(|pair| pair[0].start + pair[0].bytes == pair[1].start);
    let end = segments.last().map_or(0, |last| last.start + last.bytes);
    if now.ok() != Some(file.stamp) || !is_gapless || end != file.stamp.bytes {
        return Err(PipelineError::InputChanged {
            source_name: file.source.params.name.clone(),
            file: source_file.name.clone(),
        });
    }
    let content_hash = match segments.as_slice() {
        [whole] => whole.hash.clone(),
        several => {
            let mut hasher = blake3::Hasher::new();
            for segment in several {
                hasher.update(segment.hash.as_bytes());
            }
            hasher.finalize().to_hex().to_string()
        }
    };
    work.books.intake.close_file(origin, file.stamp.bytes, content_hash);
    work.cache.record(
        record_name(file.source, file.file_index),
        FileRecord {
            source: file.source.params.name.clone(),
            name: source_file.name.clone(),
            declared: work.inputs.declared[origin.source_index].clone(),
            stamp: file.stamp,
            seen_ns: work.context.clock.now().as_nanosecond(),
            segments,
            generation: 0,
        },
    );
    Ok(())
}

impl UsedSegment {
    /// Adds what is known of the segment to the books; `with_kept` where nobody else counts what it kept.
    pub(super) fn enter(&self, work: &Work<'_>, with_kept: bool) -> Result<(), PipelineError> {
        let books = work.books;
        let facts = &self.entry.facts;
        let source_index = self.origin.source_index;
        books.intake.add_rows(self.origin, facts.read, &facts.by_currency);
        let kept = facts.kept.iter().filter(|_| with_kept);
        for (cell, count) in facts.counts.iter().chain(kept) {
            let cell = Cell {
                source_index,
                ..cell.clone()
            };
            books.ledger.add(cell, *count);
        }
        for (effect, count) in facts.effects.iter().filter(|_| with_kept) {
            let effect = Effect {
                source_index,
                ..*effect
            };
            books.effects.add(effect, count.rows, count.amount);
        }
        let origin = self.origin;
        let defects = facts.defects.iter().cloned();
        books
            .quarantine
            .extend(defects.map(|defect| cartera_table::Defect { origin, ..defect }));
        books.quarantine.add_unlisted(facts.unlisted);
        books.quality.add(origin, self.entry.quality()?);
        Ok(())
    }
}
