//! The stages of a run up to the tables, in their one order.

use cartera_feature::customer_features;
use cartera_normalize::{GuestTotals, Horizon};
use cartera_segment::{Segmentation, segment};
use cartera_table::contracts::{CustomerFeatures, IdentityLinks};
use cartera_table::{AsOf, Defect, Disposition, Table, TableError};

use super::RunContext;
use super::boundary::{self, cross};
use super::customers::customers;
use super::inputs::{Work, needs_tags};
use super::lines::{check_unchanged, find_merged_lines, read_lines};
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
    /// The same in short.
    pub(super) found: Defects,
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
    let bytes_twice = inputs.bytes_of(needs_tags);
    let (merged, first_intake) = if bytes_twice > 0 {
        timer.time(Stage::Duplicates, Some(bytes_twice), || {
            let found = find_merged_lines(work)?;
            let rows = found.0.count();
            Ok((found, rows))
        })?
    } else {
        Default::default()
    };
    let lines = timer.time(Stage::Lines, Some(inputs.bytes_of(|_| true)), || {
        let lines = read_lines(work, &merged)?;
        let rows = lines.line_count;
        Ok((lines, rows))
    })?;
    check_unchanged(inputs, &first_intake, &books.intake)?;
    let merged_rows = books.ledger.total(|cell| cell.disposition == Disposition::Merged).rows;
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
    drop(merged);
    let unlisted = books.quarantine.unlisted();
    let defects = books.quarantine.take();
    let mut found = Defects::new(inputs, &defects, books.intake.total().rows);
    found.rows += unlisted;
    let Some(last_day) = lines.last_day else {
        let out_of_scope = books
            .ledger
            .total(|cell| cell.disposition == Disposition::OutOfScope)
            .rows;
        return Err(found.no_lines(out_of_scope));
    };
    found.within(config.limits.max_quarantined_share, unlisted)?;
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
        let customers = cross(boundary::FEATURES, features.frame().clone());
        let segmentation = segment(&Table::new(customers)?, &config.segment)?;
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
        found,
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
