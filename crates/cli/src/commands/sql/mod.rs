//! `cartera sql`

mod print;
mod write;

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Read, Write};

use anyhow::Context;
use cartera_pipeline::sql::{SqlAnswer, sql as answer, sql_tables};
use cartera_pipeline::store::Warehouse;

use super::warehouse_folder;
use crate::args::{SqlArguments, SqlFormat};
use crate::number::{count, counted};
use crate::outcome::Outcome;
use crate::render;

pub(crate) fn sql(arguments: &SqlArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let mut stdout = BufWriter::new(io::stdout().lock());
    if arguments.tables {
        list(&mut stdout, &warehouse, arguments)?;
        stdout.flush()?;
        return Ok(Outcome::Done);
    }
    // What is wrong with the file's name is said before the work.
    let form = arguments.out.as_deref().map(write::Form::of).transpose()?;
    let answer = answer(&warehouse, &arguments.run, &query(arguments)?)?;
    match (&arguments.out, form) {
        (Some(path), Some(form)) => {
            let bytes = write::write(path, form, &answer)?;
            let rows = counted(answer.rows.height() as u64, "row");
            let readers = if answer.personal { ", for its owner alone" } else { "" };
            writeln!(
                stdout,
                "wrote {}: {rows}, {}, from run {}{readers}",
                path.display(),
                crate::number::bytes(bytes),
                answer.run
            )?;
        }
        _ => print(&mut stdout, &answer, arguments)?,
    }
    stdout.flush()?;
    Ok(Outcome::Done)
}

/// As typed, from a file, or from standard input where that is no terminal.
fn query(arguments: &SqlArguments) -> anyhow::Result<String> {
    match (&arguments.query, &arguments.file) {
        (_, Some(path)) => fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display())),
        (Some(query), None) if query != "-" => Ok(query.clone()),
        (None, None) if io::stdin().is_terminal() => anyhow::bail!(
            "there is no query: write one in quotes, as in cartera sql \"select * from kpis\", or see cartera sql --tables"
        ),
        _ => {
            let mut query = String::new();
            let read = io::stdin().read_to_string(&mut query);
            read.context("cannot read the query from standard input")?;
            Ok(query)
        }
    }
}

fn print(out: &mut dyn Write, answer: &SqlAnswer, arguments: &SqlArguments) -> io::Result<()> {
    match arguments.format {
        SqlFormat::Csv => render::as_csv(out, &answer.rows),
        SqlFormat::Json => print::as_json(out, &answer.rows),
        SqlFormat::Ndjson => print::as_ndjson(out, &answer.rows),
        SqlFormat::Table => {
            let limit = if arguments.limit == 0 {
                usize::MAX
            } else {
                arguments.limit
            };
            let left_out = print::as_table(out, &answer.rows.head(Some(limit)), print::terminal_width())?;
            let (rows, shown) = (answer.rows.height(), answer.rows.height().min(limit));
            if shown < rows {
                write!(out, "{} of ", count(shown))?;
            }
            writeln!(out, "{}, from run {}", counted(rows as u64, "row"), answer.run)?;
            if shown < rows {
                writeln!(out, "--limit 0 prints all, --out FILE writes them")?;
            }
            if left_out > 0 {
                writeln!(
                    out,
                    "{} do not fit the terminal: name those that you want, or use --format or --out",
                    counted(left_out as u64, "further column")
                )?;
            }
            Ok(())
        }
    }
}

fn list(out: &mut dyn Write, warehouse: &Warehouse, arguments: &SqlArguments) -> anyhow::Result<()> {
    let (run, tables) = sql_tables(warehouse, &arguments.run)?;
    if arguments.format == SqlFormat::Json || arguments.format == SqlFormat::Ndjson {
        anyhow::bail!("the list of tables is for people; for machines there is cartera schema --format json");
    }
    let mut text = render::people_table();
    text.set_header(["table", "rows", "one row for each", "days in its history"]);
    for table in &tables {
        let personal = if table.personal { " (personal)" } else { "" };
        text.add_row([
            format!("{}{personal}", table.name),
            count(table.rows),
            table.grain.join(", "),
            count(table.days),
        ]);
    }
    for column in [1, 3] {
        if let Some(column) = text.column_mut(column) {
            column.set_cell_alignment(comfy_table::CellAlignment::Right);
        }
    }
    writeln!(out, "{text}")?;
    writeln!(out, "run {run}; cartera schema TABLE tells the columns of one")?;
    writeln!(
        out,
        "each has the newest run of every day as its name and _history, with the columns as_of and run before its own"
    )?;
    Ok(())
}
