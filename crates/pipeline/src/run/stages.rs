//! The stages of a run up to the tables, in their one order.

use cartera_feature::customer_features;
use cartera_normalize::{
    GuestTotals, Horizon, MergedLines, ReturnTotals, customers as clean_customers, products as clean_products,
};
use cartera_segment::{Segmentation, segment};
use cartera_table::contracts::{CustomerFeatures, Customers, IdentityLinks, Products};
use cartera_table::{AsOf, Cell, Defect, Disposition, Table, TableError};

use super::RunContext;
use super::boundary::{self, cross};
use super::customers::{NewState, customers};
use super::inputs::{Work, is_of_lines};
use super::money::{has_costs, money_rules};
use super::observer::Stage;
use super::overlaps::{bytes_of, find_merged_lines, overlapping, replace_touched};
use super::report::Defects;
use super::segments::{Plan, all_segments};
use super::tables::{LineReferences, SourceTables, references};
use crate::error::PipelineError;
use crate::store::{ReadingRecord, ReferenceRecord, StageRecord};

/// All that a run computed.
pub(super) struct Computed {
    pub(super) as_of: AsOf,
    pub(super) features: Table<CustomerFeatures>,
    pub(super) segmentation: Segmentation,
    pub(super) links: Table<IdentityLinks>,
    /// The clean tables of customers and products.
    pub(super) customers: Table<Customers>,
    pub(super) products: Table<Products>,
    /// How many rows find their partner in another table.
    pub(super) references: Vec<ReferenceRecord>,
    pub(super) guests: GuestTotals,
    /// Whether any line can have a cost.
    pub(super) has_costs: bool,
    /// What became of returns; none where they are not matched.
    pub(super) returns: Option<ReturnTotals>,
    pub(super) defects: Vec<Defect>,
    /// The same in short.
    pub(super) found: Defects,
    pub(super) stages: Vec<StageRecord>,
    pub(super) reading: ReadingRecord,
    pub(super) state: Option<NewState>,
}

pub(super) fn compute(work: &Work<'_>) -> Result<Computed, PipelineError> {
    let Work {
        config,
        inputs,
        horizon,
        books,
        context,
        ..
    } = *work;
    let mut timer = StageTimer {
        context,
        records: Vec::new(),
    };
    let other_bytes = inputs.bytes_of(|source| !is_of_lines(source));
    let tables = if inputs.sources.len() > inputs.lines.len() {
        timer.time(Stage::Tables, Some(other_bytes), || {
            let tables = SourceTables::read(work)?;
            let rows = tables.row_count();
            Ok((tables, rows))
        })?
    } else {
        SourceTables::default()
    };
    let line_references = LineReferences::new(&tables)?;
    let money = money_rules(work, &tables)?;
    let plan = Plan::new(work, &money)?;
    let unread_bytes = plan.bytes();
    let mut segments = timer.time(Stage::Lines, Some(plan.bytes()), || {
        let segments = all_segments(work, plan)?;
        let rows = segments.iter().map(|segment| segment.entry.facts.read.rows).sum();
        Ok((segments, rows))
    })?;
    let places = overlapping(work, &segments);
    let merged = if places.is_empty() {
        MergedLines::default()
    } else {
        timer.time(Stage::Duplicates, Some(bytes_of(&segments, &places)), || {
            let merged = find_merged_lines(work, &segments, &places)?;
            let rows = merged.count();
            Ok((merged, rows))
        })?
    };
    let replaced_bytes = replace_touched(work, &money, &mut segments, &merged)?;
    let bytes = segments.iter().map(|segment| segment.stretch.bytes).sum();
    let reading = ReadingRecord {
        bytes,
        known_bytes: bytes - unread_bytes.min(bytes),
        bytes_read_again: bytes_of(&segments, &places) + replaced_bytes,
    };
    let customers = timer.time(Stage::Customers, None, || {
        let customers = customers(work, &money, &segments)?;
        let rows = customers.links.height() as u64;
        Ok((customers, rows))
    })?;
    let is_line = |cell: &Cell| inputs.is_line_source(cell.source_index);
    let merged_rows = books
        .ledger
        .total(|cell| is_line(cell) && cell.disposition == Disposition::Merged)
        .rows;
    if merged_rows != merged.count() {
        let detail = format!(
            "{} lines were found to be repeats and {merged_rows} were left out",
            merged.count()
        );
        return Err(TableError::Unbalanced {
            source_name: "of all files".into(),
            detail,
        }
        .into());
    }
    let unlisted = books.quarantine.unlisted();
    let defects = books.quarantine.take();
    let found = Defects::new(work, &defects, unlisted);
    let last_day = horizon.last_epoch_day();
    let in_scope = segments
        .iter()
        .filter(|segment| segment.entry.facts.first_day.is_some_and(|first| first <= last_day));
    let last_day = in_scope.filter_map(|segment| segment.entry.facts.last_day).max();
    let Some(last_day) = last_day.and_then(AsOf::from_epoch_days) else {
        let out_of_scope = books
            .ledger
            .total(|cell| is_line(cell) && cell.disposition == Disposition::OutOfScope)
            .rows;
        return Err(found.no_lines(out_of_scope));
    };
    found.within(config.limits.max_quarantined_share, unlisted)?;
    let as_of = match horizon {
        Horizon::Through(as_of) => as_of,
        Horizon::LatestUntil(_) => last_day,
    };
    for source in &inputs.sources {
        let read = books.intake.of_source(source.source_index);
        let by_currency = books.intake.currencies_of_source(source.source_index);
        let name = &source.params.name;
        books.ledger.balance(source.source_index, name, read, &by_currency)?;
    }
    let features = timer.time(Stage::Features, None, || {
        let features = customer_features(customers.partitions, as_of, &config.rfm)?;
        let rows = features.height() as u64;
        Ok((features, rows))
    })?;
    let segmentation = timer.time(Stage::Segments, None, || {
        let customers = cross(boundary::FEATURES, features.frame().clone());
        let segmentation = segment(&Table::new(customers)?, &config.segment)?;
        let rows = segmentation.segments.height() as u64;
        Ok((segmentation, rows))
    })?;
    let references = references(
        &tables,
        &line_references,
        line_references.look_up(&segments)?,
        &customers.links,
    )?;
    Ok(Computed {
        as_of,
        customers: clean_customers(tables.customers.as_ref(), &inputs.identity)?,
        products: clean_products(tables.products.as_ref())?,
        references,
        features,
        segmentation,
        links: customers.links,
        guests: customers.guests,
        has_costs: has_costs(work, &money),
        returns: config.returns.is_matched().then_some(customers.returns),
        defects,
        found,
        stages: timer.records,
        reading,
        state: customers.state,
    })
}

/// Tells the observer of stages and keeps their times for the manifest.
pub(super) struct StageTimer<'c> {
    pub(super) context: RunContext<'c>,
    pub(super) records: Vec<StageRecord>,
}

impl StageTimer<'_> {
    /// Runs a stage, which returns its result and the rows that came out of it.
    pub(super) fn time<R>(
        &mut self,
        stage: Stage,
        bytes: Option<u64>,
        work: impl FnOnce() -> Result<(R, u64), PipelineError>,
    ) -> Result<R, PipelineError> {
        let started = self.context.clock.now();
        self.context.observer.stage_started(stage, bytes);
        let (result, rows) = work()?;
        let seconds = seconds_between(started, self.context.clock.now());
        self.context
            .observer
            .stage_finished(stage, bytes.unwrap_or(0), rows, seconds);
        self.records.push(StageRecord {
            name: stage.slug().to_owned(),
            rows,
            seconds,
        });
        Ok(result)
    }
}

pub(super) fn seconds_between(start: jiff::Timestamp, end: jiff::Timestamp) -> f64 {
    end.duration_since(start).as_secs_f64()
}
