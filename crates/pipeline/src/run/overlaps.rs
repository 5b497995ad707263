//! What other files and today's date make of segments: repeats of lines in other files are left out, and
//! lines after today are set aside.
//!
//! Only segments whose days overlap those of another file of their source are looked at, line by line; what
//! comes of them is kept under a key of its own.

use cartera_ingest::{FileBlock, FilePart, OpenSegment, ReadTask, SegmentSink, can_be_cut, read_segments};
use cartera_normalize::{Horizon, MergedLines, MoneyRules, TAG_PARTITION_COLUMN, duplicate_tags, merged_lines};
use cartera_table::{DuplicatePolicy, ErasedOfSource, FlowError, Origin};

use super::gather::{Variant, read_params, read_tasks};
use super::inputs::Work;
use super::observer::Forward;
use super::partition_buffer::PartitionBuffer;
use super::segments::UsedSegment;
use crate::cache::SegmentRecord;
use crate::error::PipelineError;

/// The places of segments whose lines may repeat lines of other files.
pub(super) fn overlapping(work: &Work<'_>, segments: &[UsedSegment]) -> Vec<usize> {
    let last_day = work.horizon.last_epoch_day();
    let days = |segment: &UsedSegment| {
        let (first, last) = segment.entry.facts.read_days?;
        Some((first, last.min(last_day))).filter(|(first, last)| first <= last)
    };
    let policy = |segment: &UsedSegment| work.inputs.sources[segment.origin.source_index].params.duplicates;
    let may_repeat = |one: &UsedSegment, other: &UsedSegment| {
        one.origin.source_index == other.origin.source_index
            && one.origin.file_index != other.origin.file_index
            && match (policy(one), days(one), days(other)) {
                (DuplicatePolicy::Keep, ..) | (_, None, _) | (_, _, None) => false,
                (DuplicatePolicy::LatestByKey, ..) => true,
                (DuplicatePolicy::AcrossFiles, Some(one), Some(other)) => one.0 <= other.1 && other.0 <= one.1,
            }
    };
    (0..segments.len())
        .filter(|&place| segments.iter().any(|other| may_repeat(&segments[place], other)))
        .collect()
}

/// The bytes of some segments.
pub(super) fn bytes_of(segments: &[UsedSegment], places: &[usize]) -> u64 {
    places.iter().map(|&place| segments[place].stretch.bytes).sum()
}

/// Reads segments again and finds the lines that stand in another file.
pub(super) fn find_merged_lines(
    work: &Work<'_>,
    segments: &[UsedSegment],
    places: &[usize],
) -> Result<MergedLines, PipelineError> {
    let mut merged = MergedLines::default();
    for source in &work.inputs.lines {
        let of_source = |place: &&usize| segments[**place].origin.source_index == source.source_index;
        let tasks: Vec<ReadTask<'_>> = places
            .iter()
            .filter(of_source)
            .map(|&place| task(work, &segments[place]))
            .collect::<Result<_, _>>()?;
        if tasks.is_empty() {
            continue;
        }
        let tagger = Tagger {
            work,
            buffer: PartitionBuffer::new(work.spill, &[TAG_PARTITION_COLUMN]),
        };
        read_segments::<()>(&tasks, read_params(work), &Forward(work.context.observer), &tagger)?;
        tagger.buffer.finish()?;
        merged.extend(merged_lines(source.params.duplicates, source.source_index, work.spill)?);
    }
    Ok(merged)
}

struct Tagger<'t> {
    work: &'t Work<'t>,
    buffer: PartitionBuffer<'t>,
}

impl SegmentSink<()> for Tagger<'_> {
    fn block(&self, segment: &OpenSegment<()>, block: FileBlock) -> Result<(), FlowError> {
        let lines = block.lines(None, ErasedOfSource::nobody())?;
        let source_index = segment.origin.source_index;
        let policy = self.work.inputs.sources[source_index].params.duplicates;
        let time = &self.work.inputs.rules[source_index].time;
        let tags = duplicate_tags(policy, time, self.work.horizon, &lines.batch)?;
        Ok(self.buffer.push(source_index, tags)?)
    }

    fn end(&self, _: OpenSegment<()>) -> Result<(), FlowError> {
        Ok(())
    }
}

/// Replaces the segments that hold merged lines, or later lines that have to be looked at one by one, by what
/// is left of them; with the bytes that had to be read for it.
pub(super) fn replace_touched(
    work: &Work<'_>,
    money: &MoneyRules,
    segments: &mut [UsedSegment],
    merged: &MergedLines,
) -> Result<u64, PipelineError> {
    let ends: Vec<u64> = (0..segments.len())
        .map(|place| match segments.get(place + 1) {
            Some(next) if next.origin == segments[place].origin => next.stretch.first_line,
            _ => u64::MAX,
        })
        .collect();
    let mut replaced = Vec::new();
    for (place, segment) in segments.iter_mut().enumerate() {
        if let Some(key) = variant_key(segment, ends[place], merged, work.horizon) {
            if let Some(entry) = work.cache.segment(&key) {
                (segment.key, segment.entry) = (key, entry);
            } else {
                replaced.push((place, key));
            }
        }
    }
    let tasks: Vec<ReadTask<'_>> = replaced
        .iter()
        .map(|(place, _)| task(work, &segments[*place]))
        .collect::<Result<_, _>>()?;
    let keys: Vec<(Origin, u64, String)> = replaced
        .iter()
        .map(|(place, key)| (segments[*place].origin, segments[*place].stretch.start, key.clone()))
        .collect();
    let key_of = |origin: Origin, record: &SegmentRecord| {
        let known = keys
            .iter()
            .find(|(of, start, _)| (*of, *start) == (origin, record.start));
        known.map(|(.., key)| key.clone()).unwrap_or_default()
    };
    let variant = Variant {
        merged: Some(merged),
        horizon: Some(work.horizon),
    };
    let read = read_tasks(work, money, &tasks, &variant, &key_of)?;
    let bytes = read.iter().map(|(segment, _)| segment.stretch.bytes).sum();
    for (segment, _) in read {
        let same =
            |other: &&mut UsedSegment| (other.origin, other.stretch.start) == (segment.origin, segment.stretch.start);
        if let Some(place) = segments.iter_mut().find(same) {
            *place = segment;
        }
    }
    Ok(bytes)
}

/// The key of what is left of a segment; none where all of it is.
fn variant_key(segment: &UsedSegment, end: u64, merged: &MergedLines, horizon: Horizon) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(segment.key.as_bytes());
    let mut is_touched = false;
    for row in merged.rows_between(segment.origin, segment.stretch.first_line, end) {
        hasher.update(&row.to_le_bytes());
        is_touched = true;
    }
    let facts = &segment.entry.facts;
    let has_later_lines = facts.read_days.is_some_and(|(_, last)| last > horizon.last_epoch_day());
    // Later lines are out of scope, which parts of orders tell as well; but not those that are defects by their day,
    // and not those that a rule refused before anyone asked for the day.
    is_touched |= has_later_lines && (matches!(horizon, Horizon::LatestUntil(_)) || facts.has_refusals());
    if has_later_lines {
        hasher.update(format!("{horizon:?}").as_bytes());
    }
    is_touched.then(|| hasher.finalize().to_hex().to_string())
}

fn task<'w>(work: &Work<'w>, segment: &UsedSegment) -> Result<ReadTask<'w>, PipelineError> {
    let source = &work.inputs.sources[segment.origin.source_index];
    let file_index = segment.origin.file_index;
    let part = if can_be_cut(source, &source.files[file_index])? {
        FilePart::Segment(segment.stretch)
    } else {
        FilePart::Whole
    };
    Ok(ReadTask {
        source,
        file_index,
        part,
    })
}
