//! What the summary says of the data, and how checks end a run.

use std::fmt::Write as _;

use cartera_testkit::{HEADER, Workshop};

use crate::support::{Said, cartera, filtered, said};

/// Five weeks of lines; in the last one fewer, dearer, and more of guests.
fn workshop() -> Workshop {
    let mut text = HEADER.to_owned();
    for day in 0..35 {
        let (rows, price, guests) = if day < 28 { (20, "2.00", 5) } else { (8, "5.25", 2) };
        for row in 0..rows {
            let customer = if row % guests == 0 { "" } else { "ann" };
            let date = format!("2024-{:02}-{:02}", 11 + day / 30, day % 30 + 1);
            writeln!(text, "{day}-{row},1,{customer},{date},tea,1,{price}").expect("a text takes all");
        }
    }
    let workshop = Workshop::new();
    workshop.file("lines.csv", text);
    workshop
}

fn run(workshop: &Workshop, checks: &str) -> Said {
    let pipeline = workshop.pipeline("lines.csv", checks).display().to_string();
    said(cartera(&["run", &pipeline, "--verbose", "--log-level", "error"]))
}

/// The lines of a summary about the data.
fn about_data(said: &Said, workshop: &Workshop) -> String {
    let text = filtered(&said.stdout, workshop.path());
    let start = text.find("data quality").expect("the summary tells of it");
    text[start..]
        .lines()
        .take_while(|line| !line.starts_with("published"))
        .fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn what_is_unusual_is_told_and_changes_no_exit_code() {
    let workshop = workshop();
    let said = run(&workshop, "");
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    insta::assert_snapshot!(about_data(&said, &workshop));
}

const CHECKS: &str = "[[check]]\nfreshness_days = 3\nunique = ['order_id', 'line_number']\n\n\
    [[check]]\nmax_null_share = { customer_key = 0.1 }\naccepted_values = { product_id = ['mug', 'pot'] }\n";

#[test]
fn checks_that_do_not_hold_come_first_and_exit_with_1() {
    let workshop = workshop();
    let said = run(&workshop, CHECKS);
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    insta::assert_snapshot!(about_data(&said, &workshop));
}

#[test]
fn a_check_that_stops_exits_with_2_and_says_what_to_do() {
    let workshop = workshop();
    let said = run(&workshop, &CHECKS.replace("[[check]]", "[[check]]\nseverity = 'stop'"));
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""));
    assert!(!workshop.warehouse().join("runs").exists());
    insta::assert_snapshot!(filtered(&said.stderr, workshop.path()));
}

#[test]
fn checks_that_hold_are_counted() {
    let workshop = workshop();
    let said = run(
        &workshop,
        "[[check]]\nfreshness_days = 60\nunique = ['order_id', 'line_number']\n",
    );
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(
        said.stdout.contains("data quality: all 2 checks hold, 3 warnings; "),
        "{}",
        said.stdout
    );
}

#[test]
fn the_table_is_shown() {
    let workshop = workshop();
    assert_eq!(run(&workshop, "").code, Some(0));
    let warehouse = workshop.warehouse().display().to_string();
    let shown = said(cartera(&[
        "show",
        "data_quality",
        "--warehouse",
        &warehouse,
        "--format",
        "csv",
        "--limit",
        "0",
    ]));
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    insta::assert_snapshot!(shown.stdout);
}
