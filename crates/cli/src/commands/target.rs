//! `cartera target`

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cartera_pipeline::{
    Amount, CsvRequest, FileFormat, ListRequest, ModelRequest, ReadSizes, RunContext, RunOptions, TargetParams,
    TargetReport, TargetRequest, default_memory_bytes, target as make_list,
};
use serde_json::{Value, json};

use super::{load, show};
use crate::args::{CommonArguments, ListFormat, TargetArguments};
use crate::clock::SystemClock;
use crate::number::{count, counted};
use crate::outcome::Outcome;
use crate::{progress, summary};

pub(crate) fn target(arguments: &TargetArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let files = files(arguments)?;
    let list = list(arguments)?;
    let config = load(&arguments.pipeline)?;
    let observer = progress::observer(common);
    let context = RunContext {
        observer: observer.as_ref(),
        clock: &SystemClock,
    };
    let options = RunOptions {
        as_of: None,
        warehouse: arguments.warehouse.clone(),
        memory_bytes: default_memory_bytes(),
        threads: common.threads(),
        is_full: false,
        models: ModelRequest::default(),
        accepted_bad_consents: arguments.accept_bad_consents,
        sizes: ReadSizes::default(),
        version: env!("CARTERA_BUILD"),
    };
    if let Some(twice) = files
        .iter()
        .find(|(path, _)| arguments.decisions.as_ref() == Some(path))
    {
        anyhow::bail!("{} is both a list and --decisions", twice.0.display());
    }
    let request = TargetRequest {
        list,
        run: arguments.run,
        csv: CsvRequest {
            delimiter: arguments.delimiter.clone(),
            bom: arguments.bom,
            decimal_comma: arguments.decimal_comma,
        },
        files,
        decisions: arguments.decisions.clone(),
    };
    let report = make_list(&config, &options, &request, context)?;
    show(|out| match arguments.json {
        true => writeln!(out, "{}", as_json(&report, arguments.decisions.as_deref())),
        false => print(out, &report, arguments.decisions.as_deref()),
    });
    Ok(if report.list.is_stopped {
        Outcome::Warned
    } else {
        Outcome::Done
    })
}

fn print(out: &mut dyn std::io::Write, report: &TargetReport, decisions: Option<&Path>) -> std::io::Result<()> {
    summary::long::targets::table(out, &[&report.list])?;
    summary::long::targets::reasons(out, &report.list)?;
    for note in &report.notes {
        writeln!(out, "note: {note}")?;
    }
    for (path, file) in &report.files {
        let left_out = match file.left_out {
            0 => String::new(),
            left_out => format!(", {} left out", count(left_out)),
        };
        writeln!(
            out,
            "wrote {}: {}{left_out}, from run {}, {} old",
            path.display(),
            counted(file.rows as u64, "customer"),
            report.run,
            counted(report.age_days.unsigned_abs(), "day")
        )?;
    }
    if let Some(path) = decisions {
        let candidates = counted(report.list.candidate_count, "decision");
        writeln!(out, "wrote {}: {candidates}", path.display())?;
    }
    Ok(())
}

fn as_json(report: &TargetReport, decisions: Option<&Path>) -> Value {
    let files = report.files.iter();
    let files: Vec<Value> = files
        .map(|(path, file)| {
            json!({ "file": path.display().to_string(), "customers": file.rows, "left_out": file.left_out })
        })
        .collect();
    json!({
        "run": report.run.to_string(),
        "age_days": report.age_days,
        "list": report.list,
        "files": files,
        "decisions": decisions.map(|path| path.display().to_string()),
        "notes": report.notes,
    })
}

fn list(arguments: &TargetArguments) -> anyhow::Result<ListRequest> {
    let columns = columns(&arguments.columns);
    if let Some(name) = &arguments.list {
        let name = name.clone();
        return Ok(ListRequest::Declared { name, columns });
    }
    let ad_hoc = &arguments.ad_hoc;
    let condition = ad_hoc.condition.as_deref().context("--where is missing")?;
    let channel = ad_hoc.channel.as_deref().context("--channel is missing")?;
    let mut list = TargetParams::new("", channel, condition);
    if let Some(purpose) = &ad_hoc.purpose {
        list.purpose.clone_from(purpose);
    }
    list.name = match &ad_hoc.name {
        Some(name) => name.clone(),
        None => TargetParams::ad_hoc_name(channel, &list.purpose, condition),
    };
    if !ad_hoc.order_by.is_empty() {
        list.order_by.clone_from(&ad_hoc.order_by);
    }
    list.limit = ad_hoc.limit;
    list.cost_per_contact = amount("--cost-per-contact", ad_hoc.cost_per_contact.as_deref())?;
    list.budget = amount("--budget", ad_hoc.budget.as_deref())?;
    list.expected_value.clone_from(&ad_hoc.expected_value);
    list.control_share = ad_hoc.control_share;
    list.exclusive = !ad_hoc.not_exclusive;
    if let Some(columns) = columns {
        list.files.columns = columns;
    }
    Ok(ListRequest::AdHoc(Box::new(list)))
}

/// The customer always, and what is asked for.
fn columns(asked: &[String]) -> Option<Vec<String>> {
    const ID: &str = "customer_id";
    if asked.is_empty() {
        return None;
    }
    let mut columns = asked.to_vec();
    if !columns.iter().any(|column| column == ID) {
        columns.insert(0, ID.to_owned());
    }
    Some(columns)
}

fn amount(option: &str, text: Option<&str>) -> anyhow::Result<Option<Amount>> {
    let Some(text) = text else { return Ok(None) };
    let amount = Amount::parse(text);
    amount
        .with_context(|| format!("{option} {text} is no amount such as 0.25, with at most 4 decimals"))
        .map(Some)
}

fn files(arguments: &TargetArguments) -> anyhow::Result<Vec<(PathBuf, FileFormat)>> {
    let format_of = |path: &PathBuf| {
        let named = match path.extension().and_then(OsStr::to_str) {
            Some("csv") => Some(ListFormat::Csv),
            Some("xlsx") => Some(ListFormat::Xlsx),
            Some("parquet") => Some(ListFormat::Parquet),
            _ => None,
        };
        let is_text = |format| matches!(format, ListFormat::Csv | ListFormat::Google | ListFormat::Meta);
        let format = match (arguments.format, named) {
            (Some(asked), Some(named)) if asked != named && !(is_text(asked) && is_text(named)) => {
                anyhow::bail!("{} is named otherwise than --format says", path.display())
            }
            (Some(asked), _) => asked,
            (None, Some(named)) => named,
            (None, None) => anyhow::bail!(
                "{} does not say its form: name it .csv, .xlsx or .parquet, or add --format",
                path.display()
            ),
        };
        let format = match format {
            ListFormat::Csv => FileFormat::Csv,
            ListFormat::Xlsx => FileFormat::Xlsx,
            ListFormat::Parquet => FileFormat::Parquet,
            ListFormat::Google => FileFormat::Google,
            ListFormat::Meta => FileFormat::Meta,
        };
        Ok((path.clone(), format))
    };
    arguments.out.iter().map(format_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customer_stands_first_unless_it_is_placed() {
        let columns = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|&name| name.to_owned()).collect();
            columns(&asked)
        };
        assert_eq!(columns(&[]), None);
        assert_eq!(columns(&["email"]).expect("columns"), ["customer_id", "email"]);
        assert_eq!(
            columns(&["email", "customer_id"]).expect("columns"),
            ["email", "customer_id"]
        );
    }
}
