//! The next contact with every customer, in whole runs.

use cartera_pipeline::{RunOptions, RunReport};
use cartera_table::contracts::ContactPlan;
use cartera_table::frame::{boolean, int64, text};
use cartera_testkit::{HEADER, Workshop};

use crate::support::{options, run_with, table};

const LINES: &str = "1,1,ann,2024-12-05,tea,2,3.50\n2,1,bob,2024-12-06,mug,1,8.00\n3,1,cid,2024-12-07,cup,1,1.00\n\
                     4,1,dan,2024-12-08,tea,1,5.00\n5,1,eve,2024-12-08,tea,90,5.00\n6,1,fay,2024-12-09,tea,3,5.00\n";

const TABLES: &str = r#"
[[source]]
name = "centre"
table = "interactions"
path = "contacts.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", occurred_at = "at", channel = "by", direction = "way", kind = "kind" }

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
columns = { customer_key = "who", email = "email", phone = "phone" }

[control]
share = 0.0

[[target]]
name = "best"
channel = "sms"
where = "net_sales > 100"

[contact_plan.actions.welcome]
every_days = 7
"#;

fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file(
        "contacts.csv",
        "who,at,by,way,kind\n\
         dan,2024-12-29,phone,outbound,contact\n\
         dan,2024-12-30,phone,outbound,contact\n\
         dan,2024-12-31,phone,inbound,call\n\
         fay,2024-12-01,email,outbound,contact\n",
    );
    workshop.file(
        "consents.csv",
        "who,by,what,said,since\n\
         ann,email,marketing,granted,2024-01-01\n\
         bob,email,marketing,granted,2024-01-01\nbob,email,marketing,withdrawn,2025-06-01\n\
         dan,email,marketing,granted,2024-01-01\n\
         eve,sms,marketing,granted,2024-01-01\n\
         fay,email,marketing,granted,2024-01-01\n",
    );
    workshop.file(
        "crm.csv",
        "who,email,phone\nann,a@example.org,\nbob,b@example.org,\ndan,d@example.org,\neve,,+34600111222\nfay,,\n",
    );
    workshop
}

/// Action, source, channel, day and reason of each customer.
fn plan(report: &RunReport) -> Vec<String> {
    let frame = table::<ContactPlan>(report).into_frame();
    let mut rows = vec![String::new(); frame.height()];
    for name in ["customer_id", "action", "source", "channel", "earliest_on", "reason"] {
        let column = frame
            .column(name)
            .expect("there")
            .cast(&polars::prelude::DataType::String)
            .expect("text");
        for (row, word) in rows.iter_mut().zip(column.str().expect("text").iter()) {
            *row += if row.is_empty() { "" } else { " " };
            *row += word.unwrap_or("-");
        }
    }
    rows
}

#[test]
fn every_customer_has_a_contact_or_a_reason() {
    let workshop = workshop();
    let pipeline = workshop.pipeline("lines.csv", TABLES);
    let report = run_with(&pipeline, &options()).expect("published");
    assert_eq!(
        plan(&report),
        [
            "ann welcome lifecycle email 2025-01-01 planned",
            "bob - - - - consent_withdrawn",
            "cid - - - - no_consent",
            // Two contacts in seven days end with the fifth, seven days after the last one with the sixth.
            "dan welcome lifecycle email 2025-01-06 planned",
            "eve best list sms 2025-01-01 planned",
            "fay - - - - no_contact_detail",
        ]
    );
    let frame = table::<ContactPlan>(&report).into_frame();
    let count = |name| int64(&frame, name).expect("there").iter().collect::<Vec<_>>();
    assert_eq!(count("recent_contact_count"), [0, 0, 0, 2, 0, 0].map(Some));
    // Two in any seven of thirty days are ten; the planned one and those that were count.
    assert_eq!(count("open_contact_count"), [9, 10, 10, 7, 9, 10].map(Some));
    let neglected: Vec<Option<bool>> = boolean(&frame, "is_neglected").expect("there").iter().collect();
    assert_eq!(neglected, [false, false, false, false, true, false].map(Some));
    let summary = &report.contact_plan;
    assert_eq!(
        (
            summary.planned_count(),
            summary.neglected_count(),
            summary.of_value_count
        ),
        (3, 1, 2)
    );
    assert_eq!(
        summary.not_planned,
        [("no_consent", 1), ("consent_withdrawn", 1), ("no_contact_detail", 1)]
    );

    // Equal bytes on one thread, and who is held out of everything has nothing planned.
    let options = RunOptions {
        threads: 1,
        is_full: true,
        ..options()
    };
    let again = run_with(&pipeline, &options).expect("published");
    let bytes = |report: &RunReport| std::fs::read(report.run.path.join("contact_plan.parquet")).expect("written");
    assert!(bytes(&again) == bytes(&report));
    let held_out = TABLES.replace("share = 0.0", "share = 0.0\nglobal_share = 0.9");
    let report = run_with(&workshop.pipeline("lines.csv", &held_out), &options).expect("published");
    let reasons = plan(&report);
    let held_out = reasons
        .iter()
        .filter(|row| row.ends_with(" - - - - in_control"))
        .count();
    assert!(held_out >= 3, "{reasons:?}");
}

#[test]
fn where_nobody_knows_of_contacts_nobody_is_called_neglected() {
    let workshop = workshop();
    let without = TABLES.split("[[source]]\nname = \"rights\"").nth(1).unwrap_or_default();
    let tables = format!("[[source]]\nname = \"rights\"{without}");
    let report = run_with(&workshop.pipeline("lines.csv", &tables), &options()).expect("published");
    let frame = table::<ContactPlan>(&report).into_frame();
    for name in ["is_neglected", "recent_contact_count", "last_contact_on"] {
        assert_eq!(frame.column(name).expect("there").null_count(), 6, "{name}");
    }
    assert_eq!(report.contact_plan.neglected, None);
    let reasons = text(&frame, "reason").expect("there").iter().flatten();
    assert_eq!(reasons.filter(|reason| *reason == "planned").count(), 3);
    let notes = &report.run.manifest.record.warnings;
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("contact plan: no source of interactions")),
        "{notes:?}"
    );
}
