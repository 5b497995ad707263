//! The last stage: tables are written, counted again, and made visible together.

use cartera_normalize::GuestTotals;
use cartera_table::contracts::{CustomerFeatures, CustomerSegments, IdentityLinks, LedgerTable, QuarantineTable};
use cartera_table::{Cell, Contract, Disposition, Party, Quarantine};
use jiff::Timestamp;

use super::fingerprint::{config_hash, fingerprint};
use super::inputs::Work;
use super::memory::peak_memory_bytes;
use super::observer::Stage;
use super::report::{RunReport, ledger_records, totals};
use super::stages::{Computed, StageTimer, seconds_between};
use super::{RunContext, RunOptions};
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::read::recount;
use crate::store::{FileStamp, RunRecord, RunRef, Staging, WarehouseLock};

/// Writes and publishes what was computed.
pub(super) fn publish(
    work: &Work<'_>,
    options: &RunOptions,
    computed: Computed,
    started_at: Timestamp,
    spilled_bytes: u64,
    mut staging: Staging<'_>,
) -> Result<RunReport, PipelineError> {
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
        records: computed.stages.clone(),
    };
    let records = inputs.records(&books.intake);
    let fingerprint = fingerprint(config, horizon, computed.as_of, &records, options.version);
    timer.time(Stage::Publish, None, || {
        let stamp = FileStamp {
            fingerprint: &fingerprint,
            version: options.version,
        };
        write_tables(&mut staging, work, &computed, &stamp)?;
        agrees_with_ledger(work, &staging, computed.guests)?;
        let rows = staging.tables().iter().map(|table| table.rows).sum();
        Ok(((), rows))
    })?;
    let totals = totals(work, &computed)?;
    let finished_at = context.clock.now();
    let record = RunRecord {
        pipeline: config.name.clone(),
        fingerprint,
        prior_state: None,
        cartera_version: options.version.to_owned(),
        config_hash: config_hash(config),
        started_at: started_at.to_string(),
        finished_at: finished_at.to_string(),
        seconds: seconds_between(started_at, finished_at),
        threads: options.threads,
        memory_limit_bytes: options.memory_bytes,
        peak_memory_bytes: peak_memory_bytes(),
        spilled_bytes,
        inputs: records,
        totals,
        ledger: ledger_records(work),
        stages: timer.records,
        warnings: computed.segmentation.summary.notes(),
        parameters: serde_json::from_str(config.canonical_json()).unwrap_or_default(),
    };
    let lock = staging.lock();
    let publication = staging.publish(computed.as_of, record)?;
    if let Some(warning) = &publication.warning {
        context.observer.warning(&warning.to_string());
    }
    let pruned = prune(config, lock, publication.run.reference, context);
    Ok(RunReport {
        run: publication.run,
        segments: computed.segmentation.summary,
        has_many_defects: computed.found.are_many(config),
        defects: computed.found,
        pruned,
    })
}

/// Removes runs beyond `keep_runs`, but not behind a run that fills in the history: it would be the first to go.
fn prune(config: &PipelineConfig, lock: &WarehouseLock, published: RunRef, context: RunContext<'_>) -> Vec<String> {
    let keep_runs = usize::try_from(config.keep_runs.get()).unwrap_or(usize::MAX);
    let newest = lock
        .warehouse()
        .runs()
        .ok()
        .and_then(|listing| listing.current().map(|run| run.reference));
    if newest != Some(published) {
        let beyond = lock.warehouse().prune_plan(keep_runs).map_or(0, |runs| runs.len());
        if beyond > 0 {
            context.observer.warning(&format!(
                "{beyond} runs are beyond keep_runs = {keep_runs}: the next run of the newest day removes them; raise keep_runs to keep the history"
            ));
        }
        return Vec::new();
    }
    match lock.prune(keep_runs) {
        Ok(pruned) => pruned.iter().map(ToString::to_string).collect(),
        Err(error) => {
            context.observer.warning(&format!(
                "the run is published, but older runs could not be pruned: {error}"
            ));
            Vec::new()
        }
    }
}

fn write_tables(
    staging: &mut Staging<'_>,
    work: &Work<'_>,
    computed: &Computed,
    stamp: &FileStamp<'_>,
) -> Result<(), PipelineError> {
    let Work { inputs, books, .. } = *work;
    staging.write_table(&computed.features, stamp)?;
    staging.write_table(&computed.segmentation.segments, stamp)?;
    staging.write_table(&computed.segmentation.profiles, stamp)?;
    staging.write_table(&computed.segmentation.pareto_curve, stamp)?;
    staging.write_table(&computed.links, stamp)?;
    staging.write_table(
        &Quarantine::table(&computed.defects, |origin| inputs.names(origin))?,
        stamp,
    )?;
    staging.write_table(&books.ledger.table(&inputs.names_and_currencies())?, stamp)?;
    Ok(())
}

/// Counts again what was written, by decoding the files, and compares it with the ledger and with each other.
fn agrees_with_ledger(work: &Work<'_>, staging: &Staging<'_>, guests: GuestTotals) -> Result<(), PipelineError> {
    let Work { config, books, .. } = *work;
    let flags_in_net_sales = |cell: &Cell| {
        cell.line_kind
            .is_some_and(|kind| config.order_lines.flags(kind).in_net_sales)
    };
    let kept = |party: Party| move |cell: &Cell| cell.disposition == Disposition::Kept && cell.party == Some(party);
    let is_kept = kept(Party::Customer);
    let lines = books.ledger.total(is_kept).rows;
    let net_sales = books
        .ledger
        .total(|cell| is_kept(cell) && flags_in_net_sales(cell))
        .amount;
    let of_guests = books
        .ledger
        .total(|cell| kept(Party::Guest)(cell) && flags_in_net_sales(cell))
        .amount;
    let set_aside = books
        .ledger
        .total(|cell| cell.disposition == Disposition::Quarantined)
        .rows;
    let all = books.ledger.total(|_| true);

    let count = |table: &'static str, sums: &[&str]| recount(&staging.table_path(table), sums);
    let expect = |table: &'static str, what: &str, written: i128, expected: i128| {
        if written == expected {
            return Ok(());
        }
        let detail = format!("{what}: {written} stand in it, {expected} are accounted for");
        Err(PipelineError::Recount { table, detail })
    };
    let features = CustomerFeatures::INFO.name;
    let written = count(features, &["line_count", "net_sales"])?;
    expect(features, "lines", written.sums[0], lines.into())?;
    expect(features, "ten-thousandths of net sales", written.sums[1], net_sales.0)?;
    for table in [CustomerSegments::INFO.name, IdentityLinks::INFO.name] {
        expect(table, "customers", count(table, &[])?.rows.into(), written.rows.into())?;
    }
    let quarantine = QuarantineTable::INFO.name;
    expect(
        quarantine,
        "rows",
        count(quarantine, &[])?.rows.into(),
        set_aside.into(),
    )?;
    let ledger = LedgerTable::INFO.name;
    let written = count(ledger, &["rows", "amount"])?;
    expect(ledger, "rows", written.sums[0], all.rows.into())?;
    expect(ledger, "ten-thousandths of money", written.sums[1], all.amount.0)?;
    expect(
        ledger,
        "ten-thousandths of guests' net sales",
        guests.net_sales.0,
        of_guests.0,
    )
}
