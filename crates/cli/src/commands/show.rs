//! `cartera show`

use std::io::{self, BufWriter, Write};

use anyhow::Context;
use cartera_pipeline::store::Warehouse;
use cartera_pipeline::store::read::{ReadOptions, read_frame};
use cartera_table::contracts::PUBLISHED;

use super::warehouse_folder;
use crate::args::{OutputFormat, ShowArguments};
use crate::outcome::Outcome;
use crate::{number, render};

pub(crate) fn show(arguments: &ShowArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let run = warehouse.find(&arguments.run)?;
    warehouse.check_erased(&run)?;
    let path = run.table_path(&arguments.table)?;
    let contract = PUBLISHED
        .iter()
        .find(|contract| contract.name == arguments.table)
        .with_context(|| format!("this version of cartera does not know the table {}", arguments.table))?;
    let rows = (arguments.limit > 0).then_some(arguments.limit);
    let frame = read_frame(&path, contract, &ReadOptions { columns: None, rows })?;
    let mut stdout = BufWriter::new(io::stdout().lock());
    match arguments.format {
        OutputFormat::Csv => render::as_csv(&mut stdout, &frame)?,
        OutputFormat::Json => render::as_json(&mut stdout, &frame)?,
        OutputFormat::Table => {
            render::as_table(&mut stdout, contract.name, &frame)?;
            let all = run
                .manifest
                .tables
                .iter()
                .find(|table| table.name == contract.name)
                .map_or(0, |table| table.rows);
            let shown = number::count(frame.height());
            writeln!(
                stdout,
                "{shown} of {} rows of {} in run {}",
                number::count(all),
                contract.name,
                run.reference
            )?;
        }
    }
    stdout.flush()?;
    Ok(Outcome::Done)
}
