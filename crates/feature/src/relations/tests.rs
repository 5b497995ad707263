use cartera_table::frame::{date_column, null_column, optional_decimal_column, timestamp_column};
use cartera_table::{AsOf, ColumnType, MICROSECONDS_PER_DAY};
use polars::prelude::{BooleanChunked, DataFrame, Int32Chunked, IntoColumn, IntoSeries, df};

use super::*;
use crate::params::RelationsParams;

const TODAY: &str = "2024-12-31";

fn day(text: &str) -> i32 {
    AsOf(text.parse().expect("a day")).epoch_days()
}

fn base() -> CustomerBase {
    let frame = df!("customer_id" => ["ann", "bob", "cid"]).expect("a frame");
    CustomerBase::of_frame(frame, AsOf(TODAY.parse().expect("a day")))
}

fn with_place(mut frame: DataFrame) -> DataFrame {
    let height = frame.height();
    for name in ["source_index", "file_index"] {
        frame
            .with_column(Column::new(name.into(), vec![0i32; height]))
            .expect("one height");
    }
    let rows: Vec<i64> = (0..height as i64).collect();
    frame.with_column(Column::new("row".into(), rows)).expect("one height");
    frame
}

type Contact<'c> = (
    &'c str,
    &'c str,
    Option<i32>,
    Option<&'c str>,
    &'c str,
    &'c str,
    &'c str,
);

fn interactions(rows: &[Contact<'_>]) -> Table<Interactions> {
    let days: Vec<i32> = rows.iter().map(|row| day(row.1)).collect();
    let mut frame = df!(
        "customer_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "occurred_hour" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "channel" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
        "direction" => rows.iter().map(|row| row.4).collect::<Vec<_>>(),
        "kind" => rows.iter().map(|row| row.5).collect::<Vec<_>>(),
        "outcome" => rows.iter().map(|row| row.6).collect::<Vec<_>>(),
        "campaign_id" => vec![None::<&str>; rows.len()],
        "currency" => vec!["EUR"; rows.len()],
    )
    .expect("a frame");
    let costs = null_column("cost", ColumnType::AMOUNT, rows.len());
    frame.with_column(costs).expect("one height");
    let days = date_column("occurred_on", Int32Chunked::from_vec("occurred_on".into(), days));
    frame.with_column(days).expect("one height");
    Table::sorted(with_place(frame)).expect("a valid table")
}

type Case<'c> = (&'c str, &'c str, &'c str, Option<i128>, Option<bool>);

fn cases(rows: &[Case<'_>]) -> Table<Cases> {
    let days: Vec<i32> = rows.iter().map(|row| day(row.1)).collect();
    let mut frame = df!(
        "customer_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "kind" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
    )
    .expect("a frame");
    let times = days.iter().map(|day| i64::from(*day) * MICROSECONDS_PER_DAY).collect();
    let scores = rows.iter().map(|row| row.3.map(|score| score * 1_000_000));
    let is_open: BooleanChunked = rows.iter().map(|row| row.4).collect();
    for column in [
        timestamp_column("opened_at", times),
        date_column("opened_on", Int32Chunked::from_vec("opened_on".into(), days)),
        optional_decimal_column("score", scores, ColumnType::QUANTITY),
        is_open.with_name("is_open".into()).into_series().into_column(),
        null_column("case_id", ColumnType::Text, rows.len()),
        null_column("severity", ColumnType::Text, rows.len()),
        null_column("closed_on", ColumnType::Date, rows.len()),
    ] {
        frame.with_column(column).expect("one height");
    }
    Table::sorted(with_place(frame)).expect("a valid table")
}

fn consents(rows: &[(&str, &str, &str, &str, i64)]) -> Table<Consents> {
    let mut frame = df!(
        "customer_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "channel" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "purpose" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "status" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
    )
    .expect("a frame");
    let since = rows.iter().map(|row| row.4 * MICROSECONDS_PER_DAY).collect();
    frame.with_column(timestamp_column("since", since)).expect("one height");
    Table::sorted(with_place(frame)).expect("a valid table")
}

fn added(relations: Relations<'_>, params: &RelationsParams) -> DataFrame {
    let mut base = base();
    add_relations(&mut base, relations, &params.check().expect("valid")).expect("added");
    base.frame().clone()
}

fn shown(frame: &DataFrame, column: &str) -> Vec<String> {
    let column = frame.column(column).expect("there");
    (0..frame.height())
        .map(|row| column.get(row).expect("a row").to_string().trim_matches('"').to_owned())
        .collect()
}

#[test]
fn contacts_are_counted_and_answers_linked() {
    let table = interactions(&[
        (
            "ann",
            "2024-12-31",
            None,
            Some("email"),
            "outbound",
            "contact",
            "Clicked",
        ),
        // The first of the 90 days that end with the day, and the one before it.
        ("ann", "2024-10-03", None, Some("email"), "outbound", "contact", "sent"),
        ("ann", "2024-10-02", None, Some("sms"), "outbound", "contact", "bounced"),
        // The first day of the 12 months, and the one before them.
        ("ann", "2024-01-01", None, Some("sms"), "outbound", "contact", "sent"),
        ("ann", "2023-12-31", None, Some("sms"), "outbound", "contact", "clicked"),
        (
            "ann",
            "2024-12-01",
            Some(9),
            Some("phone"),
            "inbound",
            "call",
            "resolved",
        ),
        (
            "ann",
            "2024-12-02",
            Some(9),
            Some("phone"),
            "inbound",
            "call",
            "resolved",
        ),
        ("ann", "2024-12-03", Some(8), None, "inbound", "visit", ""),
        // More answers than contacts, on two channels and at two hours as often.
        ("bob", "2024-06-01", Some(20), Some("web"), "inbound", "response", ""),
        ("bob", "2024-06-02", Some(7), Some("app"), "inbound", "redemption", ""),
        ("bob", "2024-06-03", None, Some("sms"), "outbound", "contact", ""),
        ("zoe", "2024-06-03", None, Some("sms"), "outbound", "contact", ""),
    ]);
    let relations = Relations {
        interactions: Some(&table),
        ..Relations::default()
    };
    let found = added(relations, &RelationsParams::default());
    assert_eq!(shown(&found, "days_since_last_contact"), ["0", "211", "null"]);
    assert_eq!(shown(&found, "contact_count_90d"), ["2", "0", "0"]);
    // Of ann's four contacts of the year one was clicked; that of the year before is neither.
    assert_eq!(shown(&found, "response_rate"), ["0.25", "1.0", "null"]);
    // phone twice, email and sms once each by their clicks
    assert_eq!(shown(&found, "preferred_channel"), ["phone", "app", "null"]);
    assert_eq!(shown(&found, "preferred_hour"), ["9", "7", "null"]);
    let no_outcomes = RelationsParams {
        response_outcomes: Vec::new(),
        ..RelationsParams::default()
    };
    assert_eq!(
        shown(&added(relations, &no_outcomes), "response_rate"),
        ["0.0", "1.0", "null"]
    );
}

#[test]
fn cases_and_answers_of_surveys() {
    let table = cases(&[
        ("ann", "2024-01-01", "complaint", None, Some(true)),
        ("ann", "2023-12-31", "incident", None, Some(true)),
        ("ann", "2024-05-05", "question", None, Some(false)),
        ("ann", "2023-12-30", "survey", Some(1), None),
        ("ann", "2024-02-01", "survey", Some(7), None),
        ("ann", "2024-03-01", "survey", Some(10), None),
        ("ann", "2024-04-01", "survey", None, None),
        ("bob", "2023-03-01", "survey", Some(6), None),
    ]);
    let mut relations = Relations {
        cases: Some(&table),
        tells_closing: true,
        ..Relations::default()
    };
    let found = added(relations, &RelationsParams::default());
    assert_eq!(shown(&found, "case_count_12m"), ["2", "0", "0"]);
    assert_eq!(shown(&found, "open_case_count"), ["2", "0", "0"]);
    assert_eq!(shown(&found, "satisfaction_mean"), ["8.5", "null", "null"]);
    assert_eq!(shown(&found, "nps_class"), ["promoter", "detractor", "null"]);
    relations.tells_closing = false;
    let five = RelationsParams {
        nps_scale_max: 5,
        ..RelationsParams::default()
    };
    let found = added(relations, &five);
    assert_eq!(shown(&found, "open_case_count"), ["null", "null", "null"]);
    assert_eq!(shown(&found, "nps_class"), ["null", "null", "null"]);
}

#[test]
fn consent_fails_closed() {
    let table = consents(&[
        ("ann", "email", "marketing", "granted", 10),
        ("ann", "sms", "marketing", "granted", 10),
        ("ann", "sms", "marketing", "withdrawn", 20),
        // Taken back and given again.
        ("ann", "phone", "marketing", "withdrawn", 5),
        ("ann", "phone", "marketing", "granted", 6),
        // Both at once.
        ("ann", "post", "marketing", "granted", 7),
        ("ann", "post", "marketing", "withdrawn", 7),
        ("bob", "email", "profiling", "granted", 1),
    ]);
    let relations = Relations {
        consents: Some(&table),
        ..Relations::default()
    };
    let found = added(relations, &RelationsParams::default());
    assert_eq!(shown(&found, "consented_channels"), ["email,phone", "", ""]);
    let other = RelationsParams {
        marketing_purposes: vec!["Profiling".to_owned()],
        ..RelationsParams::default()
    };
    assert_eq!(
        shown(&added(relations, &other), "consented_channels"),
        ["", "email", ""]
    );
}

#[test]
fn without_files_there_is_nothing() {
    let found = added(Relations::default(), &RelationsParams::default());
    assert_eq!(found.width(), 1, "what nobody adds is null in the end");
}
