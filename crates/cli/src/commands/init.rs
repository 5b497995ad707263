//! `cartera init`

use std::io::{self, Write};

use cartera_pipeline::{InitReport, InitRequest, init as init_pipeline};

use super::show;
use crate::args::InitArguments;
use crate::outcome::Outcome;

pub(crate) fn init(arguments: &InitArguments) -> anyhow::Result<Outcome> {
    let request = InitRequest {
        files: arguments.files.clone(),
        out: arguments.out.clone(),
        name: arguments.name.clone(),
        warehouse: arguments.warehouse.clone(),
        force: arguments.force,
    };
    let report = init_pipeline(&request)?;
    show(|out| print(out, &report));
    Ok(Outcome::Done)
}

fn print(out: &mut dyn Write, report: &InitReport) -> io::Result<()> {
    let path = report.path.display();
    writeln!(out, "wrote {path}")?;
    for (file, what) in &report.files {
        writeln!(out, "  {}: {what}", file.display())?;
    }
    part(out, "sure:", &report.sure)?;
    part(out, "unsure, look at each once:", &report.unsure)?;
    part(
        out,
        "questions, marked TODO, to be answered in the file:",
        &report.questions,
    )?;
    match &report.refusal {
        None => writeln!(out, "next: cartera check {path}"),
        Some(refusal) => {
            writeln!(out, "until they are answered, the file is refused, first with:")?;
            for line in refusal.lines() {
                writeln!(out, "  {line}")?;
            }
            writeln!(out, "next: answer the questions in {path}, then: cartera check {path}")
        }
    }
}

fn part(out: &mut dyn Write, title: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}")?;
    for line in lines {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}
