//! What the tests of whole runs share.

use std::path::Path;

use cartera_pipeline::config::{self, AsOfSetting};
use cartera_pipeline::store::read::read_table;
use cartera_pipeline::{
    Clock, ModelRequest, Observer, PipelineError, ReadSizes, RunContext, RunOptions, RunReport, Stage, run,
};
use cartera_table::{Contract, Table};
use jiff::Timestamp;

/// A clock that stands still on the first of January 2026.
pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        "2026-01-01T12:00:00Z".parse().expect("a time")
    }
}

/// An observer that looks away.
pub(crate) struct Blind;

impl Observer for Blind {
    fn stage_started(&self, _: Stage, _: Option<u64>) {}
    fn advanced(&self, _: u64, _: u64) {}
    fn stage_finished(&self, _: Stage, _: u64, _: u64, _: f64) {}
    fn warning(&self, _: &str) {}
}

/// Two threads and plenty of memory.
pub(crate) fn options() -> RunOptions {
    RunOptions {
        models: ModelRequest::default(),
        accepted_bad_consents: 0,
        as_of: None,
        warehouse: None,
        memory_bytes: 4 << 30,
        threads: 2,
        is_full: false,
        sizes: ReadSizes::default(),
        version: "test",
    }
}

pub(crate) fn run_with(pipeline: &Path, options: &RunOptions) -> Result<RunReport, PipelineError> {
    let config = config::load(pipeline, &|name| std::env::var(name).ok())?;
    run(
        &config,
        options,
        RunContext {
            observer: &Blind,
            clock: &StoppedClock,
        },
    )
}

pub(crate) fn run_once(pipeline: &Path) -> RunReport {
    run_with(pipeline, &options()).unwrap_or_else(|error| panic!("{error}\n{}", error.hint().unwrap_or_default()))
}

pub(crate) fn run_as_of(pipeline: &Path, day: &str, warehouse: &Path) -> RunReport {
    let options = RunOptions {
        as_of: Some(AsOfSetting::Date(day.parse().expect("a day"))),
        warehouse: Some(warehouse.to_owned()),
        ..options()
    };
    run_with(pipeline, &options).expect("published")
}

/// A published table, read back and checked.
pub(crate) fn table<T: Contract>(report: &RunReport) -> Table<T> {
    read_table(&report.run.path.join(format!("{}.parquet", T::INFO.name))).expect("a published table")
}

/// The rows and the amount of the ledger lines that have these words, wherever they stand.
pub(crate) fn in_ledger(report: &RunReport, words: &[&str]) -> (u64, i128) {
    let lines = report.run.manifest.record.ledger.iter().filter(|line| {
        let cell = [
            line.party.as_deref(),
            line.line_kind.as_deref(),
            Some(line.disposition.as_str()),
            line.reason.as_deref(),
        ];
        words.iter().all(|word| cell.contains(&Some(*word)))
    });
    lines.fold((0, 0), |(rows, amount), line| {
        (rows + line.rows, amount + unscaled(&line.amount))
    })
}

/// Decimal text as ten-thousandths.
pub(crate) fn unscaled(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<4}").parse().expect("a decimal")
}
