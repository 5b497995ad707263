//! Contacts, cases, consents and customer files in whole runs, up to the day of the run.

use cartera_table::contracts::CustomerFeatures;
use cartera_testkit::{HEADER, Workshop, row};
use polars::prelude::DataFrame;

use crate::support::{run_as_of, run_once, table};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-01-06,mug,1,8.00\n3,1,cid,2024-01-07,cup,1,1.00\n";

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
columns = { case_id = "id", customer_key = "who", opened_at = "opened", closed_at = "closed", kind = "kind", score = "score" }

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
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", birth_date = "born", joined_on = "joined", country = "country" }
"#;

/// What is known up to 30 June 2024, and what comes after.
fn workshop(with_future: bool) -> Workshop {
    let workshop = Workshop::new();
    let file = |name: &str, past: &str, future: &str| {
        let future = if with_future { future } else { "" };
        workshop.file(name, format!("{past}{future}"));
    };
    file("lines.csv", &format!("{HEADER}{LINES}"), "");
    file(
        "contacts.csv",
        "who,at,by,way,kind,outcome\n\
         ann,2024-06-30 23:59,email,outbound,contact,clicked\n\
         ann,2024-05-01 10:15,email,outbound,contact,sent\n\
         ann,2024-05-02 10:45,phone,inbound,call,resolved\n\
         ann,2024-05-03 10:00,phone,inbound,call,resolved\n\
         zoe,2024-05-03 10:00,phone,inbound,call,resolved\n",
        "ann,2024-07-01 00:00,shop,inbound,visit,\nann,2024-07-02 11:00,shop,inbound,visit,\n\
         ann,2024-07-02 11:30,shop,inbound,visit,\nbob,2024-07-03 11:00,shop,outbound,contact,clicked\n",
    );
    file(
        "cases.csv",
        "id,who,opened,closed,kind,score\n\
         c1,ann,2024-02-01 09:00,2024-02-03 09:00,complaint,\n\
         c2,ann,2024-06-30 09:00,,incident,\n\
         c3,ann,2024-06-01 09:00,2024-07-01 08:00,question,\n\
         s1,ann,2024-03-01 09:00,2024-03-01 09:00,survey,6\n\
         s2,ann,2024-04-01 09:00,2024-04-01 09:00,survey,9\n",
        "s3,ann,2024-07-01 09:00,2024-07-01 09:00,survey,0\nc4,bob,2024-07-02 09:00,,complaint,\n",
    );
    file(
        "consents.csv",
        "who,by,what,said,since\n\
         ann,email,marketing,granted,2024-01-01\n\
         ann,sms,marketing,granted,2024-06-30\n\
         bob,email,marketing,granted,2024-01-01\n",
        "ann,post,marketing,granted,2024-07-01\nbob,email,marketing,withdrawn,2024-12-01\n",
    );
    file(
        "crm.csv",
        "who,born,joined,country\nann,1980-07-01,2023-01-01,ES\nbob,,2024-07-01,PT\n",
        "",
    );
    workshop
}

fn published(with_future: bool) -> DataFrame {
    let workshop = workshop(with_future);
    let pipeline = workshop.pipeline("lines.csv", TABLES);
    let report = run_as_of(&pipeline, "2024-06-30", &workshop.warehouse());
    table::<CustomerFeatures>(&report).into_frame()
}

fn values(features: &DataFrame, customer: &str, columns: &[&str]) -> Vec<String> {
    let row = row(features, "customer_id", customer);
    let value = |column: &&str| {
        let found = row.iter().find(|(name, _)| name == column);
        found.map_or("-".to_owned(), |(_, value)| value.clone())
    };
    columns.iter().map(value).collect()
}

const CONTACTS: [&str; 5] = [
    "days_since_last_contact",
    "contact_count_90d",
    "response_rate",
    "preferred_channel",
    "preferred_hour",
];
const CASES: [&str; 4] = ["case_count_12m", "open_case_count", "satisfaction_mean", "nps_class"];
const DEMOGRAPHICS: [&str; 3] = ["age_years", "joined_on", "country"];

#[test]
fn what_is_known_by_the_day_counts_and_a_later_withdrawal() {
    for with_future in [false, true] {
        let features = published(with_future);
        let of = |customer, columns: &[&str]| values(&features, customer, columns);
        assert_eq!(of("ann", &CONTACTS), ["0", "2", "0.5", "phone", "10"]);
        assert_eq!(of("bob", &CONTACTS), ["-", "0", "-", "-", "-"]);
        assert_eq!(of("ann", &CASES), ["3", "2", "7.5", "promoter"]);
        assert_eq!(of("bob", &CASES), ["0", "0", "-", "-"]);
        assert_eq!(of("ann", &["consented_channels"]), ["email,sms"]);
        let bob = if with_future { "" } else { "email" };
        assert_eq!(
            of("bob", &["consented_channels"]),
            [bob],
            "who takes back is not asked when"
        );
        assert_eq!(of("cid", &["consented_channels"]), [""], "no row is a no");
        assert_eq!(of("ann", &DEMOGRAPHICS), ["43", "2023-01-01", "ES"]);
        assert_eq!(of("bob", &DEMOGRAPHICS), ["-", "-", "PT"], "joined tomorrow");
        assert_eq!(of("cid", &DEMOGRAPHICS), ["-", "-", "-"]);
    }
}

#[test]
fn without_such_files_nothing_is_known() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let features = table::<CustomerFeatures>(&run_once(&workshop.pipeline("lines.csv", ""))).into_frame();
    for columns in [&CONTACTS[..], &CASES[..], &DEMOGRAPHICS[..], &["consented_channels"]] {
        let nothing = vec!["-"; columns.len()];
        assert_eq!(values(&features, "ann", columns), nothing, "{columns:?}");
    }
}
