//! `cartera compare`, as its users call it.

use cartera_testkit::{HEADER, Workshop};
use serde_json::Value;

use crate::support::{Said, cartera, filtered, said};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-02-10,tea,10,3.50\n3,1,eve,2024-03-01,mug,1,8.00\n";

fn call(arguments: &[&str]) -> Said {
    said(cartera(arguments))
}

/// Two nights: the second has a corrected file and another pipeline.
fn two_nights() -> (Workshop, String) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    assert_eq!(call(&["run", &pipeline, "-q"]).code, Some(0));
    let corrected = LINES.replace("10,3.50", "10,3.00") + "4,1,dan,2024-02-12,mug,1,8.00\n";
    workshop.file("lines.csv", format!("{HEADER}{corrected}"));
    workshop.pipeline(
        "lines.csv",
        "[rfm.recency]\nbins = 4\n[rfm.frequency]\nbins = 4\n[rfm.monetary]\nbins = 4\n",
    );
    assert_eq!(call(&["run", &pipeline, "-q"]).code, Some(0));
    (workshop, pipeline)
}

#[test]
fn the_reasons_come_first_and_all_of_it_fits_a_screen() {
    let (workshop, pipeline) = two_nights();
    let said = call(&["compare", "--warehouse", &pipeline]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    assert!(
        said.stdout.lines().all(|line| line.chars().count() <= 100),
        "{}",
        said.stdout
    );
    insta::assert_snapshot!(filtered(&said.stdout, workshop.path()));
}

#[test]
fn runs_are_named_by_day_number_or_folder() {
    let (_workshop, pipeline) = two_nights();
    let newest = call(&["compare", "--warehouse", &pipeline, "--json"]).stdout;
    let found: Value = serde_json::from_str(&newest).expect("a JSON object");
    assert_eq!(
        (&found["before"]["run"], &found["after"]["run"]),
        (&"2024-12-31/1".into(), &"2024-12-31/2".into())
    );
    assert_eq!(found["customers"]["new"], 1);
    for runs in [
        ["2024-12-31/1", "2024-12-31/2"],
        ["as_of=2024-12-31/run=1", "as_of=2024-12-31"],
        ["2024-12-31/1", "current"],
    ] {
        let named = call(&["compare", runs[0], runs[1], "--warehouse", &pipeline, "--json"]);
        assert_eq!(named.stdout, newest, "{runs:?}");
    }
    let same = call(&["compare", "current", "current", "--warehouse", &pipeline]);
    assert_eq!(same.code, Some(0));
    assert!(
        same.stdout.contains("equal: both have the same tables"),
        "{}",
        same.stdout
    );
}

#[test]
fn one_run_alone_cannot_be_compared() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    let none = call(&["compare", "--warehouse", &pipeline]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("nothing is published in"), "{}", none.stderr);
    assert_eq!(call(&["run", &pipeline, "-q"]).code, Some(0));
    let one = call(&["compare", "--warehouse", &pipeline]);
    assert_eq!(one.code, Some(2));
    assert!(
        one.stderr.contains("has one run, 2024-12-31/1, and two are needed"),
        "{}",
        one.stderr
    );
}
