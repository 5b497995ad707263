use cartera_table::Contract;
use cartera_table::frame::null_column;
use polars::prelude::{ChunkedArray, DataType, Int64Type, TimeUnit, df};

use super::*;
use crate::identity::KeySpaces;

fn as_of() -> AsOf {
    AsOf("2024-06-30".parse().expect("a day"))
}

fn identity() -> Identity {
    Identity::one_to_one(KeySpaces::new(&["main"]))
}

/// Microseconds of a day and an hour.
fn at(day: &str, hour: i64) -> Option<i64> {
    let day = AsOf(day.parse().expect("a day")).epoch_days();
    Some(i64::from(day) * MICROSECONDS_PER_DAY + hour * MICROSECONDS_PER_HOUR)
}

fn times(name: &str, values: Vec<Option<i64>>) -> Column {
    ChunkedArray::<Int64Type>::from_iter_options(name.into(), values.into_iter())
        .into_datetime(TimeUnit::Microseconds, None)
        .into_series()
        .into_column()
}

pub(crate) fn days(name: &str, values: Vec<Option<&str>>) -> Column {
    let values = values
        .into_iter()
        .map(|day| day.map(|day| AsOf(day.parse().expect("a day")).epoch_days()));
    date_column(name, Int32Chunked::from_iter_options(name.into(), values))
}

/// A source table: these columns, each row of the source at its place, and nothing else known.
pub(crate) fn source<T: Contract>(mut frame: DataFrame, of_sources: Vec<i32>) -> Table<T> {
    let height = frame.height();
    let rows: Vec<i64> = (1..=height as i64).collect();
    frame
        .with_column(Column::new("source_index".into(), of_sources))
        .expect("one height");
    frame.with_column(Column::new("row".into(), rows)).expect("one height");
    for column in T::INFO.columns {
        if frame.schema().contains(column.name) {
            continue;
        }
        let filled = match (column.name, column.column_type.data_type()) {
            ("key_space", _) => Column::new("key_space".into(), vec!["main"; height]),
            ("currency", _) => Column::new("currency".into(), vec!["EUR"; height]),
            (_, DataType::Int32) if !column.nullable => Column::new(column.name.into(), vec![0i32; height]),
            _ => null_column(column.name, column.column_type, height),
        };
        frame.with_column(filled).expect("one height");
    }
    Table::sorted(frame).expect("a valid table")
}

pub(crate) fn shown(frame: &DataFrame, names: &[&str]) -> Vec<String> {
    let cell = |name: &str, row: usize| {
        let value = frame.column(name).expect("there").get(row).expect("a row");
        if value.is_null() {
            "-".to_owned()
        } else {
            value.to_string().trim_matches('"').to_owned()
        }
    };
    (0..frame.height())
        .map(|row| names.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn contacts_have_days_and_hours_where_the_source_tells() {
    let mut frame = df!(
        "customer_key" => ["ann", "ann", "ann", "bob", "bob", "bob", "bob"],
        "kind" => ["call", "call", "call", "contact", "contact", "response", "contact"],
        "direction" => ["inbound", "inbound", "inbound", "outbound", "outbound", "inbound", "outbound"],
        "campaign_id" => [None, None, None, Some("spring"), Some("summer"), Some("spring"), Some("nowhere")],
    )
    .expect("a frame");
    let occurred_at = vec![
        at("2024-06-30", 23),
        at("2024-07-01", 0),
        at("2024-05-01", 0),
        None,
        None,
        None,
        None,
    ];
    frame
        .with_column(times("occurred_at", occurred_at))
        .expect("one height");
    // The third row is of a source whose times are days.
    let contacts = source::<SourceInteractions>(frame, vec![0, 0, 1, 0, 0, 0, 0]);
    let mut frame = df!("campaign_id" => ["spring", "summer"]).expect("a frame");
    frame
        .with_column(days("starts_on", vec![Some("2024-03-01"), Some("2024-07-01")]))
        .expect("one height");
    frame
        .with_column(days("ends_on", vec![Some("2024-03-31"), None]))
        .expect("one height");
    let campaigns = source::<SourceCampaigns>(frame, vec![2, 2]);
    let clean = interactions(&contacts, Some(&campaigns), &identity(), as_of()).expect("clean");
    assert_eq!(
        shown(clean.frame(), &["customer_id", "occurred_on", "occurred_hour", "kind"]),
        [
            "ann 2024-05-01 - call",
            "ann 2024-06-30 23 call",
            "bob 2024-03-01 - contact",
            "bob 2024-03-31 - response",
        ]
    );
}

#[test]
fn cases_are_open_until_the_source_says_otherwise() {
    let mut frame = df!(
        "customer_key" => ["a", "b", "c", "d", "e", "f", "g"],
        "kind" => vec!["complaint"; 7],
        "resolved" => [None, None, Some(true), Some(false), Some(true), None, None],
    )
    .expect("a frame");
    let opened_at = vec![at("2024-06-01", 9); 6]
        .into_iter()
        .chain([at("2024-07-01", 0)])
        .collect();
    frame.with_column(times("opened_at", opened_at)).expect("one height");
    let closed_at = vec![
        None,
        at("2024-06-30", 23),
        None,
        at("2024-06-02", 0),
        at("2024-07-01", 0),
        None,
        None,
    ];
    frame.with_column(times("closed_at", closed_at)).expect("one height");
    let table = source::<SourceCases>(frame, vec![0, 0, 0, 0, 0, 1, 0]);
    let clean = cases(&table, &[true, false], &identity(), as_of()).expect("clean");
    assert_eq!(
        shown(clean.frame(), &["customer_id", "is_open"]),
        ["a true", "b false", "c false", "d false", "e true", "f -"],
        "what is closed tomorrow is open today, and g is not there yet"
    );
}

#[test]
fn withdrawals_count_whatever_their_date() {
    let mut frame = df!(
        "customer_key" => ["ann", "ann", "ann", "ann"],
        "channel" => ["Email", " email", "sms", "phone"],
        "purpose" => ["Marketing", "marketing", "marketing", "marketing"],
        "status" => ["granted", "withdrawn", "granted", "granted"],
    )
    .expect("a frame");
    let since = vec![
        at("2024-01-01", 0),
        at("2024-12-01", 0),
        at("2024-06-30", 23),
        at("2024-07-01", 0),
    ];
    frame.with_column(times("since", since)).expect("one height");
    let table = source::<SourceConsents>(frame, vec![0; 4]);
    let clean = consents(&table, &identity(), as_of()).expect("clean");
    assert_eq!(
        shown(clean.frame(), &["channel", "purpose", "status"]),
        [
            "email marketing granted",
            "email marketing withdrawn",
            "sms marketing granted",
        ]
    );
}
