//! What the defective rows of a block deny, where their table decides who may be contacted.

use cartera_raw::ParsedBlock;
use cartera_table::frame::text;
use cartera_table::{Origin, SourceDenial, SourceTable, TableError};
use polars::prelude::{DataFrame, StringChunked};

use crate::constant::Constant;
use crate::failures::Failures;
use crate::file_plan::FilePlan;

/// A column of a frame that holds defective rows too, if the table has it.
struct Cells<'f> {
    name: &'static str,
    texts: Option<&'f StringChunked>,
    failures: &'f Failures,
}

impl<'f> Cells<'f> {
    fn of(frame: &'f DataFrame, name: &'static str, failures: &'f Failures) -> Result<Self, TableError> {
        let is_there = frame.schema().contains(name);
        Ok(Self {
            name,
            texts: is_there.then(|| text(frame, name)).transpose()?,
            failures,
        })
    }

    /// Whether there was something in the cell that could not be taken.
    fn failed(&self, row: usize) -> bool {
        self.failures.cell_failed(row, self.name)
    }

    /// What the cell tells, if it could be read.
    fn get(&self, row: usize) -> Option<String> {
        let told = self.texts?.get(row).filter(|told| !told.trim().is_empty())?;
        (!self.failed(row)).then(|| told.to_owned())
    }
}

/// The denials of all defective rows and broken records of a block; `frame` has all rows, defective ones among them.
pub(crate) fn denials(
    table: SourceTable,
    frame: &DataFrame,
    failures: &Failures,
    (parsed, plan, origin): (&ParsedBlock, &FilePlan, Origin),
) -> Result<Vec<SourceDenial>, TableError> {
    if !table.decides_contact() {
        return Ok(Vec::new());
    }
    let cells = |name| Cells::of(frame, name, failures);
    let (keys, emails, phones) = (cells("customer_key")?, cells("email")?, cells("phone")?);
    let channels = cells("channel")?;
    let mut denials = Vec::new();
    for row in failures.rows() {
        let stop = SourceDenial {
            origin,
            row: parsed.lines[row],
            customer_key: None,
            email: None,
            phone: None,
            channel: channels.get(row),
        };
        let denial = SourceDenial {
            customer_key: keys.get(row),
            email: emails.get(row),
            phone: phones.get(row),
            ..stop.clone()
        };
        let by_key = denial.customer_key.is_some();
        let by_details = denial.email.is_some() || denial.phone.is_some();
        // Of somebody without a key all that the row tells has to be readable: what is not may be somebody else's.
        let is_whole = by_key || (by_details && ![&keys, &emails, &phones].iter().any(|cells| cells.failed(row)));
        if by_key || by_details {
            denials.push(denial);
        }
        if !is_whole {
            denials.push(stop);
        }
    }
    // Which cell of a broken record is the key, nobody can tell.
    let channel = match plan.constant("channel") {
        Some(Constant::Text(channel)) if !channel.trim().is_empty() => Some(channel.clone()),
        _ => None,
    };
    denials.extend(parsed.rejected.iter().map(|rejected| SourceDenial {
        origin,
        row: rejected.line,
        customer_key: None,
        email: None,
        phone: None,
        channel: channel.clone(),
    }));
    Ok(denials)
}
