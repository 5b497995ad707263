//! How a command ended, as an exit code and a message.

use std::io::{self, Write};
use std::process::ExitCode;

use cartera_pipeline::PipelineError;
use cartera_pipeline::store::StoreError;

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

    /// Prints the message of a failure, and what to do about it.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Warned => ExitCode::from(1),
            Self::Failed(error) => {
                let mut stderr = io::stderr().lock();
                // Where standard error is closed there is nobody to tell.
                let _ = writeln!(stderr, "error: {error:#}");
                if let Some(hint) = hint(&error) {
                    let _ = writeln!(stderr, "hint: {hint}");
                }
                ExitCode::from(2)
            }
        }
    }
}

fn hint(error: &anyhow::Error) -> Option<String> {
    error
        .downcast_ref::<PipelineError>()
        .and_then(PipelineError::hint)
        .or_else(|| error.downcast_ref::<StoreError>().and_then(StoreError::hint))
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
