//! The committed sample and the pipelines of the repository run as their READMEs say.

use std::collections::BTreeMap;

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
    for file in ["order_lines.csv", "truth_customers.csv"] {
        let committed = std::fs::read(root().join("sample-data").join(file)).expect("committed");
        let written = std::fs::read(workshop.path().join(file)).expect("written");
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
    let reasons: Vec<String> = column(&show("quarantine"), "reason");
    let mut sorted = reasons.clone();
    sorted.sort();
    let expected = [
        "after_today",
        "control_character",
        "invalid_utf8",
        "missing",
        "no_such_day",
        "no_such_day",
        "not_a_number",
        "number_out_of_range",
        "unclosed_quote",
        "wrong_field_count",
    ];
    assert_eq!(sorted, expected);

    let truth = std::fs::read_to_string(root().join("sample-data/truth_customers.csv")).expect("committed");
    let true_orders = pairs(&truth, "customer_id", "order_count");
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
