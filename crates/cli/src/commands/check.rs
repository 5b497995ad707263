//! `cartera check`

use cartera_pipeline::{RunContext, check as check_pipeline};

use super::{days, load, options, show};
use crate::args::{CommonArguments, RunArguments};
use crate::clock::SystemClock;
use crate::outcome::Outcome;
use crate::{progress, summary};

pub(crate) fn check(arguments: &RunArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let config = load(&arguments.pipeline)?;
    let mut options = options(arguments, common);
    let observer = progress::observer(common);
    let context = RunContext {
        observer: observer.as_ref(),
        clock: &SystemClock,
    };
    let mut outcome = Outcome::Done;
    for day in days(arguments, &config)? {
        options.as_of = Some(day);
        let report = check_pipeline(&config, &options, context)?;
        if report.has_many_defects || report.quality.has_failed() {
            outcome = Outcome::Warned;
        }
        show(|out| match arguments.json {
            true => summary::machines::of_check(out, &config, &report),
            false => summary::of_check(out, common, &config, &report),
        });
    }
    Ok(outcome)
}
