//! Questions to published tables: answers, files and slips.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use cartera_testkit::{HEADER, Workshop};

use crate::support::{Said, cartera, said};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n2,1,bob,2024-02-10,tea,1000,3.50\n3,1,,2024-03-01,tea,1,3.50\n";

/// A warehouse with two nights.
fn published() -> (Workshop, String) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    for day in ["2024-01-31", "2024-12-31", "2024-12-31"] {
        let said = said(cartera(&["run", &pipeline, "--as-of", day]));
        assert_eq!(said.code, Some(0), "{}", said.stderr);
    }
    let warehouse = workshop.warehouse().display().to_string();
    (workshop, warehouse)
}

fn ask(warehouse: &str, further: &[&str]) -> Said {
    said(cartera(&[&["sql", "--warehouse", warehouse], further].concat()))
}

fn answer(warehouse: &str, further: &[&str]) -> String {
    let said = ask(warehouse, further);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{}", said.stdout);
    said.stdout
}

#[test]
fn questions_are_answered_from_the_run_that_is_asked() {
    let (_workshop, warehouse) = published();
    let query = "select customer_id, net_sales, order_count from customer_features order by customer_id";
    assert_eq!(
        answer(&warehouse, &[query, "--format", "csv"]),
        "customer_id,net_sales,order_count\nann,15.0000,1\nbob,3500.0000,1\n"
    );
    assert_eq!(
        answer(&warehouse, &[query, "--format", "ndjson", "--as-of", "2024-01-31"]),
        "{\"customer_id\":\"ann\",\"net_sales\":15.0000,\"order_count\":1}\n"
    );
    let json: serde_json::Value =
        serde_json::from_str(&answer(&warehouse, &[query, "--format", "json"])).expect("JSON");
    assert_eq!(json[1]["customer_id"], "bob");
    let derived = "select customer_features.customer_id from (select * from customer_features) as customer_features \
                   order by 1 limit 1";
    assert_eq!(answer(&warehouse, &[derived, "--format", "csv"]), "customer_id\nann\n");
    let table = answer(&warehouse, &[query, "--limit", "1"]);
    assert!(table.contains("15.00"), "{table}");
    assert!(
        table.contains("1 of 2 rows, from run 2024-12-31/2\n--limit 0 prints all"),
        "{table}"
    );
    assert!(!table.contains("3,500.00"), "{table}");
}

#[test]
fn all_days_can_be_asked_at_once() {
    let (_workshop, warehouse) = published();
    let query = "select as_of, run, count(*) as customers, sum(net_sales) as net_sales from customer_features_history \
                 group by as_of, run order by as_of";
    assert_eq!(
        answer(&warehouse, &[query, "--format", "csv"]),
        "as_of,run,customers,net_sales\n2024-01-31,1,1,15.0000\n2024-12-31,2,2,3515.0000\n"
    );
    let trend = "select b.customer_id, b.net_sales - coalesce(a.net_sales, 0) as more from customer_features b \
                 left join (select * from customer_features_history where as_of = date '2024-01-31') a \
                 on a.customer_id = b.customer_id order by b.customer_id";
    assert_eq!(
        answer(&warehouse, &[trend, "--format", "csv"]),
        "customer_id,more\nann,0.0000\nbob,3500.0000\n"
    );
}

#[test]
fn queries_come_from_files_and_standard_input_and_tables_are_listed() {
    let (workshop, warehouse) = published();
    let file = workshop.file(
        "question.sql",
        "-- How many?\nselect count(*) as n from customer_segments;\n",
    );
    let expected = "n\n2\n";
    let of_file = answer(&warehouse, &["--file", &file.display().to_string(), "--format", "csv"]);
    assert_eq!(of_file, expected);
    for further in [&["-"][..], &[]] {
        let mut command = cartera(&[&["sql", "--warehouse", &warehouse, "--format", "csv"], further].concat());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut stdin = child.stdin.take().expect("piped");
        stdin
            .write_all(b"select count(*) as n from customer_segments")
            .expect("written");
        drop(stdin);
        let output = child.wait_with_output().expect("ended");
        assert_eq!(String::from_utf8(output.stdout).expect("text"), expected);
    }
    let listed = answer(&warehouse, &["--tables"]);
    let features = listed
        .lines()
        .find(|line| line.contains(" customer_features "))
        .expect("listed");
    let words: Vec<&str> = features.split_whitespace().collect();
    assert_eq!(words, ["customer_features", "2", "customer_id", "2"]);
    assert!(listed.contains("quarantine (personal)"), "{listed}");
}

#[test]
fn answers_are_written_whole_and_personal_ones_for_their_owner() {
    let (workshop, warehouse) = published();
    let write = |name: &str, query: &str| {
        let path = workshop.path().join(name);
        let said = answer(&warehouse, &[query, "--out", &path.display().to_string()]);
        assert!(said.starts_with("wrote "), "{said}");
        let mode = fs::metadata(&path).expect("written").permissions().mode() & 0o777;
        (fs::read(&path).expect("read"), mode, said)
    };
    let features = "select customer_id from customer_features order by customer_id";
    let (bytes, mode, _) = write("a.csv", features);
    assert_eq!(String::from_utf8(bytes).expect("text"), "customer_id\nann\nbob\n");
    assert_ne!(mode & 0o044, 0, "others may read it");
    assert_eq!(write("a.parquet", features).0[..4], *b"PAR1");
    assert_eq!(
        write("a.ndjson", features).0,
        b"{\"customer_id\":\"ann\"}\n{\"customer_id\":\"bob\"}\n"
    );

    let personal = "select * from customer_features where customer_id in (select customer_id from customers)";
    let (_, mode, said) = write("b.csv", personal);
    assert_eq!(mode, 0o600);
    assert!(said.contains("for its owner alone"), "{said}");
    assert_eq!(write("c.csv", "select count(*) as n from quarantine_history").1, 0o600);
    // A file that the query names may hold anything.
    let customers = format!("select * from read_parquet('{warehouse}/current/customers.parquet')");
    assert_eq!(write("d.csv", &customers).1, 0o600);

    let unnamed = ask(&warehouse, &[features, "--out", "answer"]);
    assert_eq!(unnamed.code, Some(2));
    assert!(
        unnamed.stderr.contains("name it .parquet, .csv, .json or .ndjson"),
        "{}",
        unnamed.stderr
    );
}

#[test]
fn slips_are_told_with_what_was_probably_meant() {
    let (_workshop, warehouse) = published();
    for (query, error, hint) in [
        (
            "select * from customer_feature",
            "run 2024-12-31/2 has no table customer_feature",
            "did you mean customer_features?",
        ),
        (
            "select * from kpi_history",
            "has no table kpi_history",
            "did you mean kpis_history?",
        ),
        (
            "select net_sale from customer_features",
            "there is no column net_sale in customer_features",
            "did you mean net_sales?",
        ),
        (
            "select nt_sales, customer_id from customer_features where order_count > 1",
            "there is no column nt_sales",
            "did you mean net_sales?",
        ),
        (
            "select f.net_sale from customer_features f join customer_segments s using (customer_id)",
            "there is no column net_sale in customer_features, customer_segments",
            "did you mean net_sales?",
        ),
        (
            "with kpis as (select * from kpis) select * from kpis",
            "kpis is a part of the query itself",
            "such as own_kpis",
        ),
        ("show tables", "show is no query", "cartera sql --tables"),
        (
            "select summ(net_sales) from customer_features",
            "there is no function summ",
            "did you mean sum?",
        ),
        (
            "select net_sales from customer_features where",
            "this is no SQL: ",
            "single quotes",
        ),
        (
            "drop table customer_features",
            "published tables are only read: this would drop",
            "a query is one select",
        ),
        ("select 1; select 2", "one query at a time", "a query is one select"),
        ("", "the query is empty", "select * from kpis"),
    ] {
        let said = ask(&warehouse, &[query]);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{query}");
        assert!(
            said.stderr.contains("error: ") && said.stderr.contains(error),
            "{query}: {}",
            said.stderr
        );
        assert!(
            said.stderr.contains("hint: ") && said.stderr.contains(hint),
            "{query}: {}",
            said.stderr
        );
        assert!(said.stderr.lines().count() <= 4, "{query}: {}", said.stderr);
    }
    let said = ask(&warehouse, &["select 1 as one", "--run", "2023-01-01"]);
    assert_eq!(said.code, Some(2));
    assert!(said.stderr.contains("has no run 2023-01-01"), "{}", said.stderr);
}
