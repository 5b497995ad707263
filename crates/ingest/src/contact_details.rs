//! Whether a row of consents or suppressions can be about somebody at all.
//!
//! A withdrawal without a channel would withdraw nothing, a suppression by an e-mail that is none would suppress
//! nobody, and nobody would know.

use cartera_table::{ColumnDef, SourceTable, TableError, frame::text, is_phone_number, mail_address};
use polars::prelude::DataFrame;

use crate::failures::Failures;

/// What a text of a column has to be, and the reason where it is not.
type Check = (&'static str, fn(&str) -> bool, &'static str);

/// What each text of consents has to be.
const OF_CONSENTS: [Check; 3] = [
    ("customer_key", is_visible, "missing"),
    ("channel", is_visible, "missing"),
    ("purpose", is_visible, "missing"),
];

/// What each text of suppressions has to be. Without a channel or purpose they hold for every one.
const OF_SUPPRESSIONS: [Check; 3] = [
    ("customer_key", is_visible, "missing"),
    ("email", is_email, "not_an_email"),
    ("phone", is_phone_number, "not_a_phone"),
];

/// Refuses consents and suppressions that can be nobody's, or are of no channel.
pub(crate) fn refuse_unusable(
    table: SourceTable,
    frame: &DataFrame,
    failures: &mut Failures,
) -> Result<(), TableError> {
    let checks = match table {
        SourceTable::Consents => OF_CONSENTS,
        SourceTable::Suppressions => OF_SUPPRESSIONS,
        _ => return Ok(()),
    };
    for (name, is_usable, reason) in checks {
        let Some(definition): Option<&'static ColumnDef> = table.contract().column(name) else {
            continue;
        };
        for (row, told) in text(frame, name)?.iter().enumerate() {
            // What could not be read is null here, and has its reason.
            if let Some(told) = told.filter(|told| !is_usable(told)) {
                failures.add(row, definition, told.to_owned(), reason);
            }
        }
    }
    Ok(())
}

/// Something beside blanks; those of spreadsheets (no-break spaces) are left in cells.
fn is_visible(text: &str) -> bool {
    !text.trim().is_empty()
}

/// One address that somebody can have: else it would suppress nobody.
fn is_email(text: &str) -> bool {
    mail_address(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_at_and_two_sides() {
        for sound in [
            "ana@example.org",
            "Ana.O'Neil+shop@sub.example.org",
            "mailto:a@b.es",
            "'a@b.es'",
            "a@b.es.",
        ] {
            assert!(is_email(sound), "{sound}");
        }
        for bad in [
            "",
            "n/a",
            "ana",
            "@example.org",
            "ana@",
            "a@b@c",
            "ana@gmail",
            "a@x.org;b@y.org",
            "Ana <ana@x.org>",
            "a@x.org, b",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
