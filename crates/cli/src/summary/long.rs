//! The whole summary of a run or a check, for `--verbose`: every table of it, row by row.

mod campaigns;
mod clusters;
mod cohorts;
mod contact_plan;
mod lifetime;
mod portfolios;
mod signals;
pub(crate) mod targets;
mod value;

use std::io::{self, Write};

use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::{EffectRecord, LedgerRecord, ProfitTotals, ReferenceRecord, SourceTableRecord, Totals};
use cartera_pipeline::{CheckReport, Defects, QualityReport, RunReport, SegmentSummary, Status};
use cartera_table::SourceTable;
use comfy_table::CellAlignment;

use super::{published_line, share, would_publish_line};
use crate::number::{bytes, count, counted, money, percent};
use crate::render;

pub(crate) fn of_run(out: &mut dyn Write, config: &PipelineConfig, report: &RunReport) -> io::Result<()> {
    let record = &report.run.manifest.record;
    ledger(out, config, &record.ledger, &record.totals)?;
    source_tables(out, &record.source_tables)?;
    references(out, &record.references)?;
    policies(out, &record.effects, &record.totals)?;
    totals(out, &record.totals)?;
    segments(out, &report.segments)?;
    value::value(out, &report.segments)?;
    clusters::clusters(out, &report.segments)?;
    lifetime::lifetime(out, &record.totals)?;
    cohorts::cohorts(out, &record.totals)?;
    campaigns::campaigns(out, &report.campaigns, &record.totals.currency)?;
    signals::signals(out, &report.signals, &record.totals.currency)?;
    portfolios::portfolios(out, report.portfolios.as_ref())?;
    targets::targets(out, &report.targets)?;
    contact_plan::contact_plan(out, &report.contact_plan)?;
    defects(
        out,
        config,
        &report.defects,
        report.has_many_defects,
        "see the table quarantine",
    )?;
    quality(out, &report.quality)?;
    if let Some(changes) = &record.schema_changes {
        writeln!(out, "warning: {changes}")?;
    }
    if !report.pruned.is_empty() {
        writeln!(
            out,
            "pruned: {} (keep_runs = {})",
            report.pruned.join(", "),
            config.keep_runs
        )?;
    }
    writeln!(out, "{}", published_line(config, report))
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
    ledger(out, config, &report.ledger, &report.totals)?;
    source_tables(out, &report.source_tables)?;
    references(out, &report.references)?;
    policies(out, &report.effects, &report.totals)?;
    totals(out, &report.totals)?;
    segments(out, &report.segments)?;
    value::value(out, &report.segments)?;
    clusters::clusters(out, &report.segments)?;
    lifetime::lifetime(out, &report.totals)?;
    cohorts::cohorts(out, &report.totals)?;
    campaigns::campaigns(out, &report.campaigns, &report.totals.currency)?;
    signals::signals(out, &report.signals, &report.totals.currency)?;
    portfolios::portfolios(out, report.portfolios.as_ref())?;
    targets::targets(out, &report.targets)?;
    contact_plan::contact_plan(out, &report.contact_plan)?;
    defects(
        out,
        config,
        &report.defects,
        report.has_many_defects,
        "mend them, or run as it is",
    )?;
    quality(out, &report.quality)?;
    writeln!(out, "{}", would_publish_line(report))
}

/// Where the order lines went; the rows of other tables have a line a table of their own.
fn ledger(out: &mut dyn Write, config: &PipelineConfig, records: &[LedgerRecord], totals: &Totals) -> io::Result<()> {
    let is_of_lines = |record: &&LedgerRecord| {
        let mut sources = config.sources.iter().map(|source| &source.params);
        sources.any(|source| source.table == SourceTable::OrderLines && source.name == record.source)
    };
    // With one currency its name stands below the table, and nothing is converted.
    let has_currencies = totals.amounts_in.keys().any(|currency| *currency != totals.currency);
    let mut table = render::people_table();
    let mut header = vec!["source", "party", "kind", "went", "reason", "rows", "amount"];
    let converted = format!("in {}", totals.currency);
    if has_currencies {
        header.extend(["currency", &converted]);
    }
    table.set_header(header);
    let add =
        |table: &mut comfy_table::Table, mut row: Vec<String>, currency: Option<&str>, converted: Option<&str>| {
            if has_currencies {
                row.push(currency.unwrap_or("-").to_owned());
                row.push(converted.map_or_else(String::new, money));
            }
            table.add_row(row);
        };
    for line in records.iter().filter(is_of_lines) {
        let row = vec![
            line.source.clone(),
            line.party.clone().unwrap_or_else(|| "-".to_owned()),
            line.line_kind.clone().unwrap_or_else(|| "-".to_owned()),
            line.disposition.clone(),
            line.reason.clone().unwrap_or_default(),
            count(line.rows),
            money(&line.amount),
        ];
        add(
            &mut table,
            row,
            line.currency.as_deref(),
            line.converted_amount.as_deref(),
        );
    }
    for (place, (currency, amount)) in totals.amounts_in.iter().enumerate() {
        let rows = if place == 0 {
            count(totals.rows_in)
        } else {
            String::new()
        };
        let blank = String::new;
        let row = vec![
            blank(),
            blank(),
            blank(),
            "all rows read".to_owned(),
            blank(),
            rows,
            money(amount),
        ];
        add(&mut table, row, Some(currency), None);
    }
    align_right(&mut table, &[5, 6, 8]);
    writeln!(out, "{table}")
}

/// What policies did, and what they left of orders and margins.
fn policies(out: &mut dyn Write, effects: &[EffectRecord], totals: &Totals) -> io::Result<()> {
    if !effects.is_empty() {
        let mut table = render::people_table();
        let amount = format!("amount in {}", totals.currency);
        table.set_header(["policy", "did", "source", "lines", &amount]);
        for effect in effects {
            table.add_row([
                effect.policy.clone(),
                effect.effect.clone(),
                effect.source.clone(),
                count(effect.rows),
                money(&effect.amount),
            ]);
        }
        align_right(&mut table, &[3, 4]);
        writeln!(out, "{table}")?;
    }
    if let Some(margin) = &totals.margin {
        writeln!(
            out,
            "cost of goods {} {}, gross margin {}; {} in margin without a stated cost",
            money(&margin.cost_of_goods),
            totals.currency,
            money(&margin.gross_margin),
            counted(margin.lines_without_cost, "line")
        )?;
    }
    if let Some(profit) = &totals.profit {
        self::profit(out, profit, &totals.currency)?;
    }
    if let Some(returns) = &totals.returns {
        writeln!(
            out,
            "returns: {} {} undo sales, {} found none; {} returned in full",
            money(&returns.matched_amount),
            totals.currency,
            money(&returns.unmatched_amount),
            counted(returns.fully_returned_orders, "order")
        )?;
    }
    Ok(())
}

/// What is left, and who leaves it.
fn profit(out: &mut dyn Write, profit: &ProfitTotals, currency: &str) -> io::Result<()> {
    let known = |amount: &Option<String>| amount.as_deref().map_or_else(|| "not known".to_owned(), money);
    if profit.cost_to_serve.is_some() {
        writeln!(
            out,
            "cost to serve {} {currency}, acquisition cost {} (of both {} charged to nobody)",
            known(&profit.cost_to_serve),
            known(&profit.acquisition_cost),
            known(&profit.unallocated_cost)
        )?;
    }
    if profit.net_profit.is_some() {
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let share = |part: u64| part as f64 / profit.customers as f64;
        // The peak of the whale curve: who comes after it adds nothing or takes away.
        let peak = profit.peak_share.map_or_else(String::new, |peak| {
            format!(", and leave {} of what all of them leave together", percent(peak))
        });
        let before = match profit.cost_to_serve {
            Some(_) => "",
            None => ", before costs to serve: no source states any",
        };
        writeln!(
            out,
            "net profit of the company {} {currency}{before}",
            known(&profit.net_profit)
        )?;
        if profit.customers > 0 {
            writeln!(
                out,
                "of {} whose profit is known {} earn money{peak}; {} lose money",
                counted(profit.customers, "customer"),
                percent(share(profit.peak_customers)),
                percent(share(profit.loss_making_customers))
            )?;
        }
    }
    Ok(())
}

/// One line a table, where there are others than order lines.
fn source_tables(out: &mut dyn Write, tables: &[SourceTableRecord]) -> io::Result<()> {
    if tables.len() < 2 {
        return Ok(());
    }
    let mut text = render::people_table();
    text.set_header(["table", "rows read", "kept", "merged", "out of scope", "set aside"]);
    for table in tables {
        text.add_row([
            table.table.clone(),
            count(table.rows_in),
            count(table.rows_kept),
            count(table.merged_rows),
            count(table.out_of_scope_rows),
            count(table.quarantined_rows),
        ]);
    }
    align_right(&mut text, &[1, 2, 3, 4, 5]);
    writeln!(out, "{text}")
}

fn references(out: &mut dyn Write, references: &[ReferenceRecord]) -> io::Result<()> {
    if references.is_empty() {
        return Ok(());
    }
    let mut text = render::people_table();
    text.set_header(["key", "looked for in", "found", "of", "share"]);
    for reference in references {
        text.add_row([
            format!("{}.{}", reference.table, reference.column),
            reference.partner.clone(),
            count(reference.matched),
            count(reference.total),
            percent(reference.share()),
        ]);
    }
    align_right(&mut text, &[2, 3, 4]);
    writeln!(out, "{text}")
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
    if pareto.customer_count == 0 {
        return Ok(());
    }
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
            "warning: {} of {} is more than warn_quarantined_share = {} allows (exit code 1)",
            percent(defects.worst_table.share()),
            defects.worst_table.table,
            percent(config.limits.warn_quarantined_share)
        )?;
    }
    Ok(())
}

/// Findings that a summary shows.
const SHOWN_FINDINGS: usize = 10;

/// What the data is like: what a person should look at, worst first.
fn quality(out: &mut dyn Write, report: &QualityReport) -> io::Result<()> {
    let failed = report.of(Status::Failed).count() as u64;
    let warnings = report.of(Status::Warning).count() as u64;
    let checks = match (report.demands, failed) {
        (0, _) => String::new(),
        (1, 0) => "the check holds, ".to_owned(),
        (demands, 0) => format!("all {} checks hold, ", count(demands)),
        (_, 1) => "1 check does not hold, ".to_owned(),
        (_, failed) => format!("{} checks do not hold, ", count(failed)),
    };
    let unusual = match warnings {
        0 => "nothing is unusual".to_owned(),
        warnings => counted(warnings, "warning"),
    };
    writeln!(
        out,
        "data quality: {checks}{unusual}; {} in the table data_quality",
        counted(report.figures as u64, "figure")
    )?;
    for finding in report.findings.iter().take(SHOWN_FINDINGS) {
        writeln!(out, "  {:<7}  {finding}", finding.status.slug())?;
    }
    if report.findings.len() > SHOWN_FINDINGS {
        writeln!(out, "  and {} more", count(report.findings.len() - SHOWN_FINDINGS))?;
    }
    if failed > 0 {
        writeln!(out, "warning: a check of the pipeline does not hold (exit code 1)")?;
    }
    Ok(())
}

fn align_right(table: &mut comfy_table::Table, columns: &[usize]) {
    for &column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}
