//! The stages of a run up to the tables, in their one order.

use cartera_feature::customer_features;
use cartera_normalize::{GuestTotals, Horizon};
use cartera_segment::{Segmentation, segment};
use cartera_table::contracts::{CustomerFeatures, IdentityLinks};
use cartera_table::{AsOf, Defect, Table};

use super::RunContext;
use super::customers::customers;
use super::inputs::Work;
use super::lines::{merged_lines, read_lines};
use super::observer::Stage;
use super::report::Defects;
use crate::error::PipelineError;
use crate::store::StageRecord;

/// All that a run computed.
pub(super) struct Computed {
    pub(super) as_of: AsOf,
    pub(super) features: Table<CustomerFeatures>,
    pub(super) segmentation: Segmentation,
    pub(super) links: Table<IdentityLinks>,
    pub(super) guests: GuestTotals,
    pub(super) defects: Vec<Defect>,
    pub(super) stages: Vec<StageRecord>,
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
    let bytes = inputs.bytes();
    let merged = if inputs.need_tags() {
        timer.time(Stage::Duplicates, Some(bytes), || {
            let merged = merged_lines(work)?;
            let rows = merged.len();
            Ok((merged, rows))
        })?
    } else {
        cartera_normalize::MergedLines::default()
    };
    let lines = timer.time(Stage::Lines, Some(bytes), || {
        let lines = read_lines(work, &merged)?;
        let rows = lines.line_count;
        Ok((lines, rows))
    })?;
    drop(merged);
    let defects = books.quarantine.take();
    let rows_in: u64 = inputs
        .sources
        .iter()
        .map(|source| books.intake.of_source(source.source_index).rows)
        .sum();
    let found = Defects::new(inputs, &defects, rows_in);
    let Some(last_day) = lines.last_day else {
        return Err(found.no_lines());
    };
    found.within(config.limits.max_quarantined_share)?;
    let as_of = match horizon {
        Horizon::Through(as_of) => as_of,
        Horizon::LatestUntil(_) => last_day,
    };
    let customers = timer.time(Stage::Customers, None, || {
        let customers = customers(work)?;
        let rows = customers.links.height() as u64;
        Ok((customers, rows))
    })?;
    for source in &inputs.sources {
        let read = books.intake.of_source(source.source_index);
        books.ledger.balance(source.source_index, &source.params.name, read)?;
    }
    let features = timer.time(Stage::Features, None, || {
        let features = customer_features(customers.partitions, as_of, &config.rfm)?;
        let rows = features.height() as u64;
        Ok((features, rows))
    })?;
    let segmentation = timer.time(Stage::Segments, None, || {
        let segmentation = segment(&features, &config.segment)?;
        let rows = segmentation.segments.height() as u64;
        Ok((segmentation, rows))
    })?;
    Ok(Computed {
        as_of,
        features,
        segmentation,
        links: customers.links,
        guests: customers.guests,
        defects,
        stages: timer.records,
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
