//! `cartera forget`

mod machines;

use std::io::{self, BufRead, Write};

use anyhow::Context;
use cartera_pipeline::config::PipelineConfig;
use cartera_pipeline::store::{Erasure, Warehouse};
use cartera_pipeline::{
    ForgetReport, ForgetRequest, ForgottenRun, ModelRequest, ReadSizes, RunContext, RunOptions, default_memory_bytes,
    forget as forget_people,
};

use super::{load, show};
use crate::args::{CommonArguments, ForgetArguments};
use crate::clock::SystemClock;
use crate::outcome::Outcome;
use crate::{number, progress, render};

/// Raw files that are named one by one; of more the number is told.
const NAMED_FILES: usize = 12;

pub(crate) fn forget(arguments: &ForgetArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let config = load(&arguments.pipeline)?;
    if arguments.list {
        return list(arguments, &config);
    }
    let observer = progress::observer(common);
    let context = RunContext {
        observer: observer.as_ref(),
        clock: &SystemClock,
    };
    let options = RunOptions {
        as_of: None,
        warehouse: arguments.warehouse.clone(),
        memory_bytes: arguments.memory.unwrap_or_else(default_memory_bytes),
        threads: common.threads(),
        is_full: false,
        accepted_bad_consents: arguments.accept_bad_consents,
        models: ModelRequest::default(),
        sizes: ReadSizes::default(),
        version: env!("CARTERA_BUILD"),
    };
    let request = ForgetRequest {
        keys: keys(arguments)?,
        key_space: arguments.key_space.clone(),
        fresh_salt: fresh_salt()?,
        accepts_unseen: arguments.unseen,
        deletes_unrepeatable: arguments.delete_unrepeatable,
        accepts_present_config: arguments.with_present_config,
        accepts_present_files: arguments.with_present_files,
        is_dry_run: arguments.dry_run,
    };
    let report = forget_people(&config, &options, &request, context)?;
    show(|out| match arguments.json {
        true => writeln!(out, "{}", machines::report_as_json(&report, request.keys.len())),
        false => print(out, &report, request.keys.len()),
    });
    Ok(Outcome::Done)
}

/// The one place that draws randomness.
fn fresh_salt() -> anyhow::Result<[u8; 32]> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt)
        .map_err(|error| anyhow::anyhow!("the system gives no random bytes for hashing keys: {error}"))?;
    Ok(salt)
}

/// The keys as typed, those of standard input in the place of `-`.
fn keys(arguments: &ForgetArguments) -> anyhow::Result<Vec<String>> {
    let mut keys = Vec::new();
    for key in &arguments.keys {
        if key != "-" {
            keys.push(key.clone());
            continue;
        }
        for line in io::stdin().lock().lines() {
            let line = line.context("cannot read keys from standard input")?;
            keys.extend(Some(line.trim().to_owned()).filter(|key| !key.is_empty()));
        }
    }
    Ok(keys)
}

fn print(out: &mut dyn Write, report: &ForgetReport, keys: usize) -> io::Result<()> {
    let ForgetReport {
        key_space,
        new_keys,
        is_dry_run,
        replaced,
        deleted,
        ..
    } = report;
    let would = if *is_dry_run { "would be " } else { "" };
    writeln!(
        out,
        "{keys} key(s) of key space {key_space}: {would}erased, {new_keys} of them new; they are kept as salted hashes only"
    )?;
    if report.unseen_keys > 0 {
        writeln!(out, "{} of them: no run knows it", report.unseen_keys)?;
    }
    if replaced.is_empty() && deleted.is_empty() {
        writeln!(out, "no published run has to be made anew")?;
    }
    for run in replaced {
        print_run(out, run)?;
    }
    for run in deleted {
        writeln!(out, "{run} {would}deleted, and not made anew")?;
    }
    print_rest(out, report)
}

fn print_run(out: &mut dyn Write, run: &ForgottenRun) -> io::Result<()> {
    let Some(new) = run.new else {
        return writeln!(out, "{} would be replaced", run.old);
    };
    writeln!(out, "{} -> {new}", run.old)?;
    let money = |money: Option<cartera_table::Money>| {
        money.map_or_else(|| "unknown".to_owned(), |money| number::money(&money.to_string()))
    };
    let (before, after) = (money(run.net_sales_before), money(run.net_sales_after));
    let is_same = if before == after {
        "as before"
    } else {
        "OTHER THAN BEFORE"
    };
    writeln!(
        out,
        "  net sales of the company: {before} {} before, {after} {} after: {is_same}",
        run.currency, run.currency
    )?;
    let changes: Vec<String> = run
        .tables
        .iter()
        .map(|change| {
            format!(
                "{} {} -> {}",
                change.table,
                number::count(change.before),
                number::count(change.after)
            )
        })
        .collect();
    if !changes.is_empty() {
        writeln!(out, "  rows: {}", changes.join(", "))?;
    }
    if let Some(version) = &run.other_version {
        writeln!(out, "  made by version {version} before, and by this one now")?;
    }
    if run.asked_is_unknown {
        writeln!(
            out,
            "  what its command line had asked for (latest, --refit, --accept-model) was not written down: made by its day alone"
        )?;
    }
    Ok(())
}

fn print_rest(out: &mut dyn Write, report: &ForgetReport) -> io::Result<()> {
    writeln!(out, "still to be done outside of the warehouse:")?;
    if report.config_names_key {
        writeln!(out, "  the pipeline file itself names a key: take it out")?;
    }
    let files = &report.raw_files;
    writeln!(
        out,
        "  raw files with customers' keys are as they were; runs leave the person out of:"
    )?;
    for file in files.iter().take(NAMED_FILES) {
        writeln!(out, "    {}", file.display())?;
    }
    if files.len() > NAMED_FILES {
        writeln!(out, "    and {} more", files.len() - NAMED_FILES)?;
    }
    writeln!(
        out,
        "  lists, exports and copies of runs that were taken or sent elsewhere, and backups of the warehouse"
    )?;
    writeln!(
        out,
        "  other warehouses of this pipeline: call forget for each, with --warehouse"
    )
}

fn list(arguments: &ForgetArguments, config: &PipelineConfig) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(arguments.warehouse.as_ref().unwrap_or(&config.warehouse))?;
    let erasures = warehouse.erased()?.map(|record| record.erasures).unwrap_or_default();
    let mut stdout = io::stdout().lock();
    if arguments.json {
        writeln!(stdout, "{}", machines::list_as_json(&erasures))?;
        return Ok(Outcome::Done);
    }
    if erasures.is_empty() {
        writeln!(stdout, "nobody was erased from {}", warehouse.root().display())?;
        return Ok(Outcome::Done);
    }
    let mut table = render::people_table();
    table.set_header(["key", "erased", "finished", "runs replaced", "runs deleted"]);
    for erasure in &erasures {
        table.add_row(row(erasure));
    }
    writeln!(stdout, "{table}")?;
    Ok(Outcome::Done)
}

fn row(erasure: &Erasure) -> [String; 5] {
    let time = |text: &str| text.split('.').next().unwrap_or_default().replace('T', " ");
    let hash: String = erasure.hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let replaced: Vec<String> = erasure
        .replaced
        .iter()
        .map(|run| format!("{} -> {}", run.old, run.new))
        .collect();
    let deleted: Vec<String> = erasure.deleted.iter().map(ToString::to_string).collect();
    [
        hash,
        time(&erasure.erased_at),
        erasure
            .finished_at
            .as_deref()
            .map_or_else(|| "not yet: call forget for it again".to_owned(), time),
        replaced.join("\n"),
        deleted.join("\n"),
    ]
}
