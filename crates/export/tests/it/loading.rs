//! Values arrive as they are, in as many pieces as they come.

use cartera_export::{ExportError, ExportOptions, Replaced, export};
use cartera_table::{ColumnType, TableDescription, frame};
use cartera_testkit::PostgresServer;
use polars::prelude::{Column, DataFrame, Int32Chunked, NewChunkedArray};

use crate::server::{address, reader};
use crate::world::{Heard, column, frames, load, rows, source, stamp, table};

/// Decimals to try: ends, signs, and digits on either side of the separator.
fn decimals() -> Vec<i128> {
    let widest = 10_i128.pow(38) - 1;
    let mut values = vec![
        0,
        1,
        -1,
        9_999,
        10_000,
        -10_001,
        100_000_000,
        widest,
        -widest,
        i128::from(i64::MAX) + 1,
    ];
    for power in 0..38 {
        values.push(10_i128.pow(power));
        values.push(-7 * 10_i128.pow(power) / 3);
    }
    values
}

/// A decimal as text, by its digits alone.
fn text(unscaled: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

#[test]
fn every_decimal_arrives_with_all_its_digits() {
    let Some(server) = PostgresServer::start() else { return };
    let scales = [0_u8, 1, 3, 4, 6, 10, 19, 20, 37, 38];
    let name = |scale: u8| format!("scale_{scale}");
    let values = decimals();
    let mut columns = vec![column("place", ColumnType::Int64, false)];
    let mut cells = vec![Column::new(
        "place".into(),
        (0..values.len() as i64).collect::<Vec<_>>(),
    )];
    for scale in scales {
        let column_type = ColumnType::Decimal { precision: 38, scale };
        columns.push(column(&name(scale), column_type, true));
        cells.push(frame::decimal_column(&name(scale), values.clone(), column_type));
    }
    let table = TableDescription {
        grain: vec!["place".to_owned()],
        columns,
        ..table("decimals")
    };
    let frame = DataFrame::new(values.len(), cells).expect("a frame");
    load(
        &address(&server, ""),
        1,
        vec![source(table, frames(vec![frame]))],
        false,
    )
    .expect("loaded");
    let mut client = reader(&server);
    for scale in scales {
        let query = format!("select {}::text from cartera.decimals order by place", name(scale));
        let found: Vec<String> = client
            .query(&query, &[])
            .expect("read")
            .iter()
            .map(|row| row.get(0))
            .collect();
        let expected: Vec<String> = values.iter().map(|value| text(*value, scale.into())).collect();
        assert_eq!(found, expected, "scale {scale}");
    }
}

#[test]
fn every_type_arrives_as_it_is() {
    let Some(server) = PostgresServer::start() else { return };
    let table = TableDescription {
        grain: vec!["number".to_owned()],
        columns: vec![
            column("number", ColumnType::Int64, false),
            column("text", ColumnType::Text, true),
            column("flag", ColumnType::Boolean, true),
            column("small", ColumnType::Int32, true),
            column("real", ColumnType::Float64, true),
            column("day", ColumnType::Date, true),
            column("time", ColumnType::Timestamp, true),
        ],
        ..table("every")
    };
    let day = |text: &str| cartera_table::AsOf(text.parse().expect("a day")).epoch_days();
    let days = [Some(day("2024-02-29")), Some(day("1900-01-01")), None];
    let columns = vec![
        Column::new("number".into(), [i64::MIN, 0, i64::MAX]),
        Column::new("text".into(), [Some("tab\t, \"quote\" ñ €"), Some("nul\0here"), None]),
        Column::new("flag".into(), [Some(true), Some(false), None]),
        Column::new("small".into(), [Some(i32::MIN), Some(i32::MAX), None]),
        Column::new("real".into(), [Some(0.1), Some(f64::NEG_INFINITY), None]),
        frame::date_column("day", Int32Chunked::from_slice_options("day".into(), &days)),
        frame::timestamp_column("time", vec![1_709_210_096_000_001, -1, 946_684_800_000_000]),
    ];
    let frame = DataFrame::new(3, columns).expect("a frame");
    let report = load(
        &address(&server, ""),
        1,
        vec![source(table, frames(vec![frame]))],
        false,
    )
    .expect("loaded");
    assert_eq!(report.tables[0].texts_with_nul, 1);
    let mut client = reader(&server);
    let names = ["number", "text", "flag", "small", "real", "day", "time"].map(|name| format!("every.{name}::text"));
    let query = format!("select {} from cartera.every order by every.number", names.join(", "));
    let found = client.query(&query, &[]).expect("read");
    let found: Vec<Vec<Option<String>>> = found
        .iter()
        .map(|row| (0..7).map(|place| row.get(place)).collect())
        .collect();
    let expected = [
        [
            Some("-9223372036854775808"),
            Some("tab\t, \"quote\" ñ €"),
            Some("true"),
            Some("-2147483648"),
            Some("0.1"),
            Some("2024-02-29"),
            Some("2024-02-29 12:34:56.000001"),
        ],
        [
            Some("0"),
            Some("nul\u{fffd}here"),
            Some("false"),
            Some("2147483647"),
            Some("-Infinity"),
            Some("1900-01-01"),
            Some("1969-12-31 23:59:59.999999"),
        ],
        [
            Some("9223372036854775807"),
            None,
            None,
            None,
            None,
            None,
            Some("2000-01-01 00:00:00"),
        ],
    ];
    assert_eq!(
        found,
        expected.map(|row| row.map(|cell| cell.map(str::to_owned)).to_vec())
    );
}

#[test]
fn tables_say_what_they_mean_and_which_run_they_are_of() {
    let Some(server) = PostgresServer::start() else { return };
    let many = vec![rows(60_000, 12_345), rows(0, 1)];
    let heard = Heard::default();
    let options = ExportOptions {
        schema: "Sales \"crm\"".to_owned(),
        drop_dependents: false,
    };
    let sources = vec![
        source(table("customers"), frames(many)),
        source(table("empty"), frames(vec![])),
    ];
    let report = export(&address(&server, ""), &options, &stamp(7), sources, &heard).expect("loaded");
    assert_eq!(*heard.rows.lock().expect("whole"), 60_000);
    assert_eq!(
        *heard.tables.lock().expect("whole"),
        [("customers".to_owned(), 60_000), ("empty".to_owned(), 0)]
    );
    assert!(report.tables.iter().all(|table| table.replaced == Replaced::Nothing));

    let mut client = reader(&server);
    client
        .batch_execute("set search_path to \"Sales \"\"crm\"\"\"")
        .expect("set");
    let found = client
        .query_one(
            "select count(*), sum(net_sales)::text, count(first_day) from customers",
            &[],
        )
        .expect("read");
    let sum: i128 = (0..60_000).map(|row| row * 12_345).sum();
    assert_eq!(found.get::<_, i64>(0), 60_000);
    assert_eq!(found.get::<_, String>(1), text(sum, 4));
    assert_eq!(found.get::<_, i64>(2), 40_000);
    let comments = client
        .query_one(
            "select obj_description('customers'::regclass, 'pg_class'), col_description('customers'::regclass, 3)",
            &[],
        )
        .expect("read");
    assert_eq!(
        comments.get::<_, String>(0),
        "One row a customer's customers. Loaded by cartera export."
    );
    assert_eq!(comments.get::<_, String>(1), "What 'net_sales' means.");
    let key = client.query_one(
        "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'customers'::regclass and contype = 'p'",
        &[],
    );
    assert_eq!(key.expect("a key").get::<_, String>(0), "PRIMARY KEY (customer_id)");
    let run = client
        .query_one(
            "select as_of::text, run, pipeline, fingerprint, schema_version, rows, now() - exported_at < interval '1 hour'
             from _run where table_name = 'customers'",
            &[],
        )
        .expect("one row");
    assert_eq!(run.get::<_, String>(0), "2025-12-31");
    assert_eq!(run.get::<_, i32>(1), 7);
    assert_eq!(run.get::<_, String>(2), "shop");
    assert_eq!(run.get::<_, String>(3), "f7");
    assert_eq!(run.get::<_, i32>(4), 1);
    assert_eq!(run.get::<_, i64>(5), 60_000);
    assert!(run.get::<_, bool>(6));
}

#[test]
fn what_cannot_be_held_or_read_is_told_and_nothing_stays() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let mut far = rows(2, 1);
    let days = [Some(0), Some(i32::MIN)];
    far.with_column(frame::date_column(
        "first_day",
        Int32Chunked::from_slice_options("first_day".into(), &days),
    ))
    .expect("replaced");
    let error = load(
        &target,
        1,
        vec![source(table("far"), frames(vec![rows(3, 1), far]))],
        false,
    )
    .expect_err("no such day");
    assert_eq!(
        error.to_string(),
        "row 5 of far has a first_day that PostgreSQL cannot hold"
    );
    let other = rows(2, 1).drop("net_sales").expect("dropped");
    let error = load(&target, 1, vec![source(table("other"), frames(vec![other]))], false).expect_err("a column");
    assert!(matches!(error, ExportError::Frame { .. }), "{error:?}");
    let twice = frames(vec![rows(2, 1), rows(2, 1)]);
    let error = load(&target, 1, vec![source(table("twice"), twice)], false).expect_err("twice the same keys");
    let said = error.to_string();
    assert!(said.contains("did not index the table twice"), "{said}");
    assert!(!said.contains("c000000"), "messages show no cells: {said}");
    let schemas = reader(&server).query("select from pg_namespace where nspname = 'cartera'", &[]);
    assert!(schemas.expect("read").is_empty());
}
