use cartera_table::ColumnType;
use cartera_table::Contract;
use cartera_table::frame::{null_column, optional_decimal_column, schema};
use polars::prelude::{NewChunkedArray, df};

use super::*;
use crate::params::LifecycleParams;

fn day(text: &str) -> i32 {
    AsOf(text.parse().expect("a day")).epoch_days()
}

/// Customers with their orders, first and last day, and net sales in whole units.
type Row<'r> = (&'r str, i64, Option<(&'r str, &'r str)>, i128);

fn base(as_of: &str, rows: &[Row<'_>]) -> CustomerBase {
    let mut frame = df!(
        "customer_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "order_count" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
    )
    .expect("a frame");
    let first = rows.iter().map(|row| row.2.map(|(first, _)| day(first)));
    let last = rows.iter().map(|row| row.2.map(|(_, last)| day(last)));
    for column in [
        date_column("first_order_date", Int32Chunked::from_iter_options("".into(), first)),
        date_column("last_order_date", Int32Chunked::from_iter_options("".into(), last)),
        optional_decimal_column(
            "net_sales",
            rows.iter().map(|row| Some(row.3 * 10_000)),
            ColumnType::SUM,
        ),
    ] {
        frame.with_column(column).expect("one height");
    }
    CustomerBase::of_frame(frame, AsOf(as_of.parse().expect("a day")))
}

fn customers(rows: &[(&str, &str, Option<&str>)]) -> Table<Customers> {
    let mut frame = df!(
        "customer_id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "key_space" => vec!["main"; rows.len()],
        "source_key" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
    )
    .expect("a frame");
    let joined = rows.iter().map(|row| row.2.map(day));
    let joined = date_column("joined_on", Int32Chunked::from_iter_options("".into(), joined));
    frame.with_column(joined).expect("one height");
    for name in schema(&Customers::INFO).iter_names() {
        if !frame.schema().contains(name) {
            let column_type = Customers::INFO.column(name).expect("there").column_type;
            frame
                .with_column(null_column(name, column_type, rows.len()))
                .expect("one height");
        }
    }
    Table::sorted(frame).expect("a valid table")
}

fn run(base: &mut CustomerBase, customers: &Table<Customers>, prior: Option<&PriorLifecycle>) -> LifecycleTables {
    let params = LifecycleParams::default().check().expect("valid");
    add_lifecycle(base, customers, prior, &params).expect("stages")
}

/// Rows as text, a null being a dash.
fn shown(frame: &DataFrame) -> Vec<String> {
    let cell = |column: &Column, row: usize| {
        let value = column.get(row).expect("a row");
        if value.is_null() {
            "-".to_owned()
        } else {
            value.to_string().trim_matches('"').to_owned()
        }
    };
    (0..frame.height())
        .map(|row| {
            let cells: Vec<String> = frame.columns().iter().map(|column| cell(column, row)).collect();
            cells.join(" ")
        })
        .collect()
}

const FIRST: [Row<'_>; 3] = [
    ("ann", 1, Some(("2024-05-01", "2024-05-01")), 10),
    ("bob", 5, Some(("2023-01-01", "2024-05-20")), 500),
    ("cid", 0, None, -3),
];

#[test]
fn a_first_run_tells_what_the_rules_tell() {
    let mut base = base("2024-06-01", &FIRST);
    let files = customers(&[
        ("cid", "cid", Some("2024-02-02")),
        ("dot", "dot", None),
        ("eve", "eve1", Some("2024-03-03")),
        ("eve", "eve2", Some("2024-01-01")),
        ("fay", "fay", Some("2024-06-02")),
    ]);
    let tables = run(&mut base, &files, None);
    assert_eq!(
        shown(tables.lifecycle.frame()),
        [
            "ann new 2024-05-01 -",
            "bob loyal 2024-06-01 -",
            "cid prospect 2024-02-02 -",
            "dot prospect 2024-06-01 -",
            "eve prospect 2024-01-01 -",
        ],
        "fay is not there yet"
    );
    assert_eq!(
        shown(tables.transitions.frame()),
        ["- loyal 1 500.0000", "- new 1 10.0000", "- prospect 3 -3.0000"]
    );
    let stages = text(base.frame(), "lifecycle_stage").expect("there");
    assert_eq!(
        stages.iter().collect::<Vec<_>>(),
        [Some("new"), Some("loyal"), Some("prospect")]
    );
}

#[test]
fn who_moved_did_so_since_the_run_before() {
    let nobody = customers(&[]);
    let first = run(&mut base("2024-06-01", &FIRST), &nobody, None);
    let prior = PriorLifecycle {
        as_of: AsOf("2024-06-01".parse().expect("a day")),
        table: first.lifecycle,
    };
    let mut later = base(
        "2024-12-31",
        &[
            // No second order since: at risk the day after the 90 days, which lies between the runs; lapsed by now.
            ("ann", 1, Some(("2024-05-01", "2024-05-01")), 10),
            ("bob", 9, Some(("2023-01-01", "2024-12-20")), 900),
            // Appeared with old lines.
            ("gil", 2, Some(("2023-01-01", "2023-02-01")), 7),
        ],
    );
    let tables = run(&mut later, &nobody, Some(&prior));
    assert_eq!(
        shown(tables.lifecycle.frame()),
        [
            "ann lapsed 2024-10-29 new",
            "bob loyal 2024-06-01 loyal",
            "gil lost 2024-02-02 -",
        ]
    );
    assert_eq!(
        shown(tables.transitions.frame()),
        [
            "- lost 1 7.0000",
            "loyal loyal 1 900.0000",
            "new lapsed 1 10.0000",
            "prospect - 1 0.0000",
        ],
        "cid is not there any more"
    );
}
