//! How far an export is: a bar on a terminal, an event a table elsewhere.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cartera_export::ExportObserver;
use indicatif::{ProgressBar, ProgressStyle};
use tracing::info;

use crate::args::CommonArguments;
use crate::number;
use crate::progress::has_bars;

/// The observer that fits the arguments and the terminal.
pub(super) fn observer(common: &CommonArguments) -> Box<dyn ExportObserver> {
    if has_bars(common) {
        Box::new(Bar::default())
    } else {
        Box::new(Log {
            started: Mutex::new(Instant::now()),
        })
    }
}

/// One event a table.
struct Log {
    started: Mutex<Instant>,
}

impl ExportObserver for Log {
    fn table_started(&self, table: &str, rows: u64) {
        tracing::debug!(event = "table_started", table, rows, "table started");
        *self.started.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn advanced(&self, _rows: u64, _bytes: u64) {}

    fn table_finished(&self, table: &str, rows: u64, bytes: u64) {
        let started = *self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = (started.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0;
        info!(event = "table_loaded", table, rows, bytes, seconds, "table loaded");
    }
}

/// A bar of rows.
#[derive(Default)]
struct Bar {
    current: Mutex<Option<ProgressBar>>,
}

impl ExportObserver for Bar {
    fn table_started(&self, table: &str, rows: u64) {
        let template = "{prefix:<22} {bar:30} {human_pos:>12} of {human_len} rows {per_sec:>14}  {elapsed_precise}";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(rows).with_style(style);
        bar.set_prefix(table.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
    }

    fn advanced(&self, rows: u64, _bytes: u64) {
        if let Some(bar) = &*self.current.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.inc(rows);
        }
    }

    fn table_finished(&self, table: &str, rows: u64, bytes: u64) {
        if let Some(bar) = self.current.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let seconds = bar.elapsed().as_secs_f64();
            bar.println(format!(
                "{table:<22} {:>14} rows {seconds:>8.2} s {:>10}",
                number::count(rows),
                number::bytes(bytes)
            ));
            bar.finish_and_clear();
        }
    }
}
