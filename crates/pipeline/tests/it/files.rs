//! Folders that fill up: which files a night takes, and which formats it need not read again.

use std::path::Path;

use cartera_pipeline::RunReport;
use cartera_testkit::{HEADER, Workshop};

use crate::support::run_once;

/// A second shop, whose files come later, beside the one of [`Workshop::pipeline`].
const LATER: &str = r#"
[[source]]
name = "web"
table = "order_lines"
path = "web"
allow_no_files = true

[source.format]
date_format = "%Y-%m-%d"

[source.columns]
customer_key = "customer"
order_id = "order"
ordered_at = "day"
quantity = "quantity"
unit_price = "price"

[k_means]
k = 1
"#;

fn line(order: u32, customer: &str) -> String {
    format!("{order},1,{customer},2024-05-0{},p1,2,3.50\n", order % 9 + 1)
}

fn customers_and_rows(report: &RunReport) -> (u64, u64) {
    let totals = &report.run.manifest.record.totals;
    (totals.customers, totals.rows_in)
}

#[test]
fn files_are_taken_when_they_are_there_and_finished() {
    let workshop = Workshop::new();
    let pipeline = workshop.pipeline("shop", LATER);
    workshop.file("shop/a.csv", format!("{HEADER}{}{}", line(1, "ann"), line(2, "bob")));
    assert_eq!(customers_and_rows(&run_once(&pipeline)), (2, 2));
    // Half a file, a hidden one, and a folder with files of its own.
    workshop.file("shop/b.csv.part", format!("{HEADER}{}", line(3, "cid")));
    workshop.file("web/.c.csv", format!("{HEADER}{}", line(4, "dan")));
    workshop.file("web/old/d.csv", format!("{HEADER}{}", line(5, "eve")));
    assert_eq!(customers_and_rows(&run_once(&pipeline)), (2, 2));
    std::fs::rename(
        workshop.path().join("shop/b.csv.part"),
        workshop.path().join("shop/b.csv"),
    )
    .expect("renamed");
    workshop.file("web/d.csv", format!("{HEADER}{}", line(5, "eve")));
    assert_eq!(customers_and_rows(&run_once(&pipeline)), (4, 4));
    // A file that is taken away takes its rows along.
    std::fs::remove_file(workshop.path().join("shop/a.csv")).expect("removed");
    assert_eq!(customers_and_rows(&run_once(&pipeline)), (2, 2));
}

#[test]
fn a_workbook_that_has_not_changed_is_not_read_again() {
    let workshop = Workshop::new();
    let lines = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lines.xlsx");
    let book = workshop.file("book.xlsx", std::fs::read(&lines).expect("the fixture"));
    let text = r#"
[pipeline]
name = "book"
warehouse = "warehouse"
as_of = "2024-12-31"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "*.xlsx"

[source.format]
type = "excel"

[source.columns]
customer_key = "CustomerID"
order_id = "InvoiceNo"
ordered_at = "InvoiceDate"
quantity = "Quantity"
unit_price = "UnitPrice"

[k_means]
k = 2
"#;
    let pipeline = workshop.file("book.toml", text);
    let bytes = std::fs::metadata(&book).expect("there").len();
    let reading = |report: &RunReport| {
        let reading = &report.run.manifest.record.reading;
        (reading.bytes, reading.known_bytes)
    };
    let first = run_once(&pipeline);
    assert_eq!(reading(&first), (bytes, 0));
    let second = run_once(&pipeline);
    assert_eq!(reading(&second), (bytes, bytes));
    assert_eq!(customers_and_rows(&first), customers_and_rows(&second));
    // The same lines in another file count once.
    workshop.file("copy.xlsx", std::fs::read(&lines).expect("the fixture"));
    let third = run_once(&pipeline);
    assert_eq!(customers_and_rows(&third).1, 600);
    assert_eq!(
        third.run.manifest.record.totals.net_sales,
        first.run.manifest.record.totals.net_sales
    );
}
