//! Whatever is in the files: rows in = kept + set aside + out of scope, and so for money.

use cartera_pipeline::PipelineError;
use cartera_table::contracts::{LedgerTable, QuarantineTable};
use cartera_table::frame::{decimal, int64};
use cartera_testkit::{HEADER, Workshop, row};
use proptest::prelude::*;

use crate::support::{in_ledger, options, run_once, run_with, table};

const LENIENT: &str = "[limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n";

#[test]
fn every_defect_has_its_own_reason() {
    let defects: [(&str, &[u8]); 10] = [
        ("not_a_date", b"10,1,ann,07/01/2024,tea,1,1.00\n"),
        ("no_such_day", b"11,1,ann,2024-02-31,tea,1,1.00\n"),
        ("not_a_number", b"12,1,ann,2024-01-05,tea,1,12.5O\n"),
        ("missing", b",1,ann,2024-01-05,tea,1,1.00\n"),
        ("wrong_field_count", b"13,1,ann,2024-01-05,tea,1\n"),
        ("unclosed_quote", b"14,1,ann,2024-01-05,\"tea,1,1.00\n"),
        ("invalid_utf8", b"15,1,a\xffn,2024-01-05,tea,1,1.00\n"),
        ("control_character", b"16,1,a\0n,2024-01-05,tea,1,1.00\n"),
        ("too_many_decimals", b"17,1,ann,2024-01-05,tea,1,1.0000001\n"),
        (
            "number_out_of_range",
            b"18,1,ann,2024-01-05,tea,999999999999,999999999999\n",
        ),
    ];
    let workshop = Workshop::new();
    let mut text = format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n").into_bytes();
    for (_, line) in &defects {
        text.extend_from_slice(line);
    }
    workshop.file("lines.csv", text);
    let report = run_once(&workshop.pipeline("lines.csv", LENIENT));
    let quarantine = table::<QuarantineTable>(&report);
    assert_eq!(quarantine.height(), defects.len());
    for (index, (reason, _)) in defects.iter().enumerate() {
        let found = row(quarantine.frame(), "reason", reason);
        let value = |name: &str| {
            found
                .iter()
                .find(|(column, _)| column == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(value("row"), Some((index + 3).to_string().as_str()), "{reason}");
        assert_eq!(value("file"), Some("lines.csv"), "{reason}");
        assert!(value("hint").is_some_and(|hint| hint.len() > 10), "{reason}");
    }
    assert_eq!(in_ledger(&report, &["kept"]), (1, 70_000));
    assert_eq!(in_ledger(&report, &["quarantined"]).0, 10);
    assert_eq!(
        in_ledger(&report, &["no_such_day"]),
        (1, 10_000),
        "a defective row's amount stays in the books"
    );
}

#[test]
fn too_many_defects_publish_nothing_and_say_what_they_are() {
    let workshop = Workshop::new();
    workshop.file(
        "lines.csv",
        format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n2,1,ann,05/01/2024,tea,2,3.50\n"),
    );
    let error = run_with(&workshop.pipeline("lines.csv", ""), &options()).expect_err("half is too much");
    assert!(
        matches!(
            error,
            PipelineError::TooManyDefects {
                quarantined_rows: 1,
                rows_in: 2,
                ..
            }
        ),
        "{error}"
    );
    let hint = error.hint().expect("a hint");
    assert!(
        hint.contains("shop: lines.csv:3: not_a_date in ordered_at: \"05/01/2024\""),
        "{hint}"
    );
}

#[test]
fn a_file_without_a_usable_line_is_an_error() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", HEADER);
    let error = run_with(&workshop.pipeline("lines.csv", ""), &options()).expect_err("nothing to publish");
    assert!(matches!(error, PipelineError::NoLines { rows_in: 0, .. }), "{error}");
}

#[test]
fn a_defective_customer_key_is_masked() {
    let workshop = Workshop::new();
    let text = [
        format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n2,1,a").as_bytes(),
        b"\0nn@mail.com,2024-01-05,tea,1,1.00\n",
    ]
    .concat();
    workshop.file("lines.csv", text);
    let report = run_once(&workshop.pipeline("lines.csv", LENIENT));
    let found = row(table::<QuarantineTable>(&report).frame(), "column", "customer_key");
    assert!(
        found
            .iter()
            .any(|(column, value)| column == "value" && value.contains("xx@xxxx.xxx")),
        "{found:?}"
    );
    assert!(
        report.defects.examples.iter().all(|example| !example.contains("mail")),
        "{:?}",
        report.defects.examples
    );
}

#[test]
fn a_file_without_rows_is_read_for_its_header() {
    let workshop = Workshop::new();
    workshop.file("in/1.csv", format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n"));
    workshop.file("in/2.csv", "<html>503 service unavailable</html>\n");
    let error = run_with(&workshop.pipeline("in/*.csv", ""), &options()).expect_err("no export");
    assert!(
        error.to_string().contains("2.csv has no column \"customer\""),
        "{error}"
    );
}

/// A line, its amount in cents, and whether it was damaged.
#[derive(Debug, Clone)]
struct Line {
    text: String,
    cents: i128,
    is_damaged: bool,
}

fn line() -> impl Strategy<Value = Line> {
    let sound = (
        0u32..9,
        0u8..4,
        "[a-d]?",
        1u32..29,
        "(tea|mug|SHIP)",
        -3i32..9,
        0u32..900,
    )
        .prop_map(|(order, line, customer, day, product, quantity, cents)| {
            let price = format!("{}.{:02}", cents / 100, cents % 100);
            let text = format!("{order},{line},{customer},2024-02-{day:02},{product},{quantity},{price}");
            (text, i128::from(quantity) * i128::from(cents))
        });
    (sound, any::<prop::sample::Index>(), "[\",\\x00;x \u{e9}-]", 0u8..4).prop_map(
        |((mut text, cents), place, damage, dice)| {
            if dice == 0 {
                text.insert_str(place.index(text.len() + 1), &damage);
            }
            Line {
                text,
                cents,
                is_damaged: dice == 0,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rows_and_money_balance(lines in prop::collection::vec(line(), 1..60)) {
        let workshop = Workshop::new();
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        workshop.file("lines.csv", format!("{HEADER}{}\n", text.join("\n")));
        let report = match run_with(&workshop.pipeline("lines.csv", LENIENT), &options()) {
            Ok(report) => report,
            Err(PipelineError::NoLines { .. }) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let sound: Vec<&Line> = lines.iter().filter(|line| !line.is_damaged).collect();
        let (kept_rows, kept_amount) = in_ledger(&report, &["kept"]);
        let (set_aside, _) = in_ledger(&report, &["quarantined"]);
        prop_assert_eq!(kept_rows + set_aside, lines.len() as u64);
        prop_assert!(kept_rows >= sound.len() as u64, "a sound line was set aside");
        if sound.len() == lines.len() {
            prop_assert_eq!(kept_amount, sound.iter().map(|line| line.cents * 100).sum::<i128>());
        }
        let ledger = table::<LedgerTable>(&report);
        let rows: i64 = int64(ledger.frame(), "rows").expect("there").iter().flatten().sum();
        prop_assert_eq!(rows, i64::try_from(lines.len()).expect("few"));
        let published: i128 = decimal(ledger.frame(), "amount").expect("there").iter().flatten().sum();
        let reported: i128 = report.run.manifest.record.ledger.iter().map(|line| crate::support::unscaled(&line.amount)).sum();
        prop_assert_eq!(published, reported);
    }
}
