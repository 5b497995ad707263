//! Nothing after `as_of` reaches a feature.

use cartera_testkit::{HEADER, Workshop, contents};

use crate::support::{in_ledger, run_as_of};

const PAST: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-03-31,tea,1,3.50\n3,1,,2024-02-01,tea,1,3.50\n";

fn tables_with_future(future: &str) -> Vec<(String, Vec<u8>)> {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{PAST}{future}"));
    let report = run_as_of(&workshop.pipeline("lines.csv", ""), "2024-03-31", &workshop.warehouse());
    // What the files hold is told of, whatever its day.
    let except = [
        "manifest.json",
        "ledger.parquet",
        "quarantine.parquet",
        "data_quality.parquet",
        "report.html",
    ];
    contents(&report.run.path, &except)
        .into_iter()
        .map(|(name, bytes)| (name, without_footer(bytes)))
        .collect()
}

/// The footer names the fingerprint, which tells different inputs apart; the data pages stand before it.
pub(crate) fn without_footer(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().expect("four bytes")) as usize;
    bytes.truncate(end - length);
    bytes
}

#[test]
fn moving_the_future_changes_no_table() {
    let base = tables_with_future("");
    assert_eq!(base.len(), 37);
    let futures = [
        "4,1,ann,2024-04-01,tea,9,99.00\n",
        "2,2,bob,2024-04-01,tea,-1,3.50\n4,1,new,2024-12-31,tea,1,1.00\n",
        "1,3,ann,2030-01-01,mug,1,1.00\n",
    ];
    for future in futures {
        assert!(tables_with_future(future) == base, "{future}");
    }
}

#[test]
fn later_lines_are_out_of_scope_and_the_day_itself_is_in() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{PAST}4,1,ann,2024-04-01,tea,1,9.99\n"));
    let report = run_as_of(&workshop.pipeline("lines.csv", ""), "2024-03-31", &workshop.warehouse());
    assert_eq!(in_ledger(&report, &["out_of_scope", "after_as_of"]), (1, 99_900));
    assert_eq!(report.run.manifest.record.totals.orders, 2);
    assert!(!report.has_many_defects);
}
