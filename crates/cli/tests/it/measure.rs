//! `cartera measure`, of plain files and of lists.

use std::fmt::Write as _;

use cartera_testkit::{HEADER, Workshop, real_data};
use serde_json::Value;

use crate::support::{Said, cartera, said};

fn call(arguments: &[&str]) -> Said {
    said(cartera(arguments))
}

fn object(arguments: &[&str]) -> Value {
    let said = call(arguments);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    serde_json::from_str(&said.stdout).expect("a JSON object")
}

#[track_caller]
fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs(),
        "{found} is not {expected}"
    );
}

/// 200 customers a group: 50 and 30 of them bought, for 20 or 40 each; one cell is no number.
fn campaign() -> String {
    let mut text = "group;bought;spend\n".to_owned();
    for customer in 0..200 {
        let spend = if customer % 2 == 0 { "20,50" } else { "40" };
        let row = |buyers| {
            if customer < buyers {
                format!("1;{spend}")
            } else {
                "0;0,00".to_owned()
            }
        };
        let _ = writeln!(text, "mailed;{}", row(50));
        let _ = writeln!(text, "held out;{}", row(30));
    }
    text.push_str("mailed;1;oops\n;1;5,00\n");
    text
}

fn of_campaign(folder: &Workshop, further: &[&str]) -> Vec<String> {
    let file = folder.file("campaign.csv", campaign()).display().to_string();
    let mut arguments: Vec<String> = [
        "measure",
        "--file",
        &file,
        "--arm-column",
        "group",
        "--control",
        "held out",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.extend(["--outcome-column", "bought", "--outcome-column", "spend"].map(str::to_owned));
    arguments.extend(further.iter().map(|&argument| argument.to_owned()));
    arguments
}

fn call_campaign(further: &[&str]) -> Said {
    let folder = Workshop::new();
    let arguments = of_campaign(&folder, further);
    call(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_file_is_told_in_sentences() {
    let said = call_campaign(&["--unit", "EUR"]);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
    for expected in [
        "campaign.csv\n  held out: 200 customers\n  mailed: 201 customers\n",
        "warning: spend is missing or unreadable in some rows, which are left out (held out: 0 of 200, mailed: 1 of 201; first unreadable: \"oops\" in line 402, not_a_number)",
        "warning: 1 rows name no group and are left out",
        "bought: mailed got 10.37 points more than held out",
        "spend: mailed got 3.0250 EUR a customer more than held out",
    ] {
        assert!(
            said.stdout.contains(expected),
            "{expected:?} is not in:\n{}",
            said.stdout
        );
    }
}

#[test]
fn a_file_is_told_to_machines() {
    let said = call_campaign(&["--json", "--cost-per-contact", "0.50", "--margin-share", "0.4"]);
    let report: Value = serde_json::from_str(&said.stdout).expect("a JSON object");
    let (bought, spend) = (&report["results"][0], &report["results"][1]);
    assert_eq!(
        (bought["kind"].as_str(), spend["kind"].as_str()),
        (Some("rate"), Some("mean"))
    );
    near(&bought["treated"], 51.0 / 201.0);
    near(&spend["incremental"], 605.0);
    // 40 % of 605 for 201 contacts of 0.50, the one with the unreadable cell among them.
    near(&spend["return_on_investment"], (0.4 * 605.0 - 100.5) / 100.5);
    assert_eq!(bought["return_on_investment"], Value::Null);
    let csv = call_campaign(&["--csv"]).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[1].starts_with("bought,rate,,mailed,held out,,201,200,"),
        "{}",
        lines[1]
    );
}

#[test]
fn sizes_that_were_not_drawn_so_are_told() {
    let shares = ["--designed-share", "mailed=0.8", "--designed-share", "held out=0.2"];
    let said = call_campaign(&shares);
    assert!(
        said.stdout
            .contains("warning: the groups are not as large as they were drawn to be"),
        "{}",
        said.stdout
    );
}

#[test]
fn shares_that_cannot_be_are_refused() {
    for (further, expected) in [
        (
            vec!["--designed-share", "mailed=1"],
            "the designed shares name mailed, and group holds held out, mailed: each group needs its share, once",
        ),
        (
            vec!["--designed-share", "mailed=0.5", "--designed-share", "mailed=0.5"],
            "each group needs its share, once",
        ),
        (
            vec!["--designed-share", "mailed=0.5", "--designed-share", "held out=0.4"],
            "the designed shares add up to 0.9, not to 1",
        ),
        (vec!["--margin-share", "NaN"], "a margin share of NaN is none"),
        (vec!["--margin-share", "0"], "a margin share of 0 is none"),
        (vec!["--margin-share", "1.5"], "a margin share of 1.5 is none"),
    ] {
        let said = call_campaign(&further);
        assert_eq!(said.code, Some(2), "{}", said.stdout);
        assert!(said.stderr.contains(expected), "{expected:?} is not in {}", said.stderr);
    }
}

#[test]
fn what_a_file_does_not_have_is_an_error() {
    for (further, expected) in [
        (
            ["--by", "region"],
            "has no column \"region\"; it has: group, bought, spend",
        ),
        (["--by", "spend"], "spend is asked for twice"),
        (["--confidence", "95"], "a confidence of 95 is none"),
        (
            ["--designed-share", "post=0.5"],
            "no row has \"post\" in group; it holds: held out, mailed",
        ),
    ] {
        let said = call_campaign(&further);
        assert_eq!(said.code, Some(2));
        assert!(said.stderr.contains(expected), "{expected:?} is not in {}", said.stderr);
    }
}

/// The figures that Hillstrom (2008) is known for.
#[test]
fn a_real_campaign_gives_the_published_figures() {
    let Some(folder) = real_data("hillstrom") else { return };
    let file = folder.join("hillstrom.csv").display().to_string();
    let report = object(&[
        "measure",
        "--file",
        &file,
        "--arm-column",
        "segment",
        "--control",
        "No E-Mail",
        "--outcome-column",
        "visit",
        "--outcome-column",
        "conversion",
        "--outcome-column",
        "spend",
        "--json",
    ]);
    let results = report["results"].as_array().expect("results");
    assert_eq!(results.len(), 6);
    let percent = |value: &Value| format!("{:.3}", value.as_f64().expect("a rate") * 100.0);
    let (mens, womens) = (&results[0], &results[1]);
    assert_eq!(percent(&mens["treated"]), "18.276");
    assert_eq!(percent(&womens["treated"]), "15.140");
    assert_eq!(percent(&mens["control"]), "10.617");
    // scipy 1.17, ttest_ind(equal_var=False)
    let spend = &results[4];
    assert_eq!(
        (spend["outcome"].as_str(), spend["arm"].as_str()),
        (Some("spend"), Some("Mens E-Mail"))
    );
    near(&spend["difference_low"], 0.485_139_732_568_406_7);
    near(&spend["difference_high"], 1.054_514_579_220_666_3);
    near(&spend["p_value"], 1.163_814_968_225_562_5e-7);
}

const LIST: &str = r#"
[[source]]
name = "consents"
table = "consents"
path = "consents.csv"

[source.format]
date_format = "%Y-%m-%d"

[source.columns]
customer_key = "customer"
channel = "channel"
purpose = "purpose"
status = "status"
since = "day"

[contact_rules]
required_details = false

[control]
share = 0.5

[[target]]
name = "everybody"
channel = "email"
where = "order_count >= 1"
cost_per_contact = 0.25
"#;

/// Customers with an order each, all with consent.
fn list_workshop() -> (Workshop, String, String) {
    let folder = Workshop::new();
    let (mut lines, mut consents) = (HEADER.to_owned(), "customer,channel,purpose,status,day\n".to_owned());
    for customer in 0..300 {
        let _ = writeln!(lines, "{customer},1,c{customer:03},2024-01-05,tea,1,3.00");
        let _ = writeln!(consents, "c{customer:03},email,marketing,granted,2024-01-01");
    }
    folder.file("lines.csv", &lines);
    folder.file("consents.csv", consents);
    let pipeline = folder.pipeline("lines.csv", LIST).display().to_string();
    let ran = call(&["run", &pipeline, "--as-of", "2024-06-30", "-q"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    (folder, pipeline, lines)
}

#[test]
fn a_list_is_measured_by_assignment() {
    let (folder, pipeline, mut lines) = list_workshop();
    let warehouse = folder.warehouse().display().to_string();
    let decisions = call(&[
        "show",
        "target_decisions",
        "--warehouse",
        &warehouse,
        "--limit",
        "0",
        "--format",
        "csv",
    ]);
    let (mut treated, mut control) = (Vec::new(), Vec::new());
    for row in decisions.stdout.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        if cells[2] == "contact" {
            &mut treated
        } else {
            &mut control
        }
        .push(cells[1].to_owned());
    }
    assert_eq!(treated.len() + control.len(), 300, "{}", decisions.stdout);
    // Half of the contacted buy for 10, a tenth of the others for 5; one order comes too late and one too early.
    let (buyers, others) = (treated.len() / 2, control.len() / 10);
    let mut number = 1_000;
    let mut order = |customer: &str, day: &str, price: u32| {
        number += 1;
        let _ = writeln!(lines, "{number},1,{customer},{day},tea,1,{price}.00");
    };
    treated[..buyers]
        .iter()
        .for_each(|customer| order(customer, "2024-07-10", 10));
    control[..others]
        .iter()
        .for_each(|customer| order(customer, "2024-07-31", 5));
    order(&control[others], "2024-08-01", 500);
    order(&control[others], "2024-06-30", 500);
    folder.file("lines.csv", &lines);
    let before = call(&["runs", "--warehouse", &warehouse]).stdout;
    let report = object(&["measure", &pipeline, "everybody", "--to", "2024-07-31", "--json", "-q"]);
    assert_eq!(
        call(&["runs", "--warehouse", &warehouse]).stdout,
        before,
        "measuring published something"
    );
    assert_eq!(
        (report["from"].as_str(), report["last_day"].as_str()),
        (Some("2024-07-01"), Some("2024-08-01"))
    );
    let results = report["results"].as_array().expect("results");
    let names: Vec<_> = results.iter().filter_map(|result| result["outcome"].as_str()).collect();
    assert_eq!(names, ["buyers", "orders", "sales"], "nothing is known of margin");
    let (treated, control) = (treated.len() as f64, control.len() as f64);
    near(&results[0]["treated"], buyers as f64 / treated);
    near(&results[0]["control"], others as f64 / control);
    near(&results[2]["treated"], 10.0 * buyers as f64 / treated);
    near(&results[2]["control"], 5.0 * others as f64 / control);
    let names: Vec<_> = report["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|warning| &warning["name"])
        .collect();
    assert_eq!(names, ["few_events", "few_events"], "of those held out few bought");
    let later = object(&["measure", &pipeline, "everybody", "--to", "2024-12-01", "--json", "-q"]);
    assert_eq!(later["warnings"][0]["name"], "window_not_over");
    for (further, expected) in [
        (["--outcome", "margin"], "margin cannot be measured"),
        (["--by", "town"], "customer_segments has no column \"town\""),
    ] {
        let said = call(&[&["measure", &pipeline, "everybody", "-q"], &further[..]].concat());
        assert_eq!(said.code, Some(2), "{further:?}");
        assert!(said.stderr.contains(expected), "{expected:?} is not in {}", said.stderr);
    }
}

#[test]
fn a_list_that_cannot_be_measured_is_refused() {
    let (_folder, pipeline, _) = list_workshop();
    for (further, expected) in [
        (
            &["everybody", "--from", "2024-06-30", "--run", "2024-06-30"][..],
            "the window begins on 2024-06-30",
        ),
        (
            &["everybody", "--from", "2024-06-01"][..],
            "no run of a day before 2024-06-01 is published",
        ),
        (&["nobody"][..], "has no list \"nobody\"; it has: everybody"),
        (&["everybody", "--to", "2024-07-31"][..], "the data ends on 2024-01-05"),
    ] {
        let said = call(&[&["measure", &pipeline, "-q"], further].concat());
        assert_eq!(said.code, Some(2), "{further:?}");
        assert!(said.stderr.contains(expected), "{expected:?} is not in {}", said.stderr);
    }
}
