//! The closing summary for machines: one JSON object on one line. README.md names its fields, and they stay.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::{LedgerRecord, REPORT_FILE, SourceTableRecord, StageRecord, Totals};
use cartera_pipeline::{CheckReport, Defects, QualityReport, RunReport, SegmentSummary, TargetsSummary};
use serde_json::{Value, json};

/// What a run and a check have in common.
struct Told<'r> {
    totals: &'r Totals,
    ledger: &'r [LedgerRecord],
    source_tables: &'r [SourceTableRecord],
    segments: &'r SegmentSummary,
    targets: &'r TargetsSummary,
    defects: &'r Defects,
    has_many_defects: bool,
    quality: &'r QualityReport,
    stages: &'r [StageRecord],
}

pub(crate) fn of_run(out: &mut dyn Write, config: &PipelineConfig, report: &RunReport) -> io::Result<()> {
    let record = &report.run.manifest.record;
    let page = report.run.path.join(REPORT_FILE);
    let mut object = object(&Told {
        totals: &record.totals,
        ledger: &record.ledger,
        source_tables: &record.source_tables,
        segments: &report.segments,
        targets: &report.targets,
        defects: &report.defects,
        has_many_defects: report.has_many_defects,
        quality: &report.quality,
        stages: &record.stages,
    });
    let further = [
        ("pipeline", json!(config.name)),
        ("as_of", json!(report.run.reference.as_of.to_string())),
        ("run", json!(report.run.reference.to_string())),
        ("folder", json!(report.run.path.display().to_string())),
        ("report", json!(page.is_file().then(|| page.display().to_string()))),
        ("prior_run", json!(record.prior_state.map(|run| run.to_string()))),
        ("fingerprint", json!(record.fingerprint)),
        ("seconds", json!(record.seconds)),
        ("peak_memory_bytes", json!(record.peak_memory_bytes)),
        ("bytes_read", json!(record.reading.bytes)),
        ("tables", json!(record_tables(report))),
        ("warnings", json!(record.warnings)),
        ("pruned", json!(report.pruned)),
    ];
    for (name, value) in further {
        object[name] = value;
    }
    writeln!(out, "{object}")
}

pub(crate) fn of_check(out: &mut dyn Write, config: &PipelineConfig, report: &CheckReport) -> io::Result<()> {
    let mut object = object(&Told {
        totals: &report.totals,
        ledger: &report.ledger,
        source_tables: &report.source_tables,
        segments: &report.segments,
        targets: &report.targets,
        defects: &report.defects,
        has_many_defects: report.has_many_defects,
        quality: &report.quality,
        stages: &report.stages,
    });
    object["pipeline"] = json!(config.name);
    object["as_of"] = json!(report.as_of.to_string());
    object["warehouse"] = json!(report.warehouse.display().to_string());
    object["inputs"] = json!(report.inputs);
    writeln!(out, "{object}")
}

fn object(told: &Told<'_>) -> Value {
    json!({
        "totals": told.totals,
        "ledger": told.ledger,
        "ledger_balances": balances(told),
        "source_tables": told.source_tables,
        "segments": told.segments,
        "lists": told.targets.lists,
        "defects": told.defects,
        "has_many_defects": told.has_many_defects,
        "quality": {
            "checks": told.quality.demands,
            "has_failed": told.quality.has_failed(),
            "findings": told.quality.findings.iter().map(|finding| json!({
                "status": finding.status.slug(),
                "source": finding.source,
                "text": finding.text,
            })).collect::<Vec<_>>(),
        },
        "stages": told.stages,
    })
}

/// Rows of each published table.
fn record_tables(report: &RunReport) -> BTreeMap<&str, u64> {
    let tables = report.run.manifest.tables.iter();
    tables.map(|table| (table.name.as_str(), table.rows)).collect()
}

/// Whether the cells of the ledger hold all rows that were read, table by table.
fn balances(told: &Told<'_>) -> bool {
    let read: u64 = told.source_tables.iter().map(|table| table.rows_in).sum();
    let in_cells: u64 = told.ledger.iter().map(|cell| cell.rows).sum();
    read == in_cells
}
