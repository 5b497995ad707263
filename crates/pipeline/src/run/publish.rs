//! The last stage: tables are written, counted again, and made visible together.

use cartera_table::contracts::CustomerFeatures;
use cartera_table::{Cell, Contract, Disposition, Money, Party, Quarantine};
use jiff::Timestamp;

use super::fingerprint::{config_hash, fingerprint};
use super::inputs::{Books, Inputs};
use super::memory::peak_memory_bytes;
use super::observer::Stage;
use super::report::{Defects, LedgerLine, RunReport, ledger_lines, totals};
use super::stages::{Computed, StageTimer, seconds_between};
use super::{RunContext, RunOptions};
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::{FileStamp, LedgerRecord, LockReport, RunRecord, Staging, read::recount};

/// All that publishing needs to know.
pub(super) struct Publishing<'p> {
    pub(super) config: &'p PipelineConfig,
    pub(super) options: &'p RunOptions,
    pub(super) inputs: &'p Inputs,
    pub(super) books: Books,
    pub(super) computed: Computed,
    pub(super) context: RunContext<'p>,
    pub(super) started_at: Timestamp,
}

pub(super) fn publish(publishing: Publishing<'_>, mut staging: Staging<'_>) -> Result<RunReport, PipelineError> {
    let Publishing {
        config,
        options,
        inputs,
        books,
        computed,
        context,
        started_at,
    } = publishing;
    let mut timer = StageTimer {
        context,
        records: computed.stages.clone(),
    };
    let records = inputs.records(&books.intake);
    let fingerprint = fingerprint(config, computed.as_of, &records, options.version);
    timer.time(Stage::Publish, None, || {
        write_tables(
            &mut staging,
            inputs,
            &books,
            &computed,
            &FileStamp {
                fingerprint: &fingerprint,
                version: options.version,
            },
        )?;
        agrees_with_ledger(config, &staging, &books)?;
        let rows = staging.tables().iter().map(|table| table.rows).sum();
        Ok(((), rows))
    })?;
    let totals = totals(config, inputs, &books, &computed)?;
    let defects = Defects::new(inputs, &computed.defects, totals.rows_in);
    let ledger = ledger_lines(inputs, &books);
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
        inputs: records,
        totals,
        ledger: ledger_records(&ledger, config),
        stages: timer.records,
        warnings: computed.segmentation.summary.notes(),
        parameters: serde_json::from_str(config.canonical_json()).unwrap_or_default(),
    };
    let lock = staging.lock();
    let publication = staging.publish(computed.as_of, record)?;
    if let Some(warning) = &publication.warning {
        context.observer.warning(&warning.to_string());
    }
    let keep_runs = usize::try_from(config.keep_runs.get()).unwrap_or(usize::MAX);
    let pruned = match lock.prune(keep_runs) {
        Ok(pruned) => pruned.iter().map(ToString::to_string).collect(),
        Err(error) => {
            context.observer.warning(&format!(
                "the run is published, but older runs could not be pruned: {error}"
            ));
            Vec::new()
        }
    };
    Ok(RunReport {
        run: publication.run,
        ledger,
        segments: computed.segmentation.summary,
        has_many_defects: has_many_defects(config, &defects),
        defects,
        pruned,
    })
}

pub(super) fn has_many_defects(config: &PipelineConfig, defects: &Defects) -> bool {
    defects.share() > config.limits.warn_quarantined_share
}

/// What taking the lock found and mended.
pub(super) fn lock_warnings(report: &LockReport) -> Vec<String> {
    report.messages()
}

fn write_tables(
    staging: &mut Staging<'_>,
    inputs: &Inputs,
    books: &Books,
    computed: &Computed,
    stamp: &FileStamp<'_>,
) -> Result<(), PipelineError> {
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

/// Counts the lines and the money of the written customers, and the written defects, against the ledger.
fn agrees_with_ledger(config: &PipelineConfig, staging: &Staging<'_>, books: &Books) -> Result<(), PipelineError> {
    let kept = |cell: &Cell| cell.disposition == Disposition::Kept && cell.party == Some(Party::Customer);
    let lines = books.ledger.total(kept).rows;
    let in_net_sales = |cell: &Cell| {
        cell.line_kind
            .is_some_and(|kind| config.order_lines.flags(kind).in_net_sales)
    };
    let net_sales = books.ledger.total(|cell| kept(cell) && in_net_sales(cell)).amount;
    let written = recount(
        &staging.table_path(CustomerFeatures::INFO.name),
        &["line_count", "net_sales"],
    )?;
    if written.sums != [i128::from(lines), net_sales.0] {
        return Err(PipelineError::Recount {
            table: CustomerFeatures::INFO.name,
            detail: format!(
                "{} lines and {} of net sales stand in it, {lines} and {net_sales} in the ledger",
                written.sums[0],
                Money(written.sums[1])
            ),
        });
    }
    let quarantine = <cartera_table::contracts::QuarantineTable as Contract>::INFO.name;
    let set_aside = books
        .ledger
        .total(|cell| cell.disposition == Disposition::Quarantined)
        .rows;
    let written = recount(&staging.table_path(quarantine), &[])?;
    if written.rows != set_aside {
        return Err(PipelineError::Recount {
            table: quarantine,
            detail: format!("{} rows stand in it, {set_aside} in the ledger", written.rows),
        });
    }
    Ok(())
}

fn ledger_records(lines: &[LedgerLine], config: &PipelineConfig) -> Vec<LedgerRecord> {
    let text = |word: Option<&'static str>| word.map(str::to_owned);
    lines
        .iter()
        .map(|line| LedgerRecord {
            source: line.source.clone(),
            party: text(line.party),
            line_kind: text(line.line_kind),
            disposition: line.disposition.to_owned(),
            reason: text(line.reason),
            currency: config.currency.clone(),
            rows: line.rows,
            amount: line.amount.clone(),
        })
        .collect()
}
