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
    };
    let report = write_sample(&arguments.out, &request)?;
    let mut stdout = io::stdout().lock();
    writeln!(
        stdout,
        "{}: {} lines of {} orders, {}",
        report.order_lines.display(),
        number::count(report.totals.lines),
        number::count(report.totals.orders),
        number::bytes(report.totals.bytes)
    )?;
    writeln!(
        stdout,
        "{}: the truth of {} customers",
        report.truth.display(),
        number::count(report.totals.customers)
    )?;
    for defect in &report.totals.planted {
        writeln!(
            stdout,
            "planted {} in line {}",
            defect.kind.slug(),
            number::count(defect.row + 1)
        )?;
    }
    Ok(Outcome::Done)
}
