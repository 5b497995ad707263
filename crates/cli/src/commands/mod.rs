//! The commands, one file each.

pub(crate) mod check;
pub(crate) mod prune;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod sample;
pub(crate) mod show;

use std::path::{Path, PathBuf};

use cartera_pipeline::config::{self, PipelineConfig};
use cartera_pipeline::{RunOptions, default_memory_bytes};

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
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// The warehouse folder: as given, or as the pipeline file that was given names it.
fn warehouse_folder(given: &Path) -> anyhow::Result<PathBuf> {
    if given.extension().is_some_and(|extension| extension == "toml") && given.is_file() {
        return Ok(load(given)?.warehouse);
    }
    Ok(given.to_owned())
}
