//! The same bytes whatever the threads, the memory and the night.

use cartera_pipeline::{RunOptions, SampleRequest, write_sample};
use cartera_table::contracts::PUBLISHED;
use cartera_testkit::{Workshop, contents};

use crate::support::{options, run_with};

#[test]
fn threads_memory_and_reruns_change_no_byte() {
    let workshop = Workshop::new();
    let request = SampleRequest {
        defects_per_kind: 1,
        ..SampleRequest::new(14_000, 7)
    };
    write_sample(workshop.path(), &request).expect("written");
    let pipeline = workshop.file("sample.toml", SAMPLE_PIPELINE);
    let run = |threads, memory_bytes| {
        let options = RunOptions {
            threads,
            memory_bytes,
            ..options()
        };
        let report = run_with(&pipeline, &options).expect("published");
        contents(&report.run.path, &["manifest.json"])
    };
    let first = run(2, 4 << 30);
    // The tables, and the page that tells of them.
    assert_eq!(first.len(), PUBLISHED.len() + 1);
    for (threads, memory_bytes) in [(1, 4 << 30), (3, 4 << 30), (2, 1 << 20), (2, 4 << 30)] {
        let other = run(threads, memory_bytes);
        let differ: Vec<&str> = first
            .iter()
            .zip(&other)
            .filter(|(one, two)| one != two)
            .map(|(one, _)| one.0.as_str())
            .collect();
        assert!(
            first == other,
            "{differ:?} differ with {threads} threads and {memory_bytes} bytes"
        );
    }
}

const SAMPLE_PIPELINE: &str = r#"
[pipeline]
name = "sample"
warehouse = "warehouse"
as_of = "2025-12-31"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "order_lines.csv"

[source.format]
date_format = "%Y-%m-%d %H:%M:%S"

[source.columns]
customer_key = "customer_id"
order_id = "order_id"
product_id = "product_id"
ordered_at = "ordered_at"
quantity = "quantity"
unit_price = "unit_price"

[[order_lines.kind]]
kind = "shipping"
product_ids = ["SHIP"]
"#;
