//! `cartera export`

mod progress;

use std::io::{self, Write};
use std::time::Instant;

use cartera_export::{Address, ExportOptions, ExportReport, ExportSource, Replaced, RunStamp, export as load};
use cartera_pipeline::store::{PublishedRun, Warehouse};

use super::{show, warehouse_folder};
use crate::args::{CommonArguments, ExportArguments};
use crate::number::{bytes, count, counted};
use crate::outcome::Outcome;
use crate::render;

pub(crate) fn export(arguments: &ExportArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let address = Address::parse(&arguments.address, &|name| std::env::var(name).ok())?;
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let run = warehouse.find(&arguments.run)?;
    warehouse.check_erased(&run)?;
    let (sources, left_out) = sources(&run, arguments)?;
    let record = &run.manifest.record;
    let stamp = RunStamp {
        as_of: run.reference.as_of,
        run: run.reference.run,
        pipeline: record.pipeline.clone(),
        fingerprint: record.fingerprint.clone(),
        schema_version: record.schema_version,
    };
    let options = ExportOptions {
        schema: arguments.schema.clone(),
        drop_dependents: arguments.drop_dependents,
    };
    let observer = progress::observer(common);
    let started = Instant::now();
    let report = load(&address, &options, &stamp, sources, observer.as_ref())?;
    let seconds = started.elapsed().as_secs_f64();
    show(|out| {
        let place = format!("{address}, schema {}", arguments.schema);
        print(out, &report, &place, &run, seconds)?;
        if !left_out.is_empty() {
            writeln!(
                out,
                "left out, as they can hold personal data: {} (--personal loads them)",
                left_out.join(", ")
            )?;
        }
        Ok(())
    });
    Ok(Outcome::Done)
}

/// The tables asked for, and those that were left out because they can hold personal data.
fn sources(
    run: &PublishedRun,
    arguments: &ExportArguments,
) -> anyhow::Result<(Vec<ExportSource<'static>>, Vec<String>)> {
    let names: Vec<String> = match arguments.tables.as_slice() {
        [] => run.manifest.tables.iter().map(|table| table.name.clone()).collect(),
        asked => asked.to_vec(),
    };
    let (mut sources, mut left_out): (Vec<ExportSource<'static>>, Vec<String>) = Default::default();
    for name in names {
        let table = run.description(&name)?;
        if table.personal && !arguments.personal {
            if !arguments.tables.is_empty() {
                anyhow::bail!("{name} can hold personal data: add --personal to load it into the database");
            }
            left_out.push(name);
        } else if sources.iter().all(|source| source.table.name != name) {
            let frames = run.frames(&name)?;
            sources.push(ExportSource {
                table,
                rows: frames.rows(),
                frames: Box::new(frames.map(|frame| frame.map_err(Into::into))),
            });
        }
    }
    Ok((sources, left_out))
}

fn print(out: &mut dyn Write, report: &ExportReport, place: &str, run: &PublishedRun, seconds: f64) -> io::Result<()> {
    let mut text = render::people_table();
    text.set_header(["table", "rows", "sent", "the old one"]);
    for table in &report.tables {
        let replaced = match &table.replaced {
            Replaced::Nothing => "there was none",
            Replaced::Swapped => "swapped",
            Replaced::Refilled(_) => "emptied and filled again",
            Replaced::DroppedWith(_) => "dropped with what hung on it",
        };
        text.add_row([
            table.name.clone(),
            count(table.rows),
            bytes(table.bytes),
            replaced.to_owned(),
        ]);
    }
    for column in [1, 2] {
        if let Some(column) = text.column_mut(column) {
            column.set_cell_alignment(comfy_table::CellAlignment::Right);
        }
    }
    writeln!(out, "{text}")?;
    for table in &report.tables {
        let (Replaced::Refilled(dependents) | Replaced::DroppedWith(dependents)) = &table.replaced else {
            continue;
        };
        let names: Vec<String> = dependents.iter().map(ToString::to_string).collect();
        let what = match table.replaced {
            Replaced::DroppedWith(_) => "was dropped",
            _ => "stayed: readers waited while the table was filled again",
        };
        writeln!(out, "{}: {} {what}", table.name, names.join(", "))?;
    }
    for table in report.tables.iter().filter(|table| table.texts_with_nul > 0) {
        writeln!(
            out,
            "{}: {} held the character NUL, which PostgreSQL does not know: U+FFFD stands for it",
            table.name,
            counted(table.texts_with_nul, "text")
        )?;
    }
    if !report.of_other_runs.is_empty() {
        writeln!(
            out,
            "still of another run, see _run: {}",
            report.of_other_runs.join(", ")
        )?;
    }
    let rows: u64 = report.tables.iter().map(|table| table.rows).sum();
    writeln!(
        out,
        "exported run {} to {place}: {}, {} in {seconds:.1} s",
        run.reference,
        counted(report.tables.len() as u64, "table"),
        counted(rows, "row")
    )
}
