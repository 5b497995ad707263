//! Reads segments of files: one thread cuts them into blocks, the others parse.
//!
//! A segment is a stretch of whole records of one file, about [`ReadParams::segment_bytes`] long, or the whole file
//! where it cannot be entered in its middle. Where a file is cut depends on its bytes alone, and what comes
//! before a cut has no part in where the next one falls: a file that grows keeps all its segments but the last.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cartera_raw::{Block, is_compressed, is_passed_on};
use cartera_table::{ErasedOfSource, FlowError, Origin, Progress, TableError};
use crossbeam_channel::{Receiver, Sender};

use crate::blocks::{BlockSource, Range, open_blocks};
use crate::error::IngestError;
use crate::file_plan::FilePlan;
use crate::file_type::FileType;
use crate::files::SourceFile;
use crate::lines::{ReadLines, read_lines};
use crate::quality::{Known, QualitySpec};
use crate::source_params::SourceValidParams;
use crate::tally::Tally;

/// A source and its files.
#[derive(Debug, Clone)]
pub struct LineSource {
    /// What is declared of it.
    pub params: SourceValidParams,
    /// Its files, in the order of their paths.
    pub files: Vec<SourceFile>,
    /// Its place in the pipeline.
    pub source_index: usize,
}

/// How to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadParams {
    /// Threads that parse; a further one reads.
    pub threads: usize,
    /// Bytes of a block. Blocks of this size exist at most three a thread at a time.
    pub block_bytes: usize,
    /// Bytes after which a file is cut, at the next end of a block.
    pub segment_bytes: u64,
}

/// A stretch of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Where it starts, from 0; the header belongs to the first one.
    pub start: u64,
    /// The line that starts there, from 1.
    pub first_line: u64,
    /// How long it is.
    pub bytes: u64,
}

/// What to read of one file.
#[derive(Debug, Clone, Copy)]
pub struct ReadTask<'s> {
    /// The source.
    pub source: &'s LineSource,
    /// The place of the file among those of the source.
    pub file_index: usize,
    /// What of it.
    pub part: FilePart,
}

/// The whole of a file, one known segment of it, or what follows the segments that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePart {
    /// As one segment.
    Whole,
    /// One segment that was cut before.
    Segment(Stretch),
    /// Everything from a place on, cut into segments.
    From {
        /// Where, from 0.
        start: u64,
        /// The line that starts there, from 1.
        first_line: u64,
    },
}

impl ReadTask<'_> {
    /// The file.
    #[must_use]
    pub fn file(&self) -> &SourceFile {
        &self.source.files[self.file_index]
    }

    fn origin(&self) -> Origin {
        Origin {
            source_index: self.source.source_index,
            file_index: self.file_index,
        }
    }
}

/// A segment on its way, with what its reader keeps of it.
#[derive(Debug)]
pub struct OpenSegment<P> {
    /// Its file.
    pub origin: Origin,
    /// Where it starts, from 0.
    pub start: u64,
    /// The line that starts there.
    pub first_line: u64,
    end: AtomicU64,
    /// What the reader's caller keeps of it.
    pub payload: P,
}

impl<P> OpenSegment<P> {
    /// Where it lies; complete once all its blocks are read.
    pub fn stretch(&self) -> Stretch {
        Stretch {
            start: self.start,
            first_line: self.first_line,
            bytes: self.end.load(Ordering::Acquire).saturating_sub(self.start),
        }
    }
}

/// A block of a file, and how to read it.
pub struct FileBlock {
    pub(crate) origin: Origin,
    pub(crate) plan: Arc<FilePlan>,
    pub(crate) block: Block,
}

impl FileBlock {
    /// Its order lines, and what its cells are like where `asked` says what to measure and what is known already.
    /// Of a defective line with an erased key only the place is told.
    ///
    /// # Errors
    /// When the lines break their contract.
    pub fn lines(
        self,
        asked: Option<(&QualitySpec, &Known)>,
        erased: ErasedOfSource<'_>,
    ) -> Result<ReadLines, TableError> {
        let parsed = self.plan.parse(&self.block);
        read_lines(&parsed, self.block.records, &self.plan, self.origin, asked, erased)
    }
}

/// Takes what is read, from any thread.
pub trait SegmentSink<P>: Sync {
    /// One block of a segment; blocks come in no particular order.
    ///
    /// # Errors
    /// Any: reading stops.
    fn block(&self, segment: &OpenSegment<P>, block: FileBlock) -> Result<(), FlowError>;

    /// A segment all of whose blocks were taken.
    ///
    /// # Errors
    /// Any: reading stops.
    fn end(&self, segment: OpenSegment<P>) -> Result<(), FlowError>;
}

/// Reads all that is asked for.
///
/// # Errors
/// The first error of a file or of the sink.
pub fn read_segments<P: Default + Send + Sync>(
    tasks: &[ReadTask<'_>],
    params: ReadParams,
    progress: &dyn Progress,
    sink: &dyn SegmentSink<P>,
) -> Result<(), FlowError> {
    let threads = params.threads.max(1);
    let (sender, receiver) = crossbeam_channel::bounded::<Work<P>>(threads);
    let plans: Mutex<Vec<Arc<FilePlan>>> = Mutex::default();
    let failure: Mutex<Option<FlowError>> = Mutex::new(None);
    let stopped = AtomicBool::new(false);
    let fail = |error: FlowError| {
        stopped.store(true, Ordering::Relaxed);
        failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let receiver = receiver.clone();
            let fail = &fail;
            scope.spawn(move || {
                if let Err(error) = parse_all(&receiver, sink) {
                    fail(error);
                }
            });
        }
        // The workers' ends are what is left: when all of them have failed, sending fails too.
        drop(receiver);
        let outlet = Outlet {
            sender,
            stopped: &stopped,
            plans: &plans,
        };
        for task in tasks {
            match split_file(task, params, progress, &outlet, sink) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    fail(error);
                    break;
                }
            }
        }
        drop(outlet);
    });
    if let Some(error) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let plans = plans.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(plans.iter().try_for_each(|plan| plan.check_found())?)
}

/// Whether a file can be entered in its middle: plain lines of UTF-8 can.
///
/// # Errors
/// When it cannot be read.
pub fn can_be_cut(source: &LineSource, file: &SourceFile) -> Result<bool, IngestError> {
    let format = &source.params.format;
    if !matches!(format.file_type, FileType::Csv | FileType::Json) {
        return Ok(false);
    }
    let mut start = Vec::new();
    File::open(&file.path)
        .and_then(|file| file.take(START_BYTES).read_to_end(&mut start))
        .map_err(|cause| IngestError::Io {
            path: file.path.clone(),
            cause,
        })?;
    let is_plain = !is_compressed(&start) && is_passed_on(&start, format.encoding);
    // A JSON array is one value from its first bracket to its last.
    let is_array = format.file_type == FileType::Json && start.trim_ascii_start().first() != Some(&b'{');
    Ok(is_plain && !is_array)
}

/// Bytes at the start of a file that tell what it is.
const START_BYTES: u64 = 4096;

/// Takes blocks until a worker has failed.
struct Outlet<'f, P> {
    sender: Sender<Work<P>>,
    stopped: &'f AtomicBool,
    /// The plans of files that are read from end to end, to be asked when everything has been parsed.
    plans: &'f Mutex<Vec<Arc<FilePlan>>>,
}

impl<P> Outlet<'_, P> {
    /// Sends a block; false when nobody takes it any more.
    fn send(&self, work: Work<P>) -> bool {
        !self.stopped.load(Ordering::Relaxed) && self.sender.send(work).is_ok()
    }
}

struct Work<P> {
    segment: Arc<OpenSegment<P>>,
    block: FileBlock,
}

fn parse_all<P>(receiver: &Receiver<Work<P>>, sink: &dyn SegmentSink<P>) -> Result<(), FlowError> {
    for Work { segment, block } in receiver {
        sink.block(&segment, block)?;
        release(segment, sink)?;
    }
    Ok(())
}

/// Lets go of a segment; whoever is the last to do so ends it.
fn release<P>(segment: Arc<OpenSegment<P>>, sink: &dyn SegmentSink<P>) -> Result<(), FlowError> {
    match Arc::into_inner(segment) {
        Some(segment) => sink.end(segment),
        None => Ok(()),
    }
}

/// Sends the blocks of a file; false when nobody takes them any more.
fn split_file<P: Default + Send + Sync>(
    task: &ReadTask<'_>,
    params: ReadParams,
    progress: &dyn Progress,
    outlet: &Outlet<'_, P>,
    sink: &dyn SegmentSink<P>,
) -> Result<bool, FlowError> {
    let origin = task.origin();
    let mut opened = OpenedFile::open(task, params.block_bytes)?;
    let mut segment = Arc::new(opened.segment(origin));
    let mut reported = 0;
    if let (Some(plan), FilePart::Whole | FilePart::From { start: 0, .. }) = (&opened.plan, task.part) {
        outlet
            .plans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(plan.clone());
    }
    while let Some(plan) = opened.plan.clone()
        && let Some(block) = opened.next_block()?
    {
        let bytes = opened.tally.bytes();
        progress.advance(bytes - reported, block.records);
        reported = bytes;
        if opened.is_cut && block.byte_offset - segment.start >= params.segment_bytes {
            segment.end.store(block.byte_offset, Ordering::Release);
            let next = Arc::new(OpenSegment {
                origin,
                start: block.byte_offset,
                first_line: block.first_line,
                end: AtomicU64::new(0),
                payload: P::default(),
            });
            release(std::mem::replace(&mut segment, next), sink)?;
        }
        let segment = segment.clone();
        let block = FileBlock { origin, plan, block };
        if !outlet.send(Work { segment, block }) {
            return Ok(false);
        }
    }
    let end = opened.bytes_before + opened.tally.bytes();
    segment.end.store(end, Ordering::Release);
    release(segment, sink)?;
    Ok(true)
}

/// A file, opened at the place where reading starts.
struct OpenedFile {
    blocks: Box<dyn BlockSource>,
    /// None where the file has nothing in it.
    plan: Option<Arc<FilePlan>>,
    tally: Tally,
    /// Lines before the first one that is read.
    lines_before: u64,
    /// Bytes before the first one that is read.
    bytes_before: u64,
    /// Whether it is cut into segments.
    is_cut: bool,
}

impl OpenedFile {
    fn open(task: &ReadTask<'_>, block_bytes: usize) -> Result<Self, IngestError> {
        let source = &task.source.params;
        let path = &task.file().path;
        let (start, first_line, bytes) = match task.part {
            FilePart::Whole => (0, 1, None),
            FilePart::Segment(stretch) => (stretch.start, stretch.first_line, Some(stretch.bytes)),
            FilePart::From { start, first_line } => (start, first_line, None),
        };
        let tally = Tally::default();
        let mut blocks = open_blocks(path, &source.format, Range { start, bytes }, block_bytes, &tally)?;
        // The start of the file names the fields, wherever reading starts.
        let fields = if start == 0 {
            blocks.fields()?
        } else {
            let nowhere = Tally::default();
            open_blocks(path, &source.format, Range::default(), HEADER_BLOCK_BYTES, &nowhere)?.fields()?
        };
        let plan = match fields {
            Some(fields) => {
                let plan = FilePlan::new(path, source, fields.names(), fields.count())?;
                blocks.select(plan.plan.columns())?;
                Some(Arc::new(plan))
            }
            // Whoever is not in such a file may be contacted: one that was cut off must not pass for one of nobody.
            None if source.table.decides_contact() => {
                return Err(IngestError::Empty {
                    path: path.clone(),
                    table: source.table.name(),
                });
            }
            None => None,
        };
        Ok(Self {
            blocks,
            plan,
            tally,
            lines_before: first_line - 1,
            bytes_before: start,
            is_cut: matches!(task.part, FilePart::From { .. }),
        })
    }

    fn segment<P: Default>(&self, origin: Origin) -> OpenSegment<P> {
        OpenSegment {
            origin,
            start: self.bytes_before,
            first_line: self.lines_before + 1,
            end: AtomicU64::new(0),
            payload: P::default(),
        }
    }

    fn next_block(&mut self) -> Result<Option<Block>, IngestError> {
        let block = self.blocks.next_block()?;
        Ok(block.map(|mut block| {
            block.first_line += self.lines_before;
            block.byte_offset += self.bytes_before;
            block
        }))
    }
}

/// What tells the fields of a file apart, as text: its header or, without one, how many there are.
///
/// # Errors
/// When the file cannot be read, or is of another type than declared.
pub fn file_fields(source: &LineSource, file: &SourceFile) -> Result<String, IngestError> {
    let nowhere = Tally::default();
    let format = &source.params.format;
    let fields = open_blocks(&file.path, format, Range::default(), HEADER_BLOCK_BYTES, &nowhere)?.fields()?;
    Ok(format!("{fields:?}"))
}

/// Enough for most headers; the splitter reads on where one is longer.
const HEADER_BLOCK_BYTES: usize = 64 << 10;
