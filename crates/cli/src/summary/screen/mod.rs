//! The closing summary as it fits a screen: what was read and where it went, the headline numbers beside those of the
//! run before, segments, lists, what to look at, and where everything lies.
//!
//! Every line of it is in a published table or in the manifest; `--verbose` prints the tables of the summary whole.

mod headlines;
mod lists;
mod rows;
mod segments;
mod warnings;

use std::io::{self, Write};

use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::{
    InputRecord, LedgerRecord, PublishedRun, SchemaChangesRecord, SourceTableRecord, Totals,
};
use cartera_pipeline::{
    CheckReport, ContactPlanSummary, Defects, PortfolioSummary, QualityReport, RunReport, SegmentSummary,
    SignalsSummary, TargetsSummary,
};

use super::{next_steps, published_line, would_publish_line};
use crate::terminal::Paint;

/// Files that order lines were read from.
fn files_of_lines(config: &PipelineConfig, inputs: &[InputRecord]) -> usize {
    let of_lines = inputs.iter().filter(|input| rows::is_of_lines(config, &input.source));
    of_lines.count()
}

/// What a run and a check have in common.
pub(super) struct Seen<'r> {
    pub(super) config: &'r PipelineConfig,
    pub(super) title: String,
    pub(super) file_count: usize,
    pub(super) totals: &'r Totals,
    pub(super) ledger: &'r [LedgerRecord],
    pub(super) source_tables: &'r [SourceTableRecord],
    pub(super) segments: &'r SegmentSummary,
    pub(super) signals: &'r SignalsSummary,
    pub(super) portfolios: Option<&'r PortfolioSummary>,
    pub(super) targets: &'r TargetsSummary,
    pub(super) contact_plan: &'r ContactPlanSummary,
    pub(super) defects: &'r Defects,
    pub(super) has_many_defects: bool,
    pub(super) quality: &'r QualityReport,
    /// How the tables differ from those of the run before; a check makes none.
    pub(super) schema_changes: Option<&'r SchemaChangesRecord>,
    /// The run whose figures stand beside these.
    pub(super) before: Option<&'r PublishedRun>,
}

impl<'r> Seen<'r> {
    pub(super) fn of_run(config: &'r PipelineConfig, report: &'r RunReport, before: Option<&'r PublishedRun>) -> Self {
        let record = &report.run.manifest.record;
        Self {
            config,
            title: format!(
                "{} as of {}, run {}",
                config.name, report.run.reference.as_of, report.run.reference.run
            ),
            file_count: files_of_lines(config, &record.inputs),
            totals: &record.totals,
            ledger: &record.ledger,
            source_tables: &record.source_tables,
            segments: &report.segments,
            signals: &report.signals,
            portfolios: report.portfolios.as_ref(),
            targets: &report.targets,
            contact_plan: &report.contact_plan,
            defects: &report.defects,
            has_many_defects: report.has_many_defects,
            quality: &report.quality,
            schema_changes: record.schema_changes.as_ref(),
            before,
        }
    }

    pub(super) fn of_check(config: &'r PipelineConfig, report: &'r CheckReport) -> Self {
        Self {
            config,
            title: format!("{} as of {}, not run", config.name, report.as_of),
            file_count: files_of_lines(config, &report.inputs),
            totals: &report.totals,
            ledger: &report.ledger,
            source_tables: &report.source_tables,
            segments: &report.segments,
            signals: &report.signals,
            portfolios: report.portfolios.as_ref(),
            targets: &report.targets,
            contact_plan: &report.contact_plan,
            defects: &report.defects,
            has_many_defects: report.has_many_defects,
            quality: &report.quality,
            schema_changes: None,
            before: None,
        }
    }

    fn print(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.line(&page.paint.heading(&self.title))?;
        rows::rows(page, self)?;
        headlines::headlines(page, self)?;
        segments::segments(page, self)?;
        lists::lists(page, self)?;
        warnings::warnings(page, self)
    }
}

/// Where lines go, and how they look.
pub(crate) struct Page<'o> {
    pub(crate) out: &'o mut dyn Write,
    pub(crate) paint: Paint,
    pub(crate) columns: usize,
}

impl Page<'_> {
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", text.trim_end())
    }

    /// A word and what there is to say of it, in lines that begin below one another.
    pub(crate) fn entry(&mut self, name: &str, text: &str, most_lines: usize) -> io::Result<()> {
        const NAME_COLUMNS: usize = 16;
        let lines = crate::terminal::wrapped_to(text, self.columns.saturating_sub(NAME_COLUMNS + 2), most_lines);
        for (place, line) in lines.iter().enumerate() {
            let name = if place == 0 { name } else { "" };
            writeln!(self.out, "  {}{line}", self.paint.dim(format!("{name:<NAME_COLUMNS$}")))?;
        }
        Ok(())
    }
}

/// Prints a run.
pub(crate) fn of_run(
    out: &mut dyn Write,
    paint: Paint,
    config: &PipelineConfig,
    report: &RunReport,
    before: Option<&PublishedRun>,
) -> io::Result<()> {
    let columns = crate::terminal::columns();
    let mut page = Page { out, paint, columns };
    Seen::of_run(config, report, before).print(&mut page)?;
    if !report.pruned.is_empty() {
        let pruned = report.pruned.join(", ");
        page.entry("pruned", &format!("{pruned} (keep_runs = {})", config.keep_runs), 1)?;
    }
    page.line(&paint.good(published_line(config, report)))?;
    next_steps(&mut page, config, report, before)
}

/// Prints a check.
pub(crate) fn of_check(
    out: &mut dyn Write,
    paint: Paint,
    config: &PipelineConfig,
    report: &CheckReport,
) -> io::Result<()> {
    let columns = crate::terminal::columns();
    let mut page = Page { out, paint, columns };
    Seen::of_check(config, report).print(&mut page)?;
    page.line(&would_publish_line(report))
}
