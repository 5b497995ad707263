//! Reads the files of all sources: one thread cuts them into blocks, the others parse.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cartera_raw::{Block, Dialect, RawError, Splitter, decompress};
use cartera_table::contracts::SourceLines;
use cartera_table::{Batch, Flow, FlowError, Ledger, Origin, Progress, Quarantine};
use crossbeam_channel::{Receiver, Sender};

use crate::error::IngestError;
use crate::file_plan::FilePlan;
use crate::files::SourceFile;
use crate::intake::Intake;
use crate::lines::read_lines;
use crate::source_params::SourceValidParams;
use crate::tally::{Tally, TallyReader};

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
#[derive(Debug, Clone, Copy)]
pub struct ReadParams {
    /// Threads that parse; a further one reads.
    pub threads: usize,
    /// Bytes of a block. Blocks of this size exist at most three a thread at a time.
    pub block_bytes: usize,
}

/// Where the reader leaves what does not go on.
#[derive(Clone, Copy)]
pub struct ReadSinks<'r> {
    /// What was read.
    pub intake: &'r Intake,
    /// Rows that were set aside.
    pub quarantine: &'r Quarantine,
    /// Their counts.
    pub ledger: &'r Ledger,
    /// Told of the work done.
    pub progress: &'r dyn Progress,
}

/// The lines of all sources, as a flow that reads them when it is run.
pub fn source_lines<'r>(sources: &'r [LineSource], params: ReadParams, sinks: ReadSinks<'r>) -> Flow<'r, SourceLines> {
    Flow::new(move |sink| {
        let threads = params.threads.max(1);
        let (sender, receiver) = crossbeam_channel::bounded::<Work>(threads);
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
                    if let Err(error) = parse_all(&receiver, sinks, sink) {
                        fail(error);
                    }
                });
            }
            // The workers' ends are what is left: when all of them have failed, sending fails too.
            drop(receiver);
            let outlet = Outlet {
                sender,
                stopped: &stopped,
            };
            if let Err(error) = split_all(sources, params, sinks, &outlet) {
                fail(error.into());
            }
            drop(outlet);
        });
        match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    })
}

/// Takes blocks until a worker has failed.
struct Outlet<'f> {
    sender: Sender<Work>,
    stopped: &'f AtomicBool,
}

impl Outlet<'_> {
    /// Sends a block; false when nobody takes it any more.
    fn send(&self, work: Work) -> bool {
        !self.stopped.load(Ordering::Relaxed) && self.sender.send(work).is_ok()
    }
}

struct Work {
    origin: Origin,
    plan: Arc<FilePlan>,
    block: Block,
}

fn parse_all(
    receiver: &Receiver<Work>,
    sinks: ReadSinks<'_>,
    sink: &(dyn Fn(Batch<SourceLines>) -> Result<(), FlowError> + Sync),
) -> Result<(), FlowError> {
    for Work { origin, plan, block } in receiver {
        let parsed = plan.plan.parse(&block);
        let lines = read_lines(&parsed, block.records, &plan.targets, origin)?;
        sinks.intake.add_rows(origin, lines.read);
        sinks.ledger.extend(lines.counts);
        sinks.quarantine.extend(lines.defects);
        drop(block);
        drop(parsed);
        sink(lines.batch)?;
    }
    Ok(())
}

fn split_all(
    sources: &[LineSource],
    params: ReadParams,
    sinks: ReadSinks<'_>,
    outlet: &Outlet<'_>,
) -> Result<(), IngestError> {
    for source in sources {
        for (file_index, file) in source.files.iter().enumerate() {
            let origin = Origin {
                source_index: source.source_index,
                file_index,
            };
            if !split_file(source, file, origin, params, sinks, outlet)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Sends the blocks of a file; false when nobody takes them any more.
fn split_file(
    source: &LineSource,
    file: &SourceFile,
    origin: Origin,
    params: ReadParams,
    sinks: ReadSinks<'_>,
    outlet: &Outlet<'_>,
) -> Result<bool, IngestError> {
    let io = |cause| IngestError::Io {
        path: file.path.clone(),
        cause,
    };
    let raw = |cause| IngestError::Raw {
        path: file.path.clone(),
        cause,
    };
    let tally = Tally::default();
    let reader = TallyReader::new(File::open(&file.path).map_err(io)?, tally.clone());
    let reader: Box<dyn Read + Send> = decompress(reader).map_err(io)?;
    let dialect = &source.params.format.dialect;
    let mut splitter = Splitter::new(reader, dialect, params.block_bytes);
    let header = splitter.header().map_err(raw)?;
    // The header is looked at even where no record follows it.
    let mut plan = match &header {
        Some(header) => Some(Arc::new(FilePlan::new(
            &file.path,
            &source.params,
            Some(header),
            header.len(),
        )?)),
        None => None,
    };
    let mut reported = 0;
    while let Some(block) = splitter.next_block().map_err(raw)? {
        let plan = match &plan {
            Some(plan) => plan.clone(),
            None => {
                let fields = first_record_fields(&block.bytes, dialect).map_err(raw)?;
                let found = FilePlan::new(&file.path, &source.params, None, fields)?;
                plan.insert(Arc::new(found)).clone()
            }
        };
        let bytes = tally.bytes();
        sinks.progress.advance(bytes - reported, block.records);
        reported = bytes;
        if !outlet.send(Work { origin, plan, block }) {
            return Ok(false);
        }
    }
    sinks.intake.close_file(origin, tally.bytes(), tally.hash());
    Ok(true)
}

/// A file without a header has as many columns as its first record.
fn first_record_fields(bytes: &[u8], dialect: &Dialect) -> Result<usize, RawError> {
    let as_header = Dialect {
        header: true,
        ..dialect.clone()
    };
    let fields = Splitter::new(bytes, &as_header, bytes.len()).header()?;
    Ok(fields.map_or(0, |fields| fields.len()))
}
