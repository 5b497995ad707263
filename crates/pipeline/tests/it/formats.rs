//! The same lines in every format that is read give the same tables.
//!
//! The lines are those of `benches/peers/make_formats.py`, which wrote the workbooks. They hold what formats stumble
//! over: ids with leading zeros and ids that are numbers in a workbook, quotes, line ends, accents, midnights, and
//! prices that no binary number is.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use cartera_testkit::Workshop;
use polars::prelude::{
    Column, DataFrame, DataType, IntoLazy, ParquetReader, ParquetWriter, SerReader, StrptimeOptions, TimeUnit, col,
};

use crate::support::run_once;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The records of the CSV fixture, the header first.
fn records() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(fixture("lines.csv")).expect("the fixture");
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let record = records.last_mut().expect("never empty");
        let cell = record.last_mut().expect("never empty");
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => records.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => cell.push(other),
        }
    }
    records.pop();
    assert_eq!(records.len(), 301);
    assert!(records.iter().all(|record| record.len() == 8));
    records
}

/// The records with semicolons, decimal commas and days first.
fn semicolons() -> String {
    let mut text = String::new();
    for (number, record) in records().into_iter().enumerate() {
        let mut record = record;
        if number > 0 {
            let (day, time) = record[4].split_once(' ').expect("a moment");
            let parts: Vec<&str> = day.split('-').collect();
            record[4] = format!("{}/{}/{} {time}", parts[2], parts[1], parts[0]);
            record[5] = record[5].replace('.', ",");
        }
        let quoted: Vec<String> = record
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        text.push_str(&quoted.join(";"));
        text.push_str("\r\n");
    }
    text
}

/// As Windows writes it in the west of Europe.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| match character {
            '€' => 0x80,
            other => u8::try_from(u32::from(other)).expect("a character of Windows-1252"),
        })
        .collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    std::iter::once('\u{FEFF}')
        .chain(text.chars())
        .flat_map(|character| character.encode_utf16(&mut [0; 2]).to_vec())
        .flat_map(u16::to_le_bytes)
        .collect()
}

/// One object a line, with numbers where there are numbers.
fn objects() -> Vec<String> {
    let records = records();
    let object = |record: &Vec<String>| {
        let fields = records[0].iter().zip(record).map(|(name, cell)| {
            let value = match (name.as_str(), cell.as_str()) {
                (_, "") => "null".to_owned(),
                ("Quantity" | "UnitPrice", number) => number.to_owned(),
                (_, text) => serde_json::to_string(text).expect("text"),
            };
            format!("{name:?}: {value}")
        });
        format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
    };
    records[1..].iter().map(object).collect()
}

/// Typed columns, the price as a binary number.
fn write_parquet(path: &Path) {
    let records = records();
    let columns = records[0].iter().enumerate().map(|(place, name)| {
        let cells = records[1..]
            .iter()
            .map(|record| Some(record[place].as_str()).filter(|cell| !cell.is_empty()));
        Column::new(name.as_str().into(), cells.collect::<Vec<_>>())
    });
    let mut frame = DataFrame::new(records.len() - 1, columns.collect())
        .expect("a frame")
        .lazy()
        .with_columns([
            col("Quantity").cast(DataType::Int32),
            col("UnitPrice").cast(DataType::Float64),
            col("InvoiceDate").str().to_datetime(
                Some(TimeUnit::Microseconds),
                None,
                StrptimeOptions {
                    format: Some("%Y-%m-%d %H:%M:%S".into()),
                    ..StrptimeOptions::default()
                },
                polars::prelude::lit("raise"),
            ),
        ])
        .collect()
        .expect("typed");
    let file = File::create(path).expect("a file");
    ParquetWriter::new(file)
        .with_row_group_size(Some(77))
        .finish(&mut frame)
        .expect("written");
}

/// The published tables of a file read in a format.
fn tables_of(workshop: &Workshop, name: &str, path: &str, format: &str) -> BTreeMap<String, DataFrame> {
    let pipeline = workshop.file(
        &format!("{name}.toml"),
        format!(
            r#"[pipeline]
name = "formats"
warehouse = "warehouse-{name}"
as_of = "2024-12-31"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "{path}"

[source.format]
{format}

[source.columns]
customer_key = "CustomerID"
order_id = "InvoiceNo"
product_id = "StockCode"
ordered_at = "InvoiceDate"
quantity = "Quantity"
unit_price = "UnitPrice"

[k_means]
k = 2
"#
        ),
    );
    let report = run_once(&pipeline);
    assert_eq!(report.run.manifest.record.totals.rows_in, 300, "{name}");
    assert_eq!(report.run.manifest.record.totals.quarantined_rows, 0, "{name}");
    let mut tables = BTreeMap::new();
    for entry in std::fs::read_dir(&report.run.path).expect("published") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            let table = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let frame = ParquetReader::new(File::open(&path).expect("there")).finish();
            tables.insert(table, frame.expect("a table"));
        }
    }
    tables
}

#[test]
fn every_format_gives_the_same_tables() {
    const ISO: &str = "date_format = \"%Y-%m-%d %H:%M:%S\"";
    const DAY_FIRST: &str =
        "delimiter = \";\"\nmultiline = true\ndecimal_separator = \",\"\ndate_format = \"%d/%m/%Y %H:%M:%S\"";
    let workshop = Workshop::new();
    workshop.file("windows.csv", windows_1252(&semicolons()));
    workshop.file("utf16.csv", utf_16(&semicolons()));
    workshop.file("lines.ndjson", objects().join("\n"));
    workshop.file("lines.json", format!("[\n{}\n]\n", objects().join(",\n")));
    write_parquet(&workshop.path().join("lines.parquet"));
    let of_fixture = |name: &str| fixture(name).to_string_lossy().into_owned();
    let formats = [
        ("gzip", of_fixture("lines.csv.gz"), format!("multiline = true\n{ISO}")),
        (
            "windows",
            "windows.csv".to_owned(),
            format!("encoding = \"windows-1252\"\n{DAY_FIRST}"),
        ),
        (
            "utf16",
            "utf16.csv".to_owned(),
            format!("encoding = \"utf-16\"\n{DAY_FIRST}"),
        ),
        ("ndjson", "lines.ndjson".to_owned(), format!("type = \"json\"\n{ISO}")),
        ("json", "lines.json".to_owned(), format!("type = \"json\"\n{ISO}")),
        ("parquet", "lines.parquet".to_owned(), "type = \"parquet\"".to_owned()),
        (
            "xlsx",
            of_fixture("lines.xlsx"),
            "type = \"excel\"\nsheet = \"Lines\"".to_owned(),
        ),
        ("xls", of_fixture("lines.xls"), "type = \"excel\"".to_owned()),
        ("ods", of_fixture("lines.ods"), "type = \"excel\"\nsheet = 1".to_owned()),
    ];
    let csv = tables_of(
        &workshop,
        "csv",
        &of_fixture("lines.csv"),
        &format!("multiline = true\n{ISO}"),
    );
    assert!(csv["customer_features"].height() > 3, "there are customers to compare");
    for (name, path, format) in formats {
        let tables = tables_of(&workshop, name, &path, &format);
        assert_eq!(
            tables.keys().collect::<Vec<_>>(),
            csv.keys().collect::<Vec<_>>(),
            "{name}"
        );
        for (table, frame) in &tables {
            assert!(
                frame.equals_missing(&csv[table]),
                "{name}: {table}\n{frame}\n{}",
                csv[table]
            );
        }
    }
}
