//! `cartera measure`

mod machines;
mod people;

use anyhow::Context;
use cartera_pipeline::measure::{FileMeasureRequest, ListMeasureRequest, MeasureReport, measure_file};
use cartera_pipeline::{
    ModelRequest, PipelineError, ReadSizes, RunContext, RunOptions, default_memory_bytes, measure_list,
};

use super::{load, show};
use crate::args::{CommonArguments, MeasureArguments, OutputFormat};
use crate::clock::SystemClock;
use crate::outcome::Outcome;
use crate::progress;

pub(crate) fn measure(arguments: &MeasureArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let report = if arguments.file.is_some() {
        of_file(arguments)?
    } else {
        of_list(arguments, common)?
    };
    show(|out| match arguments.format() {
        OutputFormat::Table => people::print(out, &report),
        OutputFormat::Csv => machines::as_csv(out, &report),
        OutputFormat::Json => machines::as_json(out, &report),
    });
    Ok(Outcome::Done)
}

fn of_file(arguments: &MeasureArguments) -> anyhow::Result<MeasureReport> {
    let request = FileMeasureRequest {
        path: arguments.file.clone().context("--file is missing")?,
        arm_column: arguments.arm_column.clone().context("--arm-column is missing")?,
        control: arguments.control.clone().context("--control is missing")?,
        outcomes: arguments.outcome_column.clone(),
        by: arguments.by.clone(),
        unit: arguments.unit.clone(),
        designed_shares: arguments.designed_share.clone(),
        cost_per_contact: arguments.cost_per_contact,
        margin_share: arguments.margin_share,
        confidence: arguments.confidence,
    };
    measure_file(&request).map_err(PipelineError::into)
}

fn of_list(arguments: &MeasureArguments, common: &CommonArguments) -> anyhow::Result<MeasureReport> {
    let config = load(arguments.pipeline.as_deref().context("the pipeline file is missing")?)?;
    let options = RunOptions {
        as_of: None,
        warehouse: arguments.warehouse.clone(),
        memory_bytes: default_memory_bytes(),
        threads: common.threads(),
        is_full: true,
        models: ModelRequest::default(),
        sizes: ReadSizes::default(),
        accepted_bad_consents: 0,
        version: env!("CARTERA_BUILD"),
    };
    let request = ListMeasureRequest {
        list: arguments.list.clone().context("the list is missing")?,
        outcomes: arguments.outcome.iter().map(|&outcome| outcome.into()).collect(),
        from: arguments.from,
        to: arguments.to,
        run: arguments.run,
        by: arguments.by.clone(),
        against: arguments.against.map(Into::into),
        confidence: arguments.confidence,
    };
    let observer = progress::observer(common);
    let context = RunContext {
        observer: observer.as_ref(),
        clock: &SystemClock,
    };
    measure_list(&config, &options, &request, context).map_err(PipelineError::into)
}
