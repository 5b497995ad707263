//! The runner: the stages in their one order, and what a run leaves.

mod boundary;
mod breadth;
mod campaigns;
mod change;
mod cohorts;
mod contact_plan;
mod customers;
mod denials;
mod erased_customers;
mod events;
mod features;
mod fingerprint;
mod gather;
mod inputs;
mod kept_lists;
mod list_files;
mod measure;
mod memory;
mod models;
mod money;
mod observer;
mod overlaps;
mod partition_buffer;
mod portfolios;
mod prior;
mod profit;
mod publish;
mod published;
mod quality;
mod relations;
mod removed;
mod replacing;
mod report;
mod schema;
mod scratch;
mod segments;
mod stages;
mod tables;
mod target;
mod targets;

pub(crate) use erased_customers::ErasedCustomers;
pub(crate) use fingerprint::config_hash;
pub use measure::measure_list;
pub use memory::default_memory_bytes;
pub use observer::{Clock, Observer, Stage};
pub(crate) use prior::{CLUSTERS, sections_that_define};
pub(crate) use replacing::{Replacing, company_net_sales};
pub use report::{CheckReport, Defects, RunReport, TableDefects};
pub use target::{CsvRequest, ListRequest, TargetReport, TargetRequest, target};

use std::path::PathBuf;

use cartera_normalize::Horizon;
use cartera_table::{AsOf, Date, ErasedKeys};
use jiff::Timestamp;
use rayon::ThreadPoolBuilder;

use crate::cache::Cache;
use crate::config::{AsOfSetting, PipelineConfig};
use crate::error::PipelineError;
use crate::store::{DiskSpill, ErasedRecord, Warehouse, WarehouseLock, check_complete};
use events::EventShelves;
use inputs::{Books, Inputs, Work};
use scratch::Scratch;
use stages::{Computed, compute};

/// How many partitions customers are cut into. Fixed, so that it cannot change a result; enough that
/// one partition of a hundred million lines fits in memory many times.
const PARTITIONS: usize = 256;

/// What the command line adds to a pipeline.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// In place of the pipeline's `as_of`.
    pub as_of: Option<AsOfSetting>,
    /// In place of the pipeline's warehouse.
    pub warehouse: Option<PathBuf>,
    /// Memory that the run may take.
    pub memory_bytes: u64,
    /// Threads that work.
    pub threads: usize,
    /// Whether all files are read anew, whatever earlier runs left.
    pub is_full: bool,
    /// What becomes of fitted models.
    pub models: ModelRequest,
    /// Defective rows of consents and suppressions that name nobody and yet stop no list, where there are no more.
    pub accepted_bad_consents: u64,
    /// How files are cut for reading; no table depends on it.
    pub sizes: ReadSizes,
    /// The version that is written into manifests and files.
    pub version: &'static str,
}

/// What the command line asks of fitted models. The tables depend on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ModelRequest {
    /// Whether they are fitted anew, whatever the schedule says.
    pub refit: bool,
    /// Whether a new model replaces the old one however many customers it moves.
    pub accept: bool,
}

/// How files are cut for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadSizes {
    /// Bytes that a thread parses at a time; it stays in the processor's cache through all stages.
    pub block_bytes: usize,
    /// Bytes of a file that are kept, and read again, together.
    pub segment_bytes: u64,
}

impl Default for ReadSizes {
    fn default() -> Self {
        Self {
            block_bytes: 1 << 20,
            segment_bytes: 64 << 20,
        }
    }
}

/// What a run and a check share: who watches, and who tells the time.
#[derive(Clone, Copy)]
pub struct RunContext<'c> {
    /// Is told of the stages.
    pub observer: &'c dyn Observer,
    /// Tells the time.
    pub clock: &'c dyn Clock,
}

/// Runs a pipeline and publishes its tables.
///
/// # Errors
/// Any: then nothing was published.
pub fn run(config: &PipelineConfig, options: &RunOptions, context: RunContext<'_>) -> Result<RunReport, PipelineError> {
    let started_at = context.clock.now();
    // Before anything is written: a mistake leaves no warehouse.
    horizon(config, options, context)?;
    let inputs = Inputs::find(config, options.version)?;
    let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let lock = warehouse.lock(&started_at.to_string())?;
    for warning in lock.report().messages() {
        context.observer.warning(&warning);
    }
    run_under(&lock, config, options, context, (inputs, started_at), None)
}

/// The same in the place of another run, by whoever holds the lock.
pub(crate) fn replace_run(
    lock: &WarehouseLock,
    config: &PipelineConfig,
    options: &RunOptions,
    context: RunContext<'_>,
    replaces: &Replacing,
) -> Result<RunReport, PipelineError> {
    let started_at = context.clock.now();
    let inputs = Inputs::find(config, options.version)?;
    run_under(lock, config, options, context, (inputs, started_at), Some(replaces))
}

fn run_under(
    lock: &WarehouseLock,
    config: &PipelineConfig,
    options: &RunOptions,
    context: RunContext<'_>,
    (inputs, started_at): (Inputs, Timestamp),
    replaces: Option<&Replacing>,
) -> Result<RunReport, PipelineError> {
    let horizon = match replaces {
        Some(replaces) => replaces.horizon(),
        None => horizon(config, options, context)?,
    };
    let warehouse = lock.warehouse();
    let erased = erased_keys(warehouse, context, replaces.is_none())?;
    let inputs = inputs.without(&erased);
    let staging = lock.stage()?;
    let cache = Cache::open(lock.cache_folder()?, !options.is_full);
    let spill = new_spill(staging.spill_dir()?, options);
    let shelves = |per_kind| EventShelves::new(&staging.spill_dir()?, per_kind);
    let events = config.customer_events.rows().map(shelves).transpose()?;
    let books = Books::default();
    let runs = warehouse.runs()?;
    let work = Work {
        config,
        inputs: &inputs,
        horizon,
        threads: options.threads,
        sizes: options.sizes,
        spill: &spill,
        events: events.as_ref(),
        cache: &cache,
        models: options.models,
        accepted_bad_consents: options.accepted_bad_consents,
        erased: &erased,
        replaces,
        warehouse,
        runs: &runs,
        books: &books,
        context,
    };
    let computed = compute_in_pool(&work)?;
    let assessed = quality::assess(&work, &computed)?;
    let report = publish::publish(
        &work,
        options,
        computed,
        assessed,
        started_at,
        spill.bytes_on_disk(),
        staging,
    )?;
    cache.close()?;
    Ok(report)
}

/// Reads a pipeline's inputs and computes everything, but publishes nothing.
///
/// # Errors
/// Any that would stop a run before its tables are written.
pub fn check(
    config: &PipelineConfig,
    options: &RunOptions,
    context: RunContext<'_>,
) -> Result<CheckReport, PipelineError> {
    let horizon = horizon(config, options, context)?;
    let scratch = Scratch::new(config, options, horizon, context)?;
    let work = scratch.work();
    let computed = compute_in_pool(&work)?;
    let assessed = quality::assess(&work, &computed)?;
    report::check_report(&work, options, computed, assessed.report)
}

/// Who was erased from the warehouse. One who is not yet gone from all runs is told.
fn erased_keys(
    warehouse: &Warehouse,
    context: RunContext<'_>,
    tells_unfinished: bool,
) -> Result<ErasedKeys, PipelineError> {
    let record = warehouse.erased()?;
    check_complete(warehouse, record.as_ref())?;
    let keys = record.as_ref().map(ErasedRecord::keys).unwrap_or_default();
    let unfinished = record.map_or(0, |record| record.unfinished().count());
    if tells_unfinished && unfinished > 0 {
        context.observer.warning(&format!(
            "the erasure of {unfinished} keys was interrupted: earlier runs still tell of these people until cartera forget is called for them again"
        ));
    }
    Ok(keys)
}

fn new_spill(folder: PathBuf, options: &RunOptions) -> DiskSpill {
    DiskSpill::new(folder, PARTITIONS, memory::spill_budget_bytes(options.memory_bytes))
}

fn compute_in_pool<'w>(work: &Work<'w>) -> Result<Computed<'w>, PipelineError> {
    let Work {
        inputs,
        threads,
        books,
        context,
        ..
    } = *work;
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| PipelineError::Threads {
            threads,
            message: error.to_string(),
        })?;
    let computed = match pool.install(|| compute(work)) {
        Err(PipelineError::Cache(damage)) => {
            context.observer.warning(&format!(
                "{damage}: an earlier run left it; everything is read again, as with --full"
            ));
            work.cache.distrust();
            books.clear();
            work.events.map_or(Ok(()), EventShelves::clear)?;
            pool.install(|| compute(work))?
        }
        computed => computed?,
    };
    for (origin, file) in books.intake.files() {
        if file.read.rows == 0 {
            let (source, file) = inputs.names(origin);
            context
                .observer
                .warning(&format!("{file} of source {source} holds no row"));
        }
    }
    Ok(computed)
}

fn horizon(config: &PipelineConfig, options: &RunOptions, context: RunContext<'_>) -> Result<Horizon, PipelineError> {
    let today: Date = config.time_zone.to_datetime(context.clock.now()).date();
    match options.as_of.unwrap_or(config.as_of) {
        AsOfSetting::Latest => Ok(Horizon::LatestUntil(today)),
        AsOfSetting::Today => Ok(Horizon::Through(AsOf(today))),
        AsOfSetting::Date(date) if date <= today => Ok(Horizon::Through(AsOf(date))),
        AsOfSetting::Date(date) => Err(PipelineError::FutureAsOf {
            as_of: AsOf(date),
            today,
        }),
    }
}
