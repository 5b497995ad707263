//! The three policies for lines that stand in the data more than once.

use cartera_table::contracts::CustomerFeatures;
use cartera_testkit::{HEADER, Workshop, contents};

use crate::support::{in_ledger, options, run_as_of, run_once, run_with, table};

const JANUARY: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-01-31,tea,1,3.50\n";
const FEBRUARY: &str = "2,1,bob,2024-01-31,tea,1,3.50\n3,1,ann,2024-02-10,mug,1,8.00\n";

fn overlapping() -> Workshop {
    let workshop = Workshop::new();
    workshop.file("in/1-january.csv", format!("{HEADER}{JANUARY}"));
    workshop.file("in/2-february.csv", format!("{HEADER}{FEBRUARY}"));
    workshop
}

#[test]
fn overlapping_exports_do_not_double_and_repeats_within_a_file_stay() {
    let workshop = overlapping();
    let report = run_once(&workshop.pipeline("in/*.csv", ""));
    assert_eq!(in_ledger(&report, &["merged", "in_another_file"]), (1, 35_000));
    assert_eq!(in_ledger(&report, &["kept"]), (4, 255_000));
}

#[test]
fn two_overlapping_exports_are_as_one_file() {
    let one = Workshop::new();
    one.file("lines.csv", format!("{HEADER}{JANUARY}3,1,ann,2024-02-10,mug,1,8.00\n"));
    let one = run_once(&one.pipeline("lines.csv", ""));
    let workshop = overlapping();
    let two = run_once(&workshop.pipeline("in/*.csv", ""));
    assert!(
        table::<CustomerFeatures>(&one)
            .frame()
            .equals_missing(table::<CustomerFeatures>(&two).frame())
    );
}

#[test]
fn keep_counts_every_line() {
    let workshop = overlapping();
    let report = run_once(&workshop.pipeline("in/*.csv", "[source.duplicates]\npolicy = \"keep\"\n"));
    assert_eq!(in_ledger(&report, &["kept"]), (5, 290_000));
}

#[test]
fn a_later_file_replaces_lines_of_the_same_order_and_number() {
    let workshop = Workshop::new();
    workshop.file(
        "in/1.csv",
        format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n"),
    );
    workshop.file("in/2.csv", format!("{HEADER}1,2,ann,2024-01-05,mug,1,7.00\n"));
    let report = run_once(&workshop.pipeline("in/*.csv", "[source.duplicates]\npolicy = \"latest_by_key\"\n"));
    assert_eq!(in_ledger(&report, &["merged", "replaced_by_later_line"]), (1, 80_000));
    assert_eq!(in_ledger(&report, &["kept"]), (2, 140_000));
}

#[test]
fn what_is_merged_does_not_depend_on_memory() {
    let runs = [1u64 << 20, 4 << 30].map(|memory_bytes| {
        let workshop = overlapping();
        let options = cartera_pipeline::RunOptions {
            memory_bytes,
            ..options()
        };
        let report = run_with(&workshop.pipeline("in/*.csv", ""), &options).expect("published");
        contents(&report.run.path, &["manifest.json"])
    });
    assert!(runs[0] == runs[1]);
}

#[test]
fn a_line_after_as_of_replaces_nothing() {
    for policy in ["latest_by_key", "across_files"] {
        let workshop = Workshop::new();
        workshop.file(
            "in/1.csv",
            format!("{HEADER}1,1,ann,2024-01-05,tea,1,3.50\n2,1,bob,2024-02-01,tea,1,3.50\n"),
        );
        workshop.file(
            "in/2.csv",
            format!("{HEADER}1,1,ann,2024-06-05,tea,9,3.50\n2,1,bob,2024-02-01,tea,1,3.50\n"),
        );
        let pipeline = workshop.pipeline("in/*.csv", &format!("[source.duplicates]\npolicy = \"{policy}\"\n"));
        let report = run_as_of(&pipeline, "2024-03-31", &workshop.warehouse());
        assert_eq!(in_ledger(&report, &["kept"]), (2, 70_000), "{policy}");
        assert_eq!(in_ledger(&report, &["out_of_scope"]), (1, 315_000), "{policy}");
        assert_eq!(in_ledger(&report, &["merged"]).0, 1, "{policy}");
    }
}

#[test]
fn a_line_without_a_number_cannot_be_found_by_it() {
    let workshop = Workshop::new();
    workshop.file(
        "in/1.csv",
        format!("{HEADER}1,,ann,2024-01-05,tea,1,3.50\n1,,ann,2024-01-05,mug,1,8.00\n1,3,ann,2024-01-05,mug,1,8.00\n"),
    );
    let further = "[source.duplicates]\npolicy = \"latest_by_key\"\n[limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n";
    let report = run_once(&workshop.pipeline("in/*.csv", further));
    assert_eq!(in_ledger(&report, &["merged"]).0, 0);
    assert_eq!(in_ledger(&report, &["quarantined", "missing"]), (2, 115_000));
}
