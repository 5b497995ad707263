//! The last whole month in two lines: who bought, who came back, who was lost.

use std::io::{self, Write};

use cartera_pipeline::store::{MonthRecord, Totals};

use crate::number::{count, counted, percent};

pub(super) fn cohorts(out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
    let Some(record) = &totals.last_month else {
        return writeln!(out, "no month is over yet: kpis and cohorts hold the one that runs");
    };
    let MonthRecord {
        month,
        active_customers,
        new_customers,
        recovered_customers,
        lost_customers,
        customers_at_end,
        ..
    } = record;
    writeln!(
        out,
        "{month}, the last whole month: {} bought, {} for the first time, {} after a pause beyond lapsed_days; {} were lost, {} are left",
        counted(*active_customers, "customer"),
        count(*new_customers),
        count(*recovered_customers),
        count(*lost_customers),
        count(*customers_at_end),
    )?;
    let mut rates = Vec::new();
    if let Some(rate) = record.repeat_rate {
        rates.push(format!(
            "{} of those who bought had bought in an earlier month",
            percent(rate)
        ));
    }
    if let Some(rate) = record.retention_rate {
        rates.push(format!("{} of those of the month before came again", percent(rate)));
    }
    rates.push("see kpis and cohorts".to_owned());
    writeln!(out, "{}", rates.join("; "))
}
