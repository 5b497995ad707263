//! The pass over lines: read, normalized, merged to parts of orders, put aside by customer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use cartera_ingest::{FileIntake, Intake, ReadParams, ReadSinks, source_lines};
use cartera_normalize::{MergedLines, Normalizer, TAG_PARTITION_COLUMN, duplicate_tags, merged_lines, parts};
use cartera_table::contracts::{OrderLines, SourceLines};
use cartera_table::frame::dates;
use cartera_table::{AsOf, Batch, Contract, FlowError, Ledger, Origin, Quarantine};

use super::boundary::{self, cross};
use super::inputs::{Inputs, Work, needs_tags};
use super::observer::Forward;
use super::partition_buffer::PartitionBuffer;
use crate::error::PipelineError;

/// Bytes of a block of a raw file.
const BLOCK_BYTES: usize = 1 << 20;

/// What the pass over lines leaves, beside the books and the spill.
pub(super) struct LinesRead {
    /// Lines that go on to customers or guests.
    pub(super) line_count: u64,
    /// The last business day among them.
    pub(super) last_day: Option<AsOf>,
}

/// Finds the lines that stand in several files of a source, where its policy asks for it; with what was
/// read to find them.
pub(super) fn find_merged_lines(work: &Work<'_>) -> Result<(MergedLines, Intake), PipelineError> {
    let mut merged = MergedLines::default();
    let intake = Intake::default();
    for source in work.inputs.sources.iter().filter(|source| needs_tags(source)) {
        let policy = source.params.duplicates;
        let time = &work.inputs.rules[source.source_index].time;
        // What this pass sets aside is counted by the next one.
        let (quarantine, ledger) = (Quarantine::default(), Ledger::default());
        let progress = Forward(work.context.observer);
        let sinks = ReadSinks {
            intake: &intake,
            quarantine: &quarantine,
            ledger: &ledger,
            progress: &progress,
        };
        let params = ReadParams {
            threads: work.threads,
            block_bytes: BLOCK_BYTES,
        };
        let buffer = PartitionBuffer::new(work.spill, &[TAG_PARTITION_COLUMN]);
        source_lines(std::slice::from_ref(source), params, sinks).run(|batch| {
            let tags = duplicate_tags(policy, time, work.horizon, &batch)?;
            Ok(buffer.push(source.source_index, tags)?)
        })?;
        buffer.finish()?;
        merged.extend(merged_lines(policy, source.source_index, work.spill)?);
    }
    Ok((merged, intake))
}

/// The rows of files that were read twice are told by their numbers: both times they must be the same.
pub(super) fn check_unchanged(inputs: &Inputs, first: &Intake, second: &Intake) -> Result<(), PipelineError> {
    let second: BTreeMap<Origin, FileIntake> = second.files().into_iter().collect();
    for (origin, file) in first.files() {
        if second.get(&origin).is_none_or(|again| again.blake3 != file.blake3) {
            let (source_name, file) = inputs.names(origin);
            return Err(PipelineError::InputChanged {
                source_name: source_name.into(),
                file: file.into(),
            });
        }
    }
    Ok(())
}

/// Reads and normalizes all lines.
pub(super) fn read_lines(work: &Work<'_>, merged: &MergedLines) -> Result<LinesRead, PipelineError> {
    let Work {
        config,
        inputs,
        horizon,
        threads,
        spill,
        books,
        context,
    } = *work;
    let normalizer = Normalizer {
        line_kinds: &config.order_lines,
        sources: &inputs.rules,
        horizon,
        merged,
        ledger: &books.ledger,
        quarantine: &books.quarantine,
    };
    let progress = Forward(context.observer);
    let sinks = ReadSinks {
        intake: &books.intake,
        quarantine: &books.quarantine,
        ledger: &books.ledger,
        progress: &progress,
    };
    let buffer = PartitionBuffer::new(spill, &["source_key", "order_id"]);
    let line_count = AtomicU64::new(0);
    let last_day = AtomicI32::new(i32::MIN);
    source_lines(
        &inputs.sources,
        ReadParams {
            threads,
            block_bytes: BLOCK_BYTES,
        },
        sinks,
    )
    .and_then(|batch: Batch<SourceLines>| {
        let batch = over(boundary::READ, batch)?;
        over(boundary::NORMALIZED, normalizer.lines(&batch)?)
    })
    .run(|batch: Batch<OrderLines>| {
        line_count.fetch_add(batch.frame().height() as u64, Ordering::Relaxed);
        if let Some(day) = dates(batch.frame(), "order_date")?.iter().flatten().max() {
            last_day.fetch_max(day, Ordering::Relaxed);
        }
        Ok(buffer.push(batch.origin().source_index, parts(&batch)?.into_frame())?)
    })?;
    buffer.finish()?;
    let last_day = Some(last_day.into_inner())
        .filter(|&day| day > i32::MIN)
        .and_then(AsOf::from_epoch_days);
    Ok(LinesRead {
        line_count: line_count.into_inner(),
        last_day,
    })
}

fn over<T: Contract>(name: &str, batch: Batch<T>) -> Result<Batch<T>, FlowError> {
    let origin = batch.origin();
    Ok(Batch::new(cross(name, batch.into_frame()), origin)?)
}
