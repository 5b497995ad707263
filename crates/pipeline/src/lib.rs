//! Config, the runner, the warehouse on disk, manifest and atomic publish.
//!
//! [`config::load`] reads a pipeline file, [`run()`] publishes its tables, [`check`] says what a run
//! would do, and [`store`] holds what was published. This is the only crate that writes files.

mod cache;
pub mod config;
mod error;
mod grouped;
mod init;
mod quality;
mod run;
mod sample;
pub mod store;

pub use cache::Damage;
pub use error::PipelineError;
pub use init::{InitReport, InitRequest, init};
pub use quality::{CheckParamsError, Finding, QualityReport, Severity, Status};
pub use run::{
    CheckReport, Clock, Defects, ModelRequest, Observer, ReadSizes, RunContext, RunOptions, RunReport, Stage,
    TableDefects, check, default_memory_bytes, run,
};
pub use sample::{SampleReport, SampleRequest, write_sample};

pub use cartera_segment::{PortfolioSummary, SegmentSummary, SignalSummary, SignalsSummary, signal_action_words};
