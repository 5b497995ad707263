//! The pass over lines: each segment of each file is read, normalized and merged to parts of orders once,
//! and taken from the cache ever after.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use cartera_ingest::quality::BlockQuality;
use cartera_ingest::{
    FileBlock, FilePart, LineSource, OpenSegment, ReadParams, ReadTask, SegmentSink, Stretch, can_be_cut, content_hash,
    file_fields, read_segments,
};
use cartera_normalize::{
    CostValidParams, Horizon, MergedLines, MoneyRules, Normalizer, items, kept_cells, kept_effects, parts,
};
use cartera_table::contracts::{OrderItems, OrderLines, OrderParts, SourceLines};
use cartera_table::frame::{dates, timestamps};
use cartera_table::{
    Aggregate, Aggregation, AsOf, Batch, Cell, Contract, ContractInfo, Count, CurrencyCounts, Date, Effect, FlowError,
    Ledger, Origin, Quarantine, TableError, aggregate,
};
use polars::prelude::DataFrame;
use rayon::prelude::*;
use serde_json::json;

use super::PARTITIONS;
use super::boundary::{self, cross};
use super::inputs::Work;
use super::money::{has_costs, money_hash};
use super::observer::Forward;
use crate::cache::{FileRecord, FileStamp, SegmentEntry, SegmentFacts, SegmentFrames, SegmentRecord};
use crate::error::PipelineError;

/// A segment that the run works with.
pub(super) struct UsedSegment {
    pub(super) origin: Origin,
    pub(super) stretch: Stretch,
    /// Hash of all that decides what is in it.
    pub(super) key: String,
    pub(super) entry: SegmentEntry,
}

/// What of a segment other files or the day decide.
#[derive(Default)]
pub(super) struct Variant<'v> {
    /// Lines that stand in another file.
    pub(super) merged: Option<&'v MergedLines>,
    /// How far the run may look, where that decides line by line.
    pub(super) horizon: Option<Horizon>,
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

/// Reads segments and keeps them under the keys that `key_of` gives them.
pub(super) fn read_tasks(
    work: &Work<'_>,
    money: &MoneyRules,
    tasks: &[ReadTask<'_>],
    variant: &Variant<'_>,
    key_of: &(dyn Fn(Origin, &SegmentRecord) -> String + Sync),
) -> Result<Vec<(UsedSegment, SegmentRecord)>, PipelineError> {
    let none = MergedLines::default();
    let gatherer = Gatherer {
        work,
        money,
        costs: has_costs(work, money).then_some(&work.config.costs),
        merged: variant.merged.unwrap_or(&none),
        horizon: variant.horizon.unwrap_or(Horizon::Through(AsOf(Date::MAX))),
        key_of,
        done: Mutex::default(),
    };
    let progress = Forward(work.context.observer);
    read_segments::<Gathering>(tasks, read_params(work), &progress, &gatherer)?;
    Ok(gatherer.done.into_inner().unwrap_or_else(PoisonError::into_inner))
}

pub(super) fn read_params(work: &Work<'_>) -> ReadParams {
    ReadParams {
        threads: work.threads,
        block_bytes: work.sizes.block_bytes,
        segment_bytes: work.sizes.segment_bytes,
    }
}

/// What is gathered of a segment while it is read.
#[derive(Default)]
struct Gathering {
    read: Mutex<(Count, CurrencyCounts)>,
    ledger: Ledger,
    quarantine: Quarantine,
    parts: Mutex<Vec<DataFrame>>,
    items: Mutex<Vec<DataFrame>>,
    products: Mutex<Vec<DataFrame>>,
    quality: Mutex<BlockQuality>,
    days: Mutex<Option<(i32, i32)>>,
}

/// How many lines name each product.
const LINES_OF_PRODUCTS: Aggregation = Aggregation {
    keys: &["product_id"],
    aggregates: &[Aggregate::count("line_count")],
};

/// The same over the blocks of a segment.
const LINES_OF_PRODUCTS_TOGETHER: Aggregation = Aggregation {
    keys: &["product_id"],
    aggregates: &[Aggregate::sum("line_count", "line_count")],
};

struct Gatherer<'g> {
    work: &'g Work<'g>,
    money: &'g MoneyRules,
    /// None where no source knows costs.
    costs: Option<&'g CostValidParams>,
    merged: &'g MergedLines,
    horizon: Horizon,
    key_of: &'g (dyn Fn(Origin, &SegmentRecord) -> String + Sync),
    done: Mutex<Vec<(UsedSegment, SegmentRecord)>>,
}

impl SegmentSink<Gathering> for Gatherer<'_> {
    fn block(&self, segment: &OpenSegment<Gathering>, block: FileBlock) -> Result<(), FlowError> {
        let gathering = &segment.payload;
        let quality = || gathering.quality.lock().unwrap_or_else(PoisonError::into_inner);
        let spec = &self.work.inputs.quality[segment.origin.source_index];
        let known = quality().known(spec);
        let lines = block.lines(Some((spec, &known)))?;
        if let Some(measured) = lines.quality {
            quality().merge(measured);
        }
        {
            let mut read = gathering.read.lock().unwrap_or_else(PoisonError::into_inner);
            read.0.add(lines.read);
            read.1.add(&lines.by_currency);
        }
        gathering.ledger.extend(lines.aside.counts);
        gathering.quarantine.extend(lines.aside.defects);
        let normalizer = Normalizer {
            line_kinds: &self.work.config.order_lines,
            sources: &self.work.inputs.rules,
            money: self.money,
            keeps_items: self.work.config.returns.is_matched(),
            horizon: self.horizon,
            merged: self.merged,
            ledger: &gathering.ledger,
            quarantine: &gathering.quarantine,
        };
        let lines = over(boundary::READ, lines.batch)?;
        if let Some(days) = self.days_of(&lines)? {
            let mut all = gathering.days.lock().unwrap_or_else(PoisonError::into_inner);
            *all = Some(all.map_or(days, |(first, last)| (first.min(days.0), last.max(days.1))));
        }
        if self.work.inputs.counts_products {
            let counts = LINES_OF_PRODUCTS.run(std::slice::from_ref(lines.frame()))?;
            gathering
                .products
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(counts);
        }
        let lines: Batch<OrderLines> = over(boundary::NORMALIZED, normalizer.lines(&lines)?)?;
        if self.work.config.returns.is_matched() {
            let items = items(&lines)?.into_frame();
            gathering
                .items
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(items);
        }
        let parts = parts(&lines)?.into_frame();
        gathering
            .parts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(parts);
        Ok(())
    }

    fn end(&self, segment: OpenSegment<Gathering>) -> Result<(), FlowError> {
        let (origin, stretch) = (segment.origin, segment.stretch());
        let path = &self.work.inputs.sources[origin.source_index].files[origin.file_index].path;
        let hash = content_hash(path, stretch.start, stretch.bytes).map_err(|cause| {
            FlowError::from(cartera_ingest::IngestError::Io {
                path: path.clone(),
                cause,
            })
        })?;
        let (facts, frames) = self.made_of(segment.payload)?;
        self.check_balance(origin, &facts)?;
        let record = SegmentRecord {
            start: stretch.start,
            first_line: stretch.first_line,
            bytes: stretch.bytes,
            hash,
            days: days_asked_of(&facts),
        };
        let key = (self.key_of)(origin, &record);
        let entry = self.work.cache.keep_segment(&key, &facts, &frames)?;
        drop(frames);
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push((
            UsedSegment {
                origin,
                stretch,
                key,
                entry,
            },
            record,
        ));
        Ok(())
    }
}

impl Gatherer<'_> {
    /// First and last business day of a batch.
    fn days_of(&self, lines: &Batch<SourceLines>) -> Result<Option<(i32, i32)>, TableError> {
        let time = &self.work.inputs.rules[lines.origin().source_index].time;
        let times = timestamps(lines.frame(), "ordered_at")?;
        let ends = times.iter().flatten().min().zip(times.iter().flatten().max());
        let Some((first, last)) = ends else { return Ok(None) };
        if let (Some(first), Some(last)) = (time.epoch_day(first), time.epoch_day(last)) {
            return Ok(Some((first, last)));
        }
        // Times that no calendar has are set aside.
        let days = || times.iter().flatten().filter_map(|written| time.epoch_day(written));
        Ok(days().min().zip(days().max()))
    }

    /// A segment that lost a row must not be kept: it would be missing every night.
    fn check_balance(&self, origin: Origin, facts: &SegmentFacts) -> Result<(), TableError> {
        let ledger = Ledger::default();
        ledger.extend(facts.counts.iter().chain(&facts.kept).cloned());
        let source = &self.work.inputs.sources[origin.source_index].params.name;
        ledger.balance(0, source, facts.read, &facts.by_currency)
    }
}

/// The days of the lines that are kept; any, where a line was set aside for want of a rate or holds too large a number.
fn days_asked_of(facts: &SegmentFacts) -> Option<(i32, i32)> {
    let is_of_money = |reason| ["no_rate", "converted_amount_out_of_range", "cost_out_of_range"].contains(&reason);
    if facts.counts.iter().filter_map(|(cell, _)| cell.reason).any(is_of_money) {
        return None;
    }
    facts.first_day.zip(facts.last_day)
}

/// The first of them that is not null decides where a part of an order goes.
const PARTITION_COLUMNS: &[&str] = &["source_key", "order_id"];

impl Gatherer<'_> {
    fn made_of(&self, gathering: Gathering) -> Result<(SegmentFacts, SegmentFrames), FlowError> {
        let config = self.work.config;
        let products = gathering.products.into_inner().unwrap_or_else(PoisonError::into_inner);
        let products = if products.is_empty() {
            DataFrame::default()
        } else {
            LINES_OF_PRODUCTS_TOGETHER.run(&products)?
        };
        let parts = together(gathering.parts, &OrderParts::INFO)?;
        let items = gathering.items.into_inner().unwrap_or_else(PoisonError::into_inner);
        let items = if items.is_empty() {
            Vec::new()
        } else {
            let items = together(Mutex::new(items), &OrderItems::INFO)?;
            aggregate::partition_by(&items, PARTITION_COLUMNS, PARTITIONS)?
        };
        let days = dates(&parts, "order_date")?;
        let (first_day, last_day) = (days.iter().flatten().min(), days.iter().flatten().max());
        let unlisted = gathering.quarantine.unlisted();
        let (read, by_currency) = gathering.read.into_inner().unwrap_or_else(PoisonError::into_inner);
        let facts = SegmentFacts {
            read,
            by_currency,
            counts: anonymous(gathering.ledger.cells()),
            kept: anonymous(kept_cells(&parts, config.currency)?),
            effects: kept_effects(&parts, &config.order_lines, self.costs, config.currency)?,
            defects: gathering.quarantine.take(),
            unlisted,
            read_days: gathering.days.into_inner().unwrap_or_else(PoisonError::into_inner),
            first_day,
            last_day,
        };
        let parts = aggregate::partition_by(&parts, PARTITION_COLUMNS, PARTITIONS)?;
        let quality = gathering.quality.into_inner().unwrap_or_else(PoisonError::into_inner);
        let frames = SegmentFrames {
            products,
            parts,
            items,
            quality,
        };
        Ok((facts, frames))
    }
}

/// The frames of all blocks in one piece.
fn together(frames: Mutex<Vec<DataFrame>>, contract: &ContractInfo) -> Result<DataFrame, FlowError> {
    let mut frames = frames.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter();
    let Some(mut all) = frames.next() else {
        return Ok(DataFrame::empty_with_schema(&cartera_table::frame::schema(contract)));
    };
    for frame in frames {
        all.vstack_mut_owned(frame)?;
    }
    all.rechunk_mut();
    Ok(all)
}

/// The same segment may be of another source tomorrow.
fn anonymous(cells: Vec<(Cell, Count)>) -> Vec<(Cell, Count)> {
    let anonymous = |(cell, count)| {
        (
            Cell {
                source_index: 0,
                ..cell
            },
            count,
        )
    };
    cells.into_iter().map(anonymous).collect()
}

fn over<T: Contract>(name: &str, batch: Batch<T>) -> Result<Batch<T>, FlowError> {
    let origin = batch.origin();
    Ok(Batch::new(cross(name, batch.into_frame()), origin)?)
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
