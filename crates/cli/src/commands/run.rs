//! `cartera run`

use std::io::{self, Write};

use cartera_pipeline::{RunContext, run as run_pipeline};

use super::{load, options};
use crate::args::{CommonArguments, RunArguments};
use crate::clock::SystemClock;
use crate::outcome::Outcome;
use crate::{progress, summary};

pub(crate) fn run(arguments: &RunArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let config = load(&arguments.pipeline)?;
    let mut options = options(arguments, common);
    let observer = progress::observer(common);
    let context = RunContext {
        observer: observer.as_ref(),
        clock: &SystemClock,
    };
    let days = arguments
        .as_of
        .map_or_else(|| vec![config.as_of], |as_of| as_of.days(arguments.every));
    let mut outcome = Outcome::Done;
    for day in days {
        options.as_of = Some(day);
        let report = run_pipeline(&config, &options, context)?;
        if report.has_many_defects {
            outcome = Outcome::ManyDefects;
        }
        let mut stdout = io::stdout().lock();
        summary::of_run(&mut stdout, &config, &report)?;
        stdout.flush()?;
    }
    Ok(outcome)
}
