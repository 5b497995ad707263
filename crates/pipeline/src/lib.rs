//! Config, the runner, the warehouse on disk, manifest and atomic publish.
//!
//! [`config::load`] reads a pipeline file, [`run()`] publishes its tables, [`check`] says what a run
//! would do, and [`store`] holds what was published. This is the only crate that writes files.

pub mod config;
mod error;
mod run;
mod sample;
pub mod store;

pub use error::PipelineError;
pub use run::{
    CheckReport, Clock, Defects, Observer, RunContext, RunOptions, RunReport, Stage, check, default_memory_bytes, run,
};
pub use sample::{SampleReport, SampleRequest, write_sample};

pub use cartera_segment::SegmentSummary;
