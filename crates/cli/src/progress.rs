//! What a run says while it goes: bars on a terminal, events in a log elsewhere.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cartera_pipeline::{Observer, Stage};
use indicatif::{ProgressBar, ProgressStyle};
use tracing::{Level, info, warn};

use crate::args::{CommonArguments, LogFormat};
use crate::number;

/// Starts the log on standard error.
pub(crate) fn start_logging(common: &CommonArguments) {
    let level = match (common.quiet, common.verbose) {
        (true, _) => Level::ERROR,
        (false, false) => Level::INFO,
        (false, true) => Level::DEBUG,
    };
    let has_colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_target(false)
        // Where standard error cannot be written there is nobody to tell.
        .log_internal_errors(false)
        .with_ansi(has_colours);
    match common.log_format {
        Some(LogFormat::Json) => builder.json().flatten_event(true).init(),
        Some(LogFormat::Text) | None => builder.init(),
    }
}

/// The observer that fits the arguments and the terminal.
pub(crate) fn observer(common: &CommonArguments) -> Box<dyn Observer> {
    if common.quiet || common.log_format.is_some() || !io::stderr().is_terminal() {
        Box::new(Log)
    } else {
        Box::new(Bars::default())
    }
}

/// One event a stage.
struct Log;

impl Observer for Log {
    fn stage_started(&self, stage: Stage, total_bytes: Option<u64>) {
        tracing::debug!(stage = stage.slug(), total_bytes, "started");
    }

    fn advanced(&self, _bytes: u64, _rows: u64) {}

    fn stage_finished(&self, stage: Stage, bytes: u64, rows: u64, seconds: f64) {
        let seconds = (seconds * 1_000.0).round() / 1_000.0;
        if bytes > 0 {
            info!(
                stage = stage.slug(),
                rows,
                bytes,
                seconds,
                megabytes_per_second = rate(bytes, seconds),
                "finished"
            );
        } else {
            info!(stage = stage.slug(), rows, seconds, "finished");
        }
    }

    fn warning(&self, message: &str) {
        warn!("{message}");
    }
}

/// A bar a stage.
#[derive(Default)]
struct Bars {
    current: Mutex<Option<ProgressBar>>,
    rows: AtomicU64,
}

impl Bars {
    fn with_current(&self, work: impl FnOnce(&mut Option<ProgressBar>)) {
        work(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Observer for Bars {
    fn stage_started(&self, stage: Stage, total_bytes: Option<u64>) {
        let bar = match total_bytes {
            Some(total) => ProgressBar::new(total).with_style(style(
                "{prefix:<11} {bar:30} {bytes:>10} of {total_bytes} {binary_bytes_per_sec:>12} {msg:>16}  {elapsed_precise}",
            )),
            None => ProgressBar::new_spinner().with_style(style("{prefix:<11} {spinner}  {elapsed_precise}")),
        };
        bar.set_prefix(stage.slug());
        bar.enable_steady_tick(Duration::from_millis(100));
        self.rows.store(0, Ordering::Relaxed);
        self.with_current(|current| *current = Some(bar));
    }

    fn advanced(&self, bytes: u64, rows: u64) {
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        self.with_current(|current| {
            if let Some(bar) = current {
                bar.inc(bytes);
                bar.set_message(format!("{} rows", number::count(rows)));
            }
        });
    }

    fn stage_finished(&self, stage: Stage, bytes: u64, rows: u64, seconds: f64) {
        self.with_current(|current| {
            if let Some(bar) = current.take() {
                let mut line = format!("{:<11} {:>14} rows {seconds:>8.2} s", stage.slug(), number::count(rows));
                if bytes > 0 {
                    line.push_str(&format!(
                        " {:>10} {:>7.0} MB/s",
                        number::bytes(bytes),
                        rate(bytes, seconds)
                    ));
                }
                bar.println(line);
                bar.finish_and_clear();
            }
        });
    }

    fn warning(&self, message: &str) {
        let line = format!("warning: {message}");
        self.with_current(|current| match current {
            Some(bar) => bar.println(line),
            None => warn!("{message}"),
        });
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn rate(bytes: u64, seconds: f64) -> f64 {
    if seconds > 0.0 {
        (bytes as f64 / 1e6 / seconds).round()
    } else {
        0.0
    }
}
