//! Where the parts of orders wait, by customer, until all lines are read.

use std::sync::Mutex;

use polars::prelude::DataFrame;

use crate::error::TableError;

/// Keeps frames by partition. The store on disk, and how much stays in memory, is the pipeline's business.
pub trait Spill: Sync {
    /// How many partitions there are.
    fn partitions(&self) -> usize;

    /// Puts a frame aside.
    ///
    /// # Errors
    /// When it cannot be written to disk.
    fn push(&self, partition: usize, frame: DataFrame) -> Result<(), TableError>;

    /// Hands over all frames of a partition, in no particular order.
    ///
    /// # Errors
    /// When they cannot be read back.
    fn take(&self, partition: usize) -> Result<Vec<DataFrame>, TableError>;
}

/// Keeps everything in memory.
#[derive(Debug)]
pub struct MemorySpill {
    partitions: Vec<Mutex<Vec<DataFrame>>>,
}

impl MemorySpill {
    /// A store of that many partitions.
    #[must_use]
    pub fn new(partitions: usize) -> Self {
        Self {
            partitions: (0..partitions).map(|_| Mutex::default()).collect(),
        }
    }
}

impl Spill for MemorySpill {
    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn push(&self, partition: usize, frame: DataFrame) -> Result<(), TableError> {
        self.partitions[partition]
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(frame);
        Ok(())
    }

    fn take(&self, partition: usize) -> Result<Vec<DataFrame>, TableError> {
        Ok(std::mem::take(
            &mut *self.partitions[partition]
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        ))
    }
}
