//! Against a scan of all rows: random tables, sorted by the key and by something before it, cut into row groups.

use cartera_table::Contract;
use cartera_table::contracts::{TargetDecisions, TargetHoldouts};
use cartera_table::frame::text;
use polars::prelude::{BooleanChunked, Int32Chunked, df};
use proptest::prelude::*;

use super::*;
use crate::store::parquet::{FileStamp, write_table};
use crate::store::read::{ReadOptions, read_frame};

const STAMP: FileStamp<'_> = FileStamp {
    fingerprint: "f",
    version: "0",
};

/// Lists, customers and days, so many that there are several pages and row groups: a few customers in many rows.
fn holdouts(lists: usize, rows: usize, spread: usize) -> DataFrame {
    let mut told: Vec<(String, String, i32)> = (0..rows)
        .map(|row| {
            let list = format!("list_{}", row % lists);
            let customer = format!(
                "{}c{:07}",
                "x".repeat(row * 7 % 80),
                row * 31 % (rows * spread / 100 + 1)
            );
            (list, customer, i32::try_from(row).unwrap_or(0))
        })
        .collect();
    told.sort();
    let mut frame = df!(
        "list" => told.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(),
        "customer_id" => told.iter().map(|row| row.1.as_str()).collect::<Vec<_>>(),
        "channel" => vec!["email"; rows],
    )
    .expect("a frame");
    let days = Int32Chunked::from_vec("held_out_on".into(), told.iter().map(|row| row.2).collect());
    frame.with_column(date_column("held_out_on", days)).expect("one height");
    frame
}

fn scanned(frame: &DataFrame, column: &str, key: &str) -> DataFrame {
    let is_key: BooleanChunked = text(frame, column)
        .expect("text")
        .iter()
        .map(|found| found == Some(key))
        .collect();
    frame.filter(&is_key).expect("filtered")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_rows_are_those_of_a_scan(lists in 1_usize..5, rows in 0_usize..300_000, spread in 1_usize..100, ask in any::<prop::sample::Index>()) {
        let frame = holdouts(lists, rows, spread);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("target_holdouts.parquet");
        write_table(&frame, &TargetHoldouts::INFO, &STAMP, &path).expect("written");
        let mut keys = vec![String::new(), "c0000000".to_owned(), "nobody".to_owned(), "x".repeat(100)];
        if rows > 0 {
            let customers = text(&frame, "customer_id").expect("ids");
            for row in [0, rows - 1, ask.index(rows)] {
                keys.push(customers.get(row).expect("an id").to_owned());
            }
        }
        for key in keys {
            let found = rows_of_key(&path, &TargetHoldouts::INFO, "customer_id", &key).expect("read");
            prop_assert!(found.equals_missing(&scanned(&frame, "customer_id", &key)), "{key}");
        }
    }
}

#[test]
fn every_type_comes_back_as_it_is_written() {
    let frame = df!(
        "list" => ["a", "a", "b"],
        "customer_id" => ["1", "2", "1"],
        "decision" => ["contact", "excluded", "contact"],
        "reason" => ["selected", "no_consent", "selected"],
        "detail" => [None, Some("2025-01-01"), None],
        "rank" => [Some(1_i64), None, Some(7)],
        "expected_value" => [Some(0.5), None, None],
        "listed_since" => [Some(19_000_i32), None, None],
    )
    .expect("a frame");
    let mut frame = frame;
    let days = frame
        .column("listed_since")
        .expect("there")
        .i32()
        .expect("days")
        .clone();
    frame
        .with_column(date_column("listed_since", days))
        .expect("one height");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("target_decisions.parquet");
    write_table(&frame, &TargetDecisions::INFO, &STAMP, &path).expect("written");
    let found = rows_of_key(&path, &TargetDecisions::INFO, "customer_id", "1").expect("read");
    let whole = read_frame(&path, &TargetDecisions::INFO, &ReadOptions::default()).expect("read");
    assert!(found.equals_missing(&scanned(&whole, "customer_id", "1")));
    assert_eq!(found.height(), 2);
}

#[test]
fn columns_that_a_file_lacks_are_null_and_others_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("target_holdouts.parquet");
    write_table(&holdouts(1, 10, 100), &TargetHoldouts::INFO, &STAMP, &path).expect("written");
    let found = rows_of_key(&path, &TargetDecisions::INFO, "list", "list_0").expect("read");
    assert_eq!(found.height(), 10);
    assert_eq!(found.column("decision").expect("there").null_count(), 10);
    let none = rows_of_key(&path, &TargetDecisions::INFO, "decision", "contact").expect("read");
    assert_eq!(none.height(), 0);
}
