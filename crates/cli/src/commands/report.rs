//! `cartera report`

use std::io::{self, Write};

use anyhow::Context;
use cartera_pipeline::report_of_run;
use cartera_pipeline::store::{Warehouse, write_answer};

use super::{say_written, warehouse_folder};
use crate::args::ReportArguments;
use crate::outcome::Outcome;

pub(crate) fn report(arguments: &ReportArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let run = warehouse.find(&arguments.run)?;
    let before = match run.manifest.record.prior_state {
        Some(before) => warehouse.runs()?.runs.into_iter().find(|run| run.reference == before),
        None => None,
    };
    let report = report_of_run(&run, before.as_ref(), arguments.locale)?;
    for problem in report.problems {
        let problem = anyhow::Error::from(problem);
        tracing::warn!(event = "warning", "a section could not be made: {problem:#}");
    }
    let page = report.page;
    match &arguments.out {
        Some(path) => {
            let bytes = write_answer(path, false, &mut |out| out.write_all(page.as_bytes()))?;
            say_written(path, bytes, &run, "")?;
        }
        None => io::stdout()
            .write_all(page.as_bytes())
            .context("cannot write to standard output")?,
    }
    Ok(Outcome::Done)
}
