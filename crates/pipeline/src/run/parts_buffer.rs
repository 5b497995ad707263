//! Parts of orders on their way from the batches to the partitions.
//!
//! Batches are small, so that a batch stays in the processor's cache through all stages. Cut into
//! partitions one by one they would leave hundreds of thousands of tiny frames; so some wait here
//! until there are enough of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cartera_table::contracts::OrderParts;
use cartera_table::{Batch, Spill, TableError, aggregate};
use polars::prelude::DataFrame;

/// Rows that are cut into partitions together.
const ROWS_AT_A_TIME: usize = 200_000;

/// Collects parts of orders, from all threads, and hands them to the spill.
pub(super) struct PartsBuffer<'s> {
    spill: &'s dyn Spill,
    /// By source, because a frame holds parts of one source.
    waiting: Mutex<BTreeMap<usize, Vec<DataFrame>>>,
}

impl<'s> PartsBuffer<'s> {
    pub(super) fn new(spill: &'s dyn Spill) -> Self {
        Self {
            spill,
            waiting: Mutex::default(),
        }
    }

    pub(super) fn push(&self, parts: Batch<OrderParts>) -> Result<(), TableError> {
        let source_index = parts.origin().source_index;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let frames = waiting.entry(source_index).or_default();
        frames.push(parts.into_frame());
        if frames.iter().map(DataFrame::height).sum::<usize>() < ROWS_AT_A_TIME {
            return Ok(());
        }
        let frames = std::mem::take(frames);
        drop(waiting);
        self.partition(frames)
    }

    /// Hands over what still waits.
    pub(super) fn finish(self) -> Result<(), TableError> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting.into_values().try_for_each(|frames| self.partition(frames))
    }

    fn partition(&self, frames: Vec<DataFrame>) -> Result<(), TableError> {
        let mut frames = frames.into_iter();
        let Some(mut together) = frames.next() else {
            return Ok(());
        };
        for frame in frames {
            together.vstack_mut_owned(frame)?;
        }
        together.rechunk_mut();
        let partitions = aggregate::partition_by_text(&together, "source_key", self.spill.partitions())?;
        for (partition, frame) in partitions.into_iter().enumerate() {
            self.spill.push(partition, frame)?;
        }
        Ok(())
    }
}
