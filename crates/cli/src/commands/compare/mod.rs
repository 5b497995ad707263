//! `cartera compare`

mod parts;
mod people;

use std::io::{self, Write};

use anyhow::Context;
use cartera_pipeline::compare::compare as compare_runs;
use cartera_pipeline::store::{PublishedRun, Warehouse};

use super::{show, warehouse_folder};
use crate::args::{CommonArguments, CompareArguments};
use crate::outcome::Outcome;
use crate::terminal::Paint;

pub(crate) fn compare(arguments: &CompareArguments, common: &CommonArguments) -> anyhow::Result<Outcome> {
    let (before, after) = chosen(arguments)?;
    let comparison = compare_runs(&before, &after)?;
    if arguments.json {
        let object = serde_json::to_string(&comparison).context("the comparison cannot be written as JSON")?;
        writeln!(io::stdout(), "{object}")?;
    } else {
        show(|out| people::print(out, Paint::of_stdout(common.color), &comparison));
    }
    Ok(Outcome::Done)
}

/// The runs asked for; without any the newest and the one before it.
fn chosen(arguments: &CompareArguments) -> anyhow::Result<(PublishedRun, PublishedRun)> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let listing = warehouse.runs()?;
    for unreadable in &listing.unreadable {
        tracing::warn!(event = "warning", "{unreadable}");
    }
    let after = match &arguments.after {
        Some(after) => warehouse.find(after)?,
        None => {
            let newest = listing.current().cloned();
            newest.with_context(|| format!("nothing is published in {}", warehouse.root().display()))?
        }
    };
    let before = match &arguments.before {
        Some(before) => warehouse.find(before)?,
        None => {
            let before = listing.runs.get(1).cloned();
            before.with_context(|| {
                format!(
                    "{} has one run, {}, and two are needed to compare",
                    warehouse.root().display(),
                    after.reference
                )
            })?
        }
    };
    Ok((before, after))
}
