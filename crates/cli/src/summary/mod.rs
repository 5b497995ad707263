//! The closing summary of a run or a check: on one screen, whole with `--verbose`, on one line with `--quiet`, or as
//! JSON for machines.

pub(crate) mod long;
pub(crate) mod machines;
pub(crate) mod screen;

use std::io::{self, Write};
use std::path::Path;

use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::{PublishedRun, REPORT_FILE};
use cartera_pipeline::{CheckReport, RunReport};
use cartera_table::Money;

use crate::args::CommonArguments;
use crate::number::bytes;
use crate::terminal::Paint;
use screen::Page;

/// Prints what the arguments ask to be told of a run.
pub(crate) fn of_run(
    out: &mut dyn Write,
    common: &CommonArguments,
    config: &PipelineConfig,
    report: &RunReport,
    before: Option<&PublishedRun>,
) -> io::Result<()> {
    if common.quiet {
        return writeln!(out, "{}", published_line(config, report));
    }
    if common.verbose {
        return long::of_run(out, config, report);
    }
    screen::of_run(out, Paint::of_stdout(common.color), config, report, before)
}

/// The same of a check.
pub(crate) fn of_check(
    out: &mut dyn Write,
    common: &CommonArguments,
    config: &PipelineConfig,
    report: &CheckReport,
) -> io::Result<()> {
    if common.quiet {
        return writeln!(out, "{}", would_publish_line(report));
    }
    if common.verbose {
        return long::of_check(out, config, report);
    }
    screen::of_check(out, Paint::of_stdout(common.color), config, report)
}

/// What was published, and where.
fn published_line(config: &PipelineConfig, report: &RunReport) -> String {
    let record = &report.run.manifest.record;
    let memory = record
        .peak_memory_bytes
        .map_or_else(String::new, |peak| format!(", at most {} of memory", bytes(peak)));
    format!(
        "published {} as run {} in {:.2} s{memory}: {}",
        config.name,
        report.run.reference,
        record.seconds,
        short_path(&report.run.path)
    )
}

fn would_publish_line(report: &CheckReport) -> String {
    format!(
        "a run would publish {} as of {} in {}; nothing was published",
        report.pipeline,
        report.as_of,
        short_path(&report.warehouse)
    )
}

/// Where to look, and what to type next.
fn next_steps(
    page: &mut Page<'_>,
    config: &PipelineConfig,
    report: &RunReport,
    before: Option<&PublishedRun>,
) -> io::Result<()> {
    let run = &report.run;
    let page_path = run.path.join(REPORT_FILE);
    if page_path.is_file() {
        page.entry("report", &short_path(&page_path), 1)?;
    }
    // A run elsewhere than the pipeline says is found by its folder alone.
    let own = config.warehouse.canonicalize().ok();
    let used = run.path.ancestors().nth(3).map(Path::to_owned);
    let is_own = own.is_some() && own == used.as_ref().and_then(|used| used.canonicalize().ok());
    let warehouse = match (is_own, &used) {
        (false, Some(used)) => short_path(used),
        _ => short_path(&config.path),
    };
    let next = match before {
        Some(before) => format!(
            "cartera compare {} {} --warehouse {warehouse}",
            before.reference, run.reference
        ),
        None => format!("cartera show segments --warehouse {warehouse}"),
    };
    page.entry("next", &next, 1)
}

/// A path as a person would type it: without `..`, and relative where it lies below the working folder.
pub(crate) fn short_path(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let below = here
        .ok()
        .and_then(|here| whole.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or(whole).display().to_string()
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Ten-thousandths of an amount that a manifest holds as text, which it wrote itself.
fn money_of(text: &str) -> i128 {
    text.parse::<Money>().map_or(0, |money| money.0)
}
