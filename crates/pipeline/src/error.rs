//! What can stop a run.

use cartera_feature::FeatureError;
use cartera_ingest::IngestError;
use cartera_normalize::NormalizeError;
use cartera_segment::SegmentError;
use cartera_table::{AsOf, Date, FlowError, TableError};
use thiserror::Error;

use crate::cache::Damage;
use crate::config::ConfigError;
use crate::store::{RunRef, StoreError};

/// Why nothing was published.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The pipeline file is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A source cannot be read.
    #[error(transparent)]
    Ingest(Box<IngestError>),
    /// Lines cannot be normalized.
    #[error(transparent)]
    Normalize(#[from] NormalizeError),
    /// Features cannot be computed.
    #[error(transparent)]
    Feature(#[from] FeatureError),
    /// Segments cannot be computed.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// The warehouse refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that an earlier run left is not what it wrote.
    #[error(transparent)]
    Cache(#[from] Damage),
    /// A table breaks its contract, or the ledger does not balance.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The made-up retailer cannot be made.
    #[error(transparent)]
    Sample(#[from] cartera_sample::SampleError),
    /// A file that would be written is there already.
    #[error("{} is there already", path.display())]
    FileExists {
        /// The file.
        path: std::path::PathBuf,
    },
    /// A file of a sample, or a new pipeline, cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The files hold no line that a run could use.
    #[error(
        "no line is left to work on: {rows_in} rows were read, {quarantined_rows} of them set aside, {out_of_scope_rows} later than as_of"
    )]
    NoLines {
        /// Rows read.
        rows_in: u64,
        /// Rows set aside.
        quarantined_rows: u64,
        /// Rows after the run's day.
        out_of_scope_rows: u64,
        /// Some of the rows that were set aside, one a line.
        examples: String,
    },
    /// The run would look from a day that has not come.
    #[error("as_of is {as_of} and today is {today}: nothing is known yet of that day")]
    FutureAsOf {
        /// The day asked for.
        as_of: AsOf,
        /// Today in the pipeline's time zone.
        today: Date,
    },
    /// A file is not what it was a moment ago.
    #[error("{file} of source {source_name} changed while it was read")]
    InputChanged {
        /// The source.
        source_name: String,
        /// The file.
        file: String,
    },
    /// More rows are defective than the pipeline allows.
    #[error(
        "{quarantined_rows} of {rows_in} rows of {table} are defective: {share_percent:.2} %, and max_quarantined_share allows {limit_percent:.2} % and at most {limit_rows} rows"
    )]
    TooManyDefects {
        /// Of its rows, those set aside.
        quarantined_rows: u64,
        /// Its rows.
        rows_in: u64,
        /// The table with the greatest share of rows set aside.
        table: &'static str,
        /// Its share.
        share_percent: f64,
        /// The limit.
        limit_percent: f64,
        /// The most rows that a run sets aside.
        limit_rows: usize,
        /// Some of the rows that were set aside, one a line.
        examples: String,
    },
    /// A check of the pipeline that stops a run does not hold.
    #[error("the data does not hold what the pipeline demands of it:\n{findings}")]
    ChecksFailed {
        /// What does not hold, one a line.
        findings: String,
    },
    /// Nobody knows who looked after the customers.
    #[error("the portfolios of run {run} cannot be read, and without them customers would change hands for no reason")]
    PriorPortfolios {
        /// The run.
        run: RunRef,
        /// Why.
        #[source]
        cause: Box<StoreError>,
    },
    /// What was written is not what was computed.
    #[error("the published {table} does not agree with the ledger: {detail}")]
    Recount {
        /// The table.
        table: &'static str,
        /// Both sides.
        detail: String,
    },
    /// The pool of threads cannot be made.
    #[error("cannot start {threads} threads: {message}")]
    Threads {
        /// How many.
        threads: usize,
        /// What the system said.
        message: String,
    },
}

impl PipelineError {
    /// What to do about it, where the message does not say it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooManyDefects { examples, .. } => Some(format!(
                "mend the rows or the declared formats, or raise max_quarantined_share in [limits]; for example:\n{examples}"
            )),
            Self::ChecksFailed { .. } => Some(
                "nothing was published; mend the data, or change the demand or its severity in [[check]]".to_owned(),
            ),
            Self::PriorPortfolios { run, .. } => Some(format!(
                "publish that day again with --as-of {}, or move the run's folder away to begin from the run before it",
                run.as_of
            )),
            Self::FutureAsOf { .. } => Some("choose today or an earlier day".to_owned()),
            Self::FileExists { .. } => Some("choose another --out, or write over it with --force".to_owned()),
            Self::InputChanged { .. } => Some("run again when nobody writes the file".to_owned()),
            Self::NoLines { examples, .. } if !examples.is_empty() => Some(format!("for example:\n{examples}")),
            Self::Table(TableError::Unbalanced { .. })
            | Self::Segment(SegmentError::OtherCustomers)
            | Self::Recount { .. } => Some(
                "rows or money were lost inside cartera: nothing was published; please report this with the message"
                    .to_owned(),
            ),
            Self::Store(error) => error.hint(),
            _ => None,
        }
    }
}

impl From<IngestError> for PipelineError {
    fn from(error: IngestError) -> Self {
        Self::Ingest(Box::new(error))
    }
}

impl From<FlowError> for PipelineError {
    /// An error of a stage comes out of a flow without its type.
    fn from(error: FlowError) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        let error = match error.downcast::<IngestError>() {
            Ok(error) => return Self::Ingest(error),
            Err(error) => error,
        };
        let error = match error.downcast::<NormalizeError>() {
            Ok(error) => return Self::Normalize(*error),
            Err(error) => error,
        };
        match error.downcast::<TableError>() {
            Ok(error) => Self::Table(*error),
            Err(error) => Self::Table(TableError::Spill {
                path: "a flow of lines".into(),
                message: error.to_string(),
            }),
        }
    }
}
