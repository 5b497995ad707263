//! `cartera runs`

use std::io::{self, Write};

use cartera_pipeline::store::{PublishedRun, RunListing, Warehouse};
use serde_json::{Value, json};

use super::warehouse_folder;
use crate::args::RunsArguments;
use crate::outcome::Outcome;
use crate::{number, render};

pub(crate) fn runs(arguments: &RunsArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let listing = warehouse.runs()?;
    for unreadable in &listing.unreadable {
        tracing::warn!(event = "warning", "{unreadable}");
    }
    let mut stdout = io::stdout().lock();
    if arguments.json {
        writeln!(stdout, "{}", as_json(&listing))?;
        return Ok(Outcome::Done);
    }
    if listing.runs.is_empty() {
        writeln!(stdout, "nothing is published in {}", warehouse.root().display())?;
        return Ok(Outcome::Done);
    }
    let mut table = render::people_table();
    table.set_header([
        "run",
        "pipeline",
        "finished",
        "customers",
        "orders",
        "net sales",
        "rows read",
        "set aside",
        "seconds",
    ]);
    for run in &listing.runs {
        let record = &run.manifest.record;
        let totals = &record.totals;
        table.add_row([
            run.reference.to_string(),
            record.pipeline.clone(),
            record
                .finished_at
                .split('.')
                .next()
                .unwrap_or_default()
                .replace('T', " "),
            number::count(totals.customers),
            number::count(totals.orders),
            format!("{} {}", number::money(&totals.net_sales), totals.currency),
            number::count(totals.rows_in),
            number::count(totals.quarantined_rows),
            format!("{:.1}", record.seconds),
        ]);
    }
    for column in 3..9 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(comfy_table::CellAlignment::Right);
        }
    }
    writeln!(stdout, "{table}")?;
    for run in &listing.runs {
        if let Some(record) = &run.manifest.record.schema_changes {
            writeln!(
                stdout,
                "{}: the tables differ from those of run {}:",
                run.reference, record.since
            )?;
            for change in &record.changes {
                writeln!(stdout, "  {change}")?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn as_json(listing: &RunListing) -> Value {
    let runs: Vec<Value> = listing.runs.iter().map(run_as_json).collect();
    let unreadable = listing.unreadable.iter();
    let unreadable: Vec<Value> = unreadable
        .map(|run| json!({ "folder": run.path.display().to_string(), "error": run.error }))
        .collect();
    json!({ "runs": runs, "unreadable": unreadable })
}

fn run_as_json(run: &PublishedRun) -> Value {
    let record = &run.manifest.record;
    json!({
        "run": run.reference.to_string(),
        "folder": run.path.display().to_string(),
        "pipeline": record.pipeline,
        "version": record.cartera_version,
        "fingerprint": record.fingerprint,
        "schema_version": record.schema_version,
        "schema_changes": record.schema_changes,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "seconds": record.seconds,
        "totals": record.totals,
        "warnings": record.warnings.len(),
    })
}
