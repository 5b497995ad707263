//! What a run or a check tells the person who started it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use cartera_activation::{CampaignsSummary, ContactPlanSummary, TargetsSummary};
use cartera_segment::{PortfolioSummary, SegmentSummary, SignalsSummary};
use cartera_table::{
    AsOf, Cell, Count, CurrencyCounts, Defect, Disposition, Effect, Money, Party, Quarantine, SourceTable,
};
use polars::prelude::DataFrame;
use serde::Serialize;

use super::RunOptions;
use super::cohorts::month_record;
use super::inputs::{Inputs, Work};
use super::stages::Computed;
use super::tables::source_table_records;
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::quality::QualityReport;
use crate::store::{
    BacktestRecord, EffectRecord, InputRecord, LedgerRecord, LifetimeRecord, MarginTotals, ProfitTotals, PublishedRun,
    ReferenceRecord, ReturnRecord, SourceTableRecord, StageRecord, Totals,
};

/// Examples of defects that a message shows.
const EXAMPLES: usize = 8;

/// A published run.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// The run, with its manifest.
    pub run: PublishedRun,
    /// Segments in numbers.
    pub segments: SegmentSummary,
    /// Campaigns in numbers.
    pub campaigns: CampaignsSummary,
    /// Alarms and opportunities in numbers.
    pub signals: SignalsSummary,
    /// Portfolios in numbers; none without owners.
    pub portfolios: Option<PortfolioSummary>,
    /// Target lists in short.
    pub targets: TargetsSummary,
    /// The next contacts in numbers.
    pub contact_plan: ContactPlanSummary,
    /// The rows that were set aside.
    pub defects: Defects,
    /// Whether more rows were set aside than `warn_quarantined_share` allows.
    pub has_many_defects: bool,
    /// What is unusual about the data, and which checks do not hold.
    pub quality: QualityReport,
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
    /// What would become of the rows of each source table.
    pub source_tables: Vec<SourceTableRecord>,
    /// How many rows find their partner in another table.
    pub references: Vec<ReferenceRecord>,
    /// Where the rows would go.
    pub ledger: Vec<LedgerRecord>,
    /// What policies would do.
    pub effects: Vec<EffectRecord>,
    /// Segments in numbers.
    pub segments: SegmentSummary,
    /// Campaigns in numbers.
    pub campaigns: CampaignsSummary,
    /// Alarms and opportunities in numbers.
    pub signals: SignalsSummary,
    /// Portfolios in numbers; none without owners.
    pub portfolios: Option<PortfolioSummary>,
    /// Target lists in short.
    pub targets: TargetsSummary,
    /// The next contacts in numbers.
    pub contact_plan: ContactPlanSummary,
    /// The rows that would be set aside.
    pub defects: Defects,
    /// Whether a run would exit with a warning.
    pub has_many_defects: bool,
    /// What is unusual about the data, and which checks do not hold.
    pub quality: QualityReport,
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
    /// The same of the table with the greatest share of rows set aside.
    #[serde(skip)]
    examples_of_worst_table: Vec<String>,
    /// The table with the greatest share of rows set aside: the limits are for each table.
    pub worst_table: TableDefects,
}

/// The defects of one source table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TableDefects {
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows_in: u64,
    /// Of these, rows set aside.
    pub rows: u64,
}

impl TableDefects {
    /// Rows set aside by rows read.
    #[must_use]
    pub fn share(&self) -> f64 {
        share(self.rows, self.rows_in)
    }
}

impl Defects {
    /// `unlisted` rows were set aside beyond those that are listed.
    pub(super) fn new(work: &Work<'_>, defects: &[Defect], unlisted: u64) -> Self {
        let inputs = work.inputs;
        let mut by_reason = BTreeMap::new();
        for defect in defects {
            *by_reason.entry(defect.reason).or_insert(0) += 1;
        }
        let worst_table = worst_table(work);
        let of_worst_table = |defect: &&Defect| {
            let source = inputs.sources.get(defect.origin.source_index);
            source.is_some_and(|source| source.params.table.name() == worst_table.table)
        };
        Self {
            rows_in: work.books.intake.total().rows,
            rows: defects.len() as u64 + unlisted,
            by_reason,
            examples: examples(inputs, defects.iter()),
            examples_of_worst_table: examples(inputs, defects.iter().filter(of_worst_table)),
            worst_table,
        }
    }

    /// Rows set aside by rows read.
    #[must_use]
    pub fn share(&self) -> f64 {
        share(self.rows, self.rows_in)
    }

    /// Whether they are more than the pipeline passes over in silence.
    pub(super) fn are_many(&self, config: &PipelineConfig) -> bool {
        self.worst_table.share() > config.limits.warn_quarantined_share
    }

    /// `unlisted` rows are more than the quarantine can list, which is too many whatever their share.
    pub(super) fn within(&self, max_share: f64, unlisted: u64) -> Result<(), PipelineError> {
        let worst = &self.worst_table;
        if worst.share() <= max_share && unlisted == 0 {
            return Ok(());
        }
        Err(PipelineError::TooManyDefects {
            quarantined_rows: worst.rows,
            rows_in: worst.rows_in,
            table: worst.table,
            share_percent: worst.share() * 100.0,
            limit_percent: max_share * 100.0,
            limit_rows: Quarantine::LISTED_ROWS,
            examples: self.examples_of_worst_table.join("\n"),
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

fn worst_table(work: &Work<'_>) -> TableDefects {
    let records = source_table_records(work);
    let of = |table: SourceTable| {
        let record = records.iter().find(|record| record.table == table.name())?;
        Some(TableDefects {
            table: table.name(),
            rows_in: record.rows_in,
            rows: record.quarantined_rows,
        })
    };
    let none = TableDefects {
        table: SourceTable::OrderLines.name(),
        rows_in: 0,
        rows: 0,
    };
    // Of equal ones the first: the order lines.
    let tables = SourceTable::ALL.into_iter().filter_map(of);
    tables.fold(
        none,
        |worst, next| if next.share() > worst.share() { next } else { worst },
    )
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The first of each reason.
fn examples<'d>(inputs: &Inputs, defects: impl Iterator<Item = &'d Defect>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    defects
        .filter(|defect| seen.insert(defect.reason))
        .take(EXAMPLES)
        .map(|defect| example(inputs, defect))
        .collect()
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
        currency: cell.currency.map(|currency| currency.to_string()),
        rows: count.rows,
        amount: count.amount.to_string(),
        converted_amount: count.converted_amount.map(|amount| amount.to_string()),
    };
    work.books.ledger.cells().into_iter().map(record).collect()
}

/// What policies did, in words.
pub(super) fn effect_records(work: &Work<'_>) -> Vec<EffectRecord> {
    let record = |(effect, count): (Effect, Count)| EffectRecord {
        policy: effect.policy.to_owned(),
        effect: effect.effect.to_owned(),
        source: work
            .inputs
            .sources
            .get(effect.source_index)
            .map_or_else(String::new, |source| source.params.name.clone()),
        rows: count.rows,
        amount: count.amount.to_string(),
    };
    work.books.effects.list().into_iter().map(record).collect()
}

/// The totals, each counted where the rows are.
pub(super) fn totals(work: &Work<'_>, computed: &Computed<'_>) -> Result<Totals, PipelineError> {
    use cartera_table::frame::{decimal, int64};
    let books = work.books;
    let inputs = work.inputs;
    let rows = |chosen: &dyn Fn(&Cell) -> bool| {
        let of_lines = books
            .ledger
            .total(|cell| inputs.is_line_source(cell.source_index) && chosen(cell));
        of_lines.rows
    };
    let (mut read, mut by_currency) = (Count::default(), CurrencyCounts::default());
    for source in &inputs.lines {
        read.add(books.intake.of_source(source.source_index));
        by_currency.add(&books.intake.currencies_of_source(source.source_index));
    }
    let amounts_in = by_currency.iter().map(|(currency, count)| {
        let code = currency.map_or_else(|| "unknown".to_owned(), |currency| currency.to_string());
        (code, count.amount.to_string())
    });
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
        amounts_in: amounts_in.collect(),
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
        margin: computed.has_costs.then(|| margin_totals(features)).transpose()?,
        lifetime: lifetime_record(work, computed),
        profit: profit_totals(computed),
        returns: computed.returns.map(|returns| ReturnRecord {
            matched_rows: returns.matched_rows,
            partly_matched_rows: returns.partly_matched_rows,
            unmatched_rows: returns.unmatched_rows,
            not_matchable_rows: returns.not_matchable_rows,
            matched_amount: returns.matched_amount.to_string(),
            unmatched_amount: returns.unmatched_amount.to_string(),
            fully_returned_orders: returns.fully_returned_orders,
        }),
        last_month: computed.cohorts.last_month.as_ref().map(month_record),
        currency: work.config.currency.to_string(),
    })
}

fn lifetime_record(work: &Work<'_>, computed: &Computed<'_>) -> LifetimeRecord {
    let summary = &computed.lifetime.summary;
    let before = computed.prior.as_ref().and_then(|prior| prior.purchase_model());
    let text = |money: Option<Money>| money.map(|money| money.to_string());
    LifetimeRecord {
        model: summary.model.map(str::to_owned),
        outcome: summary.outcome.clone(),
        model_before: before
            .filter(|before| summary.model.is_some_and(|model| model != *before))
            .map(str::to_owned),
        horizon_months: work.config.clv.horizon_months(),
        customers: summary.customers,
        expected_orders_12m: summary.expected_orders_12m,
        expected_sales_12m: text(summary.expected_sales_12m),
        clv_horizon: text(summary.clv_horizon),
        vin: text(summary.vin),
        backtest: summary
            .backtested
            .zip(summary.holdout_days)
            .map(|(result, holdout_days)| BacktestRecord {
                holdout_days,
                customers: result.customers,
                excluded_customers: result.excluded,
                orders_bias: result.orders_bias,
                orders_mae: result.orders_mae,
                orders_rmse: result.orders_rmse,
                naive: result.naive.to_owned(),
                naive_orders_rmse: result.naive_orders_rmse,
            }),
    }
}

fn margin_totals(features: &DataFrame) -> Result<MarginTotals, PipelineError> {
    use cartera_table::frame::{decimal, int64};
    let sum = |name| -> Result<String, PipelineError> {
        let sum: i128 = decimal(features, name)?.iter().flatten().sum();
        Ok(Money(sum).to_string())
    };
    let lines: i64 = int64(features, "lines_without_cost")?.iter().flatten().sum();
    Ok(MarginTotals {
        cost_of_goods: sum("cost_of_goods")?,
        gross_margin: sum("gross_margin")?,
        lines_without_cost: u64::try_from(lines).unwrap_or_default(),
    })
}

/// None where nothing beside the sales is known.
fn profit_totals(computed: &Computed<'_>) -> Option<ProfitTotals> {
    let summary = computed.profit.summary;
    let text = |money: Option<Money>| money.map(|money| money.to_string());
    (summary.net_profit.is_some() || summary.cost_to_serve.is_some()).then(|| ProfitTotals {
        cost_to_serve: text(summary.cost_to_serve),
        acquisition_cost: text(summary.acquisition_cost),
        unallocated_cost: text(summary.unallocated_cost),
        net_profit: text(summary.net_profit),
        customers: summary.customer_count,
        loss_making_customers: summary.loss_making_count,
        peak_customers: summary.peak_customer_count,
        peak_share: summary.peak_share,
    })
}

pub(super) fn check_report(
    work: &Work<'_>,
    options: &RunOptions,
    computed: Computed<'_>,
    quality: QualityReport,
) -> Result<CheckReport, PipelineError> {
    let config = work.config;
    Ok(CheckReport {
        pipeline: config.name.clone(),
        as_of: computed.as_of,
        warehouse: options.warehouse.clone().unwrap_or_else(|| config.warehouse.clone()),
        inputs: work.inputs.records(&work.books.intake),
        totals: totals(work, &computed)?,
        source_tables: source_table_records(work),
        references: computed.references,
        ledger: ledger_records(work),
        effects: effect_records(work),
        segments: computed.segmentation.summary,
        campaigns: computed.campaigns.summary,
        signals: computed.signals.summary,
        portfolios: computed.portfolios.summary,
        targets: computed.targets.summary,
        contact_plan: computed.contact_plan.summary,
        has_many_defects: computed.found.are_many(config),
        defects: computed.found,
        quality,
        stages: computed.stages,
    })
}
