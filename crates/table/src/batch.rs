//! The checked batches of a stream, worked through by as many threads as its source has.
//!
//! A stream is pushed, not pulled: its source calls a sink from its worker threads, one batch at a
//! time, in no particular order. A batch goes through all stages while it is in the processor's
//! cache, and only a bounded number of batches exist at a time.

use std::error::Error;
use std::marker::PhantomData;

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::error::TableError;
use crate::table::check_columns;

/// Any stage's error, on its way through a stream.
pub type FlowError = Box<dyn Error + Send + Sync>;

/// Which source and file a batch comes from, by their places in the pipeline's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Place of the source in the pipeline.
    pub source_index: usize,
    /// Place of the file in the source's sorted list of files.
    pub file_index: usize,
}

/// Some rows of a stream, checked for columns, types and required values.
#[derive(Debug, Clone)]
pub struct Batch<T: Contract> {
    frame: DataFrame,
    origin: Origin,
    contract: PhantomData<T>,
}

impl<T: Contract> Batch<T> {
    /// Checks a frame.
    ///
    /// # Errors
    /// The first way in which the frame breaks the contract.
    pub fn new(frame: DataFrame, origin: Origin) -> Result<Self, TableError> {
        check_columns(&T::INFO, &frame)?;
        Ok(Self {
            frame,
            origin,
            contract: PhantomData,
        })
    }

    /// The frame.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The frame, given away.
    #[must_use]
    pub fn into_frame(self) -> DataFrame {
        self.frame
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }
}
