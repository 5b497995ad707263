//! Exports as their users meet them.

use std::process::Command;

use cartera_testkit::{PostgresServer, Workshop};
use serde_json::Value;

use crate::support::{cartera, root, said};

/// A warehouse of the sample retailer.
fn published() -> (Workshop, String) {
    let workshop = Workshop::new();
    let warehouse = workshop.warehouse().display().to_string();
    let pipeline = root().join("pipelines/retail.toml").display().to_string();
    let said = said(cartera(&["run", &pipeline, "--warehouse", &warehouse, "-q"]));
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    (workshop, warehouse)
}

fn psql(server: &PostgresServer, query: &str) -> String {
    let said = Command::new("psql")
        .args([&server.url(), "-XAtqc", query])
        .output()
        .expect("psql");
    let (out, error) = (
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr),
    );
    assert!(said.status.success(), "{query}: {error}");
    out.trim_end().to_owned()
}

/// The sum of each number of a table and the number of its rows, as SQL.
fn sums(table: &Value, place: &str, as_text: impl Fn(&str) -> String) -> String {
    let numbers = table["columns"].as_array().expect("columns").iter().filter(|column| {
        let name = column["type"].as_str().expect("a type");
        name.starts_with("decimal") || name.starts_with("int")
    });
    let mut sums = vec!["count(*)".to_owned()];
    sums.extend(numbers.map(|column| as_text(column["name"].as_str().expect("a name"))));
    format!("select {} from {place}", sums.join(", "))
}

#[test]
fn every_table_arrives_with_its_rows_and_sums() {
    let Some(server) = PostgresServer::start() else { return };
    let (_workshop, warehouse) = published();
    let arguments = ["export", &server.url(), "--warehouse", &warehouse, "--personal"];
    for replaced in ["there was none", "swapped"] {
        let said = said(cartera(&arguments));
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        assert!(said.stdout.contains(replaced), "{}", said.stdout);
        assert!(
            said.stdout
                .contains("exported run 2025-12-31/1 to postgres://postgres@127.0.0.1:"),
            "{}",
            said.stdout
        );
    }
    let catalogue = said(cartera(&["schema", "--format", "json"])).stdout;
    let catalogue: Value = serde_json::from_str(&catalogue).expect("JSON");
    let tables = catalogue["tables"].as_array().expect("tables").iter();
    let mut compared = 0;
    for table in tables.filter(|table| table["role"] == "published") {
        let name = table["table"].as_str().expect("a name");
        // Polars names columns of an answer by their argument; two sums of one column there are none.
        let here = sums(table, name, |column| format!("sum(\"{column}\")"));
        let said = said(cartera(&["sql", &here, "--warehouse", &warehouse, "--format", "csv"]));
        assert_eq!(said.code, Some(0), "{here}: {}", said.stderr);
        let here: Vec<&str> = said.stdout.lines().nth(1).expect("a row").split(',').collect();
        let there = sums(table, &format!("cartera.{name}"), |column| {
            format!("coalesce(sum(\"{column}\"), 0)")
        });
        let there = psql(&server, &there);
        let there: Vec<&str> = there.split('|').collect();
        assert_eq!(there.len(), here.len(), "{name}");
        for (here, there) in here.iter().zip(&there) {
            // Of no rows, one engine says 0 and the other 0.0000.
            let is_zero = |number: &str| number.trim_matches(['0', '.']).is_empty();
            assert!(
                here == there || is_zero(here) && is_zero(there),
                "{name}: {here} in the files, {there} in the database"
            );
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} figures were compared");
    let described = "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace
        where nspname = 'cartera' and relkind = 'r' and obj_description(c.oid, 'pg_class') is null";
    assert_eq!(psql(&server, described), "0");
}

#[test]
fn personal_tables_are_left_out_unless_they_are_asked_for() {
    let Some(server) = PostgresServer::start() else { return };
    let (_workshop, warehouse) = published();
    let url = server.url();
    let call = |further: &[&str]| {
        said(cartera(
            &[&["export", &url, "--warehouse", &warehouse, "--schema", "crm"], further].concat(),
        ))
    };
    let all = call(&[]);
    assert_eq!(all.code, Some(0), "{}", all.stderr);
    let left_out = all
        .stdout
        .lines()
        .find(|line| line.starts_with("left out"))
        .expect("told");
    assert!(
        left_out.contains("customers") && left_out.contains("quarantine"),
        "{left_out}"
    );
    assert_eq!(psql(&server, "select to_regclass('crm.customers') is null"), "t");

    let refused = call(&["--tables", "kpis,customers"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused
            .stderr
            .contains("customers can hold personal data: add --personal"),
        "{}",
        refused.stderr
    );
    let asked = call(&["--tables", "customers", "--personal"]);
    assert_eq!(asked.code, Some(0), "{}", asked.stderr);
    assert_eq!(
        psql(&server, "select count(*) from crm.customers"),
        psql(&server, "select rows from crm._run where table_name = 'customers'")
    );
    let unmakeable = said(cartera(&[
        "export",
        &url,
        "--warehouse",
        &warehouse,
        "--schema",
        "pg_x",
    ]));
    assert_eq!(unmakeable.code, Some(2));
    assert!(
        unmakeable.stderr.contains("kept for PostgreSQL itself"),
        "{}",
        unmakeable.stderr
    );
    let unknown = call(&["--tables", "kpi"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("has no table kpi; it has"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_database_that_does_not_answer_is_named_without_its_password() {
    let (_workshop, warehouse) = published();
    let said = said(cartera(&[
        "export",
        "postgres://ann:hunter2@127.0.0.1:1/crm",
        "--warehouse",
        &warehouse,
    ]));
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""));
    assert!(
        said.stderr
            .contains("error: cannot connect to postgres://ann@127.0.0.1:1/crm: "),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("hint: check host and port"), "{}", said.stderr);
    assert!(!said.stderr.contains("hunter2"), "{}", said.stderr);
}
