//! What a command works with that publishes nothing: all that a run has, in a folder that goes in the end.

use cartera_normalize::Horizon;
use cartera_table::ErasedKeys;

use super::inputs::{Books, Inputs, Work};
use super::{RunContext, RunOptions, erased_keys, new_spill};
use crate::cache::Cache;
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::{DiskSpill, RunListing, ScratchFolder, Warehouse, create_private_folder};

/// The parts of a [`Work`] that is left without a trace.
pub(super) struct Scratch<'s> {
    config: &'s PipelineConfig,
    options: &'s RunOptions,
    context: RunContext<'s>,
    horizon: Horizon,
    erased: ErasedKeys,
    pub(super) inputs: Inputs,
    spill: DiskSpill,
    cache: Cache,
    pub(super) warehouse: Warehouse,
    pub(super) runs: RunListing,
    pub(super) books: Books,
    _folder: ScratchFolder,
}

impl<'s> Scratch<'s> {
    /// Finds the inputs and makes the folder.
    pub(super) fn new(
        config: &'s PipelineConfig,
        options: &'s RunOptions,
        horizon: Horizon,
        context: RunContext<'s>,
    ) -> Result<Self, PipelineError> {
        let warehouse = Warehouse::open(options.warehouse.as_ref().unwrap_or(&config.warehouse))?;
        let erased = erased_keys(&warehouse, context, true)?;
        let inputs = Inputs::find(config, options.version)?.without(&erased);
        let folder = ScratchFolder::new(&warehouse)?;
        let spill = new_spill(folder.path().to_owned(), options);
        let kept = folder.path().join("segments");
        create_private_folder(&kept)?;
        let runs = warehouse.runs()?;
        Ok(Self {
            config,
            options,
            context,
            horizon,
            erased,
            inputs,
            spill,
            cache: Cache::open(kept, false),
            warehouse,
            runs,
            books: Books::default(),
            _folder: folder,
        })
    }

    /// As the stages take it.
    pub(super) fn work(&self) -> Work<'_> {
        Work {
            config: self.config,
            inputs: &self.inputs,
            horizon: self.horizon,
            threads: self.options.threads,
            sizes: self.options.sizes,
            spill: &self.spill,
            events: None,
            cache: &self.cache,
            models: self.options.models,
            accepted_bad_consents: self.options.accepted_bad_consents,
            erased: &self.erased,
            replaces: None,
            warehouse: &self.warehouse,
            runs: &self.runs,
            books: &self.books,
            context: self.context,
        }
    }
}
