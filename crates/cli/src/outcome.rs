//! How a command ended, as an exit code and a message.

use std::io::{self, Write};
use std::process::ExitCode;

use cartera_export::ExportError;
use cartera_pipeline::PipelineError;
use cartera_pipeline::sql::SqlError;
use cartera_pipeline::store::StoreError;

use crate::args::{CommonArguments, LogFormat};
use crate::progress;
use crate::terminal::Paint;

/// How a command ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// As asked for.
    Done,
    /// Published, with more defects than the pipeline's `warn_quarantined_share`, or with a check that does not hold.
    Warned,
    /// Not done; nothing was published.
    Failed(anyhow::Error),
}

impl Outcome {
    pub(crate) fn of(result: anyhow::Result<Self>) -> Self {
        match result {
            Ok(outcome) => outcome,
            // `cartera show .. | head` closes the pipe early: that is no failure.
            Err(error) if is_broken_pipe(&error) => Self::Done,
            Err(error) => Self::Failed(error),
        }
    }

    /// Prints the message of a failure, and what to do about it; in a log for machines it is an event like others.
    pub(crate) fn report(self, command: &str, common: &CommonArguments) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Warned => ExitCode::from(1),
            Self::Failed(error) => {
                tell(&error, command, common);
                ExitCode::from(2)
            }
        }
    }
}

fn tell(error: &anyhow::Error, command: &str, common: &CommonArguments) {
    let hint = hint(error);
    if common.log_format == Some(LogFormat::Json) {
        progress::failed(command, &format!("{error:#}"), hint.as_deref());
        return;
    }
    let paint = Paint::of_stderr(common.color);
    let mut stderr = io::stderr().lock();
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(stderr, "{} {error:#}", paint.bad("error:"));
    if let Some(hint) = hint {
        let _ = writeln!(stderr, "{} {hint}", paint.heading("hint:"));
    }
}

fn hint(error: &anyhow::Error) -> Option<String> {
    error
        .downcast_ref::<PipelineError>()
        .and_then(PipelineError::hint)
        .or_else(|| error.downcast_ref::<StoreError>().and_then(StoreError::hint))
        .or_else(|| error.downcast_ref::<SqlError>().and_then(SqlError::hint))
        .or_else(|| error.downcast_ref::<ExportError>().and_then(ExportError::hint))
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
