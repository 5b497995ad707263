//! What the cells of a source are like: how many are filled, different, broken; the range of their values, the most
//! frequent ones; and rows, guests and money of each day.
//!
//! It is measured from each parsed block while the block is in the processor's cache, and merged. A
//! [`BlockQuality`] comes to the same in whatever order and grouping it is merged, and it can be stored, so that
//! rows that were read on an earlier night need not be read again. Counts, shares, ranges and days are exact. What
//! cannot be exact in little memory says so: the number of different values above [`COUNTED_VALUES`] is an estimate
//! (HyperLogLog, standard error 0.81 %); the shares of the most frequent values above it are those of a random sample
//! of 2,048 different rows; repeats of keys are counted exactly among 65,536 random keys, which are all of them where
//! there are no more.
//!
//! Values are those of the file, before anything is mapped to other words, converted or left out. Of personal columns
//! no value is ever kept.

mod block;
mod book;
mod bottom_sample;
mod column;
mod days;
mod distinct;
mod facts;
mod hash;
mod value;
mod value_counts;

#[cfg(test)]
mod tests;

pub use block::{BlockQuality, Known, QualitySpec};
pub use book::{QualityBook, SourceQuality};
pub use days::{DayCount, Days};
pub use facts::{ColumnFacts, KeyRepeats};
pub use value_counts::COUNTED_VALUES;
