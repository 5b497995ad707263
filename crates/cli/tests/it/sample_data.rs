//! The committed sample and the pipelines of the repository run as their READMEs say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cartera_testkit::Workshop;

use crate::support::{cartera, root, said};

/// `sample-data/` is what `cartera sample` writes with the arguments that its README names.
#[test]
fn the_committed_sample_is_what_the_command_writes() {
    let workshop = Workshop::new();
    let out = workshop.path().display().to_string();
    let said = said(cartera(&[
        "sample",
        "--out",
        &out,
        "--customers",
        "500",
        "--seed",
        "1",
        "--defects",
        "1",
    ]));
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let names = |folder: &Path| -> BTreeSet<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect()
    };
    let committed = root().join("sample-data");
    assert_eq!(names(&committed), names(workshop.path()));
    for file in names(&committed) {
        let committed = std::fs::read(committed.join(&file)).expect("committed");
        let written = std::fs::read(workshop.path().join(&file)).expect("written");
        assert!(
            committed == written,
            "{file} differs: write it anew with `just sample-data`"
        );
    }
}

/// Every planted defect is set aside with its reason, and what is left agrees with the truth of each customer.
#[test]
fn the_retail_pipeline_finds_the_planted_defects_and_the_true_customers() {
    let workshop = Workshop::new();
    let warehouse = workshop.warehouse().display().to_string();
    let run = said(cartera(&["run", "pipelines/retail.toml", "--warehouse", &warehouse]));
    assert_eq!(run.code, Some(0), "{}\n{}", run.stdout, run.stderr);
    let show = |table: &str| {
        let said = said(cartera(&[
            "show",
            table,
            "--warehouse",
            &warehouse,
            "--limit",
            "0",
            "--format",
            "csv",
        ]));
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        said.stdout
    };
    let quarantine = show("quarantine");
    let found = column(&quarantine, "file")
        .into_iter()
        .zip(column(&quarantine, "reason"));
    let mut reasons: Vec<(String, String)> = found.collect();
    reasons.sort();
    let truth = |file: &str| std::fs::read_to_string(root().join("sample-data").join(file)).expect("committed");
    let planted = truth("truth_defects.csv");
    let mut expected: Vec<(String, String)> = column(&planted, "file")
        .into_iter()
        .zip(column(&planted, "reason"))
        .zip(column(&planted, "went"))
        .filter(|(_, went)| went == "quarantined")
        .map(|(defect, _)| defect)
        .collect();
    expected.sort();
    assert!(expected.len() >= 25);
    assert_eq!(reasons, expected);

    let mut true_orders = pairs(&truth("truth_identity.csv"), "customer_id", "order_count");
    true_orders.retain(|_, orders| orders != "0");
    let found_orders = pairs(&show("customer_features"), "customer_id", "order_count");
    assert_eq!(found_orders.len(), true_orders.len());
    // A defective line can take an order with it, and nothing else may differ.
    let different = true_orders
        .iter()
        .filter(|(customer, orders)| found_orders.get(*customer) != Some(*orders))
        .count();
    assert!(
        different <= reasons.len(),
        "{different} customers differ from the truth"
    );
}

fn column(csv: &str, name: &str) -> Vec<String> {
    let mut lines = csv.lines();
    let place = lines
        .next()
        .expect("a header")
        .split(',')
        .position(|title| title == name)
        .expect("a column");
    lines.map(|line| cells(line)[place].clone()).collect()
}

fn pairs(csv: &str, key: &str, value: &str) -> BTreeMap<String, String> {
    column(csv, key).into_iter().zip(column(csv, value)).collect()
}

/// Cells of a line whose quotes hold no newlines.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            character => cells.last_mut().expect("one").push(character),
        }
    }
    cells
}
