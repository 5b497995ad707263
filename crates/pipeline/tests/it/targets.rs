//! Target lists in runs, from night to night, and one by one from what was published.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use cartera_pipeline::{
    CsvRequest, FileFormat, ListRequest, PipelineError, RunContext, RunOptions, RunReport, TargetParams, TargetReport,
    TargetRequest, config, target,
};
use cartera_table::contracts::{TargetChanges, TargetDecisions, TargetLists, TargetReasons};
use cartera_table::frame::{int64, text};
use cartera_testkit::{HEADER, Workshop, contents};

use crate::support::{Blind, StoppedClock, options, run_as_of, run_with, table};

const LINES: &str = "1,1,ann,2024-01-05,tea,10,5.00\n2,1,bob,2024-01-06,tea,6,5.00\n3,1,cid,2024-01-07,tea,2,5.00\n\
                     4,1,dan,2024-01-08,tea,1,5.00\n5,1,eve,2024-01-09,tea,9,5.00\n6,1,flo,2024-01-09,tea,8,5.00\n";
const CRM: &str = "who,mail,born,home\nann,ann@example.org,1980-01-01,h1\nbob,bob@example.org,1980-01-01,h1\n\
                   cid,cid@example.org,2010-01-01,\ndan,,1980-01-01,\neve,=eve@example.org,,\nflo,flo@example.org,,\n";
const CONSENTS: &str = "who,channel,purpose,status,since\nann,email,marketing,granted,2023-01-01\n\
                        bob,all,marketing,granted,2023-01-01\ncid,email,marketing,granted,2023-01-01\n\
                        dan,email,marketing,granted,2023-01-01\neve,Email,marketing,granted,2023-01-01\n";
const SOURCES: &str = "[[source]]\nname = \"crm\"\ntable = \"customers\"\npath = \"crm.csv\"\n\
     format = { date_format = \"%Y-%m-%d\" }\n\
     columns = { customer_key = \"who\", email = \"mail\", birth_date = \"born\", household_key = \"home\" }\n\
     [[source]]\nname = \"consents\"\ntable = \"consents\"\npath = \"consents.csv\"\n\
     format = { date_format = \"%Y-%m-%d\" }\n\
     columns = { customer_key = \"who\", channel = \"channel\", purpose = \"purpose\", status = \"status\", since = \"since\" }\n\
     [[source]]\nname = \"stop\"\ntable = \"suppressions\"\npath = \"stop.csv\"\n\
     columns = { customer_key = \"who\", email = \"mail\", channel = \"channel\" }\n";
const LIST: &str = "[[target]]\nname = \"tea\"\nchannel = \"email\"\nwhere = \"net_sales > 0\"\norder_by = [\"net_sales desc\"]\n\
     control_share = 0\nfiles = { columns = [\"customer_id\", \"rank\", \"email\"] }\n";

fn workshop() -> (Workshop, PathBuf) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("crm.csv", CRM);
    workshop.file("consents.csv", CONSENTS);
    workshop.file("stop.csv", "who,mail,channel\n");
    let pipeline = workshop.pipeline("lines.csv", &format!("{SOURCES}{LIST}"));
    (workshop, pipeline)
}

/// Decision and reason of each candidate of a list.
fn decided(report: &RunReport) -> Vec<String> {
    let frame = table::<TargetDecisions>(report).into_frame();
    let column = |name: &str| -> Vec<String> {
        let texts = text(&frame, name).expect("there").iter();
        texts.map(|text| text.unwrap_or("-").to_owned()).collect()
    };
    let [ids, decisions, reasons] = ["customer_id", "decision", "reason"].map(column);
    (0..frame.height())
        .map(|row| format!("{} {} {}", ids[row], decisions[row], reasons[row]))
        .collect()
}

fn changed(report: &RunReport) -> Vec<String> {
    let frame = table::<TargetChanges>(report).into_frame();
    let column = |name: &str| -> Vec<String> {
        let texts = text(&frame, name).expect("there").iter();
        texts.map(|text| text.unwrap_or("-").to_owned()).collect()
    };
    let [ids, changes, reasons] = ["customer_id", "change", "reason"].map(column);
    (0..frame.height())
        .map(|row| format!("{} {} {}", ids[row], changes[row], reasons[row]))
        .collect()
}

fn file(report: &RunReport, name: &str) -> String {
    fs::read_to_string(report.run.path.join("lists").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn lists_follow_consents_through_the_nights() {
    let (workshop, pipeline) = workshop();
    let run = |day| run_as_of(&pipeline, day, &workshop.warehouse());
    let first = run("2024-02-01");
    assert_eq!(
        decided(&first),
        [
            "ann contact selected",
            "bob excluded household",
            "cid excluded under_age",
            "dan excluded no_contact_detail",
            "eve contact selected",
            "flo excluded no_consent",
        ]
    );
    assert_eq!(changed(&first), ["ann added -", "eve added -"]);
    assert_eq!(
        file(&first, "tea.csv"),
        "customer_id,rank,email\nann,1,ann@example.org\neve,2,'=eve@example.org\n"
    );
    // Who complained or withdrew is for the owner alone.
    let private = [
        "target_decisions.parquet",
        "target_changes.parquet",
        "contact_plan.parquet",
    ];
    for name in ["lists/tea.csv"].iter().chain(&private) {
        let mode = fs::metadata(first.run.path.join(name))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let named: Vec<&str> = first.run.manifest.lists.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(named, ["tea.csv", "tea_added.csv", "tea_removed.csv"]);

    // The same night again gives the same bytes.
    let again = run("2024-02-01");
    let all = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(all(&again) == all(&first));

    // Ann takes her consent back, from a day to come; Flo gives hers; so does Dan, to an address that he has not.
    workshop.file(
        "consents.csv",
        format!("{CONSENTS}ann,email,marketing,withdrawn,2030-01-01\nflo,email,marketing,granted,2024-02-02\n"),
    );
    let second = run("2024-02-02");
    assert_eq!(
        changed(&second),
        [
            "ann removed consent_withdrawn",
            "bob added -",
            "eve kept -",
            "flo added -"
        ]
    );
    assert_eq!(
        file(&second, "tea_removed.csv"),
        "customer_id,rank,email\nann,,ann@example.org\n"
    );
    // A second run of the day: whom the first one had is told, and the next night does not know of it.
    workshop.file("stop.csv", "who,mail,channel\n,FLO@example.org,\n");
    let repeated = run("2024-02-02");
    assert!(
        changed(&repeated).contains(&"flo removed suppressed".to_owned()),
        "{:?}",
        changed(&repeated)
    );
    assert_ne!(
        repeated.run.manifest.record.fingerprint,
        second.run.manifest.record.fingerprint
    );
    let once_more = run("2024-02-02");
    assert!(all(&once_more) == all(&repeated), "nothing has changed since");
    workshop.file("stop.csv", "who,mail,channel\n");
    let back = run("2024-02-02");
    assert_eq!(changed(&back), changed(&second));
    // A suppression by address, and a list that is declared no more.
    workshop.file("stop.csv", "who,mail,channel\n,FLO@example.org,\n");
    let third = run("2024-02-03");
    assert!(
        changed(&third).contains(&"flo removed suppressed".to_owned()),
        "{:?}",
        changed(&third)
    );
    let without = workshop.pipeline("lines.csv", SOURCES);
    let fourth = run_as_of(&without, "2024-02-04", &workshop.warehouse());
    assert_eq!(changed(&fourth), ["bob removed no_list", "eve removed no_list"]);
    assert_eq!(file(&fourth, "tea_removed.csv"), "customer_id\nbob\neve\n");
}

#[test]
fn those_who_go_are_told_as_they_were_known() {
    let (workshop, _) = workshop();
    let of = |formats: &str, condition: &str| {
        let list = LIST
            .replace("net_sales > 0", condition)
            .replace("columns =", &format!("formats = {formats}, columns ="));
        workshop.pipeline("lines.csv", &format!("{SOURCES}{list}"))
    };
    let run = |pipeline: &Path, day| run_as_of(pipeline, day, &workshop.warehouse());
    let first = run(
        &of("['csv', 'google', 'xlsx']", "email <> 'x@example.org'"),
        "2024-02-01",
    );
    let whole = file(&first, "tea_google.csv");
    let hashes: Vec<&str> = whole.lines().skip(1).collect();
    assert_eq!(hashes.len(), 2);
    // What is compared with a personal column stands in no manifest and no table.
    let parameters = first.run.manifest.record.parameters["target"][0].to_string();
    assert!(
        parameters.contains("email <> '...'") && !parameters.contains("x@example.org"),
        "{parameters}"
    );
    let lists = table::<TargetLists>(&first).into_frame();
    assert_eq!(text(&lists, "condition").expect("there").get(0), Some("email <> '...'"));

    // Ann has another address, Eve none, and neither is to be contacted: both are found by what the platform has.
    workshop.file(
        "crm.csv",
        CRM.replace("ann@example.org", "new@example.org")
            .replace("=eve@example.org", ""),
    );
    workshop.file("stop.csv", "who,mail,channel\nann,,\n");
    let second = run(&of("['csv', 'google', 'xlsx']", "net_sales > 0"), "2024-02-02");
    assert_eq!(
        file(&second, "tea_removed.csv"),
        "customer_id,rank,email\nann,,ann@example.org\neve,,'=eve@example.org\n"
    );
    let mut removed: Vec<String> = file(&second, "tea_removed_google.csv")
        .lines()
        .skip(1)
        .map(str::to_owned)
        .collect();
    let mut expected = hashes.clone();
    removed.sort();
    expected.sort_unstable();
    assert_eq!(removed, expected);

    // A run of the same day had Bob, whom it knew; the next one has nobody.
    assert!(
        changed(&second).contains(&"bob added -".to_owned()),
        "{:?}",
        changed(&second)
    );
    let of_bob = file(&second, "tea_google.csv");
    workshop.file("crm.csv", CRM.replace("bob@example.org", "other@example.org"));
    workshop.file("stop.csv", "who,mail,channel\nann,,\nbob,,\neve,,\n");
    let third = run(&of("[]", "net_sales > 0"), "2024-02-02");
    assert_eq!(file(&third, "tea_removed.csv"), "customer_id\nann\nbob\neve\n");
    let fourth = run(&of("['google']", "net_sales > 0"), "2024-02-02");
    let removed = file(&fourth, "tea_removed_google.csv");
    for line in of_bob.lines().skip(1).chain(hashes) {
        assert!(removed.contains(line), "{removed}");
    }

    // A list that is declared no more empties its audience.
    workshop.file("stop.csv", "who,mail,channel\n");
    workshop.file("crm.csv", CRM);
    let whole = run(&of("['google']", "net_sales > 0"), "2024-02-03");
    let without = run(&workshop.pipeline("lines.csv", SOURCES), "2024-02-04");
    assert_eq!(file(&without, "tea_removed_google.csv").lines().count(), 3);
    for line in file(&whole, "tea_google.csv").lines() {
        assert!(file(&without, "tea_removed_google.csv").contains(line), "{line}");
    }
}

#[test]
fn rows_that_cannot_be_read_stop_what_they_may_mean() {
    let (workshop, pipeline) = workshop();
    let run = |accepted| {
        let options = RunOptions {
            accepted_bad_consents: accepted,
            ..options()
        };
        run_with(&pipeline, &options).expect("published")
    };
    // Eve's row denies Eve; nobody knows whose the other one is.
    let bad = "eve,email,marketing,perhaps,2024-01-01\n";
    workshop.file(
        "consents.csv",
        format!("{CONSENTS}{}{bad}", CONSENTS.split_once('\n').expect("a header").1),
    );
    let report = run(0);
    assert!(decided(&report).contains(&"eve excluded consent_unreadable".to_owned()));
    assert!(decided(&report).contains(&"ann contact selected".to_owned()));
    let unnamed = ",email,marketing,withdrawn,2024-01-01\n";
    let many = CONSENTS.split_once('\n').expect("a header").1.repeat(4);
    workshop.file("consents.csv", format!("{CONSENTS}{many}{unnamed}"));
    let stopped = run(0);
    assert!(
        decided(&stopped)
            .iter()
            .all(|row| row.ends_with("excluded consent_unreadable"))
    );
    assert_eq!(file(&stopped, "tea.csv"), "customer_id,rank,email\n");
    assert!(
        stopped
            .targets
            .notes
            .iter()
            .any(|note| note.starts_with("stopped: tea")),
        "{:?}",
        stopped.targets.notes
    );
    assert!(decided(&run(1)).contains(&"ann contact selected".to_owned()));
}

fn asked(pipeline: &Path, request: &TargetRequest) -> Result<TargetReport, PipelineError> {
    let config = config::load(pipeline, &|_| None).expect("a valid pipeline");
    let context = RunContext {
        observer: &Blind,
        clock: &StoppedClock,
    };
    target(&config, &options(), request, context)
}

#[test]
fn a_list_is_made_from_a_published_run_with_the_consents_of_now() {
    let (workshop, pipeline) = workshop();
    let report = run_as_of(&pipeline, "2024-02-01", &workshop.warehouse());
    let out = workshop.path().join("out.csv");
    let request = |list| TargetRequest {
        list,
        run: "current".parse().expect("a run"),
        csv: CsvRequest::default(),
        files: vec![(out.clone(), FileFormat::Csv)],
        decisions: Some(workshop.path().join("why.csv")),
    };
    let declared = || ListRequest::Declared {
        name: "tea".into(),
        columns: None,
    };
    asked(&pipeline, &request(declared())).expect("written");
    assert_eq!(fs::read_to_string(&out).expect("there"), file(&report, "tea.csv"));
    assert_eq!(fs::metadata(&out).expect("there").permissions().mode() & 0o777, 0o600);

    // What was withdrawn since then counts, though the run does not know of it.
    workshop.file(
        "consents.csv",
        format!("{CONSENTS}ann,email,marketing,withdrawn,2024-06-01\n"),
    );
    let written = asked(&pipeline, &request(declared())).expect("written");
    let list = fs::read_to_string(&out).expect("there");
    assert!(!list.contains("ann") && list.contains("bob"), "{list}");
    assert_eq!((written.list.contact_count, written.list.removed_count), (2, 1));
    let why = fs::read_to_string(workshop.path().join("why.csv")).expect("there");
    assert!(why.contains("tea,ann,excluded,consent_withdrawn,2024-06-01"), "{why}");

    // Those of the pipeline's lists are in no other.
    let mut params = TargetParams::new("others", "email", "order_count >= 1");
    params.control_share = Some(0.0);
    asked(&pipeline, &request(ListRequest::AdHoc(Box::new(params.clone())))).expect("written");
    let why = fs::read_to_string(workshop.path().join("why.csv")).expect("there");
    assert!(why.contains("others,eve,excluded,in_other_list,tea"), "{why}");
    params.exclusive = false;
    params.files.columns = vec!["customer_id".into(), "e-mail".into()];
    let refused = asked(&pipeline, &request(ListRequest::AdHoc(Box::new(params)))).expect_err("no such column");
    assert!(refused.to_string().contains("email"), "{refused}");

    // A source that cannot be read means no list, and what stood there stays.
    let before = fs::read_to_string(&out).expect("there");
    fs::remove_file(workshop.path().join("stop.csv")).expect("removed");
    asked(&pipeline, &request(declared())).expect_err("no suppressions");
    assert_eq!(fs::read_to_string(&out).expect("there"), before);
}

#[test]
fn the_lists_of_the_sample_balance_and_hold_nobody_who_may_not_be_contacted() {
    let workshop = Workshop::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let options = RunOptions {
        warehouse: Some(workshop.warehouse()),
        ..options()
    };
    let report = run_with(&root.join("pipelines/retail.toml"), &options).expect("published");
    let lists = table::<TargetLists>(&report).into_frame();
    let reasons = table::<TargetReasons>(&report).into_frame();
    let decisions = table::<TargetDecisions>(&report).into_frame();
    let mut counted: BTreeMap<(String, String), i64> = BTreeMap::new();
    let texts = |frame, name| -> Vec<String> {
        let column = text(frame, name).expect("there");
        column.iter().map(|text| text.unwrap_or_default().to_owned()).collect()
    };
    for (list, decision) in texts(&decisions, "list").into_iter().zip(texts(&decisions, "decision")) {
        *counted.entry((list, decision)).or_default() += 1;
    }
    let mut told: BTreeMap<(String, String), i64> = BTreeMap::new();
    let of_reasons = texts(&reasons, "list").into_iter().zip(texts(&reasons, "decision"));
    for (key, customers) in of_reasons.zip(int64(&reasons, "customer_count").expect("there").iter()) {
        *told.entry(key).or_default() += customers.unwrap_or_default();
    }
    assert_eq!(counted, told);
    let contacts = int64(&lists, "contact_count").expect("there");
    for (row, list) in texts(&lists, "list").into_iter().enumerate() {
        let expected = counted
            .get(&(list.clone(), "contact".to_owned()))
            .copied()
            .unwrap_or_default();
        assert_eq!(contacts.get(row), Some(expected), "{list}");
        assert!(expected > 0, "{list} contacts somebody");
    }
    // The last word of every customer who is contacted, from the raw file.
    let consents = fs::read_to_string(root.join("sample-data/consents.csv")).expect("there");
    let mut last: BTreeMap<(&str, &str), (&str, &str)> = BTreeMap::new();
    for line in consents.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let word = last.entry((cells[0], cells[1])).or_insert((cells[4], cells[3]));
        if (cells[4], cells[3]) > *word {
            *word = (cells[4], cells[3]);
        }
    }
    let channels: BTreeMap<String, String> = texts(&lists, "list")
        .into_iter()
        .zip(texts(&lists, "channel"))
        .collect();
    let rows = texts(&decisions, "list")
        .into_iter()
        .zip(texts(&decisions, "customer_id"));
    for ((list, customer), decision) in rows.zip(texts(&decisions, "decision")) {
        if decision != "excluded" {
            let word = last.get(&(customer.as_str(), channels[&list].as_str()));
            assert_eq!(word.map(|(_, status)| *status), Some("granted"), "{customer} of {list}");
        }
    }
}
