//! The closing summary of a run or a check: the totals, where every row went, who the best customers are.

use std::io::{self, Write};
use std::path::Path;

use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::{LedgerRecord, Totals};
use cartera_pipeline::{CheckReport, Defects, RunReport, SegmentSummary};
use comfy_table::CellAlignment;

use crate::number::{bytes, count, counted, money, percent};
use crate::render;

pub(crate) fn of_run(out: &mut dyn Write, config: &PipelineConfig, report: &RunReport) -> io::Result<()> {
    let record = &report.run.manifest.record;
    ledger(out, &record.ledger, &record.totals)?;
    totals(out, &record.totals)?;
    segments(out, &report.segments)?;
    defects(
        out,
        config,
        &report.defects,
        report.has_many_defects,
        "see the table quarantine",
    )?;
    if !report.pruned.is_empty() {
        writeln!(
            out,
            "pruned: {} (keep_runs = {})",
            report.pruned.join(", "),
            config.keep_runs
        )?;
    }
    let memory = record
        .peak_memory_bytes
        .map_or_else(String::new, |peak| format!(", at most {} of memory", bytes(peak)));
    writeln!(
        out,
        "published {} as run {} in {:.2} s{memory}: {}",
        config.name,
        report.run.reference,
        record.seconds,
        short_path(&report.run.path)
    )
}

pub(crate) fn of_check(out: &mut dyn Write, config: &PipelineConfig, report: &CheckReport) -> io::Result<()> {
    let mut table = render::people_table();
    table.set_header(["source", "file", "size", "rows"]);
    for input in &report.inputs {
        table.add_row([
            input.source.clone(),
            input.file.clone(),
            bytes(input.bytes),
            count(input.rows),
        ]);
    }
    align_right(&mut table, &[2, 3]);
    writeln!(out, "{table}")?;
    ledger(out, &report.ledger, &report.totals)?;
    totals(out, &report.totals)?;
    segments(out, &report.segments)?;
    defects(
        out,
        config,
        &report.defects,
        report.has_many_defects,
        "mend them, or run as it is",
    )?;
    writeln!(
        out,
        "a run would publish {} as of {} in {}; nothing was published",
        report.pipeline,
        report.as_of,
        short_path(&report.warehouse)
    )
}

fn ledger(out: &mut dyn Write, lines: &[LedgerRecord], totals: &Totals) -> io::Result<()> {
    let mut table = render::people_table();
    table.set_header(["source", "party", "kind", "went", "reason", "rows", "amount"]);
    for line in lines {
        table.add_row([
            line.source.as_str(),
            line.party.as_deref().unwrap_or("-"),
            line.line_kind.as_deref().unwrap_or("-"),
            &line.disposition,
            line.reason.as_deref().unwrap_or(""),
            &count(line.rows),
            &money(&line.amount),
        ]);
    }
    table.add_row([
        "",
        "",
        "",
        "all rows read",
        "",
        &count(totals.rows_in),
        &money(&totals.amount_in),
    ]);
    align_right(&mut table, &[5, 6]);
    writeln!(out, "{table}")
}

fn totals(out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
    let without = totals.customers - totals.customers_with_orders;
    writeln!(
        out,
        "{} ({} without an order), {}, net sales {} {}",
        counted(totals.customers, "customer"),
        count(without),
        counted(totals.orders, "order"),
        money(&totals.net_sales),
        totals.currency
    )?;
    if totals.guest_rows > 0 {
        writeln!(
            out,
            "guests, in the totals only: {}, net sales {} {}",
            counted(totals.guest_orders, "order"),
            money(&totals.guest_net_sales),
            totals.currency
        )?;
    }
    Ok(())
}

fn segments(out: &mut dyn Write, summary: &SegmentSummary) -> io::Result<()> {
    let pareto = &summary.pareto;
    writeln!(
        out,
        "the top 20 % ({}) hold {} of the positive {}; {} ({}) reach {}",
        counted(pareto.top_20_percent_customer_count as u64, "customer"),
        percent(pareto.top_20_percent_share),
        pareto.measure,
        counted(pareto.customers_to_class_a_share as u64, "customer"),
        percent(share(pareto.customers_to_class_a_share, pareto.customer_count)),
        percent(pareto.class_a_share),
    )?;
    let mut table = render::people_table();
    table.set_header(["RFM segment", "customers", "share", "net sales"]);
    for segment in &summary.rfm_segments {
        table.add_row([
            segment.segment.clone(),
            count(segment.customer_count),
            percent(share(segment.customer_count, pareto.customer_count)),
            money(&segment.net_sales.to_string()),
        ]);
    }
    align_right(&mut table, &[1, 2, 3]);
    writeln!(out, "{table}")
}

fn defects(
    out: &mut dyn Write,
    config: &PipelineConfig,
    defects: &Defects,
    many: bool,
    advice: &str,
) -> io::Result<()> {
    if defects.rows == 0 {
        return Ok(());
    }
    let reasons: Vec<String> = defects
        .by_reason
        .iter()
        .map(|(reason, rows)| format!("{reason} {}", count(rows)))
        .collect();
    writeln!(
        out,
        "set aside: {} of {} rows ({}): {}; {advice}",
        count(defects.rows),
        count(defects.rows_in),
        percent(defects.share()),
        reasons.join(", ")
    )?;
    for example in &defects.examples {
        writeln!(out, "{example}")?;
    }
    if many {
        writeln!(
            out,
            "warning: that is more than warn_quarantined_share = {} allows (exit code 1)",
            percent(config.limits.warn_quarantined_share)
        )?;
    }
    Ok(())
}

/// A path as a person would type it: without `..`, and relative where it lies below the working folder.
fn short_path(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let here = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let below = here
        .ok()
        .and_then(|here| whole.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or(whole).display().to_string()
}

fn align_right(table: &mut comfy_table::Table, columns: &[usize]) {
    for &column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
