//! What a run or a check tells the person who started it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use cartera_segment::SegmentSummary;
use cartera_table::{AsOf, Cell, Count, Defect, Disposition, Money, Party, Quarantine};
use serde::Serialize;

use super::RunOptions;
use super::inputs::{Inputs, Work};
use super::stages::Computed;
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::{InputRecord, LedgerRecord, PublishedRun, StageRecord, Totals};

/// Examples of defects that a message shows.
const EXAMPLES: usize = 8;

/// A published run.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The run, with its manifest.
    pub run: PublishedRun,
    /// Segments in numbers.
    pub segments: SegmentSummary,
    /// The rows that were set aside.
    pub defects: Defects,
    /// Whether more rows were set aside than `warn_quarantined_share` allows.
    pub has_many_defects: bool,
    /// Runs that were pruned because there are more than `keep_runs`.
    pub pruned: Vec<String>,
}

/// What a run would do.
#[derive(Debug, Clone)]
pub struct CheckReport {
    /// The pipeline's name.
    pub pipeline: String,
    /// The day.
    pub as_of: AsOf,
    /// Where it would publish.
    pub warehouse: PathBuf,
    /// The files.
    pub inputs: Vec<InputRecord>,
    /// The totals.
    pub totals: Totals,
    /// Where the rows would go.
    pub ledger: Vec<LedgerRecord>,
    /// Segments in numbers.
    pub segments: SegmentSummary,
    /// The rows that would be set aside.
    pub defects: Defects,
    /// Whether a run would exit with a warning.
    pub has_many_defects: bool,
    /// The stages and their times.
    pub stages: Vec<StageRecord>,
}

/// The defects of a run in short: how many of each reason, and some of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Defects {
    /// Rows read.
    pub rows_in: u64,
    /// Rows set aside.
    pub rows: u64,
    /// Rows set aside, by reason.
    pub by_reason: BTreeMap<&'static str, u64>,
    /// The first of each reason, as a line of text.
    pub examples: Vec<String>,
}

impl Defects {
    pub(super) fn new(inputs: &Inputs, defects: &[Defect], rows_in: u64) -> Self {
        let mut by_reason = BTreeMap::new();
        let mut examples = Vec::new();
        for defect in defects {
            let seen = by_reason.entry(defect.reason).or_insert(0);
            *seen += 1;
            if *seen == 1 && examples.len() < EXAMPLES {
                examples.push(example(inputs, defect));
            }
        }
        Self {
            rows_in,
            rows: defects.len() as u64,
            by_reason,
            examples,
        }
    }

    /// Rows set aside by rows read.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    pub fn share(&self) -> f64 {
        if self.rows_in == 0 {
            0.0
        } else {
            self.rows as f64 / self.rows_in as f64
        }
    }

    /// Whether they are more than the pipeline passes over in silence.
    pub(super) fn are_many(&self, config: &PipelineConfig) -> bool {
        self.share() > config.limits.warn_quarantined_share
    }

    /// `unlisted` rows are more than the quarantine can list, which is too many whatever their share.
    pub(super) fn within(&self, max_share: f64, unlisted: u64) -> Result<(), PipelineError> {
        if self.share() <= max_share && unlisted == 0 {
            return Ok(());
        }
        Err(PipelineError::TooManyDefects {
            quarantined_rows: self.rows,
            rows_in: self.rows_in,
            share_percent: self.share() * 100.0,
            limit_percent: max_share * 100.0,
            limit_rows: Quarantine::LISTED_ROWS,
            examples: self.examples.join("\n"),
        })
    }

    pub(super) fn no_lines(&self, out_of_scope_rows: u64) -> PipelineError {
        PipelineError::NoLines {
            rows_in: self.rows_in,
            quarantined_rows: self.rows,
            out_of_scope_rows,
            examples: self.examples.join("\n"),
        }
    }
}

fn example(inputs: &Inputs, defect: &Defect) -> String {
    let (source, file) = inputs.names(defect.origin);
    let mut text = format!("  {source}: {file}:{}: {}", defect.row, defect.reason);
    // Writing to a String cannot fail.
    if let Some(column) = defect.column {
        let _ = write!(text, " in {column}");
    }
    if let (Some(value), Some(_)) = (&defect.value, defect.column) {
        let _ = write!(text, ": {value:?}");
    }
    let _ = write!(text, "; {}", defect.hint);
    text
}

/// The ledger's cells in words.
pub(super) fn ledger_records(work: &Work<'_>) -> Vec<LedgerRecord> {
    let text = |word: &str| word.to_owned();
    let record = |(cell, count): (Cell, Count)| LedgerRecord {
        source: work
            .inputs
            .sources
            .get(cell.source_index)
            .map_or_else(String::new, |source| source.params.name.clone()),
        party: cell.party.map(|party| text(party.slug())),
        line_kind: cell.line_kind.map(|kind| text(kind.slug())),
        disposition: text(cell.disposition.slug()),
        reason: cell.reason.map(text),
        currency: work.config.currency.clone(),
        rows: count.rows,
        amount: count.amount.to_string(),
    };
    work.books.ledger.cells().into_iter().map(record).collect()
}

/// The totals, each counted where the rows are.
pub(super) fn totals(work: &Work<'_>, computed: &Computed) -> Result<Totals, PipelineError> {
    use cartera_table::frame::{decimal, int64};
    let books = work.books;
    let rows = |chosen: &dyn Fn(&Cell) -> bool| books.ledger.total(chosen).rows;
    let read = books.intake.total();
    let features = computed.features.frame();
    let net_sales: i128 = decimal(features, "net_sales")?.iter().flatten().sum();
    let orders: i64 = int64(features, "order_count")?.iter().flatten().sum();
    let customers_with_orders = int64(features, "order_count")?
        .iter()
        .flatten()
        .filter(|&count| count > 0)
        .count();
    Ok(Totals {
        rows_in: read.rows,
        amount_in: read.amount.to_string(),
        rows_kept: rows(&|cell| cell.disposition == Disposition::Kept && cell.party == Some(Party::Customer)),
        guest_rows: rows(&|cell| cell.disposition == Disposition::Kept && cell.party == Some(Party::Guest)),
        merged_rows: rows(&|cell| cell.disposition == Disposition::Merged),
        out_of_scope_rows: rows(&|cell| cell.disposition == Disposition::OutOfScope),
        quarantined_rows: rows(&|cell| cell.disposition == Disposition::Quarantined),
        customers: computed.features.height() as u64,
        customers_with_orders: customers_with_orders as u64,
        orders: u64::try_from(orders).unwrap_or_default(),
        net_sales: Money(net_sales).to_string(),
        guest_orders: computed.guests.order_count,
        guest_net_sales: computed.guests.net_sales.to_string(),
        currency: work.config.currency.clone(),
    })
}

pub(super) fn check_report(
    work: &Work<'_>,
    options: &RunOptions,
    computed: Computed,
) -> Result<CheckReport, PipelineError> {
    let config = work.config;
    Ok(CheckReport {
        pipeline: config.name.clone(),
        as_of: computed.as_of,
        warehouse: options.warehouse.clone().unwrap_or_else(|| config.warehouse.clone()),
        inputs: work.inputs.records(&work.books.intake),
        totals: totals(work, &computed)?,
        ledger: ledger_records(work),
        segments: computed.segmentation.summary,
        has_many_defects: computed.found.are_many(config),
        defects: computed.found,
        stages: computed.stages,
    })
}
