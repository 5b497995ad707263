//! What can stop a run.

use std::error::Error;

use cartera_activation::files::FilesError;
use cartera_activation::{ActivationError, TargetParamsError};
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
    /// Target lists cannot be made.
    #[error(transparent)]
    Activation(Box<ActivationError>),
    /// A target list is refused.
    #[error(transparent)]
    Target(Box<TargetParamsError>),
    /// The files of a target list are refused or cannot be made.
    #[error(transparent)]
    Files(#[from] Box<FilesError>),
    /// There is no such list.
    #[error("the pipeline has no list {list}")]
    NoList {
        /// The list.
        list: String,
        /// Those that there are.
        lists: Vec<String>,
    },
    /// The warehouse refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that an earlier run left is not what it wrote.
    #[error(transparent)]
    Cache(#[from] Damage),
    /// The report cannot be made.
    #[error("cannot make the report")]
    Report(#[from] cartera_report::ReportError),
    /// There is no such customer, or more than one.
    #[error(transparent)]
    Customer(#[from] crate::customer::CustomerError),
    /// What is asked to be measured cannot be.
    #[error(transparent)]
    Measure(#[from] crate::measure::MeasureRequestError),
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
    /// What an earlier run left is damaged, and nothing can stand in for it.
    #[error("the {table} of run {run} cannot be read, and without them {without}")]
    PriorPart {
        /// The table.
        table: &'static str,
        /// What would come of it.
        without: &'static str,
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
    /// Nobody knows the key that is to be erased.
    #[error("no published run knows the key in key space {key_space}{known}", known = known_spaces(known_key_spaces))]
    UnknownKey {
        /// Where it was looked for.
        key_space: String,
        /// Key spaces of the pipeline's customers.
        known_key_spaces: Vec<String>,
    },
    /// The key space has to be told.
    #[error("the pipeline has several key spaces: {}", key_spaces.join(", "))]
    WhichKeySpace {
        /// Those of its customers.
        key_spaces: Vec<String>,
    },
    /// Neither a source nor a run has the key space.
    #[error("no source with customers' keys has the key space {key_space}; there are: {}", key_spaces.join(", "))]
    UnknownKeySpace {
        /// The one that was asked for.
        key_space: String,
        /// Those of the pipeline's customers.
        key_spaces: Vec<String>,
    },
    /// A key is no key.
    #[error("an empty key is that of guests and cannot be erased")]
    EmptyKey,
    /// Runs that tell of the person cannot be made anew as they were.
    #[error(
        "nothing was erased: {} cannot be made anew as they were:
{obstacles}",
        run_list(runs)
    )]
    NotRepeatable {
        /// The runs.
        runs: Vec<RunRef>,
        /// What is in the way, one a line.
        obstacles: String,
    },
    /// A folder among the runs may tell of the person.
    #[error("nothing was erased: {unreadable}; nobody can say whether it tells of the person")]
    UnreadableRun {
        /// The folder and why.
        unreadable: String,
    },
    /// Making a run anew without a person changed more than that.
    #[error(
        "net sales of the company in run {run} were {before} and would be {after} without the person: its files say something else today"
    )]
    ErasureChangesTotals {
        /// The run that was to be replaced.
        run: RunRef,
        /// As published.
        before: String,
        /// As computed now.
        after: String,
    },
    /// A run could not be made anew while a person was erased.
    #[error("the person is kept out from now on, but run {run} still tells of them")]
    ErasureInterrupted {
        /// The run that was to be replaced.
        run: RunRef,
        /// Why.
        #[source]
        cause: Box<PipelineError>,
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
            Self::PriorPart { run, .. } => Some(format!(
                "publish that day again with --as-of {}, or move the run's folder away to begin from the run before it",
                run.as_of
            )),
            Self::NoList { lists, .. } if lists.is_empty() => {
                Some("declare it in a [[target]], or write --where and --channel".to_owned())
            }
            Self::NoList { lists, .. } => Some(format!("the lists of the pipeline: {}", lists.join(", "))),
            Self::UnknownKey { .. } => Some(
                "write the key as the raw files have it and give --key-space; --unseen erases it all the same, for files that are still to come and for what a run that failed left in the cache"
                    .to_owned(),
            ),
            Self::WhichKeySpace { .. } | Self::UnknownKeySpace { .. } => Some("choose one with --key-space".to_owned()),
            Self::NotRepeatable { .. } => Some(
                "--with-present-files and --with-present-config make them anew with what is there today, so that their figures change for other reasons too; --delete-unrepeatable deletes them"
                    .to_owned(),
            ),
            Self::UnreadableRun { .. } => Some("mend or delete that folder, and call forget again".to_owned()),
            Self::ErasureChangesTotals { .. } => Some(
                "accept it with --with-present-files, or delete the run with --delete-unrepeatable".to_owned(),
            ),
            Self::ErasureInterrupted { cause, .. } => {
                let advice = "call forget for the key again to finish";
                Some(cause.hint().map_or_else(|| advice.to_owned(), |hint| format!("{hint}; then {advice}")))
            }
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
            Self::Customer(error) => Some(error.hint()),
            Self::Measure(error) => error.hint(),
            _ => None,
        }
    }
}

impl From<IngestError> for PipelineError {
    fn from(error: IngestError) -> Self {
        Self::Ingest(Box::new(error))
    }
}

impl From<ActivationError> for PipelineError {
    fn from(error: ActivationError) -> Self {
        Self::Activation(Box::new(error))
    }
}

impl From<TargetParamsError> for PipelineError {
    fn from(error: TargetParamsError) -> Self {
        Self::Target(Box::new(error))
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

fn known_spaces(key_spaces: &[String]) -> String {
    match key_spaces {
        [] | [_] => String::new(),
        several => format!("; the pipeline has the key spaces {}", several.join(", ")),
    }
}

fn run_list(runs: &[RunRef]) -> String {
    let words: Vec<String> = runs.iter().map(ToString::to_string).collect();
    let noun = if words.len() == 1 { "run" } else { "runs" };
    format!("{noun} {}", words.join(", "))
}

/// An error with its causes, on one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
