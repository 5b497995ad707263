//! What is told of each customer agrees with the raw files, ends with the day, and is the same however it was made.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use cartera_pipeline::{ReadSizes, RunOptions, RunReport};
use cartera_table::contracts::CustomerEvents;
use cartera_testkit::{HEADER, Workshop};
use polars::prelude::DataFrame;

use crate::leakage::without_footer;
use crate::support::{options, run_as_of, run_with, table};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,cup,1,1.00\n2,1,bob,2024-01-06,mug,1,8.00\n\
    3,1,ann,2024-03-01,mug,2,8.00\n3,2,ann,2024-03-09,mug,-1,8.00\n4,1,ann,2024-04-01,tea,1,2.00\n\
    R9,1,ann,2024-05-20,tea,-1,2.00\n";

const TABLES: &str = r#"
[[source]]
name = "centre"
table = "interactions"
path = "contacts.csv"
format = { date_format = "%Y-%m-%d %H:%M" }
columns = { customer_key = "who", occurred_at = "at", channel = "by", direction = "way", kind = "kind", outcome = "outcome" }

[[source]]
name = "service"
table = "cases"
path = "cases.csv"
format = { date_format = "%Y-%m-%d %H:%M" }
columns = { case_id = "id", customer_key = "who", opened_at = "opened", closed_at = "closed", kind = "kind", severity = "grave" }

[[source]]
name = "rights"
table = "consents"
path = "consents.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", channel = "by", purpose = "what", status = "said", since = "since" }

[[source]]
name = "closed"
table = "suppressions"
path = "closed.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", reason = "why", since = "since", channel = "by", email = "mail" }
"#;

/// What is known up to 30 June 2024, and what comes after.
pub(crate) fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}9,1,ann,2024-07-01,tea,1,99.00\n"));
    workshop.file(
        "contacts.csv",
        "who,at,by,way,kind,outcome\nann,2024-06-30 23:59,email,outbound,contact,clicked\n\
         ann,2024-05-02 10:45,phone,inbound,call,resolved\nzoe,2024-05-03 10:00,phone,inbound,call,resolved\n\
         ann,2024-07-01 08:00,email,outbound,contact,later\n",
    );
    workshop.file(
        "cases.csv",
        "id,who,opened,closed,kind,grave\nc1,ann,2024-02-01 09:00,2024-02-03 09:00,complaint,high\n\
         c3,ann,2024-06-01 09:00,2024-07-01 08:00,question,\nc4,ann,2024-07-02 09:00,,complaint,\n",
    );
    workshop.file(
        "consents.csv",
        "who,by,what,said,since\nann,email,marketing,granted,2024-01-01\nann,email,marketing,withdrawn,2024-12-01\n\
         ann,sms,marketing,granted,2024-06-30\nann,post,marketing,granted,2024-07-01\n",
    );
    workshop.file(
        "closed.csv",
        "who,why,since,by,mail\nann,complaint,,phone,\nbob,do_not_contact,2025-01-01,,\n,staff,,,someone@example.org\n",
    );
    workshop
}

pub(crate) fn published(workshop: &Workshop, further: &str) -> RunReport {
    let pipeline = workshop.pipeline("lines.csv", &format!("{TABLES}{further}"));
    run_as_of(&pipeline, "2024-06-30", &workshop.warehouse())
}

/// The rows as text: of these columns, nulls as a dash.
fn rows(frame: &DataFrame, customer: &str, columns: &[&str]) -> Vec<String> {
    let cell = |name: &str, row: usize| {
        let value = frame.column(name).expect("a column").get(row).expect("a row");
        if value.is_null() {
            return "-".to_owned();
        }
        value.to_string().trim_matches('"').to_owned()
    };
    (0..frame.height())
        .filter(|&row| cell("customer_id", row) == customer)
        .map(|row| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" "))
        .collect()
}

const SHOWN: [&str; 6] = ["position", "occurred_on", "event", "reference", "channel", "status"];

#[test]
fn events_are_those_of_the_files_up_to_the_day_newest_first() {
    let events = table::<CustomerEvents>(&published(&workshop(), "")).into_frame();
    assert_eq!(
        rows(&events, "ann", &SHOWN),
        [
            "1 2024-12-01 withdrawn - email -",
            "2 2024-06-30 contact - email clicked",
            "3 2024-06-30 granted - sms -",
            "4 2024-06-01 opened c3 - open",
            "5 2024-05-20 returned R9 - returned",
            "6 2024-05-02 call - phone resolved",
            "7 2024-04-01 ordered 4 - kept",
            "8 2024-03-01 ordered 3 - partly_returned",
            "9 2024-02-03 closed c1 - closed",
            "10 2024-02-01 opened c1 - closed",
            "11 2024-01-05 ordered 1 - kept",
            "12 2024-01-01 granted - email -",
            "13 - suppressed - phone complaint",
        ]
    );
    assert_eq!(
        rows(&events, "bob", &SHOWN),
        [
            "1 2025-01-01 suppressed - - do_not_contact",
            "2 2024-01-06 ordered 2 - kept"
        ]
    );
    assert_eq!(rows(&events, "zoe", &SHOWN), ["1 2024-05-03 call - phone resolved"]);
    assert_eq!(events.height(), 16, "who is closed by an address alone is nobody");
    let orders = rows(
        &events,
        "ann",
        &["event", "amount", "returned_amount", "line_count", "source"],
    );
    assert!(
        orders.contains(&"ordered 8.0000 -8.0000 2 shop".to_owned()),
        "{orders:?}"
    );
    assert!(
        orders.contains(&"ordered 8.0000 0.0000 2 shop".to_owned()),
        "{orders:?}"
    );
    let hours = rows(&events, "ann", &["event", "occurred_hour"]);
    assert_eq!(hours[1..4], ["contact 23", "granted -", "opened 9"]);
}

#[test]
fn no_more_are_kept_of_each_kind_than_asked_for_and_last_words_go_first() {
    let workshop = workshop();
    let few = published(&workshop, "[customer_events]\nper_kind = 2\n");
    let events = table::<CustomerEvents>(&few).into_frame();
    assert_eq!(
        rows(&events, "ann", &["kind", "event", "reference", "channel"]),
        [
            "consent withdrawn - email",
            "contact contact - email",
            "consent granted - sms",
            "case opened c3 -",
            "order returned R9 -",
            "contact call - phone",
            "order ordered 4 -",
            "case closed c1 -",
            "suppression suppressed - phone",
        ]
    );
    let none = published(&workshop, "[customer_events]\nper_kind = 0\n");
    assert_eq!(table::<CustomerEvents>(&none).height(), 0);
}

#[test]
fn an_order_that_came_back_whole_stands_on_the_day_on_which_it_was_made() {
    let workshop = Workshop::new();
    let lines = "1,1,ann,2024-02-01,tea,1,2.00\n1,2,ann,2024-02-10,tea,-1,2.00\n2,1,bob,2024-03-01,tea,1,2.00\n";
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    let rules = "[returns]\nmatch = \"customer_product\"\norders = \"after_returns\"\n";
    let pipeline = workshop.pipeline("lines.csv", rules);
    let report = run_as_of(&pipeline, "2024-06-30", &workshop.warehouse());
    let events = table::<CustomerEvents>(&report).into_frame();
    let shown = rows(&events, "ann", &["occurred_on", "event", "status"]);
    assert_eq!(shown, ["2024-02-01 ordered returned"]);
}

fn file_of(report: &RunReport) -> Vec<u8> {
    std::fs::read(report.run.path.join("customer_events.parquet")).expect("published")
}

fn night(pipeline: &Path, is_full: bool, per_segment: u64) -> RunReport {
    let options = RunOptions {
        is_full,
        sizes: ReadSizes {
            block_bytes: 100,
            segment_bytes: per_segment,
        },
        ..options()
    };
    run_with(pipeline, &options).expect("published")
}

#[test]
fn a_night_that_makes_few_customers_again_tells_the_same_of_all() {
    let workshop = Workshop::new();
    let orders = |from: u32, to: u32| -> String {
        let order = |line: u32| {
            let (month, day) = (line / 28 % 12 + 1, line % 28 + 1);
            format!("{line},1,c{:03},2024-{month:02}-{day:02},tea,1,3.50\n", line * 7 % 90)
        };
        (from..to).map(order).collect()
    };
    let path = workshop.file("lines.csv", format!("{HEADER}{}", orders(0, 300)));
    let pipeline = workshop.pipeline("lines.csv", "[customer_events]\nper_kind = 3\n");
    night(&pipeline, false, 300);
    let mut file = OpenOptions::new().append(true).open(&path).expect("there");
    file.write_all(orders(300, 309).as_bytes()).expect("written");
    let again = night(&pipeline, false, 300);
    assert!(again.run.manifest.record.reading.known_bytes > 0);
    let whole = night(&pipeline, true, 300);
    assert_eq!(
        again.run.manifest.record.fingerprint,
        whole.run.manifest.record.fingerprint
    );
    assert!(file_of(&again) == file_of(&whole));
    // The fingerprint knows a file by the hashes of its segments, and the footer names the fingerprint.
    let cut_otherwise = night(&pipeline, true, 5_000);
    assert!(without_footer(file_of(&again)) == without_footer(file_of(&cut_otherwise)));
    assert_eq!(table::<CustomerEvents>(&whole).height(), 90 * 3);
}

#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let workshop = workshop();
    let report = published(&workshop, "");
    let path = report.run.path.join("customer_events.parquet");
    let mode = std::fs::metadata(path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
