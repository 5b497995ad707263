//! The last stage: tables are written, counted again, and made visible together.

use cartera_normalize::{GuestTotals, Horizon};
use cartera_table::contracts::{
    CustomerEvents, CustomerFeatures, CustomerSegments, Customers, IdentityLinks, LedgerTable, LifecycleTransitions,
    Products, QuarantineTable,
};
use cartera_table::frame::schema;
use cartera_table::{Cell, Contract, Disposition, Party, Quarantine, SCHEMA_VERSION, SourceTable, Table};
use jiff::Timestamp;
use polars::prelude::DataFrame;

use super::campaigns::campaigns_agree;
use super::cohorts::cohorts_agree;
use super::contact_plan::contact_plan_agrees;
use super::fingerprint::{Beside, config_hash, fingerprint};
use super::inputs::Work;
use super::kept_lists;
use super::list_files::write_list_files;
use super::memory::peak_memory_bytes;
use super::models::write_models;
use super::observer::Stage;
use super::portfolios::portfolios_agree;
use super::profit::profit_agrees;
use super::quality::Assessed;
use super::removed::RunsBefore;
use super::replacing::Replacing;
use super::report::{RunReport, effect_records, ledger_records, totals};
use super::schema;
use super::stages::{Computed, StageTimer, seconds_between};
use super::tables::source_table_records;
use super::{RunContext, RunOptions};
use crate::config::PipelineConfig;
use crate::error::{PipelineError, with_causes};
use crate::page::{StagedPage, report_of_staging};
use crate::store::read::recount;
use crate::store::{AskedRecord, ErasedKeysRecord, FileStamp, REPORT_FILE, RunRecord, RunRef, Staging, WarehouseLock};

/// Writes and publishes what was computed.
pub(super) fn publish(
    work: &Work<'_>,
    options: &RunOptions,
    mut computed: Computed<'_>,
    assessed: Assessed,
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
    let keeps_lists = match work.replaces.and_then(Replacing::keeps_lists_of) {
        Some(old) => kept_lists::keep(work, &mut computed, old)?,
        None => false,
    };
    let beside = Beside {
        prior: assessed.prior_fingerprint.as_deref(),
        models: options.models,
        accepted_bad_consents: options.accepted_bad_consents,
        taken_off: computed.targets.taken_off.as_deref(),
        erased: work.erased,
    };
    let fingerprint = fingerprint(config, horizon, computed.as_of, &records, options.version, beside);
    let models = timer.time(Stage::Publish, None, || {
        let stamp = FileStamp {
            fingerprint: &fingerprint,
            version: options.version,
        };
        write_tables(&mut staging, work, &computed, &stamp)?;
        staging.write_table(&assessed.table, &stamp)?;
        let before = RunsBefore::new(work.runs, computed.prior.as_ref(), computed.as_of);
        let of_files = write_list_files(
            &mut staging,
            &computed.targets,
            &config.targets,
            computed.as_of,
            &before,
        )?;
        computed.targets.summary.notes.extend(of_files);
        agrees_with_ledger(work, &staging, computed.guests)?;
        catalogue_agrees(work, &staging)?;
        profit_agrees(work, &staging, &computed.profit)?;
        campaigns_agree(&staging, &computed.profit)?;
        if !keeps_lists {
            contact_plan_agrees(&staging, &computed.contact_plan.summary)?;
        }
        cohorts_agree(&staging, &computed.cohorts)?;
        portfolios_agree(&staging, &computed)?;
        if let Some(state) = computed.state.take() {
            state.keep(work)?;
        }
        let models = write_models(&staging, computed.segmentation.clusters.as_ref())?;
        let rows = staging.tables().iter().map(|table| table.rows).sum();
        Ok((models, rows))
    })?;
    let mut warnings = computed.segmentation.summary.notes();
    let of_portfolios = computed.portfolios.summary.iter();
    warnings.extend(
        of_portfolios
            .flat_map(|summary| &summary.notes)
            .map(|note| format!("portfolios: {note}")),
    );
    warnings.extend(computed.targets.summary.notes.iter().cloned());
    let of_plan = computed.contact_plan.summary.notes.iter();
    warnings.extend(of_plan.map(|note| format!("contact plan: {note}")));
    warnings.extend(assessed.report.findings.iter().map(ToString::to_string));
    let totals = totals(work, &computed)?;
    warnings.extend(totals.lifetime.cautions());
    let schema_changes = schema::changes_since(work, computed.as_of);
    if let Some(changes) = &schema_changes {
        let warning = changes.to_string();
        context.observer.warning(&warning);
        warnings.push(warning);
    }
    write_report(&mut timer, &staging, work, &computed, options.version, &mut warnings)?;
    if let Some(replaces) = work.replaces {
        replaces.check_totals(&totals)?;
    }
    let finished_at = context.clock.now();
    let record = RunRecord {
        pipeline: config.name.clone(),
        fingerprint,
        schema_version: Some(SCHEMA_VERSION),
        schema_changes,
        prior_state: assessed.prior,
        replaces: work.replaces.map(Replacing::record),
        erased_keys: ErasedKeysRecord {
            count: work.erased.len() as u64,
            hash: work.erased.content_hash(),
        },
        asked: Some(AskedRecord {
            latest_day: matches!(horizon, Horizon::LatestUntil(_))
                || work.replaces.is_some_and(Replacing::was_of_latest_day),
            refit: options.models.refit,
            accept_model: options.models.accept,
            accept_bad_consents: options.accepted_bad_consents,
        }),
        cartera_version: options.version.to_owned(),
        config_hash: config_hash(config),
        started_at: started_at.to_string(),
        finished_at: finished_at.to_string(),
        seconds: seconds_between(started_at, finished_at),
        threads: options.threads,
        memory_limit_bytes: options.memory_bytes,
        peak_memory_bytes: peak_memory_bytes(),
        spilled_bytes,
        reading: computed.reading,
        inputs: records,
        totals,
        source_tables: source_table_records(work),
        references: computed.references,
        ledger: ledger_records(work),
        effects: effect_records(work),
        models,
        stages: timer.records,
        warnings,
        parameters: config.published_parameters(),
    };
    let lock = staging.lock();
    let publication = staging.publish(computed.as_of, record)?;
    if let Some(warning) = &publication.warning {
        context.observer.warning(&warning.to_string());
    }
    let pruned = match work.replaces {
        // The run that it replaces is still there and would count.
        Some(_) => Vec::new(),
        None => prune(config, lock, publication.run.reference, context),
    };
    Ok(RunReport {
        run: publication.run,
        segments: computed.segmentation.summary,
        campaigns: computed.campaigns.summary,
        signals: computed.signals.summary,
        portfolios: computed.portfolios.summary,
        targets: computed.targets.summary,
        contact_plan: computed.contact_plan.summary,
        has_many_defects: computed.found.are_many(config),
        defects: computed.found,
        quality: assessed.report,
        pruned,
    })
}

/// Writes the page that people open. A page that cannot be made is told, and the tables are published without it.
fn write_report(
    timer: &mut StageTimer<'_>,
    staging: &Staging<'_>,
    work: &Work<'_>,
    computed: &Computed<'_>,
    version: &str,
    warnings: &mut Vec<String>,
) -> Result<(), PipelineError> {
    let page = StagedPage {
        config: work.config,
        as_of: computed.as_of,
        before: work.runs.prior_state(computed.as_of),
        version,
        warnings,
    };
    let written: Vec<String> = timer.time(Stage::Report, None, || {
        let written = match report_of_staging(staging, &page) {
            Ok(report) => {
                staging.write_report(&report.page)?;
                report.problems.iter().map(|problem| with_causes(problem)).collect()
            }
            Err(error) => vec![format!("it was not written: {}", with_causes(&error))],
        };
        Ok((written, 0))
    })?;
    for problem in written {
        let warning = format!("{REPORT_FILE}: {problem}");
        work.context.observer.warning(&warning);
        warnings.push(warning);
    }
    Ok(())
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
    computed: &Computed<'_>,
    stamp: &FileStamp<'_>,
) -> Result<(), PipelineError> {
    let Work { inputs, books, .. } = *work;
    staging.write_table(&computed.features, stamp)?;
    staging.write_table(&computed.segmentation.segments, stamp)?;
    write_segments(staging, computed, stamp)?;
    let clusters = &computed.segmentation.cluster_tables;
    staging.write_table(&clusters.features, stamp)?;
    staging.write_table(&clusters.drift, stamp)?;
    staging.write_table(&clusters.refit, stamp)?;
    staging.write_table(&computed.lifetime.models, stamp)?;
    staging.write_table(&computed.lifetime.backtest, stamp)?;
    staging.write_table(&computed.profit.statement, stamp)?;
    staging.write_table(&computed.profit.by, stamp)?;
    staging.write_table(&computed.profit.curve, stamp)?;
    staging.write_table(&computed.lifecycle.lifecycle, stamp)?;
    staging.write_table(&computed.lifecycle.transitions, stamp)?;
    staging.write_table(&computed.cohorts.cohorts, stamp)?;
    staging.write_table(&computed.cohorts.kpis, stamp)?;
    staging.write_table(&computed.signals.table, stamp)?;
    staging.write_table(&computed.portfolios.portfolios, stamp)?;
    staging.write_table(&computed.portfolios.owners, stamp)?;
    staging.write_table(&computed.contact_plan.table, stamp)?;
    staging.write_table(&computed.campaigns.table, stamp)?;
    staging.write_table(&computed.targets.lists, stamp)?;
    staging.write_table(&computed.targets.decisions, stamp)?;
    staging.write_table(&computed.targets.reasons, stamp)?;
    staging.write_table(&computed.targets.changes, stamp)?;
    staging.write_table(&computed.targets.holdouts, stamp)?;
    write_events(staging, work, stamp)?;
    staging.write_table(&computed.links, stamp)?;
    staging.write_table(&computed.customers, stamp)?;
    staging.write_table(&computed.products, stamp)?;
    staging.write_table(
        &Quarantine::table(&computed.defects, |origin| inputs.names(origin))?,
        stamp,
    )?;
    staging.write_table(&books.ledger.table(&inputs.source_names())?, stamp)?;
    Ok(())
}

/// What happened with customers lately.
fn write_events(staging: &mut Staging<'_>, work: &Work<'_>, stamp: &FileStamp<'_>) -> Result<(), PipelineError> {
    let names = work.inputs.source_names();
    let sources: Vec<&str> = names.iter().map(String::as_str).collect();
    let nothing = || Table::<CustomerEvents>::new(DataFrame::empty_with_schema(&schema(&CustomerEvents::INFO)));
    match work.events {
        Some(events) => staging.write_parts(events.tables(&sources), stamp)?,
        None => staging.write_table(&nothing()?, stamp)?,
    };
    Ok(())
}

/// What there is to say of segments.
fn write_segments(
    staging: &mut Staging<'_>,
    computed: &Computed<'_>,
    stamp: &FileStamp<'_>,
) -> Result<(), PipelineError> {
    let segmentation = &computed.segmentation;
    staging.write_table(&segmentation.described.segments, stamp)?;
    staging.write_table(&segmentation.profiles, stamp)?;
    staging.write_table(&segmentation.described.mix, stamp)?;
    staging.write_table(&segmentation.described.overlap, stamp)?;
    staging.write_table(&segmentation.described.migrations, stamp)?;
    staging.write_table(&segmentation.described.moves, stamp)?;
    staging.write_table(&segmentation.rfm_matrix, stamp)?;
    staging.write_table(&segmentation.pareto, stamp)?;
    staging.write_table(&segmentation.pareto_curve, stamp)?;
    Ok(())
}

/// Counts the rows of the clean tables again, by decoding the files, and compares them with the ledger.
fn catalogue_agrees(work: &Work<'_>, staging: &Staging<'_>) -> Result<(), PipelineError> {
    for (table, source_table) in [
        (Customers::INFO.name, SourceTable::Customers),
        (Products::INFO.name, SourceTable::Products),
    ] {
        let written = recount(&staging.table_path(table), &[])?.rows;
        let is_of_table = |source_index: usize| {
            let source = work.inputs.sources.get(source_index);
            source.is_some_and(|source| source.params.table == source_table)
        };
        let kept = work
            .books
            .ledger
            .total(|cell| cell.disposition == Disposition::Kept && is_of_table(cell.source_index));
        if written != kept.rows {
            let detail = format!("rows: {written} stand in it, {} are accounted for", kept.rows);
            return Err(PipelineError::Recount { table, detail });
        }
    }
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
    let in_net_sales = |party: Party| {
        let total = books.ledger.total(|cell| kept(party)(cell) && flags_in_net_sales(cell));
        total.converted_amount.unwrap_or_default()
    };
    let (net_sales, of_guests) = (in_net_sales(Party::Customer), in_net_sales(Party::Guest));
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
    let transitions = LifecycleTransitions::INFO.name;
    let of_stages = count(transitions, &["net_sales"])?.sums[0];
    expect(transitions, "ten-thousandths of net sales", of_stages, net_sales.0)?;
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
