//! Each command: what it prints, and how it exits.

use cartera_testkit::{HEADER, Workshop};

use crate::support::{Said, cartera, filtered, said};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n2,1,bob,2024-02-10,tea,1000,3.50\n3,1,,2024-03-01,tea,1,3.50\n";

fn published() -> (Workshop, String) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    let said = said(cartera(&["run", &pipeline]));
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    (workshop, pipeline)
}

fn call(arguments: &[&str]) -> Said {
    said(cartera(arguments))
}

#[test]
fn run_prints_where_everything_went() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    let said = call(&["run", &pipeline, "--verbose", "--log-level", "error"]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(filtered(&said.stdout, workshop.path()));
}

#[test]
fn check_prints_the_same_and_publishes_nothing() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}5,1,ann,2024-02-31,tea,1,1.00\n"));
    let pipeline = workshop
        .pipeline("lines.csv", "[limits]\nmax_quarantined_share = 0.5\n")
        .display()
        .to_string();
    let said = call(&["check", &pipeline, "--verbose"]);
    assert_eq!(said.code, Some(1), "a fifth of the rows is defective: {}", said.stderr);
    assert!(!workshop.warehouse().join("runs").exists());
    insta::assert_snapshot!(filtered(&said.stdout, workshop.path()));
}

#[test]
fn logs_go_to_standard_error_one_event_a_stage() {
    let (_workshop, pipeline) = published();
    let said = call(&["run", &pipeline, "--log-format", "json"]);
    let events: Vec<serde_json::Value> = said
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON event"))
        .collect();
    let stages: Vec<_> = events.iter().filter_map(|event| event["stage"].as_str()).collect();
    assert_eq!(
        stages,
        [
            "lines",
            "customers",
            "features",
            "segments",
            "signals",
            "targets",
            "contact_plan",
            "publish",
            "report"
        ]
    );
    let lines = events.iter().find(|event| event["stage"] == "lines").expect("told");
    assert_eq!(lines["rows"], 4);
    assert!(
        said.stdout.contains("published test as run 2024-12-31/2"),
        "{}",
        said.stdout
    );
}

#[test]
fn exit_code_1_means_published_with_many_defects_and_2_means_nothing_published() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}5,1,ann,2024-02-31,tea,1,1.00\n"));
    let strict = workshop.pipeline("lines.csv", "").display().to_string();
    let refused = call(&["run", &strict]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused
            .stderr
            .contains("error: 1 of 5 rows of order_lines are defective: 20.00 %"),
        "{}",
        refused.stderr
    );
    assert!(
        refused
            .stderr
            .contains("lines.csv:6: no_such_day in ordered_at: \"2024-02-31\""),
        "{}",
        refused.stderr
    );
    let lenient = workshop
        .pipeline("lines.csv", "[limits]\nmax_quarantined_share = 0.5\n")
        .display()
        .to_string();
    let published = call(&["run", &lenient, "--verbose"]);
    assert_eq!(published.code, Some(1));
    assert!(
        published
            .stdout
            .contains("warning: 20.00 % of order_lines is more than warn_quarantined_share = 1.00 %"),
        "{}",
        published.stdout
    );
}

#[test]
fn a_mistyped_key_is_shown_with_its_line_and_the_nearest_valid_one() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline("lines.csv", "");
    let text = std::fs::read_to_string(&pipeline)
        .expect("text")
        .replace("currency", "curency");
    std::fs::write(&pipeline, text).expect("written");
    let said = call(&["run", &pipeline.display().to_string()]);
    assert_eq!(said.code, Some(2));
    insta::assert_snapshot!(filtered(&said.stderr, workshop.path()));
}

#[test]
fn a_missing_file_and_a_missing_column_say_what_to_do() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    let missing = call(&["run", &pipeline]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("no file"), "{}", missing.stderr);
    workshop.file(
        "lines.csv",
        "order,line,client,day,product,quantity,price\n1,1,ann,2024-01-05,tea,2,3.50\n",
    );
    let renamed = call(&["run", &pipeline]);
    assert_eq!(renamed.code, Some(2));
    assert!(
        renamed
            .stderr
            .contains("has no column \"customer\" (mapped to customer_key)"),
        "{}",
        renamed.stderr
    );
    assert!(
        renamed.stderr.contains("order, line, client, day"),
        "{}",
        renamed.stderr
    );
}

#[test]
fn runs_lists_what_is_published_newest_first() {
    let (workshop, pipeline) = published();
    assert_eq!(call(&["run", &pipeline, "--as-of", "2024-01-31"]).code, Some(0));
    let said = call(&["runs", "--warehouse", &pipeline]);
    let places = ["2024-12-31/1", "2024-01-31/1"].map(|run| said.stdout.find(run).expect("listed"));
    assert!(places[0] < places[1], "{}", said.stdout);
    assert!(said.stdout.contains("3,515.00 EUR"), "{}", said.stdout);
    let empty = call(&[
        "runs",
        "--warehouse",
        &workshop.path().join("none").display().to_string(),
    ]);
    assert!(empty.stdout.contains("nothing is published"), "{}", empty.stdout);
}

#[test]
fn a_range_of_days_backfills_a_run_each() {
    let (_workshop, pipeline) = published();
    let said = call(&[
        "run",
        &pipeline,
        "--as-of",
        "2024-01-31..2024-03-31",
        "--every",
        "month",
        "-q",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    for day in ["2024-01-31/1", "2024-02-29/1", "2024-03-31/1"] {
        assert!(said.stdout.contains(&format!("as run {day}")), "{}", said.stdout);
    }
}

#[test]
fn show_prints_tables_for_people_and_for_machines() {
    let (workshop, _) = published();
    let warehouse = workshop.warehouse().display().to_string();
    let show = |further: &[&str]| {
        let said = call(&[&["show", "customer_features", "--warehouse", &warehouse], further].concat());
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        said.stdout
    };
    let csv = show(&["--format", "csv"]);
    let bob = "bob,1,1,1,2024-02-10,2024-02-10,325,3500.0000,0.0000,0,3500.0000,3500.0000,,,,1,,5,1,3,513,";
    assert!(csv.lines().nth(2).is_some_and(|line| line.starts_with(bob)), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&show(&["--format", "json", "--limit", "1"])).expect("JSON");
    assert_eq!(json[0]["customer_id"], "ann");
    assert_eq!(json[0]["net_sales"], 15.0);
    assert_eq!(json.as_array().map(Vec::len), Some(1));
    let people = show(&[]);
    assert!(
        people.contains("3,500.00") && people.contains("2 of 2 rows of customer_features"),
        "{people}"
    );
}

#[test]
fn show_lists_what_there_is_when_asked_for_what_is_not() {
    let (workshop, _) = published();
    let warehouse = workshop.warehouse().display().to_string();
    let table = call(&["show", "clients", "--warehouse", &warehouse]);
    assert_eq!(table.code, Some(2));
    assert!(table.stderr.contains("customer_features"), "{}", table.stderr);
    let run = call(&["show", "ledger", "--warehouse", &warehouse, "--run", "2023-01-01"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("2024-12-31/1"), "{}", run.stderr);
}

#[test]
fn prune_keeps_the_newest_runs() {
    let (workshop, pipeline) = published();
    for _ in 0..2 {
        assert_eq!(call(&["run", &pipeline]).code, Some(0));
    }
    let warehouse = workshop.warehouse().display().to_string();
    let plan = call(&["prune", "--warehouse", &warehouse, "--keep-runs", "1", "--dry-run"]);
    assert_eq!(plan.stdout, "would remove 2024-12-31/1\nwould remove 2024-12-31/2\n");
    let done = call(&["prune", "--warehouse", &warehouse, "--keep-runs", "1"]);
    assert_eq!(done.stdout, "removed 2024-12-31/1\nremoved 2024-12-31/2\n");
    assert!(call(&["show", "ledger", "--warehouse", &warehouse]).code == Some(0));
}

#[test]
fn keep_runs_of_the_pipeline_prunes_after_publishing() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "");
    let text = std::fs::read_to_string(&pipeline)
        .expect("text")
        .replace("[pipeline]\n", "[pipeline]\nkeep_runs = 2\n");
    std::fs::write(&pipeline, text).expect("written");
    let pipeline = pipeline.display().to_string();
    let last = [0; 3]
        .map(|_| call(&["run", &pipeline]))
        .into_iter()
        .last()
        .expect("three runs");
    assert!(
        last.stdout.contains("pruned          2024-12-31/1 (keep_runs = 2)"),
        "{}",
        last.stdout
    );
}

#[test]
fn a_backfill_beyond_keep_runs_is_not_pruned_behind_its_back() {
    let (workshop, pipeline) = published();
    let text = std::fs::read_to_string(&pipeline)
        .expect("text")
        .replace("[pipeline]\n", "[pipeline]\nkeep_runs = 1\n");
    std::fs::write(&pipeline, text).expect("written");
    let said = call(&["run", &pipeline, "--as-of", "2023-11-30..2024-02-29"]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(
        said.stderr.contains("nothing is published as of 2023-11-30"),
        "{}",
        said.stderr
    );
    assert!(
        said.stderr.contains("raise keep_runs to keep the history"),
        "{}",
        said.stderr
    );
    let listed = call(&["runs", "--warehouse", &workshop.warehouse().display().to_string()]);
    for run in ["2024-12-31/1", "2024-01-31/1", "2024-02-29/1"] {
        assert!(listed.stdout.contains(run), "{run}: {}", listed.stdout);
    }
}

#[test]
fn a_closed_output_changes_neither_the_work_nor_the_exit_code() {
    let (workshop, pipeline) = published();
    let mut command = cartera(&["run", &pipeline, "--as-of", "2024-01-31..2024-03-31"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("starts");
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert_eq!(child.wait().expect("ends").code(), Some(0));
    let runs = std::fs::read_dir(workshop.warehouse().join("runs"))
        .expect("runs")
        .count();
    assert_eq!(runs, 4);
}

#[test]
fn a_day_that_has_not_come_is_refused() {
    let (_workshop, pipeline) = published();
    let said = call(&["run", &pipeline, "--as-of", "9998-01-01"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.stderr.contains("as_of is 9998-01-01 and today is"),
        "{}",
        said.stderr
    );
}

#[test]
fn one_row_is_shown_as_many_are() {
    let (workshop, _) = published();
    let warehouse = workshop.warehouse().display().to_string();
    let said = call(&[
        "show",
        "identity_links",
        "--warehouse",
        &warehouse,
        "--limit",
        "1",
        "--format",
        "csv",
    ]);
    assert_eq!(said.stdout.lines().nth(1), Some("main,ann,ann,same_key,1.0"));
}

#[test]
fn quarantine_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (workshop, _) = published();
    let mode = |table: &str| {
        let path = workshop.warehouse().join("current").join(table);
        std::fs::metadata(path).expect("published").permissions().mode() & 0o777
    };
    assert_eq!(mode("quarantine.parquet"), 0o600);
    assert_eq!(mode("customer_features.parquet") & 0o600, 0o600);
}

#[test]
fn schema_lists_the_tables_of_both_sides() {
    let said = call(&["schema"]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(said.stdout);
}

#[test]
fn schema_tells_the_columns_of_a_table() {
    insta::assert_snapshot!("schema_of_interactions", call(&["schema", "interactions"]).stdout);
    insta::assert_snapshot!("schema_of_order_lines", call(&["schema", "order_lines"]).stdout);
    insta::assert_snapshot!("schema_of_products_on_both_sides", call(&["schema", "products"]).stdout);
    insta::assert_snapshot!(
        "schema_of_rates_for_machines",
        call(&["schema", "rates", "--json"]).stdout
    );
}

#[test]
fn schema_lists_what_there_is_when_asked_for_what_is_not() {
    let said = call(&["schema", "clients"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.stderr.contains("customers, products, interactions"),
        "{}",
        said.stderr
    );
}

#[test]
fn tables_and_keys_without_a_partner_are_summed_up() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("goods.csv", "sku,cost\ntea,1.10\npot,9.00\npot,9.00\nmug,x\n");
    let goods = "[[source]]\nname = \"goods\"\ntable = \"products\"\npath = \"goods.csv\"\ncolumns = { product_id = \"sku\", unit_cost = \"cost\" }\n[limits]\nmax_quarantined_share = 0.5\n";
    let pipeline = workshop.pipeline("lines.csv", goods).display().to_string();
    let said = call(&["check", &pipeline, "--verbose"]);
    assert_eq!(
        said.code,
        Some(1),
        "a quarter of the products is defective: {}",
        said.stderr
    );
    insta::assert_snapshot!(filtered(&said.stdout, workshop.path()));
}
