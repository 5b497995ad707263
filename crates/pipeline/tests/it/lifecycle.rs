//! Stages of customers from run to run.

use std::collections::BTreeMap;

use cartera_pipeline::{RunOptions, RunReport, SampleRequest, write_sample};
use cartera_table::contracts::{CustomerFeatures, Lifecycle, LifecycleTransitions};
use cartera_table::frame::{decimal, int64, text};
use cartera_testkit::{HEADER, Workshop, contents};
use polars::prelude::DataFrame;

use crate::support::{options, run_as_of, run_with, table};

const CUSTOMERS: &str = "[[source]]\nname = \"crm\"\ntable = \"customers\"\npath = \"crm.csv\"\n\
                         format = { date_format = \"%Y-%m-%d\" }\n\
                         columns = { customer_key = \"who\", joined_on = \"joined\" }\n";

fn shown(frame: &DataFrame) -> Vec<String> {
    let cell = |column: &polars::prelude::Column, row: usize| {
        let value = column.get(row).expect("a row");
        if value.is_null() {
            "-".to_owned()
        } else {
            value.to_string().trim_matches('"').to_owned()
        }
    };
    (0..frame.height())
        .map(|row| {
            let cells: Vec<String> = frame.columns().iter().map(|column| cell(column, row)).collect();
            cells.join(" ")
        })
        .collect()
}

fn stages(report: &RunReport) -> Vec<String> {
    shown(table::<Lifecycle>(report).frame())
}

fn transitions(report: &RunReport) -> Vec<String> {
    shown(table::<LifecycleTransitions>(report).frame())
}

#[test]
fn stages_follow_customers_through_the_runs() {
    let workshop = Workshop::new();
    workshop.file(
        "lines.csv",
        format!(
            "{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2023-01-06,mug,1,8.00\n3,1,ann,2024-04-20,cup,1,1.00\n\
             4,1,cid,2024-06-20,cup,1,1.00\n5,1,bob,2024-06-25,mug,1,8.00\n"
        ),
    );
    workshop.file(
        "crm.csv",
        "who,joined\nann,2023-12-01\nzoe,2024-02-02\nyan,2024-06-01\n",
    );
    let pipeline = workshop.pipeline("lines.csv", CUSTOMERS);
    let run = |day| run_as_of(&pipeline, day, &workshop.warehouse());
    let first = run("2024-02-15");
    assert_eq!(
        stages(&first),
        [
            "ann new 2024-01-05 -",
            "bob lost 2024-01-07 -",
            "zoe prospect 2024-02-02 -"
        ]
    );
    assert_eq!(
        transitions(&first),
        ["- lost 1 8.0000", "- new 1 7.0000", "- prospect 1 0.0000"]
    );
    let second = run("2024-06-30");
    assert_eq!(
        stages(&second),
        [
            "ann developing 2024-04-20 new",
            "bob recovered 2024-06-25 lost",
            "cid new 2024-06-20 -",
            "yan prospect 2024-06-01 -",
            "zoe prospect 2024-02-02 prospect",
        ]
    );
    assert_eq!(
        transitions(&second),
        [
            "- new 1 1.0000",
            "- prospect 1 0.0000",
            "lost recovered 1 16.0000",
            "new developing 1 8.0000",
            "prospect prospect 1 0.0000",
        ]
    );
    let again = run("2024-06-30");
    let tables = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(
        tables(&again) == tables(&second),
        "the run before is that of an earlier day"
    );
    assert_eq!(again.run.manifest.record.prior_state, Some(first.run.reference));
    let third = run("2024-07-01");
    assert_eq!(third.run.manifest.record.prior_state, Some(again.run.reference));
    assert!(stages(&third).contains(&"ann developing 2024-04-20 developing".to_owned()));
}

#[test]
fn every_customer_has_one_stage_and_the_transitions_balance() {
    let workshop = Workshop::new();
    let request = SampleRequest {
        defects_per_kind: 0,
        ..SampleRequest::new(6_000, 3)
    };
    write_sample(workshop.path(), &request).expect("written");
    let pipeline = workshop.file("sample.toml", SAMPLE_PIPELINE);
    let run = |day: &str, is_full: bool, threads: usize| {
        let options = RunOptions {
            as_of: Some(cartera_pipeline::config::AsOfSetting::Date(day.parse().expect("a day"))),
            is_full,
            threads,
            ..options()
        };
        run_with(&pipeline, &options).expect("published")
    };
    let first = run("2025-06-30", false, 2);
    let second = run("2025-12-31", false, 2);
    let full = run("2025-12-31", true, 1);
    let tables = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(tables(&second) == tables(&full));

    let counted = |report: &RunReport, column: &str| -> BTreeMap<Option<String>, i64> {
        let frame = table::<LifecycleTransitions>(report).into_frame();
        let mut counts = BTreeMap::new();
        let stages = text(&frame, column).expect("there").iter();
        for (stage, count) in stages.zip(int64(&frame, "customers").expect("there").iter()) {
            *counts.entry(stage.map(str::to_owned)).or_default() += count.expect("never null");
        }
        counts
    };
    let of_run = |report: &RunReport| -> BTreeMap<Option<String>, i64> {
        let frame = table::<Lifecycle>(report).into_frame();
        let mut counts = BTreeMap::new();
        for stage in text(&frame, "lifecycle_stage").expect("there").iter() {
            *counts.entry(stage.map(str::to_owned)).or_default() += 1;
        }
        counts
    };
    let without_nobody = |mut counts: BTreeMap<Option<String>, i64>| {
        counts.remove(&None);
        counts
    };
    assert_eq!(without_nobody(counted(&second, "to_stage")), of_run(&second));
    assert_eq!(without_nobody(counted(&second, "from_stage")), of_run(&first));
    assert!(of_run(&second).len() > 4, "{:?}", of_run(&second));

    // The customers with lines have the stage of the table, and their sales are all there.
    let features = table::<CustomerFeatures>(&second).into_frame();
    let lifecycle = table::<Lifecycle>(&second).into_frame();
    let of_table: BTreeMap<String, String> = text(&lifecycle, "customer_id")
        .expect("there")
        .iter()
        .zip(text(&lifecycle, "lifecycle_stage").expect("there").iter())
        .map(|(id, stage)| (id.expect("an id").to_owned(), stage.expect("a stage").to_owned()))
        .collect();
    let ids = text(&features, "customer_id").expect("there").iter();
    for (id, stage) in ids.zip(text(&features, "lifecycle_stage").expect("there").iter()) {
        assert_eq!(of_table.get(id.expect("an id")).map(String::as_str), stage);
    }
    let sum = |frame: &DataFrame| {
        decimal(frame, "net_sales")
            .expect("there")
            .iter()
            .flatten()
            .sum::<i128>()
    };
    assert_eq!(sum(&features), sum(table::<LifecycleTransitions>(&second).frame()));
}

const SAMPLE_PIPELINE: &str = r#"
[pipeline]
name = "sample"
warehouse = "warehouse"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "order_lines.csv"
format = { date_format = "%Y-%m-%d %H:%M:%S" }
columns = { customer_key = "customer_id", order_id = "order_id", product_id = "product_id", ordered_at = "ordered_at", quantity = "quantity", unit_price = "unit_price", channel = "channel" }

[[source]]
name = "customers"
table = "customers"
path = "customers.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "customer_id", joined_on = "joined_on" }

[[source]]
name = "products"
table = "products"
path = "products.csv"
format = { date_format = "%Y-%m-%d" }
columns = { product_id = "product_id", category = "category", valid_from = "valid_from" }
"#;
