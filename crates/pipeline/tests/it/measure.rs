//! What a published list brought.

use std::path::Path;

use cartera_pipeline::measure::{ListMeasureRequest, ListOutcome, MeasureReport, Warning};
use cartera_pipeline::{RunContext, RunReport, config, measure_list};
use cartera_table::Date;
use cartera_table::contracts::{CampaignResults, TargetDecisions};
use cartera_table::frame::{int64, text};
use cartera_testkit::{HEADER, Workshop};

use crate::support::{Blind, StoppedClock, options, run_as_of, table};

const SOURCES: &str = r#"
[[source]]
name = "rights"
table = "consents"
path = "consents.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", channel = "by", purpose = "what", status = "said", since = "since" }

[[source]]
name = "centre"
table = "interactions"
path = "contacts.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", occurred_at = "at", channel = "by", direction = "way", kind = "kind", outcome = "came_of", campaign_id = "for" }

[relations]
response_outcomes = ["clicked"]

[control]
global_share = 0.2

[[target]]
name = "tea"
channel = "chat"
where = "net_sales > 0"
control_share = 0.4
"#;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn workshop(further_lines: &str) -> (Workshop, std::path::PathBuf) {
    let workshop = Workshop::new();
    let ids = || (100..200).map(|number| format!("c{number}"));
    let lines: String = ids().map(|id| format!("{id},1,{id},2024-01-05,tea,1,5.00\n")).collect();
    workshop.file(
        "lines.csv",
        format!("{HEADER}{lines}z,1,c100,2024-02-10,tea,1,5.00\n{further_lines}"),
    );
    let consents: String = ids()
        .map(|id| format!("{id},chat,marketing,granted,2023-01-01\n"))
        .collect();
    workshop.file("consents.csv", format!("who,by,what,said,since\n{consents}"));
    workshop.file("contacts.csv", "who,at,by,way,kind,came_of,for\n");
    let pipeline = workshop.pipeline("lines.csv", SOURCES);
    (workshop, pipeline)
}

fn measured(pipeline: &Path, outcomes: Vec<ListOutcome>, to: &str) -> MeasureReport {
    let config = config::load(pipeline, &|_| None).expect("a valid pipeline");
    let request = ListMeasureRequest {
        list: "tea".to_owned(),
        outcomes,
        from: None,
        to: Some(day(to)),
        run: Some("2024-02-01".parse().expect("a run")),
        by: None,
        against: None,
        confidence: 0.95,
    };
    let context = RunContext {
        observer: &Blind,
        clock: &StoppedClock,
    };
    measure_list(&config, &options(), &request, context).expect("measured")
}

fn contacts(report: &RunReport) -> Vec<String> {
    let frame = table::<TargetDecisions>(report).into_frame();
    let ids = text(&frame, "customer_id").expect("ids").iter().flatten();
    let decisions = text(&frame, "decision").expect("decisions").iter().flatten();
    let found = ids.zip(decisions).filter(|(_, of)| *of == "contact");
    found.map(|(id, _)| id.to_owned()).collect()
}

#[test]
fn a_mistyped_day_to_come_does_not_end_the_window() {
    let is_not_over = |report: &MeasureReport| {
        let warnings = &report.measurement.warnings;
        warnings
            .iter()
            .any(|warning| matches!(warning, Warning::WindowNotOver { last_day, .. } if *last_day == day("2024-02-10")))
    };
    for further in ["", "y,1,c101,2093-02-10,tea,1,5.00\n"] {
        let (workshop, pipeline) = workshop(further);
        run_as_of(&pipeline, "2024-02-01", &workshop.warehouse());
        let sales = || vec![ListOutcome::Sales];
        assert!(is_not_over(&measured(&pipeline, sales(), "2024-02-20")), "{further}");
        assert!(!is_not_over(&measured(&pipeline, sales(), "2024-02-10")), "{further}");
        let late = measured(&pipeline, sales(), "2093-12-31");
        let with_orders: u64 = late.window.expect("a list").with_orders.iter().sum();
        assert_eq!(with_orders, 1, "nobody buys after today: {further}");
    }
}

#[test]
fn an_answer_is_the_same_for_lists_and_campaigns() {
    let (workshop, pipeline) = workshop("");
    let report = run_as_of(&pipeline, "2024-02-01", &workshop.warehouse());
    let ids = contacts(&report);
    let [clicked, opened, wrote, answered] = [&ids[0], &ids[1], &ids[2], &ids[3]];
    workshop.file(
        "contacts.csv",
        format!(
            "who,at,by,way,kind,came_of,for\n\
             {clicked},2024-02-03,chat,outbound,contact,clicked,tea\n\
             {opened},2024-02-03,chat,outbound,contact,opened,tea\n\
             {wrote},2024-02-04,chat,inbound,contact,,tea\n\
             {answered},2024-02-05,chat,inbound,response,,tea\n"
        ),
    );
    let measured = measured(&pipeline, vec![ListOutcome::Response], "2024-02-10");
    assert_eq!(measured.measurement.results[0].treated.nonzero(), 3);
    let later = run_as_of(&pipeline, "2024-02-10", &workshop.warehouse());
    let campaigns = table::<CampaignResults>(&later).into_frame();
    let answers: i64 = int64(&campaigns, "responding_customers")
        .expect("counts")
        .iter()
        .flatten()
        .sum();
    assert_eq!(answers, 3);
}

#[test]
fn sizes_are_held_against_both_draws() {
    let (workshop, pipeline) = workshop("");
    run_as_of(&pipeline, "2024-02-01", &workshop.warehouse());
    let measured = measured(&pipeline, vec![ListOutcome::Sales], "2024-02-10");
    assert_eq!(measured.study.arms, ["contact", "control", "global_control"]);
    for ((place, share), (arm, expected)) in measured
        .study
        .designed_shares
        .iter()
        .zip([0.48, 0.32, 0.2].iter().enumerate())
    {
        assert_eq!(*place, arm);
        assert!((share - expected).abs() < 1e-9, "{share}");
    }
    let ratio = measured.measurement.sample_ratio.expect("drawn");
    assert!(!ratio.is_broken(), "{ratio:?}");
}
