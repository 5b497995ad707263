//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod customer;
pub(crate) mod documents;
pub(crate) mod export;
pub(crate) mod forget;
pub(crate) mod init;
pub(crate) mod measure;
pub(crate) mod prune;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod sample;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod sql;
pub(crate) mod target;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use cartera_pipeline::config::{self, AsOfSetting, PipelineConfig};
use cartera_pipeline::store::PublishedRun;
use cartera_pipeline::{ModelRequest, ReadSizes, RunOptions, default_memory_bytes};

use crate::args::{CommonArguments, RunArguments};

/// Reads a pipeline file with the variables of the environment.
fn load(pipeline: &Path) -> anyhow::Result<PipelineConfig> {
    Ok(config::load(pipeline, &|name| std::env::var(name).ok()).map_err(cartera_pipeline::PipelineError::from)?)
}

/// What the arguments add to a pipeline, but for the day.
fn options(arguments: &RunArguments, common: &CommonArguments) -> RunOptions {
    RunOptions {
        as_of: None,
        warehouse: arguments.warehouse.clone(),
        memory_bytes: arguments.memory.unwrap_or_else(default_memory_bytes),
        threads: common.threads(),
        is_full: arguments.full,
        models: ModelRequest {
            refit: arguments.refit,
            accept: arguments.accept_model,
        },
        accepted_bad_consents: arguments.accept_bad_consents,
        sizes: ReadSizes::default(),
        version: env!("CARTERA_BUILD"),
    }
}

/// The days to run for.
fn days(arguments: &RunArguments, config: &PipelineConfig) -> anyhow::Result<Vec<AsOfSetting>> {
    let Some(as_of) = arguments.as_of else {
        return Ok(vec![config.as_of]);
    };
    as_of
        .days(arguments.every)
        .context("--every is the step of a range of days, such as --as-of 2025-01-31..2025-12-31")
}

/// A day for messages.
fn describe(day: AsOfSetting) -> String {
    match day {
        AsOfSetting::Latest => "the latest day".to_owned(),
        AsOfSetting::Today => "today".to_owned(),
        AsOfSetting::Date(date) => date.to_string(),
    }
}

/// Prints a summary. What was published stays published whether or not somebody reads about it, so a
/// standard output that is closed or full changes neither the work nor the exit code.
fn show(print: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut stdout = BufWriter::new(io::stdout().lock());
    match print(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            tracing::warn!(event = "warning", "the summary could not be printed: {error}");
        }
        _ => {}
    }
}

/// Tells of a file that only its owner may read.
fn say_written(path: &Path, bytes: u64, run: &PublishedRun, readers: &str) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "wrote {}: {}, from run {}{readers}",
        path.display(),
        crate::number::bytes(bytes),
        run.reference
    )
}

/// The warehouse folder: as given, or as the pipeline file that was given names it.
fn warehouse_folder(given: &Path) -> anyhow::Result<PathBuf> {
    if given.extension().is_some_and(|extension| extension == "toml") && !given.is_dir() {
        return Ok(load(given)?.warehouse);
    }
    Ok(given.to_owned())
}
