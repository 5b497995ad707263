//! A stream of checked batches, worked through by as many threads as its source has.
//!
//! A flow is pushed, not pulled: its source calls the sink from its worker threads, one batch at a
//! time, in no particular order. A batch goes through all stages while it is in the processor's
//! cache, and only a bounded number of batches exist at a time.

use std::error::Error;
use std::marker::PhantomData;

use polars::prelude::DataFrame;

use crate::contract::Contract;
use crate::error::TableError;
use crate::table::check_columns;

/// Any stage's error, on its way through a flow.
pub type FlowError = Box<dyn Error + Send + Sync>;

/// Which source and file a batch comes from, by their places in the pipeline's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

type Sink<'s, T> = dyn Fn(Batch<T>) -> Result<(), FlowError> + Sync + 's;
type Drive<'a, T> = dyn FnOnce(&Sink<'_, T>) -> Result<(), FlowError> + 'a;

/// A stream of batches that can be run once.
pub struct Flow<'a, T: Contract> {
    drive: Box<Drive<'a, T>>,
}

impl<'a, T: Contract> Flow<'a, T> {
    /// A flow whose source calls the sink with each batch.
    pub fn new(drive: impl FnOnce(&Sink<'_, T>) -> Result<(), FlowError> + 'a) -> Self {
        Self { drive: Box::new(drive) }
    }

    /// The flow of what a stage makes of each batch.
    pub fn and_then<U: Contract>(
        self,
        stage: impl Fn(Batch<T>) -> Result<Batch<U>, FlowError> + Sync + 'a,
    ) -> Flow<'a, U> {
        Flow::new(move |sink| (self.drive)(&|batch| sink(stage(batch)?)))
    }

    /// Runs the flow into a last sink.
    ///
    /// # Errors
    /// The first error of the source, a stage or the sink.
    pub fn run(self, sink: impl Fn(Batch<T>) -> Result<(), FlowError> + Sync) -> Result<(), FlowError> {
        (self.drive)(&sink)
    }
}
