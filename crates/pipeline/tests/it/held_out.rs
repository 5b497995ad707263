//! Those held out, from night to night, and lists that are written later than their run.

use std::fs;
use std::path::{Path, PathBuf};

use cartera_pipeline::{
    CsvRequest, FileFormat, ListRequest, PipelineError, RunContext, RunReport, TargetReport, TargetRequest, config,
    target,
};
use cartera_table::contracts::{TargetChanges, TargetDecisions, TargetHoldouts};
use cartera_table::frame::{dates, text};
use cartera_table::{AsOf, Contract};
use cartera_testkit::{HEADER, Workshop, contents};

use crate::support::{Blind, StoppedClock, options, run_as_of, run_with, table};

const SOURCES: &str = r#"
[[source]]
name = "rights"
table = "consents"
path = "consents.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", channel = "by", purpose = "what", status = "said", since = "since" }

[[source]]
name = "crm"
table = "customers"
path = "crm.csv"
columns = { customer_key = "who", email = "email" }

[[source]]
name = "stop"
table = "suppressions"
path = "stop.csv"
columns = { email = "mail" }

[[source]]
name = "centre"
table = "interactions"
path = "contacts.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", occurred_at = "at", channel = "by", direction = "way", kind = "kind" }

[[source]]
name = "desk"
table = "cases"
path = "cases.csv"
format = { date_format = "%Y-%m-%d" }
columns = { case_id = "id", customer_key = "who", opened_at = "at", kind = "kind" }

[contact_rules]
caps = [{ days = 7, contacts = 1 }]

[[target]]
name = "tea"
channel = "email"
where = "net_sales > 0"
control_share = 0.5
"#;
const CONTACTS: &str = "who,at,by,way,kind\n";

fn customers() -> Vec<String> {
    (10..50).map(|number| format!("c{number}")).collect()
}

fn workshop() -> (Workshop, PathBuf) {
    let workshop = Workshop::new();
    let all = |line: &dyn Fn(&str) -> String| customers().iter().map(|id| line(id)).collect::<String>();
    let lines = all(&|id| format!("{id},1,{id},2024-01-05,tea,1,5.00\n"));
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    let consents = all(&|id| format!("{id},email,marketing,granted,2023-01-01\n"));
    workshop.file("consents.csv", format!("who,by,what,said,since\n{consents}"));
    workshop.file(
        "crm.csv",
        format!("who,email\n{}", all(&|id| format!("{id},{id}@example.org\n"))),
    );
    workshop.file("stop.csv", "mail\n");
    workshop.file("contacts.csv", CONTACTS);
    workshop.file("cases.csv", "id,who,at,kind\n");
    let pipeline = workshop.pipeline("lines.csv", SOURCES);
    (workshop, pipeline)
}

fn with(report: &RunReport, decision: &str) -> Vec<String> {
    let frame = table::<TargetDecisions>(report).into_frame();
    let ids = text(&frame, "customer_id").expect("ids").iter().flatten();
    let decisions = text(&frame, "decision").expect("decisions").iter().flatten();
    let found = ids.zip(decisions).filter(|(_, of)| *of == decision);
    found.map(|(id, _)| id.to_owned()).collect()
}

fn held_out(report: &RunReport) -> Vec<(String, String)> {
    let frame = table::<TargetHoldouts>(report).into_frame();
    let ids = text(&frame, "customer_id").expect("ids").iter().flatten();
    let days = dates(&frame, "held_out_on").expect("days").iter().flatten();
    let day = |day| AsOf::from_epoch_days(day).expect("a day").to_string();
    ids.zip(days).map(|(id, of)| (id.to_owned(), day(of))).collect()
}

fn on(ids: &[String], day: &str) -> Vec<(String, String)> {
    ids.iter().map(|id| (id.clone(), day.to_owned())).collect()
}

fn contacted(ids: &[String], day: &str) -> String {
    ids.iter()
        .map(|id| format!("{id},{day},email,outbound,contact\n"))
        .collect()
}

fn asked(pipeline: &Path, workshop: &Workshop) -> Result<(TargetReport, String), PipelineError> {
    let config = config::load(pipeline, &|_| None).expect("a valid pipeline");
    let context = RunContext {
        observer: &Blind,
        clock: &StoppedClock,
    };
    let why = workshop.path().join("why.csv");
    let request = TargetRequest {
        csv: CsvRequest::default(),
        list: ListRequest::Declared {
            name: "tea".into(),
            columns: None,
        },
        run: "current".parse().expect("a run"),
        files: vec![(workshop.path().join("out.csv"), FileFormat::Csv)],
        decisions: Some(why.clone()),
    };
    let report = target(&config, &options(), &request, context)?;
    Ok((report, fs::read_to_string(why).expect("written")))
}

#[test]
fn those_held_out_come_back_when_those_contacted_do() {
    let (workshop, pipeline) = workshop();
    let run = |day| run_as_of(&pipeline, day, &workshop.warehouse());
    let first = run("2024-02-01");
    let (contacts, control) = (with(&first, "contact"), with(&first, "control"));
    assert_eq!(contacts.len() + control.len(), customers().len());
    assert!(contacts.len() > 5 && control.len() > 5);
    assert_eq!(held_out(&first), on(&control, "2024-02-01"));
    let again = run("2024-02-01");
    let all = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(all(&again) == all(&first), "the same night gives the same bytes");

    workshop.file(
        "contacts.csv",
        format!("{CONTACTS}{}", contacted(&contacts, "2024-02-01")),
    );
    let second = run("2024-02-02");
    assert_eq!(with(&second, "excluded"), customers());
    assert_eq!(
        held_out(&second),
        on(&control, "2024-02-01"),
        "kept for the nights to come"
    );
    let third = run("2024-02-07");
    assert_eq!(with(&third, "excluded"), customers());
    let back = run("2024-02-08");
    assert_eq!(
        (with(&back, "contact"), with(&back, "control")),
        (contacts, control.clone())
    );
    assert_eq!(held_out(&back), on(&control, "2024-02-08"), "no cap looks further back");

    let path = back.run.path.join(format!("{}.parquet", TargetHoldouts::INFO.name));
    fs::write(&path, "damaged").expect("written");
    let options = cartera_pipeline::RunOptions {
        as_of: Some(config::AsOfSetting::Date("2024-02-09".parse().expect("a day"))),
        warehouse: Some(workshop.warehouse()),
        ..options()
    };
    let refused = run_with(&pipeline, &options).expect_err("nobody knows who was held out");
    assert!(refused.to_string().contains("target_holdouts"), "{refused}");
}

#[test]
fn a_list_from_a_run_holds_out_whom_the_run_held_out() {
    let (workshop, pipeline) = workshop();
    let report = run_as_of(&pipeline, "2025-12-31", &workshop.warehouse());
    let (written, why) = asked(&pipeline, &workshop).expect("written");
    assert_eq!(written.age_days, 1);
    assert!(
        !written.notes.iter().any(|note| note.contains("days old")),
        "{:?}",
        written.notes
    );
    for id in with(&report, "control") {
        assert!(why.contains(&format!("tea,{id},control,")), "{why}");
    }
}

#[test]
fn what_happened_since_the_run_keeps_people_out() {
    let (workshop, pipeline) = workshop();
    let report = run_as_of(&pipeline, "2025-12-20", &workshop.warehouse());
    let contacts = with(&report, "contact");
    let [contacted_since, complained, moved] = [&contacts[0], &contacts[1], &contacts[2]];
    workshop.file(
        "contacts.csv",
        format!("{CONTACTS}{contacted_since},2025-12-30,email,outbound,contact\n"),
    );
    workshop.file(
        "cases.csv",
        format!("id,who,at,kind\n1,{complained},2025-12-31,complaint\n"),
    );
    let others: String = customers()
        .iter()
        .filter(|id| *id != moved)
        .map(|id| format!("{id},{id}@example.org\n"))
        .collect();
    workshop.file("crm.csv", format!("who,email\n{moved},new@example.org\n{others}"));
    workshop.file(
        "stop.csv",
        format!("mail\nNEW@example.org\n{}@example.org\n", contacts[3]),
    );
    let (written, why) = asked(&pipeline, &workshop).expect("written");
    for (id, reason) in [
        (contacted_since, "frequency_cap"),
        (complained, "quiet_period"),
        (moved, "suppressed"),
        (&contacts[3], "suppressed"),
    ] {
        assert!(
            why.contains(&format!("tea,{id},excluded,{reason}")),
            "{id} {reason}: {why}"
        );
    }
    // Who was suppressed by an address that the run has, and no file any more.
    workshop.file("stop.csv", format!("mail\n{moved}@example.org\n"));
    let (_, why) = asked(&pipeline, &workshop).expect("written");
    assert!(why.contains(&format!("tea,{moved},excluded,suppressed")), "{why}");
    assert_eq!(written.age_days, 12);
    assert!(
        written.notes.iter().any(|note| note.contains("is 12 days old")),
        "{:?}",
        written.notes
    );
}

#[test]
fn who_was_taken_off_on_the_same_day_is_told_as_added_again() {
    let (workshop, pipeline) = workshop();
    let run = |day| run_as_of(&pipeline, day, &workshop.warehouse());
    let first = run("2024-02-01");
    let someone = &with(&first, "contact")[0];
    let change_of = |report: &RunReport| {
        let frame = table::<TargetChanges>(report).into_frame();
        let ids = text(&frame, "customer_id").expect("ids").iter();
        let mut changes = ids.zip(text(&frame, "change").expect("changes").iter());
        changes
            .find(|(id, _)| *id == Some(someone))
            .and_then(|(_, change)| change)
            .map(str::to_owned)
    };
    workshop.file("stop.csv", format!("mail\n{someone}@example.org\n"));
    assert_eq!(change_of(&run("2024-02-02")).as_deref(), Some("removed"));
    workshop.file("stop.csv", "mail\n");
    let back = run("2024-02-02");
    assert_eq!(
        change_of(&back).as_deref(),
        Some("added"),
        "somebody may have taken them off"
    );
    let again = run("2024-02-02");
    let all = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(all(&again) == all(&back), "nothing has changed since");
    assert_eq!(change_of(&run("2024-02-03")).as_deref(), Some("kept"));
}
