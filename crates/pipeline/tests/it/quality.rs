//! What a run tells of its data, and what its checks do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cartera_pipeline::store::Warehouse;
use cartera_pipeline::{PipelineError, RunOptions, RunReport, Status};
use cartera_table::contracts::DataQuality;
use cartera_table::frame::{float64, text};
use cartera_testkit::{HEADER, Workshop, contents, real_data};
use proptest::prelude::*;

use crate::support::{options, run_as_of, run_once, run_with, table};

const LENIENT: &str = "[limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n";

/// One published figure.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    value: Option<String>,
    number: Option<f64>,
    previous: Option<f64>,
    status: String,
    detail: Option<String>,
}

type Key = (String, Option<String>, Option<String>);

/// The figures of the source of order lines by metric, column and item.
fn figures(report: &RunReport) -> BTreeMap<Key, Figure> {
    let quality = table::<DataQuality>(report);
    let frame = quality.frame();
    let word = |name: &str, row: usize| text(frame, name).expect("text").get(row).map(str::to_owned);
    let number = |name: &str, row: usize| float64(frame, name).expect("a number").get(row);
    (0..frame.height())
        .filter(|&row| word("source", row).is_some_and(|source| source != "goods"))
        .map(|row| {
            let key = (
                word("metric", row).expect("a metric"),
                word("column", row),
                word("item", row),
            );
            let figure = Figure {
                value: word("value", row),
                number: number("number", row),
                previous: number("previous_number", row),
                status: word("status", row).expect("a status"),
                detail: word("detail", row),
            };
            (key, figure)
        })
        .collect()
}

fn of_source(report: &RunReport, metric: &str, item: Option<&str>) -> Figure {
    figure(report, metric, None, item)
}

#[track_caller]
fn figure(report: &RunReport, metric: &str, column: Option<&str>, item: Option<&str>) -> Figure {
    let figures = figures(report);
    let key = (metric.to_owned(), column.map(str::to_owned), item.map(str::to_owned));
    figures
        .get(&key)
        .cloned()
        .unwrap_or_else(|| panic!("no {key:?} among {:?}", figures.keys()))
}

/// A day of 2024 as text.
fn day(day: usize) -> String {
    const DAYS: [usize; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut rest = day;
    for (month, days) in DAYS.into_iter().enumerate() {
        if rest < days {
            return format!("2024-{:02}-{:02}", month + 1, rest + 1);
        }
        rest -= days;
    }
    panic!("{day} is not in 2024")
}

/// Lines of some days, `rows` of each, at a price; every `guests`th of them a guest's.
fn lines(days: impl IntoIterator<Item = usize>, rows: usize, price: &str, guests: usize) -> String {
    let mut text = String::new();
    for number in days {
        for row in 0..rows {
            let customer = if guests > 0 && row % guests == 0 { "" } else { "ann" };
            writeln!(text, "{number}-{row},1,{customer},{},tea,1,{price}", day(number)).expect("a text takes all");
        }
    }
    text
}

fn workshop(text: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{text}"));
    workshop
}

fn run_of(text: &str, further: &str) -> RunReport {
    let workshop = workshop(text);
    run_once(&workshop.pipeline("lines.csv", further))
}

/// The findings of a run with one check, which must end as `status` says.
#[track_caller]
fn checked(text: &str, check: &str, status: Option<Status>) -> String {
    let report = run_of(text, &format!("[[check]]\n{check}\n"));
    let found: Vec<_> = report.quality.findings.iter().map(|finding| finding.status).collect();
    assert_eq!(
        found,
        status.into_iter().collect::<Vec<_>>(),
        "{:?}",
        report.quality.findings
    );
    assert_eq!(report.quality.has_failed(), status == Some(Status::Failed));
    report
        .quality
        .findings
        .first()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[test]
fn online_retail_has_its_guests_and_its_saturdays() {
    if real_data("online_retail").is_none() {
        return;
    }
    let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/online-retail.toml");
    let workshop = Workshop::new();
    let report = run_as_of(&pipeline, "2011-12-09", &workshop.warehouse());
    let guests = of_source(&report, "guest_share", Some("all_days"));
    assert_eq!(guests.number, Some(135_080.0 / 541_909.0));
    assert_eq!(format!("{:.2} %", guests.number.expect("a share") * 100.0), "24.93 %");
    assert_eq!(of_source(&report, "days_with_rows", None).number, Some(305.0));
    let without = of_source(&report, "days_without_data", None);
    assert_eq!(without.number, Some(69.0));
    assert!(
        without
            .detail
            .as_deref()
            .is_some_and(|detail| detail.starts_with("every Saturday, ")),
        "{without:?}"
    );
    assert_eq!(of_source(&report, "rows", None).number, Some(541_909.0));
    assert_eq!(
        of_source(&report, "last_day", None).value.as_deref(),
        Some("2011-12-09")
    );
    // 9,747,747.934 pounds in 541,909 lines.
    assert_eq!(
        of_source(&report, "mean_amount", Some("all_days")).value.as_deref(),
        Some("17.9878")
    );
    assert_eq!(
        figure(&report, "filled_share", Some("customer_key"), None).number,
        Some(406_829.0 / 541_909.0)
    );
    for (column, distinct) in [
        ("customer_key", 4_372.0),
        ("order_id", 25_900.0),
        ("product_id", 4_070.0),
    ] {
        let found = figure(&report, "distinct_count", Some(column), None)
            .number
            .expect("a count");
        assert!((found - distinct).abs() / distinct < 3.0 * 0.0081, "{column}: {found}");
    }
    assert_eq!(
        figure(&report, "max", Some("quantity"), None).value.as_deref(),
        Some("80995")
    );
    assert_eq!(
        figure(&report, "min", Some("unit_price"), None).value.as_deref(),
        Some("-11062.06")
    );
    // 148,227 of the quantities are 1.
    let top = figure(&report, "top_value", Some("quantity"), Some("1"));
    assert_eq!(top.value.as_deref(), Some("1"));
    assert!(
        (top.number.expect("a share") - 148_227.0 / 541_909.0).abs() < 0.04,
        "{top:?}"
    );
    assert!(report.quality.findings.is_empty(), "{:?}", report.quality.findings);
}

#[test]
fn a_personal_column_shows_no_value() {
    let workshop = workshop(&lines(0..3, 4, "1.00", 0));
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    let figures = figures(&report);
    let of_keys: Vec<_> = figures
        .iter()
        .filter(|((_, column, _), _)| column.as_deref() == Some("customer_key"))
        .collect();
    assert!(of_keys.len() >= 4, "{of_keys:?}");
    assert!(of_keys.iter().all(|(_, figure)| figure.value.is_none()), "{of_keys:?}");
    assert!(figures.values().all(|figure| figure.value.as_deref() != Some("ann")));
}

#[test]
fn nothing_after_the_day_of_the_run_is_told_of_days() {
    let text = lines([0, 1, 40], 5, "2.00", 0);
    let workshop = workshop(&text);
    let report = run_as_of(&workshop.pipeline("lines.csv", ""), "2024-01-10", &workshop.warehouse());
    assert_eq!(
        of_source(&report, "last_day", None).value.as_deref(),
        Some("2024-01-02")
    );
    assert_eq!(of_source(&report, "days_since_last_day", None).number, Some(8.0));
    assert_eq!(of_source(&report, "rows_per_day", Some("all_days")).number, Some(5.0));
}

#[test]
fn files_that_overlap_are_told_with_their_days() {
    let workshop = Workshop::new();
    workshop.file("in/a.csv", format!("{HEADER}{}", lines(0..20, 2, "1.00", 0)));
    workshop.file("in/b.csv", format!("{HEADER}{}", lines(11..40, 2, "1.00", 0)));
    let report = run_once(&workshop.pipeline("in/*.csv", ""));
    let overlap = of_source(&report, "overlapping_days", None);
    assert_eq!((overlap.number, overlap.status.as_str()), (Some(9.0), "warning"));
    assert_eq!(
        report.quality.findings[0].to_string(),
        "shop: a.csv and b.csv overlap on 9 days (2024-01-12 to 2024-01-20): identical lines count as often as in the file that has them most"
    );
    assert!(!report.quality.has_failed(), "what is unusual is no failure");
    workshop.file("in/b.csv", format!("{HEADER}{}", lines(20..40, 2, "1.00", 0)));
    let apart = run_once(&workshop.pipeline("in/*.csv", ""));
    assert_eq!(of_source(&apart, "overlapping_days", None).number, Some(0.0));
    assert!(apart.quality.findings.is_empty(), "{:?}", apart.quality.findings);
}

#[test]
fn a_day_that_did_not_arrive_is_noticed() {
    let report = run_of(&lines((0..90).filter(|day| *day != 80), 3, "1.00", 0), "");
    assert_eq!(
        report.quality.findings[0].to_string(),
        "shop: no rows on 2024-03-21, which usually have some: look for files that did not arrive"
    );
}

#[test]
fn sudden_changes_warn() {
    let before = lines(0..28, 20, "1.00", 5);
    let finding = |last: String| {
        let report = run_of(&format!("{before}{last}"), "");
        report
            .quality
            .findings
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert!(finding(lines(28..35, 20, "1.00", 5)).is_empty());
    assert!(finding(lines(28..35, 9, "1.00", 5))[0].contains("rows a day: 9 over the last 7 days, 20 over"));
    assert!(finding(lines(28..35, 20, "2.10", 5))[0].contains("the mean amount: 2.10 over the last 7 days, 1 over"));
    assert!(
        finding(lines(28..35, 20, "1.00", 2))[0].contains("without a customer: 50.00 % over the last 7 days, 20.00 %")
    );
}

#[test]
fn each_limit_holds_or_fails() {
    let text = lines(0..35, 20, "1.00", 5);
    for (holds, fails) in [
        ("rows_per_day = { min = 20, max = 20 }", "rows_per_day = { min = 20.5 }"),
        ("mean_amount = { max = 1 }", "mean_amount = { max = 0.99 }"),
        ("guest_share = { max = 0.2 }", "guest_share = { max = 0.19 }"),
        (
            "guest_share = { min = 0.2, max_change = 0.01 }",
            "guest_share = { min = 0.21 }",
        ),
        (
            "max_null_share = { customer_key = 0.2 }",
            "max_null_share = { customer_key = 0.19 }",
        ),
        (
            "max_null_share = { product_id = 0 }",
            "max_null_share = { product_id = 0, customer_key = 0.1 }",
        ),
        ("freshness_days = 331", "freshness_days = 330"),
        ("unique = ['order_id', 'line_number']", "unique = ['line_number']"),
        (
            "accepted_values = { product_id = ['tea', 'mug'] }",
            "accepted_values = { product_id = ['mug'] }",
        ),
        (
            "accepted_values = { unit_price = ['1'] }",
            "accepted_values = { unit_price = ['1.00'] }",
        ),
    ] {
        checked(&text, holds, None);
        checked(&text, fails, Some(Status::Failed));
    }
    let change = format!("{}{}", lines(0..28, 20, "1.00", 5), lines(28..35, 16, "1.00", 4));
    checked(&change, "rows_per_day = { max_change = 0.2 }", None);
    let failed = checked(&change, "rows_per_day = { max_change = 0.19 }", Some(Status::Failed));
    assert_eq!(
        failed,
        "shop: rows_per_day: 16 over the last 7 days, 20 over the 28 days before, a change of at most 19.00 % is allowed"
    );
}

#[test]
fn failures_say_what_they_found() {
    let text = lines(0..35, 20, "1.00", 5);
    for (check, expected) in [
        (
            "max_null_share = { customer_key = 0.19 }",
            "shop: customer_key is empty or unreadable in 20.00 % of the rows, at most 19.00 % is allowed",
        ),
        (
            "freshness_days = 1",
            "shop: the last rows are 331 days old, at most 1 are allowed: look for files that did not arrive",
        ),
        (
            "unique = ['line_number']",
            "shop: line_number is not unique: 99.86 % of the rows repeat a key (699 rows repeat the key of another row)",
        ),
        (
            "accepted_values = { product_id = ['mug'] }",
            "shop: product_id holds values that are not accepted in 100.00 % of its rows: \"tea\" (700)",
        ),
        (
            "referential = { product_id = 0.9 }",
            "shop: product_id names no partner: no other source holds what it names",
        ),
    ] {
        assert_eq!(checked(&text, check, Some(Status::Failed)), expected);
    }
}

const PRODUCTS: &str = r#"
[[source]]
name = "goods"
table = "products"
path = "goods.csv"
[source.columns]
product_id = "id"
name = "title"
"#;

#[test]
fn other_tables_are_measured_and_partners_are_counted() {
    let workshop = workshop(&lines(0..35, 20, "1.00", 5).replace("2024-01-03,tea", "2024-01-03,pot"));
    workshop.file("goods.csv", "id,title\ntea,Tea\nmug,\ncup,Cup\n");
    let run = |least: &str| {
        let check = format!("[[check]]\nsource = 'shop'\nreferential = {{ product_id = {least} }}\n");
        run_once(&workshop.pipeline("lines.csv", &format!("{check}{PRODUCTS}")))
    };
    let report = run("0.97");
    assert!(report.quality.findings.is_empty(), "{:?}", report.quality.findings);
    let matched = figure(&report, "matched_share", Some("product_id"), Some("products"));
    assert_eq!(matched.number, Some(680.0 / 700.0));
    let quality = table::<DataQuality>(&report);
    let goods: Vec<(String, Option<f64>)> = (0..quality.height())
        .filter(|&row| text(quality.frame(), "source").expect("text").get(row) == Some("goods"))
        .filter(|&row| text(quality.frame(), "metric").expect("text").get(row) == Some("filled_share"))
        .map(|row| {
            let column = text(quality.frame(), "column")
                .expect("text")
                .get(row)
                .unwrap_or_default();
            (
                column.to_owned(),
                float64(quality.frame(), "number").expect("numbers").get(row),
            )
        })
        .collect();
    assert_eq!(
        goods,
        [
            ("name".to_owned(), Some(2.0 / 3.0)),
            ("product_id".to_owned(), Some(1.0))
        ]
    );
    let failed = run("0.98");
    assert_eq!(
        failed.quality.findings[0].to_string(),
        "shop: product_id finds its partner in products in 97.14 %, at least 98.00 % is demanded (680 of 700 that name a partner find it)"
    );
}

#[test]
fn a_check_that_stops_publishes_nothing() {
    let workshop = workshop(&lines(0..35, 20, "1.00", 5));
    let check = |severity: &str| format!("[[check]]\nseverity = '{severity}'\nguest_share = {{ max = 0.1 }}\n");
    let error = run_with(&workshop.pipeline("lines.csv", &check("stop")), &options()).expect_err("stopped");
    assert!(matches!(error, PipelineError::ChecksFailed { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the data does not hold what the pipeline demands of it:\n  shop: the share of rows without a customer over the last 7 days: 20.00 %, at most 10.00 % is allowed"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("[[check]]")));
    let warehouse = Warehouse::open(workshop.warehouse()).expect("opened");
    assert!(warehouse.runs().expect("listed").runs.is_empty());
    let report = run_once(&workshop.pipeline("lines.csv", &check("warn")));
    assert!(report.quality.has_failed());
    let failed = of_source(&report, "guest_share", Some("last_7_days"));
    assert_eq!(failed.status, "failed");
    assert!(
        report
            .run
            .manifest
            .record
            .warnings
            .iter()
            .any(|warning| warning.starts_with("shop: the share of rows")),
        "{:?}",
        report.run.manifest.record.warnings
    );
}

#[test]
fn the_run_of_an_earlier_day_stands_beside() {
    let workshop = workshop(&lines(0..40, 20, "1.00", 5));
    let pipeline = workshop.pipeline("lines.csv", "");
    let first = run_as_of(&pipeline, "2024-01-31", &workshop.warehouse());
    assert_eq!(first.run.manifest.record.prior_state, None);
    assert_eq!(of_source(&first, "rows", None).previous, None);
    workshop.file("lines.csv", format!("{HEADER}{}", lines(0..39, 20, "1.00", 5)));
    let second = run_as_of(&pipeline, "2024-02-08", &workshop.warehouse());
    assert_eq!(second.run.manifest.record.prior_state, Some(first.run.reference));
    let rows = of_source(&second, "rows", None);
    assert_eq!(
        (rows.number, rows.previous, rows.status.as_str()),
        (Some(780.0), Some(800.0), "warning")
    );
    assert_eq!(
        second.quality.findings[0].to_string(),
        "shop: 780 rows, 800 in the run before: look for files that are gone or cut off"
    );
    // A run of the same day looks at the same earlier one: nothing in its tables differs.
    let again = run_as_of(&pipeline, "2024-02-08", &workshop.warehouse());
    assert_eq!(
        again.run.manifest.record.fingerprint,
        second.run.manifest.record.fingerprint
    );
    assert_eq!(
        contents(&again.run.path, &["manifest.json"]),
        contents(&second.run.path, &["manifest.json"])
    );
    // Without that run the tables are others, and so is the fingerprint.
    let alone = run_as_of(&pipeline, "2024-02-08", &workshop.path().join("elsewhere"));
    assert_ne!(
        alone.run.manifest.record.fingerprint,
        second.run.manifest.record.fingerprint
    );
}

#[test]
fn an_earlier_run_that_is_damaged_stops_nothing() {
    let workshop = workshop(&lines(0..40, 20, "1.00", 5));
    let pipeline = workshop.pipeline("lines.csv", "");
    let first = run_as_of(&pipeline, "2024-01-31", &workshop.warehouse());
    std::fs::write(first.run.path.join("data_quality.parquet"), "no parquet").expect("written");
    let second = run_as_of(&pipeline, "2024-02-08", &workshop.warehouse());
    let whole = run_as_of(&pipeline, "2024-01-31", &workshop.path().join("whole"));
    let beside_it = run_as_of(&pipeline, "2024-02-08", &workshop.path().join("whole"));
    let figures_before = |report: &RunReport| {
        let figures = table::<DataQuality>(report).into_frame();
        let before = figures.column("previous_value").expect("there");
        before.len() - before.null_count()
    };
    assert_eq!(figures_before(&whole), 0);
    assert!(figures_before(&beside_it) > 0);
    assert_eq!(figures_before(&second), 0);
    let record = |report: &RunReport| report.run.manifest.record.clone();
    assert_eq!(
        record(&second).prior_state,
        Some(first.run.reference),
        "stages and segments were read"
    );
    assert_ne!(
        record(&second).fingerprint,
        record(&beside_it).fingerprint,
        "what was not there is part of it"
    );
}

#[test]
fn threads_cuts_and_nights_change_no_figure() {
    let workshop = Workshop::new();
    let text = |days: std::ops::Range<usize>| lines(days, 37, "3.50", 7);
    workshop.file("lines.csv", format!("{HEADER}{}broken\n{}", text(0..50), text(50..100)));
    let pipeline: PathBuf = workshop.pipeline(
        "lines.csv",
        &format!("{LENIENT}[[check]]\nunique = ['order_id', 'product_id']\n"),
    );
    let run = |folder: &str, threads, block_bytes, segment_bytes| {
        let mut options = RunOptions {
            threads,
            warehouse: Some(workshop.path().join(folder)),
            ..options()
        };
        (options.sizes.block_bytes, options.sizes.segment_bytes) = (block_bytes, segment_bytes);
        let report = run_with(&pipeline, &options).expect("published");
        // The file's own metadata tell of what the inputs were cut into, its rows must not.
        table::<DataQuality>(&report).into_frame()
    };
    let first = run("one", 1, 1 << 20, 64 << 20);
    for (threads, block_bytes, segment_bytes) in [(2, 1 << 20, 64 << 20), (3, 4_096, 16_384), (2, 1_000, 5_000)] {
        assert!(
            first.equals_missing(&run("other", threads, block_bytes, segment_bytes)),
            "{threads} {block_bytes} {segment_bytes}"
        );
        // The second time everything is taken from what the first time left.
        let again = run("other", threads, block_bytes, segment_bytes);
        assert!(first.equals_missing(&again), "again");
        std::fs::remove_dir_all(workshop.path().join("other")).expect("removed");
    }
}

/// Customer, product, day, cents; the cells of a line may be empty or broken.
type Line = (Option<&'static str>, &'static str, usize, i64, bool);

fn line() -> impl Strategy<Value = Line> {
    (
        prop::option::weighted(0.7, prop::sample::select(vec!["ann", "bob", "cat"])),
        prop::sample::select(vec!["tea", "mug", "pot", "jar"]),
        0_usize..60,
        -900_i64..900,
        prop::bool::weighted(0.1),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn published_figures_are_those_of_a_plain_count(rows in prop::collection::vec(line(), 1..80)) {
        let mut file = HEADER.to_owned();
        for (place, (customer, product, number, cents, is_broken)) in rows.iter().enumerate() {
            let quantity = if *is_broken { "x" } else { "1" };
            let price = format!("{}{}.{:02}", if *cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
            writeln!(file, "{place},1,{},{},{product},{quantity},{price}", customer.unwrap_or_default(), day(*number)).expect("a text");
        }
        let workshop = Workshop::new();
        workshop.file("lines.csv", file);
        let report = match run_with(&workshop.pipeline("lines.csv", LENIENT), &options()) {
            Ok(report) => report,
            Err(PipelineError::NoLines { .. }) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let count = |chosen: &dyn Fn(&&Line) -> bool| rows.iter().filter(chosen).count() as f64;
        let total = rows.len() as f64;
        prop_assert_eq!(of_source(&report, "rows", None).number, Some(total));
        let guests = count(&|row| row.0.is_none());
        prop_assert_eq!(of_source(&report, "guest_share", Some("all_days")).number, Some(guests / total));
        prop_assert_eq!(figure(&report, "filled_share", Some("customer_key"), None).number, Some((total - guests) / total));
        let broken = count(&|row| row.4);
        prop_assert_eq!(figure(&report, "filled_share", Some("quantity"), None).number, Some((total - broken) / total));
        if broken > 0.0 {
            prop_assert_eq!(figure(&report, "failed_rows", Some("quantity"), Some("not_a_number")).number, Some(broken));
        }
        let (first, last) = (rows.iter().map(|row| row.2).min().expect("a row"), rows.iter().map(|row| row.2).max().expect("a row"));
        prop_assert_eq!(of_source(&report, "first_day", None).value, Some(day(first)));
        prop_assert_eq!(of_source(&report, "last_day", None).value, Some(day(last)));
        let days: std::collections::BTreeSet<usize> = rows.iter().map(|row| row.2).collect();
        prop_assert_eq!(of_source(&report, "days_with_rows", None).number, Some(days.len() as f64));
        prop_assert_eq!(of_source(&report, "days_without_data", None).number, Some((last - first + 1 - days.len()) as f64));
        prop_assert_eq!(of_source(&report, "rows_per_day", Some("all_days")).number, Some(total / (last - first + 1) as f64));
        let recent: Vec<&Line> = rows.iter().filter(|row| row.2 + 7 > last).collect();
        let in_days = (last - first + 1).min(7) as f64;
        prop_assert_eq!(of_source(&report, "rows_per_day", Some("last_7_days")).number, Some(recent.len() as f64 / in_days));
        let amounts: Vec<i64> = rows.iter().filter(|row| !row.4).map(|row| row.3).collect();
        let mean = amounts.iter().sum::<i64>() as f64 / 100.0 / amounts.len() as f64;
        let found = of_source(&report, "mean_amount", Some("all_days")).number.expect("some amount can be read");
        prop_assert!((found - mean).abs() < 0.000_051, "{found} {mean}");
        let mut products: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            *products.entry(row.1).or_default() += 1;
        }
        prop_assert_eq!(figure(&report, "distinct_count", Some("product_id"), None).number, Some(products.len() as f64));
        let most = products.iter().map(|(name, rows)| (std::cmp::Reverse(rows), name)).min().expect("a product");
        let top = figure(&report, "top_value", Some("product_id"), Some("1"));
        prop_assert_eq!((top.value.as_deref(), top.number), (Some(*most.1), Some(*most.0.0 as f64 / total)));
    }
}
