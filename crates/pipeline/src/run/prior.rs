//! What the newest run of an earlier day left. It counts as a whole or not at all: one that is damaged is none.

use std::path::PathBuf;

use cartera_feature::PriorLifecycle;
use cartera_table::contracts::{DataQuality, Lifecycle};
use cartera_table::{AsOf, Contract, Table};

use super::inputs::Work;
use crate::store::read::read_table;
use crate::store::{PublishedRun, RunRef, StoreError};

/// A run that this one builds on.
#[derive(Debug)]
pub(super) struct PriorRun {
    pub(super) reference: RunRef,
    pub(super) fingerprint: String,
    /// What its data was like; none where it was published by a version that told nothing.
    pub(super) figures: Option<Table<DataQuality>>,
    /// The model that its customers are scored with, where there is one.
    pub(super) model: Option<String>,
    /// The stages of its customers; likewise.
    pub(super) stages: Option<PriorLifecycle>,
}

/// The newest run of an earlier day.
pub(super) fn prior_run(work: &Work<'_>, as_of: AsOf) -> Option<PriorRun> {
    let run = work.runs.prior_state(as_of)?;
    PriorRun::read(run).unwrap_or_else(|error| {
        work.context
            .observer
            .warning(&format!("the data is not compared with run {}: {error}", run.reference));
        None
    })
}

impl PriorRun {
    /// None where the run has nothing that is looked at.
    fn read(run: &PublishedRun) -> Result<Option<Self>, StoreError> {
        let figures = path(run, DataQuality::INFO.name)
            .map(|path| read_table(&path))
            .transpose()?;
        let stages = path(run, Lifecycle::INFO.name)
            .map(|path| read_table(&path))
            .transpose()?;
        if figures.is_none() && stages.is_none() {
            return Ok(None);
        }
        let as_of = run.reference.as_of;
        Ok(Some(Self {
            reference: run.reference,
            fingerprint: run.manifest.record.fingerprint.clone(),
            figures,
            model: run.manifest.record.totals.lifetime.model.clone(),
            stages: stages.map(|table| PriorLifecycle { as_of, table }),
        }))
    }
}

fn path(run: &PublishedRun, table: &str) -> Option<PathBuf> {
    run.table_path(table).ok()
}
