//! Progress on a terminal: a bar for the stage that runs, a line for each that is done.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cartera_pipeline::{Observer, Stage};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use tracing::warn;

use crate::number;
use crate::terminal::{Paint, columns_of_stderr};

/// Time between two looks at a bar: fast enough to move, slow enough to read.
const TICK: Duration = Duration::from_millis(150);
/// Columns from which a bar and both rates fit on a line.
const WIDE: usize = 100;
/// Columns from which counts and the rate of rows fit.
const MIDDLE: usize = 64;

/// A bar for the stage that runs.
pub(super) struct Bars {
    current: Mutex<Option<ProgressBar>>,
    rows: Arc<AtomicU64>,
    paint: Paint,
}

impl Bars {
    pub(super) fn new(paint: Paint) -> Self {
        Self {
            current: Mutex::default(),
            rows: Arc::default(),
            paint,
        }
    }

    fn with_current(&self, work: impl FnOnce(&mut Option<ProgressBar>)) {
        work(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn style(&self, total_bytes: Option<u64>) -> ProgressStyle {
        let rows = Arc::clone(&self.rows);
        let line = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let progress = Progress {
                bytes: state.pos(),
                total_bytes,
                rows: rows.load(Ordering::Relaxed),
                seconds: state.elapsed().as_secs_f64(),
                seconds_left: total_bytes.map(|_| state.eta().as_secs()),
            };
            // A line that cannot be drawn is drawn the next time.
            let _ = out.write_str(&progress.line(columns_of_stderr()));
        };
        let template = match (total_bytes.is_some(), columns_of_stderr() >= WIDE) {
            (true, true) => "{prefix} {bar:12} {line}",
            (true, false) => "{prefix} {line}",
            (false, _) => "{prefix} {spinner} {line}",
        };
        ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("line", line)
            .progress_chars("=> ")
    }
}

impl Observer for Bars {
    fn stage_started(&self, stage: Stage, total_bytes: Option<u64>) {
        self.rows.store(0, Ordering::Relaxed);
        let bar = match total_bytes {
            Some(total) => ProgressBar::new(total),
            None => ProgressBar::new_spinner(),
        };
        bar.set_style(self.style(total_bytes));
        bar.set_prefix(format!("{:<12}", stage.slug()));
        bar.enable_steady_tick(TICK);
        self.with_current(|current| *current = Some(bar));
    }

    fn advanced(&self, bytes: u64, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.with_current(|current| {
            if let Some(bar) = current {
                bar.inc(bytes);
            }
        });
    }

    fn stage_finished(&self, stage: Stage, bytes: u64, rows: u64, seconds: f64) {
        let line = finished(stage, bytes, rows, seconds, columns_of_stderr());
        self.with_current(|current| {
            if let Some(bar) = current.take() {
                bar.println(self.paint.dim(line));
                bar.finish_and_clear();
            }
        });
    }

    fn warning(&self, message: &str) {
        let line = format!("{} {message}", self.paint.warning("warning:"));
        self.with_current(|current| match current {
            Some(bar) => bar.println(line),
            None => warn!(event = "warning", "{message}"),
        });
    }
}

/// How far a stage is.
struct Progress {
    bytes: u64,
    total_bytes: Option<u64>,
    rows: u64,
    seconds: f64,
    seconds_left: Option<u64>,
}

impl Progress {
    /// As much of it as fits beside the stage and the bar.
    fn line(&self, columns: usize) -> String {
        let mut line = String::new();
        if let Some(total) = self.total_bytes.filter(|total| *total > 0) {
            // Writing to a String cannot fail.
            let _ = write!(
                line,
                "{:>3} %",
                (u128::from(self.bytes) * 100 / u128::from(total)).min(100)
            );
        }
        if columns >= MIDDLE && self.bytes > 0 {
            let _ = write!(line, " {:>9}", number::bytes(self.bytes));
        }
        if columns >= WIDE && self.bytes > 0 {
            let _ = write!(
                line,
                " {:>11}",
                format!("{}/s", number::bytes(per_second(self.bytes, self.seconds)))
            );
        }
        if columns >= MIDDLE && self.rows > 0 {
            let _ = write!(line, " {:>13} rows", number::count(self.rows));
        }
        if columns >= WIDE && self.rows > 0 {
            let _ = write!(
                line,
                " {:>11}",
                format!("{}/s", number::count(per_second(self.rows, self.seconds)))
            );
        }
        match self.seconds_left {
            Some(left) if self.bytes > 0 => {
                let _ = write!(line, "  {} left", clock(left));
            }
            _ => {
                let _ = write!(line, "  {}", clock(whole(self.seconds)));
            }
        }
        line
    }
}

/// A stage that is done, as much of it as fits on a line of the terminal.
fn finished(stage: Stage, bytes: u64, rows: u64, seconds: f64, columns: usize) -> String {
    let mut line = format!("{:<12} {:>13} rows {seconds:>8.2} s", stage.slug(), number::count(rows));
    if bytes > 0 && columns >= MIDDLE {
        let rate = number::bytes(per_second(bytes, seconds));
        let _ = write!(line, " {:>9} {:>11}", number::bytes(bytes), format!("{rate}/s"));
    }
    line.chars().take(columns.saturating_sub(1)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn per_second(amount: u64, seconds: f64) -> u64 {
    if seconds > 0.0 {
        whole(amount as f64 / seconds)
    } else {
        0
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rates and times of day are far below the limit, and casts saturate"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// `0:07`, `12:34`, `1:02:03`.
fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress() -> Progress {
        Progress {
            bytes: 402_600_000,
            total_bytes: Some(844_000_000),
            rows: 4_612_345,
            seconds: 4.0,
            seconds_left: Some(75),
        }
    }

    #[test]
    fn a_line_tells_what_fits() {
        assert_eq!(
            progress().line(100),
            " 47 %  402.6 MB  100.7 MB/s     4,612,345 rows 1,153,086/s  1:15 left"
        );
        assert_eq!(progress().line(70), " 47 %  402.6 MB     4,612,345 rows  1:15 left");
        assert_eq!(progress().line(40), " 47 %  1:15 left");
        let beginning = Progress {
            bytes: 0,
            rows: 0,
            ..progress()
        };
        assert_eq!(beginning.line(100), "  0 %  0:04");
        let without_total = Progress {
            total_bytes: None,
            bytes: 0,
            seconds_left: None,
            ..progress()
        };
        assert_eq!(without_total.line(100), "     4,612,345 rows 1,153,086/s  0:04");
    }

    #[test]
    fn a_line_fits_beside_the_bar() {
        let widest = Progress {
            bytes: 999_900_000_000,
            total_bytes: Some(999_900_000_000),
            rows: 999_999_999,
            seconds: 1_000.0,
            seconds_left: Some(35_999),
        };
        let stage_and_bar = 12 + 1 + 12 + 1;
        assert!(
            stage_and_bar + widest.line(WIDE).chars().count() <= WIDE,
            "{}",
            widest.line(WIDE)
        );
        let stage = 12 + 1;
        assert!(
            stage + widest.line(MIDDLE).chars().count() <= MIDDLE,
            "{}",
            widest.line(MIDDLE)
        );
    }

    #[test]
    fn a_stage_that_is_done_fits_its_terminal() {
        let line = finished(Stage::Lines, 1_353_159, 15_407, 0.074, 100);
        assert_eq!(line, "lines               15,407 rows     0.07 s    1.4 MB   18.3 MB/s");
        let narrow = finished(Stage::Lines, 1_353_159, 15_407, 0.074, 50);
        assert_eq!(narrow, "lines               15,407 rows     0.07 s");
        assert_eq!(finished(Stage::Lines, 1_353_159, 15_407, 0.074, 30).len(), 29);
    }
}
