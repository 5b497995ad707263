//! Where frames wait by partition until all of them are there, such as the tags of lines that may stand in several files.

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
