//! What people see and what machines read: the summary on a screen, one line, JSON, colours, logs, help.

use std::path::Path;

use cartera_testkit::{HEADER, Workshop};
use serde_json::Value;

use crate::support::{Said, cartera, filtered, root, said};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n2,1,bob,2024-02-10,tea,1000,3.50\n3,1,,2024-03-01,tea,1,3.50\n";

fn call(arguments: &[&str]) -> Said {
    said(cartera(arguments))
}

fn workshop() -> (Workshop, String) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    (workshop, pipeline)
}

fn run_sample(folder: &Path, further: &[&str]) -> Said {
    let pipeline = root().join("pipelines/retail.toml").display().to_string();
    let warehouse = folder.display().to_string();
    let said = call(&[&["run", &pipeline, "--warehouse", &warehouse], further].concat());
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    said
}

fn object(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "one object on one line: {text}");
    serde_json::from_str(text).expect("a JSON object")
}

#[test]
fn the_summary_of_the_sample_fits_a_screen() {
    let folder = Workshop::new();
    run_sample(folder.path(), &["--as-of", "2025-11-30"]);
    let said = run_sample(folder.path(), &[]);
    assert!(said.stdout.lines().count() <= 40, "{}", said.stdout);
    for line in said.stdout.lines() {
        let is_path = line.contains(&folder.path().display().to_string());
        assert!(is_path || line.chars().count() <= 100, "{line}");
    }
    insta::assert_snapshot!(filtered(&said.stdout, folder.path()));
}

#[test]
fn the_summary_of_a_first_run_fits_too() {
    let (workshop, pipeline) = workshop();
    let said = call(&["run", &pipeline]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    insta::assert_snapshot!(filtered(&said.stdout, workshop.path()));
}

/// An update of cartera is told where people look, once.
#[test]
fn tables_that_differ_from_those_of_the_run_before_are_told() {
    let (workshop, pipeline) = workshop();
    let night = |day: &str, further: &[&str]| {
        let said = call(&[&["run", &pipeline, "--as-of", day], further].concat());
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        said
    };
    night("2024-03-31", &[]);
    let manifest = workshop.warehouse().join("runs/as_of=2024-03-31/run=1/manifest.json");
    let mut older: Value = serde_json::from_slice(&std::fs::read(&manifest).expect("read")).expect("JSON");
    let tables = older["tables"].as_array_mut().expect("tables");
    tables.retain(|table| table["name"] != "pareto_curve");
    std::fs::write(&manifest, older.to_string()).expect("written");

    let sentence = "the tables differ from those of run 2024-03-31/1: table pareto_curve is new";
    let second = night("2024-04-30", &[]);
    assert_eq!(second.stderr.matches(sentence).count(), 1, "{}", second.stderr);
    let groups = second.stdout.lines().filter(|line| line.contains("of the tables"));
    let groups: Vec<&str> = groups.collect();
    assert!(
        groups.len() == 1 && groups[0].starts_with("! 1 of the tables") && groups[0].contains("run 2024-03-31/1"),
        "{}",
        second.stdout
    );
    let again = night("2024-05-31", &["--verbose"]);
    assert!(!again.stderr.contains("differ from those") && !again.stdout.contains("differ from those"));
    let verbose = night("2024-04-15", &["--verbose"]);
    assert!(
        verbose.stdout.contains(&format!("warning: {sentence}")),
        "{}",
        verbose.stdout
    );
}

#[test]
fn quiet_is_one_line() {
    let (_workshop, pipeline) = workshop();
    let said = call(&["run", &pipeline, "-q"]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    assert_eq!(said.stdout.lines().count(), 1, "{}", said.stdout);
    assert!(
        said.stdout.starts_with("published test as run 2024-12-31/1 in "),
        "{}",
        said.stdout
    );
    let checked = call(&["check", &pipeline, "-q"]);
    assert_eq!(checked.stdout.lines().count(), 1, "{}", checked.stdout);
}

/// The names of all fields, with `[]` for the items of a list.
fn fields(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                found.push(path.clone());
                fields(value, &path, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                fields(item, &format!("{path}[]"), found);
            }
        }
        _ => {}
    }
    found.sort();
    found.dedup();
}

#[test]
fn a_run_is_one_json_object_whose_fields_stay() {
    let folder = Workshop::new();
    let said = run_sample(folder.path(), &["--json"]);
    let run = object(&said.stdout);
    assert_eq!(run["run"], "2025-12-31/1");
    assert_eq!(run["ledger_balances"], true);
    assert_eq!(run["totals"]["customers"], 524);
    assert_eq!(run["totals"]["net_sales"], "231187.2193");
    let rows: u64 = run["ledger"]
        .as_array()
        .expect("cells")
        .iter()
        .filter_map(|cell| cell["rows"].as_u64())
        .sum();
    assert_eq!(rows, 21_504, "the rows of all tables");
    let lines = run["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .find(|stage| stage["name"] == "lines");
    let lines = lines.expect("the stage that reads");
    assert_eq!(
        (lines["rows"].as_u64(), lines["bytes"].as_u64()),
        (Some(15_407), Some(1_353_159))
    );
    assert_eq!(run["tables"]["customer_features"], 524);
    let mut names = Vec::new();
    fields(&run, "", &mut names);
    insta::assert_snapshot!("fields_of_run_as_json", names.join("\n"));
}

#[test]
fn other_commands_speak_json_too() {
    let (workshop, pipeline) = workshop();
    let warehouse = workshop.warehouse().display().to_string();
    let checked = object(&call(&["check", &pipeline, "--json", "-q"]).stdout);
    assert_eq!(checked["as_of"], "2024-12-31");
    assert_eq!(checked["inputs"][0]["rows"], 4);
    for _ in 0..2 {
        assert_eq!(call(&["run", &pipeline, "-q"]).code, Some(0));
    }
    let runs = object(&call(&["runs", "--warehouse", &warehouse, "--json"]).stdout);
    assert_eq!(runs["runs"][0]["run"], "2024-12-31/2");
    assert_eq!(runs["runs"][1]["totals"]["customers"], 2);
    let plan = [
        "prune",
        "--warehouse",
        &warehouse,
        "--keep-runs",
        "1",
        "--dry-run",
        "--json",
    ];
    let pruned = object(&call(&plan).stdout);
    assert_eq!(pruned["removed"], serde_json::json!(["2024-12-31/1"]));
    assert_eq!(pruned["dry_run"], true);
    let forgotten = object(&call(&["forget", &pipeline, "ann", "--dry-run", "--json", "-q"]).stdout);
    assert_eq!(forgotten["replaced"][0]["old"], "2024-12-31/2");
    assert_eq!(
        forgotten["deleted"],
        serde_json::json!(["2024-12-31/1"]),
        "the newer run of its day replaced it"
    );
    assert!(!forgotten.to_string().contains("ann"), "{forgotten}");
    let out = workshop.path().join("list.csv").display().to_string();
    let target = [
        "target",
        &pipeline,
        "--where",
        "order_count > 0",
        "--channel",
        "email",
        "--out",
        &out,
        "--json",
    ];
    let target = object(&call(&target).stdout);
    assert_eq!(target["list"]["candidate_count"], 2);
    assert_eq!(target["files"][0]["customers"], 0);
}

#[test]
fn a_range_of_days_is_one_object_a_run() {
    let (_workshop, pipeline) = workshop();
    let said = call(&["run", &pipeline, "--as-of", "2024-01-31..2024-03-31", "--json", "-q"]);
    let runs: Vec<Value> = said
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    let days: Vec<&str> = runs.iter().filter_map(|run| run["as_of"].as_str()).collect();
    assert_eq!(days, ["2024-01-31", "2024-02-29", "2024-03-31"]);
}

#[test]
fn colours_are_for_those_who_ask() {
    let (_workshop, pipeline) = workshop();
    let call = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = cartera(&[&["run", &pipeline], arguments].concat());
        command.env_remove("NO_COLOR");
        command.envs(variables.iter().copied());
        let said = said(command);
        (said.stdout.contains('\u{1b}'), said.stderr.contains('\u{1b}'))
    };
    assert_eq!(call(&[], &[]), (false, false), "no terminal, no colours");
    assert_eq!(call(&[], &[("CLICOLOR_FORCE", "1")]), (true, true));
    assert_eq!(
        call(&["--color", "always"], &[("NO_COLOR", "1")]),
        (true, true),
        "what is typed counts more"
    );
    assert_eq!(call(&["--color=never"], &[("CLICOLOR_FORCE", "1")]), (false, false));
    let help = |arguments: &[&str]| said(cartera(arguments)).stdout.contains('\u{1b}');
    assert!(help(&["run", "--help", "--color", "always"]));
    assert!(!help(&["run", "--help"]));
}

fn events(said: &Said) -> Vec<Value> {
    let lines = said.stderr.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a JSON event"))
        .collect()
}

#[test]
fn a_log_begins_and_ends_with_the_run() {
    let (_workshop, pipeline) = workshop();
    let said = call(&["run", &pipeline, "-q", "--log-format", "json", "--log-level", "info"]);
    assert_eq!(said.stdout.lines().count(), 1, "{}", said.stdout);
    let events = events(&said);
    let names: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(names[0], "run_started");
    assert_eq!(events[0]["as_of"], "2024-12-31");
    assert!(
        names[1..names.len() - 1]
            .iter()
            .all(|name| ["stage_finished", "warning"].contains(name)),
        "{names:?}"
    );
    for event in events.iter().filter(|event| event["event"] == "stage_finished") {
        assert!(
            event["rows"].is_u64() && event["bytes"].is_u64() && event["seconds"].is_f64(),
            "{event}"
        );
    }
    let last = events.last().expect("an event");
    assert_eq!(last["event"], "run_finished");
    assert_eq!(
        (last["run"].as_str(), last["rows"].as_u64()),
        (Some("2024-12-31/1"), Some(4))
    );
    assert_eq!(last["customers"], 2);
}

#[test]
fn what_stops_a_run_is_an_event_in_a_log_for_machines() {
    let (workshop, pipeline) = workshop();
    std::fs::remove_file(workshop.path().join("lines.csv")).expect("removed");
    let said = call(&["run", &pipeline, "--log-format", "json"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""));
    let events = events(&said);
    let last = events.last().expect("an event");
    assert_eq!(
        (last["event"].as_str(), last["command"].as_str()),
        (Some("failed"), Some("run"))
    );
    assert!(
        last["error"].as_str().is_some_and(|error| error.contains("lines.csv")),
        "{last}"
    );
    let text = call(&["run", &pipeline]);
    assert!(
        text.stderr.lines().any(|line| line.starts_with("error: ")),
        "{}",
        text.stderr
    );
}

#[test]
fn every_shell_completes_and_every_command_has_a_page() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = call(&["completions", shell]);
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        assert!(said.stdout.contains("compare"), "{shell}");
    }
    let folder = Workshop::new();
    let out = folder.path().join("man1");
    let said = call(&["man", "--out", &out.display().to_string()]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let run = std::fs::read_to_string(out.join("cartera-run.1")).expect("a page");
    assert!(run.contains("cartera\\-run") && run.contains("as\\-of"), "{run}");
    let whole = call(&["man"]).stdout;
    assert_eq!(whole, std::fs::read_to_string(out.join("cartera.1")).expect("a page"));
}

#[test]
fn help_groups_commands_by_what_they_are_for() {
    insta::assert_snapshot!(call(&["--help"]).stdout);
    insta::assert_snapshot!("help_of_run", call(&["run", "--help"]).stdout);
}
