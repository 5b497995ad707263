//! Tables beside the order lines: read, held against the lines, published, and always accounted for.

use std::os::unix::fs::PermissionsExt;

use cartera_pipeline::store::ReferenceRecord;
use cartera_pipeline::{PipelineError, RunReport};
use cartera_table::contracts::{Customers, IdentityLinks, LedgerTable, Products, QuarantineTable};
use cartera_table::frame::{decimal, int64};
use cartera_testkit::{HEADER, Workshop, real_data, row};
use proptest::prelude::*;

use crate::real_data::pipeline;
use crate::support::{options, run_as_of, run_once, run_with, table, unscaled};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-01-06,mug,1,8.00\n3,1,ann,2024-01-07,cup,1,1.00\n4,1,,2024-01-07,tea,1,1.00\n";

const PRODUCTS: &str = r#"
[[source]]
name = "goods"
table = "products"
path = "goods.csv"
columns = { product_id = "sku", name = "name", unit_cost = "cost" }
"#;

fn customers(further: &str) -> String {
    format!(
        r#"
[[source]]
name = "crm"
table = "customers"
path = "crm.csv"
columns = {{ customer_key = "key", email = "mail" }}
{further}"#
    )
}

fn found<'r>(report: &'r RunReport, table: &str, partner: &str) -> &'r ReferenceRecord {
    let references = &report.run.manifest.record.references;
    references
        .iter()
        .find(|reference| reference.table == table && reference.partner == partner)
        .unwrap_or_else(|| panic!("{table} is held against {partner}: {references:?}"))
}

fn matches(report: &RunReport, table: &str, partner: &str) -> (u64, u64) {
    let reference = found(report, table, partner);
    (reference.matched, reference.total)
}

#[test]
fn tables_are_published_and_held_against_the_lines() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file(
        "goods.csv",
        "sku,name,cost\ntea,Tea,1.10\nmug,Mug,2.00\npot,Pot,9.00\nmug,Big mug,2.20\n",
    );
    workshop.file("crm.csv", "key,mail\nann,ann@mail.com\nzoe,zoe@mail.com\n");
    let report = run_once(&workshop.pipeline("lines.csv", &format!("{PRODUCTS}{}", customers(""))));
    assert_eq!(matches(&report, "order_lines", "products"), (3, 4), "cup is unknown");
    assert_eq!(
        matches(&report, "products", "order_lines"),
        (2, 3),
        "nobody bought a pot"
    );
    assert_eq!(matches(&report, "order_lines", "customers"), (1, 2), "bob is unknown");
    assert_eq!(
        matches(&report, "customers", "order_lines"),
        (1, 2),
        "zoe bought nothing"
    );

    let goods = table::<Products>(&report);
    assert_eq!(goods.height(), 3);
    let mug = row(goods.frame(), "product_id", "mug");
    assert!(mug.contains(&("name".to_owned(), "Big mug".to_owned())), "{mug:?}");
    let people = table::<Customers>(&report);
    assert_eq!(people.height(), 2);
    let ann = row(people.frame(), "customer_id", "ann");
    assert!(
        ann.contains(&("email".to_owned(), "ann@mail.com".to_owned())),
        "{ann:?}"
    );
    let file = report.run.path.join("customers.parquet");
    let mode = file.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "personal data is for the owner alone");

    let record = &report.run.manifest.record;
    assert_eq!(record.totals.rows_in, 4, "the totals are those of the lines");
    let counts: Vec<(&str, u64, u64, u64, u64)> = record
        .source_tables
        .iter()
        .map(|table| {
            let quarantined = table.quarantined_rows;
            (
                table.table.as_str(),
                table.rows_in,
                table.rows_kept,
                table.merged_rows,
                quarantined,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("order_lines", 4, 4, 0, 0),
            ("customers", 2, 2, 0, 0),
            ("products", 4, 3, 1, 0)
        ]
    );
    assert_eq!(
        record.inputs.len(),
        3,
        "the contents of all files are in the fingerprint"
    );
}

#[test]
fn a_change_in_any_file_is_another_fingerprint() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", PRODUCTS);
    workshop.file("goods.csv", "sku,name,cost\ntea,Tea,1.10\n");
    let fingerprint = |report: RunReport| report.run.manifest.record.fingerprint;
    let first = fingerprint(run_once(&pipeline));
    assert_eq!(fingerprint(run_once(&pipeline)), first);
    workshop.file("goods.csv", "sku,name,cost\ntea,Tea,1.20\n");
    assert_ne!(fingerprint(run_once(&pipeline)), first);
}

#[test]
fn the_key_space_of_customers_counts_and_that_of_products_does_not() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("goods.csv", "sku,name,cost\ntea,Tea,1.10\n");
    workshop.file("crm.csv", "key,mail\nann,ann@mail.com\n");
    let goods = PRODUCTS.replace("path =", "key_space = \"warehouse\"\npath =");
    let report = run_once(&workshop.pipeline("lines.csv", &goods));
    let links = table::<IdentityLinks>(&report);
    let _found = row(links.frame(), "customer_id", "ann");

    let elsewhere = customers("key_space = \"crm\"\n");
    let report = run_once(&workshop.pipeline("lines.csv", &elsewhere));
    let _found = row(table::<IdentityLinks>(&report).frame(), "customer_id", "main:ann");
    let _found = row(table::<Customers>(&report).frame(), "customer_id", "crm:ann");
    assert_eq!(
        matches(&report, "customers", "order_lines"),
        (0, 1),
        "another space, another customer"
    );
}

#[test]
fn defects_of_a_small_table_are_not_drowned_by_many_lines() {
    let workshop = Workshop::new();
    let lines: String = (0..300)
        .map(|order| format!("{order},1,ann,2024-01-05,tea,2,3.50\n"))
        .collect();
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    workshop.file("goods.csv", "sku,name,cost\ntea,Tea,1.10\n,Mug,2.00\n");
    let error = run_with(&workshop.pipeline("lines.csv", PRODUCTS), &options()).expect_err("half of the products");
    let PipelineError::TooManyDefects {
        table,
        quarantined_rows,
        rows_in,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((*table, *quarantined_rows, *rows_in), ("products", 1, 2));
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("goods: goods.csv:3: missing in product_id"))
    );
}

#[test]
fn complete_journey_joins_its_tables() {
    if real_data("complete_journey").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let report = run_as_of(&pipeline("complete-journey.toml"), "2017-12-31", &workshop.warehouse());
    assert_eq!(matches(&report, "order_lines", "products"), (99_683, 99_999));
    assert_eq!(
        format!("{:.2}", found(&report, "order_lines", "products").share() * 100.0),
        "99.68"
    );
    assert_eq!(matches(&report, "order_lines", "customers"), (801, 2_405));
    assert_eq!(matches(&report, "customers", "order_lines"), (801, 801));
    assert_eq!(matches(&report, "interactions", "campaigns"), (8_691, 8_691));
    let kept = |name: &str| {
        let tables = &report.run.manifest.record.source_tables;
        tables
            .iter()
            .find(|table| table.table == name)
            .map(|table| table.rows_kept)
    };
    assert_eq!(kept("interactions"), Some(6_589 + 2_102));
    assert_eq!((kept("campaigns"), kept("products")), (Some(27), Some(92_331)));
    assert_eq!(table::<Customers>(&report).height(), 801);
}

/// A row of a table of costs, damaged or not.
fn cost_row() -> impl Strategy<Value = String> {
    let sound = (
        "[0-3]?",
        "(shipping|payment|rent)",
        1u32..30,
        -900i32..900,
        "(EUR|USD|)",
    );
    (sound, any::<prop::sample::Index>(), "[\",\\x00;x \u{e9}-]", 0u8..4).prop_map(
        |((id, kind, day, cents, currency), place, damage, dice)| {
            let sign = if cents < 0 { "-" } else { "" };
            let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
            let mut text = format!("{id},{kind},2024-02-{day:02},{sign}{whole}.{rest:02},{currency}");
            if dice == 0 {
                text.insert_str(place.index(text.len() + 1), &damage);
            }
            text
        },
    )
}

const COSTS: &str = r#"
[[source]]
name = "ledgers"
table = "costs"
path = "costs/*.csv"
[source.format]
date_format = "%Y-%m-%d"
[source.columns]
cost_id = "id"
kind = "kind"
incurred_on = "day"
amount = "amount"

[limits]
warn_quarantined_share = 1.0
max_quarantined_share = 1.0
"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rows_and_money_of_tables_balance(files in prop::collection::vec(prop::collection::vec(cost_row(), 0..20), 1..4)) {
        let workshop = Workshop::new();
        workshop.file("lines.csv", format!("{HEADER}{LINES}"));
        for (number, rows) in files.iter().enumerate() {
            let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
            workshop.file(&format!("costs/{number}.csv"), format!("id,kind,day,amount,currency\n{rows}"));
        }
        let report = run_once(&workshop.pipeline("lines.csv", COSTS));
        let record = &report.run.manifest.record;
        let costs = record.source_tables.iter().find(|table| table.table == "costs").expect("read");
        let rows: usize = files.iter().map(Vec::len).sum();
        prop_assert_eq!(costs.rows_in, rows as u64);
        prop_assert_eq!(costs.rows_kept + costs.merged_rows + costs.quarantined_rows, costs.rows_in);
        let quarantine = table::<QuarantineTable>(&report);
        prop_assert_eq!(quarantine.height() as u64, costs.quarantined_rows);
        let ledger = table::<LedgerTable>(&report);
        let published: i64 = int64(ledger.frame(), "rows").expect("there").iter().flatten().sum();
        prop_assert_eq!(published, i64::try_from(rows).expect("few") + 4);
        let money: i128 = decimal(ledger.frame(), "amount").expect("there").iter().flatten().sum();
        let reported: i128 = record.ledger.iter().map(|line| unscaled(&line.amount)).sum();
        prop_assert_eq!(money, reported);
    }
}
