//! What a command says while it goes: bars on a terminal, events in a log elsewhere.
//!
//! The names of the fields of events are a promise to those who read logs by machine; README.md lists them. No event
//! holds what raw files say of people.

mod bars;

use std::io::{self, IsTerminal};

use cartera_pipeline::{Observer, RunReport, Stage};
use tracing::{Level, error, info, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::{CommonArguments, LogFormat};
use crate::terminal::Paint;
use bars::Bars;

/// Starts the log on standard error.
pub(crate) fn start_logging(common: &CommonArguments) {
    let level = level(common);
    let filter = targets(level);
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_target(false)
        // Where standard error cannot be written there is nobody to tell.
        .log_internal_errors(false)
        .with_ansi(Paint::of_stderr(common.color).has_colours());
    match common.log_format {
        Some(LogFormat::Json) => builder.json().flatten_event(true).finish().with(filter).init(),
        Some(LogFormat::Text) | None => builder.finish().with(filter).init(),
    }
}

/// What is heard of whom: of libraries warnings at most, as a database's driver tells every statement that it sends.
fn targets(level: Level) -> Targets {
    Targets::new()
        .with_default(level.min(Level::WARN))
        .with_target("cartera", level)
}

fn level(common: &CommonArguments) -> Level {
    match (common.log_level, common.quiet, common.verbose) {
        (Some(level), _, _) => level.into(),
        (None, true, _) => Level::ERROR,
        (None, false, false) => Level::INFO,
        (None, false, true) => Level::DEBUG,
    }
}

/// Whether bars are drawn, and no log is written.
pub(crate) fn has_bars(common: &CommonArguments) -> bool {
    let is_asked_for_log = common.log_format.is_some() || common.log_level.is_some();
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !common.quiet && !is_asked_for_log && !is_dumb && io::stderr().is_terminal()
}

/// The observer that fits the arguments and the terminal.
pub(crate) fn observer(common: &CommonArguments) -> Box<dyn Observer> {
    if has_bars(common) {
        Box::new(Bars::new(Paint::of_stderr(common.color)))
    } else {
        Box::new(Log)
    }
}

/// Tells the log that a run begins.
pub(crate) fn run_started(common: &CommonArguments, pipeline: &str, as_of: &str) {
    if !has_bars(common) {
        info!(event = "run_started", pipeline, as_of);
    }
}

/// Tells the log how a run ended.
pub(crate) fn run_finished(common: &CommonArguments, report: &RunReport) {
    if has_bars(common) {
        return;
    }
    let record = &report.run.manifest.record;
    info!(
        event = "run_finished",
        pipeline = record.pipeline,
        run = %report.run.reference,
        path = %report.run.path.display(),
        rows = record.totals.rows_in,
        bytes = record.reading.bytes,
        customers = record.totals.customers,
        set_aside = report.defects.rows,
        warnings = record.warnings.len(),
        seconds = rounded(record.seconds),
    );
}

/// Tells a log for machines what stopped a command; people are told in words.
pub(crate) fn failed(command: &str, message: &str, hint: Option<&str>) {
    error!(event = "failed", command, error = message, hint);
}

/// One event a stage.
struct Log;

impl Observer for Log {
    fn stage_started(&self, stage: Stage, total_bytes: Option<u64>) {
        tracing::debug!(event = "stage_started", stage = stage.slug(), total_bytes,);
    }

    fn advanced(&self, _bytes: u64, _rows: u64) {}

    fn stage_finished(&self, stage: Stage, bytes: u64, rows: u64, seconds: f64) {
        info!(
            event = "stage_finished",
            stage = stage.slug(),
            rows,
            bytes,
            seconds = rounded(seconds),
        );
    }

    fn warning(&self, message: &str) {
        warn!(event = "warning", "{message}");
    }
}

/// To the millisecond.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_heard_where_they_warn() {
        let debug = targets(Level::DEBUG);
        for ours in ["cartera", "cartera::progress", "cartera_pipeline::run"] {
            assert!(debug.would_enable(ours, &Level::DEBUG), "{ours}");
        }
        for driver in ["tokio_postgres::prepare", "postgres", "rustls::client"] {
            assert!(!debug.would_enable(driver, &Level::INFO), "{driver}");
            assert!(debug.would_enable(driver, &Level::WARN), "{driver}");
        }
        let quiet = targets(Level::ERROR);
        assert!(!quiet.would_enable("postgres", &Level::WARN) && !quiet.would_enable("cartera", &Level::WARN));
    }
}
