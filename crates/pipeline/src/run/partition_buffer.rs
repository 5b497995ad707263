//! Tags of lines on their way from the blocks to the partitions.
//!
//! Batches are small, so that a batch stays in the processor's cache through all stages. Cut into
//! partitions one by one they would leave hundreds of thousands of tiny frames; so some wait here
//! until there are enough of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cartera_table::{Spill, TableError, aggregate};
use polars::prelude::DataFrame;

/// Rows that are cut into partitions together.
const ROWS_AT_A_TIME: usize = 200_000;

/// Collects frames from all threads, cuts them by some columns, and hands them to the spill.
pub(super) struct PartitionBuffer<'s> {
    spill: &'s dyn Spill,
    /// The first of them that is not null decides where a row goes.
    columns: &'static [&'static str],
    /// By source, because a frame holds rows of one source.
    waiting: Mutex<BTreeMap<usize, Vec<DataFrame>>>,
}

impl<'s> PartitionBuffer<'s> {
    pub(super) fn new(spill: &'s dyn Spill, columns: &'static [&'static str]) -> Self {
        Self {
            spill,
            columns,
            waiting: Mutex::default(),
        }
    }

    pub(super) fn push(&self, source_index: usize, frame: DataFrame) -> Result<(), TableError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let frames = waiting.entry(source_index).or_default();
        frames.push(frame);
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
        let partitions = aggregate::partition_by(&together, self.columns, self.spill.partitions())?;
        for (partition, frame) in partitions.into_iter().enumerate() {
            self.spill.push(partition, frame)?;
        }
        Ok(())
    }
}
