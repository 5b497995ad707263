//! The runner: the stages in their one order, and what a run leaves.

mod boundary;
mod customers;
mod fingerprint;
mod inputs;
mod lines;
mod memory;
mod observer;
mod parts_buffer;
mod publish;
mod report;
mod stages;

pub use memory::default_memory_bytes;
pub use observer::{Clock, Observer, Stage};
pub use report::{CheckReport, Defects, LedgerLine, RunReport};

use std::path::PathBuf;

use cartera_normalize::Horizon;
use cartera_table::{AsOf, Date};
use rayon::ThreadPoolBuilder;

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
    /// The version that is written into manifests and files.
    pub version: &'static str,
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
    let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let lock = warehouse.lock(&started_at.to_string())?;
    for warning in publish::lock_warnings(lock.report()) {
        context.observer.warning(&warning);
    }
    let staging = lock.stage()?;
    let spill = DiskSpill::new(
        staging.spill_dir()?,
        PARTITIONS,
        memory::spill_budget_bytes(options.memory_bytes),
    );
    let inputs = Inputs::find(config)?;
    let horizon = horizon(config, options, context);
    let books = Books::default();
    let work = Work {
        config,
        inputs: &inputs,
        horizon,
        threads: options.threads,
        spill: &spill,
        books: &books,
        context,
    };
    let computed = in_pool(options.threads, || compute(&work))?;
    publish::publish(
        publish::Publishing {
            config,
            options,
            inputs: &inputs,
            books,
            computed,
            context,
            started_at,
        },
        staging,
    )
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
    let scratch = std::env::temp_dir().join(format!("cartera-check-{}", std::process::id()));
    let spill = DiskSpill::new(
        scratch.clone(),
        PARTITIONS,
        memory::spill_budget_bytes(options.memory_bytes),
    );
    crate::store::create_private_folder(&scratch)?;
    let inputs = Inputs::find(config)?;
    let horizon = horizon(config, options, context);
    let books = Books::default();
    let work = Work {
        config,
        inputs: &inputs,
        horizon,
        threads: options.threads,
        spill: &spill,
        books: &books,
        context,
    };
    let result = in_pool(options.threads, || compute(&work));
    let _ = std::fs::remove_dir_all(&scratch);
    let computed: Computed = result?;
    report::check_report(config, options, &inputs, books, &computed)
}

fn horizon(config: &PipelineConfig, options: &RunOptions, context: RunContext<'_>) -> Horizon {
    let today: Date = config.time_zone.to_datetime(context.clock.now()).date();
    match options.as_of.unwrap_or(config.as_of) {
        AsOfSetting::Latest => Horizon::LatestUntil(today),
        AsOfSetting::Today => Horizon::Through(AsOf(today)),
        AsOfSetting::Date(date) => Horizon::Through(AsOf(date)),
    }
}

fn in_pool<R: Send>(
    threads: usize,
    work: impl FnOnce() -> Result<R, PipelineError> + Send,
) -> Result<R, PipelineError> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| PipelineError::Threads {
            threads,
            message: error.to_string(),
        })?;
    pool.install(work)
}
