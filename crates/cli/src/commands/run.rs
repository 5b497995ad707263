//! `cartera run`

use cartera_pipeline::store::{PublishedRun, RunSelector, Warehouse};
use cartera_pipeline::{PipelineError, RunContext, RunReport, run as run_pipeline};

use super::{days, describe, load, options, show};
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
    let days = days(arguments, &config)?;
    let mut published = 0;
    let mut outcome = Outcome::Done;
    for &day in &days {
        options.as_of = Some(day);
        progress::run_started(common, &config.name, &describe(day));
        let report = match run_pipeline(&config, &options, context) {
            Ok(report) => report,
            // The history of a range may begin before the data does.
            Err(error @ PipelineError::NoLines { .. }) if days.len() > 1 => {
                observer.warning(&format!("nothing is published as of {}: {error}", describe(day)));
                continue;
            }
            Err(error) if published > 0 => {
                let context = format!(
                    "{published} of {} runs were published, the one as of {} was not",
                    days.len(),
                    describe(day)
                );
                return Err(anyhow::Error::new(error).context(context));
            }
            Err(error) => return Err(error.into()),
        };
        published += 1;
        if report.has_many_defects {
            observer.warning("more rows are defective than warn_quarantined_share allows: see the table quarantine");
            outcome = Outcome::Warned;
        }
        if report.targets.lists.iter().any(|list| list.is_stopped) {
            observer.warning("target lists are stopped: rows of consents or suppressions name nobody; see the notes");
            outcome = Outcome::Warned;
        }
        if report.quality.has_failed() {
            observer.warning("a check of the pipeline does not hold: see the table data_quality");
            outcome = Outcome::Warned;
        }
        progress::run_finished(common, &report);
        if arguments.json {
            show(|out| summary::machines::of_run(out, &config, &report));
        } else {
            let before = run_before(&report);
            show(|out| summary::of_run(out, common, &config, &report, before.as_ref()));
        }
    }
    if published == 0 {
        anyhow::bail!("no day of the range has a line to work on: nothing was published");
    }
    Ok(outcome)
}

/// The run whose state was carried over. It can have been pruned since, and then its figures are not told.
fn run_before(report: &RunReport) -> Option<PublishedRun> {
    let before = report.run.manifest.record.prior_state?;
    // warehouse/runs/as_of=2025-12-31/run=1
    let warehouse = report.run.path.ancestors().nth(3)?;
    Warehouse::open(warehouse).ok()?.find(&RunSelector::Run(before)).ok()
}
