//! `cartera prune`

use std::io::{self, Write};

use cartera_pipeline::Clock;
use cartera_pipeline::store::Warehouse;

use super::warehouse_folder;
use crate::args::PruneArguments;
use crate::clock::SystemClock;
use crate::outcome::Outcome;

pub(crate) fn prune(arguments: &PruneArguments) -> anyhow::Result<Outcome> {
    let warehouse = Warehouse::open(warehouse_folder(&arguments.warehouse.warehouse)?)?;
    let keep_runs = arguments.keep_runs.get();
    let mut stdout = io::stdout().lock();
    let (removed, verb) = if arguments.dry_run {
        (warehouse.prune_plan(keep_runs)?, "would remove")
    } else {
        (
            warehouse.lock(&SystemClock.now().to_string())?.prune(keep_runs)?,
            "removed",
        )
    };
    if arguments.json {
        let removed: Vec<String> = removed.iter().map(ToString::to_string).collect();
        let object = serde_json::json!({ "removed": removed, "keep_runs": keep_runs, "dry_run": arguments.dry_run });
        writeln!(stdout, "{object}")?;
        return Ok(Outcome::Done);
    }
    if removed.is_empty() {
        writeln!(stdout, "nothing to remove: at most {keep_runs} runs are published")?;
    }
    for run in removed {
        writeln!(stdout, "{verb} {run}")?;
    }
    Ok(Outcome::Done)
}
