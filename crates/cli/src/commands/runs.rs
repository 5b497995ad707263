//! `cartera runs`

use std::io::{self, Write};

use cartera_pipeline::store::Warehouse;

use super::warehouse_folder;
use crate::args::WarehouseArguments;
use crate::outcome::Outcome;
use crate::{number, render};

pub(crate) fn runs(arguments: &WarehouseArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse)?)?;
    let listing = warehouse.runs()?;
    for unreadable in &listing.unreadable {
        tracing::warn!(
            "{} is no whole run and was left out: {}",
            unreadable.path.display(),
            unreadable.error
        );
    }
    let mut stdout = io::stdout().lock();
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
    Ok(Outcome::Done)
}
