//! The runner: the stages in their one order, and what a run leaves.

mod boundary;
mod breadth;
mod change;
mod cohorts;
mod customers;
mod features;
mod fingerprint;
mod gather;
mod inputs;
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
mod quality;
mod relations;
mod report;
mod segments;
mod stages;
mod tables;

pub use memory::default_memory_bytes;
pub use observer::{Clock, Observer, Stage};
pub use report::{CheckReport, Defects, RunReport, TableDefects};

use std::path::PathBuf;

use cartera_normalize::Horizon;
use cartera_table::{AsOf, Date};
use rayon::ThreadPoolBuilder;

use crate::cache::Cache;
use crate::config::{AsOfSetting, PipelineConfig};
use crate::error::PipelineError;
use crate::store::{DiskSpill, Warehouse};
use inputs::{Books, Inputs, Work};
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
    let horizon = horizon(config, options, context)?;
    let inputs = Inputs::find(config, options.version)?;
    let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let lock = warehouse.lock(&started_at.to_string())?;
    for warning in lock.report().messages() {
        context.observer.warning(&warning);
    }
    let staging = lock.stage()?;
    let cache = Cache::open(lock.cache_folder()?, !options.is_full);
    let spill = new_spill(staging.spill_dir()?, options);
    let books = Books::default();
    let runs = warehouse.runs()?;
    let work = Work {
        config,
        inputs: &inputs,
        horizon,
        threads: options.threads,
        sizes: options.sizes,
        spill: &spill,
        cache: &cache,
        models: options.models,
        warehouse: &warehouse,
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
    let inputs = Inputs::find(config, options.version)?;
    let cannot_write = |cause| PipelineError::Write {
        path: std::env::temp_dir(),
        cause,
    };
    // For the owner alone, with a name that nobody can foresee, and gone in the end.
    let scratch = tempfile::Builder::new()
        .prefix("cartera-check-")
        .tempdir()
        .map_err(cannot_write)?;
    let spill = new_spill(scratch.path().to_owned(), options);
    let kept = scratch.path().join("segments");
    std::fs::create_dir(&kept).map_err(cannot_write)?;
    let cache = Cache::open(kept, false);
    let books = Books::default();
    let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let runs = warehouse.runs()?;
    let work = Work {
        config,
        inputs: &inputs,
        horizon,
        threads: options.threads,
        sizes: options.sizes,
        spill: &spill,
        cache: &cache,
        models: options.models,
        warehouse: &warehouse,
        runs: &runs,
        books: &books,
        context,
    };
    let computed = compute_in_pool(&work)?;
    let assessed = quality::assess(&work, &computed)?;
    report::check_report(&work, options, computed, assessed.report)
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
