//! Config, the runner, the warehouse on disk, manifest and atomic publish.
//!
//! [`config::load`] reads a pipeline file, [`run()`] publishes its tables, [`check`] says what a run
//! would do, [`compare::compare`] tells two runs apart, and [`store`] holds what was published. This is the only crate that writes files.

mod cache;
pub mod compare;
pub mod config;
mod customer;
mod documents;
mod error;
mod forget;
mod grouped;
mod init;
pub mod measure;
mod page;
mod quality;
mod run;
mod sample;
pub mod sql;
pub mod store;

pub use cache::Damage;
pub use customer::{CustomerError, CustomerRequest, customer_view};
pub use documents::write_documents;
pub use error::PipelineError;
pub use forget::{ForgetReport, ForgetRequest, ForgottenRun, TableChange, forget};
pub use init::{InitReport, InitRequest, init};
pub use page::report_of_run;
pub use quality::{CheckParamsError, Finding, QualityReport, Severity, Status};
pub use run::{
    CheckReport, Clock, CsvRequest, Defects, ListRequest, ModelRequest, Observer, ReadSizes, RunContext, RunOptions,
    RunReport, Stage, TableDefects, TargetReport, TargetRequest, check, default_memory_bytes, measure_list, run,
    target,
};
pub use sample::{SampleReport, SampleRequest, write_sample};

pub use cartera_activation::files::{FileFormat, FileParams};
pub use cartera_activation::{
    Amount, CampaignSummary, CampaignsSummary, ContactPlanSummary, NeglectedSummary, PlannedActionSummary,
    TargetParams, TargetSummary, TargetsSummary,
};
pub use cartera_segment::{PortfolioSummary, SegmentSummary, SignalSummary, SignalsSummary, signal_action_words};
