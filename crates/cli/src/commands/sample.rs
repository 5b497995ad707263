//! `cartera sample`

use std::io::{self, Write};

use cartera_pipeline::{SampleRequest, write_sample};

use crate::args::SampleArguments;
use crate::number;
use crate::outcome::Outcome;

pub(crate) fn sample(arguments: &SampleArguments) -> anyhow::Result<Outcome> {
    let request = SampleRequest {
        customers: arguments.customers,
        seed: arguments.seed,
        defects_per_kind: arguments.defects,
        second_key_share: arguments.second_key_share,
        split_last_days: arguments.split_last_days,
    };
    let report = write_sample(&arguments.out, &request)?;
    let mut stdout = io::stdout().lock();
    for (file, path) in &report.files {
        match report.contents.files.get(file) {
            Some(totals) => writeln!(
                stdout,
                "{}: {} rows, {}",
                path.display(),
                number::count(totals.rows),
                number::bytes(totals.bytes)
            )?,
            None => writeln!(stdout, "{}: what is in the other files", path.display())?,
        }
    }
    let (lines, truth) = (&report.contents.lines, &report.contents.truth);
    writeln!(
        stdout,
        "{} people under {} keys, {} orders and {} of guests, {} planted defects",
        number::count(truth.people),
        number::count(truth.keys),
        number::count(lines.orders - lines.guest_orders),
        number::count(lines.guest_orders),
        number::count(report.contents.planted.len() as u64)
    )?;
    Ok(Outcome::Done)
}
