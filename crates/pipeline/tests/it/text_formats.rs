//! The same lines, written as differently as text files are, give the same tables.

use std::path::PathBuf;

use cartera_pipeline::RunReport;
use cartera_table::contracts::{CustomerFeatures, QuarantineTable};
use cartera_testkit::Workshop;

use crate::support::{in_ledger, options, run_once, run_with, table};

const LENIENT: &str = "[limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n";

/// A line before it is written: numbers in ten-thousandths.
struct Line {
    order: u32,
    customer: &'static str,
    day: (u32, u32),
    product: &'static str,
    quantity: i64,
    price: u64,
}

fn lines() -> Vec<Line> {
    let customers = ["ann", "josé", "", "müller & co", "007", "0007"];
    let products = ["té, verde", "café \"solo\"", "T-1", "ñandú"];
    (0..300)
        .map(|index| Line {
            order: 1000 + index / 3,
            customer: customers[(index / 3) as usize % customers.len()],
            day: (1 + index / 3 % 12, 1 + index / 3 % 28),
            product: products[index as usize % products.len()],
            quantity: if index % 7 == 3 { -1 } else { i64::from(index % 5) + 1 },
            price: u64::from(index) * 129_900 + 500,
        })
        .collect()
}

fn point_decimal(number: u64) -> String {
    format!("{}.{:04}", number / 10_000, number % 10_000)
}

/// `1.234,5000`
fn comma_decimal(number: u64) -> String {
    let whole = (number / 10_000).to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{:04}", number % 10_000)
}

fn plain_csv() -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = "order,line,customer,day,product,quantity,price\n".to_owned();
    for (place, line) in lines().iter().enumerate() {
        let Line { order, quantity, .. } = line;
        let (month, day) = line.day;
        let (customer, product) = (quoted(line.customer), quoted(line.product));
        let price = point_decimal(line.price);
        text += &format!("{order},{place},{customer},2024-{month:02}-{day:02},{product},{quantity},{price}\n");
    }
    text
}

/// As a spreadsheet of a Spanish company exports it: a title, remarks, dates of two kinds, accounting
/// negatives, and amounts with their sign.
fn local_csv() -> String {
    let months = [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic",
    ];
    let mut text = "Ventas \"2024\"\n\n# exported\norder;line;customer;day;product;quantity;price\n".to_owned();
    for (place, line) in lines().iter().enumerate() {
        let (month, day) = line.day;
        let day = match place % 2 {
            0 => format!("{day}/{month}/2024"),
            _ => format!("{day}-{}-24", months[month as usize - 1]),
        };
        let quantity = match line.quantity {
            number if number < 0 => format!("({})", -number),
            number => number.to_string(),
        };
        let product = line.product;
        let price = comma_decimal(line.price);
        text += &format!(
            "{};{place};{};{day};'{product}';{quantity};{price} €\n",
            line.order, line.customer
        );
        if place == 100 {
            text += "# half of it; a remark\n";
        }
    }
    text
}

fn objects() -> Vec<String> {
    let written = |text: &str| format!("\"{}\"", text.replace('"', "\\\""));
    let object = |(place, line): (usize, &Line)| {
        let (month, day) = line.day;
        let customer = match line.customer {
            "" => "null".to_owned(),
            key => written(key),
        };
        format!(
            "{{\"order\": {}, \"who\": {{\"key\": {customer}}}, \"price\": {}, \"day\": \"2024-{month:02}-{day:02}\", \
             \"line\": {place}, \"product\": {}, \"quantity\": {}, \"tags\": [1, {{}}]}}",
            line.order,
            point_decimal(line.price),
            written(line.product),
            line.quantity,
        )
    };
    lines().iter().enumerate().map(object).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |character: char| match character {
        '€' => 0x80,
        other => u8::try_from(u32::from(other)).expect("a character of Latin-1"),
    };
    text.chars().map(byte).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{text}")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect()
}

/// A pipeline whose format section says more, for a file with these contents.
fn pipeline(workshop: &Workshop, name: &str, content: impl AsRef<[u8]>, format: &str) -> PathBuf {
    workshop.file(name, content);
    let path = workshop.pipeline(name, LENIENT);
    let text = std::fs::read_to_string(&path).expect("just written");
    let mut text = text.replace("date_format = \"%Y-%m-%d\"\n", format);
    if name.contains("json") {
        text = text.replace("customer_key = \"customer\"", "customer_key = \"who.key\"");
    }
    workshop.file(
        &format!("{name}.toml"),
        text.replace("\"warehouse\"", &format!("\"warehouse-{name}\"")),
    )
}

#[test]
fn the_same_lines_in_any_writing_give_the_same_customers() {
    let workshop = Workshop::new();
    let iso = "date_format = \"%Y-%m-%d\"\n";
    let local = "delimiter = \";\"\nquote = \"'\"\ncomment = \"#\"\nskip_lines = 1\ndecimal_separator = \",\"\n\
        thousands_separator = \".\"\nnegatives = [\"parentheses\"]\ncurrency_signs = [\"€\"]\n\
        date_formats = [\"%d/%m/%Y\", \"%d-%b-%y\"]\n";
    let run = |name: &str, content: Vec<u8>, format: &str| -> RunReport {
        run_once(&pipeline(&workshop, name, content, format))
    };
    let plain = run("plain.csv", plain_csv().into_bytes(), iso);
    assert_eq!(in_ledger(&plain, &["kept"]).0, 300);
    let expected = table::<CustomerFeatures>(&plain);
    let json = format!("type = \"json\"\n{iso}");
    for (name, content, format) in [
        (
            "marked.csv",
            [b"\xEF\xBB\xBF", plain_csv().as_bytes()].concat(),
            iso.to_owned(),
        ),
        ("utf-16.csv", utf_16(&plain_csv()), iso.to_owned()),
        ("local.csv", local_csv().into_bytes(), local.to_owned()),
        (
            "windows.csv",
            windows_1252(&local_csv()),
            format!("encoding = \"windows-1252\"\n{local}"),
        ),
        ("lines.ndjson", objects().join("\n").into_bytes(), json.clone()),
        (
            "array.json",
            format!("[\n{}\n]\n", objects().join(",\n")).into_bytes(),
            json.clone(),
        ),
        ("utf-16.json", utf_16(&objects().join("\r\n")), json),
    ] {
        let report = run(name, content, &format);
        assert_eq!(in_ledger(&report, &["quarantined"]).0, 0, "{name}");
        let found = table::<CustomerFeatures>(&report);
        assert_eq!(found.frame(), expected.frame(), "{name}");
    }
}

#[test]
fn every_defect_of_json_has_its_own_reason() {
    let defects: [(&str, &[u8]); 8] = [
        ("not_json", b"{\"order\": 2, \"price\": 1"),
        ("not_an_object", b"[1, 2]"),
        ("duplicate_field", b"{\"order\": 3, \"order\": 4}"),
        ("invalid_utf8", b"{\"order\": \"\xFF\"}"),
        (
            "nested_value",
            b"{\"order\": [5], \"day\": \"2024-01-05\", \"quantity\": 1, \"price\": 1}",
        ),
        (
            "control_character",
            b"{\"order\": \"\\u0000\", \"day\": \"2024-01-05\", \"quantity\": 1, \"price\": 1}",
        ),
        ("missing", b"{\"order\": 6, \"day\": \"2024-01-05\", \"quantity\": 1}"),
        (
            "not_a_number",
            b"{\"order\": 7, \"day\": \"2024-01-05\", \"quantity\": true, \"price\": 1}",
        ),
    ];
    let workshop = Workshop::new();
    let mut content = objects().join("\n").into_bytes();
    for (_, line) in &defects {
        content.push(b'\n');
        content.extend_from_slice(line);
    }
    let json = "type = \"json\"\ndate_format = \"%Y-%m-%d\"\n";
    let report = run_once(&pipeline(&workshop, "lines.ndjson", content, json));
    let quarantine = table::<QuarantineTable>(&report);
    assert_eq!(quarantine.height(), defects.len());
    for (index, (reason, _)) in defects.iter().enumerate() {
        let row = cartera_testkit::row(quarantine.frame(), "reason", reason);
        let value = |name: &str| {
            row.iter()
                .find(|(column, _)| column == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(value("row"), Some((301 + index).to_string().as_str()), "{reason}");
        assert!(value("hint").is_some_and(|hint| hint.len() > 10), "{reason}");
    }
}

#[test]
fn json_that_cannot_be_read_is_an_error_that_says_where() {
    let workshop = Workshop::new();
    let json = "type = \"json\"\ndate_format = \"%Y-%m-%d\"\n";
    let message = |name: &str, content: String| {
        let error = run_with(&pipeline(&workshop, name, content, json), &options()).expect_err("unreadable");
        let mut text = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text += &format!(": {cause}");
            source = cause.source();
        }
        text
    };
    let renamed = objects().join("\n").replace("\"price\"", "\"precio\"");
    let missing = message("renamed.ndjson", renamed);
    assert!(missing.contains("no field \"price\" in any record"), "{missing}");
    assert!(missing.contains("precio") && missing.contains("who.key"), "{missing}");
    let array = format!("[{}", objects().join(",\n"));
    let broken = message("broken.json", array);
    assert!(
        broken.contains("line 300") && broken.contains("after object 300"),
        "{broken}"
    );
}
