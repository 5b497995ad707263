//! Currencies, costs and returns over whole runs, and over nights.

use std::fs;
use std::path::{Path, PathBuf};

use cartera_pipeline::config::AsOfSetting;
use cartera_pipeline::{PipelineError, RunOptions, RunReport};
use cartera_table::contracts::{CustomerFeatures, LedgerTable, QuarantineTable};
use cartera_table::frame::{decimal, text};
use cartera_testkit::{Workshop, contents, row};

use crate::support::{in_ledger, options, run_as_of, run_once, run_with, table};

const HEADER: &str = "order,line,customer,day,product,quantity,price,currency,cost,discount\n";
const LENIENT: &str = "[limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n";
const RATES: &str = "[[source]]\nname = \"bank\"\ntable = \"rates\"\npath = \"rates.csv\"\n\
                     [source.format]\ndate_format = \"%Y-%m-%d\"\n\
                     [source.columns]\ndate = \"day\"\ncurrency = \"code\"\nrate = \"euros\"\n";
const PRODUCTS: &str = "[[source]]\nname = \"goods\"\ntable = \"products\"\npath = \"products.csv\"\n\
                        [source.format]\ndate_format = \"%Y-%m-%d\"\n\
                        [source.columns]\nproduct_id = \"sku\"\nvalid_from = \"since\"\nunit_cost = \"cost\"\n";

/// The pipeline of the workshop with further columns mapped.
fn pipeline(workshop: &Workshop, columns: &str, further: &str) -> PathBuf {
    let path = workshop.pipeline("lines*.csv", further);
    let plain = fs::read_to_string(&path).expect("written");
    fs::write(
        &path,
        plain.replace(
            "unit_price = \"price\"\n",
            &format!("unit_price = \"price\"\n{columns}\n"),
        ),
    )
    .expect("written");
    path
}

fn value<'r>(row: &'r [(String, String)], column: &str) -> Option<&'r str> {
    row.iter()
        .find(|(name, _)| name == column)
        .map(|(_, value)| value.as_str())
}

fn customer(report: &RunReport, id: &str) -> Vec<(String, String)> {
    row(table::<CustomerFeatures>(report).frame(), "customer_id", id)
}

#[test]
fn three_currencies_balance_each_on_its_own() {
    let workshop = Workshop::new();
    // 2024-01-05 was a Friday; the pound has no rate, EUROS is no currency, an empty cell is the source's.
    workshop.file("rates.csv", "day,code,euros\n2024-01-05,USD,0.9\n2024-01-08,USD,0.8\n");
    workshop.file(
        "lines.csv",
        format!(
            "{HEADER}1,1,ann,2024-01-05,tea,2,10.00,EUR,,\n2,1,ann,2024-01-07,tea,1,10.05,USD,,\n3,1,ann,2024-01-08,tea,1,10.00,USD,,\n\
             4,1,bob,2024-01-08,tea,1,5.00,GBP,,\n5,1,bob,2024-01-08,tea,1,7.00,EUROS,,\n6,1,bob,2024-01-08,tea,1,1.00,,,\n"
        ),
    );
    let report = run_once(&pipeline(
        &workshop,
        "currency = \"currency\"",
        &format!("{RATES}{LENIENT}"),
    ));
    // 20 + 10.05 x 0.9 + 10 x 0.8
    assert_eq!(value(&customer(&report, "ann"), "net_sales"), Some("37.0450"));
    assert_eq!(value(&customer(&report, "bob"), "net_sales"), Some("1.0000"));
    assert_eq!(in_ledger(&report, &["no_rate"]), (1, 50_000));
    assert_eq!(in_ledger(&report, &["unknown_currency"]), (1, 70_000));
    let totals = &report.run.manifest.record.totals;
    let amounts: Vec<(&str, &str)> = totals
        .amounts_in
        .iter()
        .map(|(code, amount)| (code.as_str(), amount.as_str()))
        .collect();
    assert_eq!(
        amounts,
        [("EUR", "21.00"), ("GBP", "5.00"), ("USD", "20.05"), ("unknown", "7.00")]
    );
    let ledger = table::<LedgerTable>(&report).into_frame();
    let currencies = text(&ledger, "currency").expect("there").iter();
    let amounts = decimal(&ledger, "amount").expect("there").iter();
    let converted = decimal(&ledger, "converted_amount").expect("there").iter();
    let dollars: Vec<_> = currencies
        .zip(amounts.zip(converted))
        .filter(|(code, _)| *code == Some("USD"))
        .map(|(_, amounts)| amounts)
        .collect();
    assert_eq!(dollars, [(Some(200_500), Some(170_450))]);
    let defect = row(table::<QuarantineTable>(&report).frame(), "reason", "no_rate");
    assert_eq!(value(&defect, "value"), Some("GBP on 2024-01-08"));
    let effects = &report.run.manifest.record.effects;
    assert_eq!(effects.len(), 1);
    assert_eq!(
        (effects[0].policy.as_str(), effects[0].rows, effects[0].amount.as_str()),
        ("currency", 2, "17.0450")
    );
}

#[test]
fn a_source_in_another_currency_needs_rates() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}1,1,ann,2024-01-05,tea,2,10.00,,,\n"));
    workshop.file("rates.csv", "day,code,euros\n2024-01-01,USD,0.5\n");
    let in_dollars = |further: &str| {
        let path = pipeline(&workshop, "", further);
        let plain = fs::read_to_string(&path).expect("written");
        let changed = plain.replace("path = \"lines*.csv\"", "path = \"lines*.csv\"\ncurrency = \"USD\"");
        fs::write(&path, changed).expect("written");
        path
    };
    let error = run_with(&in_dollars(""), &options()).expect_err("no rates");
    let message = error.to_string();
    assert!(matches!(error, PipelineError::Config(_)), "{message}");
    assert!(message.contains("no source has `table = \"rates\"`"), "{message}");
    assert!(message.contains("hint: add a [[source]]"), "{message}");
    let report = run_once(&in_dollars(RATES));
    assert_eq!(value(&customer(&report, "ann"), "net_sales"), Some("10.0000"));
    assert_eq!(
        in_ledger(&report, &["kept", "customer"]),
        (1, 200_000),
        "as it was read"
    );
}

#[test]
fn costs_of_the_day_make_the_margin() {
    let workshop = Workshop::new();
    workshop.file(
        "products.csv",
        "sku,since,cost\ntea,,4.00\ntea,2024-02-01,5.00\npost,,2.00\n",
    );
    workshop.file(
        "lines.csv",
        format!(
            "{HEADER}1,1,ann,2024-01-05,tea,2,10.00,,,1.50\n1,2,ann,2024-01-05,post,1,3.00,,,\n2,1,ann,2024-02-05,tea,1,10.00,,,\n\
             3,1,ann,2024-02-06,tea,-1,10.00,,,\n4,1,bob,2024-02-06,mug,1,8.00,,,\n5,1,cid,2024-02-06,mug,1,8.00,,6.50,\n"
        ),
    );
    let rules = "[[order_lines.kind]]\nkind = \"shipping\"\nproduct_ids = [\"post\"]\n";
    let columns = "unit_cost = \"cost\"\ndiscount_amount = \"discount\"";
    let report = run_once(&pipeline(&workshop, columns, &format!("{PRODUCTS}{rules}")));
    let ann = customer(&report, "ann");
    assert_eq!(value(&ann, "cost_of_goods"), Some("8.0000"), "2 x 4 + 5 - 5");
    assert_eq!(value(&ann, "gross_margin"), Some("12.0000"));
    assert_eq!(value(&ann, "gross_margin_rate"), Some("0.6"));
    assert_eq!(value(&ann, "lines_without_cost"), Some("0"));
    assert_eq!(value(&ann, "discount_amount"), Some("1.5000"));
    let bob = customer(&report, "bob");
    assert_eq!(
        (value(&bob, "cost_of_goods"), value(&bob, "gross_margin")),
        (None, None)
    );
    assert_eq!(
        (value(&bob, "lines_without_cost"), value(&bob, "discount_amount")),
        (Some("1"), None)
    );
    assert_eq!(value(&customer(&report, "cid"), "gross_margin"), Some("1.5000"));
    let margin = report
        .run
        .manifest
        .record
        .totals
        .margin
        .clone()
        .expect("costs are known");
    assert_eq!((margin.gross_margin.as_str(), margin.lines_without_cost), ("13.50", 1));
    let estimated = run_once(&pipeline(
        &workshop,
        columns,
        &format!("{PRODUCTS}{rules}[costs]\nmissing = \"margin_rate\"\ndefault_margin_rate = 0.25\n"),
    ));
    assert_eq!(value(&customer(&estimated, "bob"), "cost_of_goods"), Some("6.0000"));
    assert_eq!(value(&customer(&estimated, "bob"), "lines_without_cost"), Some("1"));
}

const SALES_AND_RETURNS: &str = "1,1,ann,2024-01-05,tea,2,10.00,,,\n2,1,ann,2024-01-09,tea,1,10.00,,,\n";
const LATER: &str = "3,1,ann,2024-01-12,tea,-1,10.00,,,\n4,1,bob,2024-01-12,tea,-1,10.00,,,\n";
const AFTER_RETURNS: &str = "[returns]\nmatch = \"customer_product\"\norders = \"after_returns\"\n";

#[test]
fn an_order_returned_in_full_is_none_after_returns() {
    let workshop = Workshop::new();
    workshop.file("lines-1.csv", format!("{HEADER}{SALES_AND_RETURNS}"));
    workshop.file("lines-2.csv", format!("{HEADER}{LATER}"));
    let before = run_once(&pipeline(&workshop, "", "[returns]\nmatch = \"customer_product\"\n"));
    let ann = customer(&before, "ann");
    assert_eq!(
        (
            value(&ann, "order_count"),
            value(&ann, "last_order_date"),
            value(&ann, "average_order_value")
        ),
        (Some("2"), Some("2024-01-09"), Some("15.0000"))
    );
    let after = run_once(&pipeline(&workshop, "", AFTER_RETURNS));
    let ann = customer(&after, "ann");
    assert_eq!(
        (
            value(&ann, "order_count"),
            value(&ann, "last_order_date"),
            value(&ann, "average_order_value")
        ),
        (Some("1"), Some("2024-01-05"), Some("20.0000"))
    );
    assert_eq!(value(&ann, "net_sales"), Some("20.0000"), "the return is still one");
    for report in [before, after] {
        let returns = report.run.manifest.record.totals.returns.clone().expect("matched");
        assert_eq!((returns.matched_rows, returns.unmatched_rows), (1, 1));
        assert_eq!(
            (returns.matched_amount.as_str(), returns.unmatched_amount.as_str()),
            ("-10.00", "-10.00")
        );
        assert_eq!(returns.fully_returned_orders, 1);
    }
}

#[test]
fn what_happens_after_as_of_matches_nothing() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{SALES_AND_RETURNS}{LATER}"));
    let path = pipeline(&workshop, "", AFTER_RETURNS);
    let report = crate::support::run_as_of(&path, "2024-01-10", &workshop.warehouse());
    assert_eq!(value(&customer(&report, "ann"), "order_count"), Some("2"));
    let returns = report.run.manifest.record.totals.returns.clone().expect("matched");
    assert_eq!(
        (
            returns.matched_rows,
            returns.unmatched_rows,
            returns.fully_returned_orders
        ),
        (0, 0, 0)
    );
}

#[test]
fn without_a_product_and_a_quantity_returns_cannot_be_matched() {
    let workshop = Workshop::new();
    let path = workshop.pipeline("lines.csv", AFTER_RETURNS);
    let plain = fs::read_to_string(&path).expect("written");
    fs::write(&path, plain.replace("product_id = \"product\"\n", "")).expect("written");
    let error = run_with(&path, &options()).expect_err("refused").to_string();
    assert!(error.contains("maps both `product_id` and `quantity`"), "{error}");
}

/// The tables of a night that builds on the one before, and of the same night from nothing.
fn night(path: &Path, warehouse: &Path) -> [Vec<(String, Vec<u8>)>; 2] {
    [false, true].map(|is_full| {
        let options = RunOptions {
            is_full,
            warehouse: Some(warehouse.to_owned()),
            ..options()
        };
        let report = run_with(path, &options).expect("published");
        contents(&report.run.path, &["manifest.json"])
    })
}

#[test]
fn a_night_with_other_rates_costs_and_lines_is_as_one_from_nothing() {
    let workshop = Workshop::new();
    let warehouse = workshop.path().join("nights");
    let line = |order: &str, day: &str, units: i32| format!("{order},1,ann,{day},tea,{units},10.00,USD,,\n");
    workshop.file(
        "lines-1.csv",
        format!("{HEADER}{}{}", line("1", "2024-01-05", 3), line("2", "2024-03-05", 1)),
    );
    let path = pipeline(
        &workshop,
        "currency = \"currency\"",
        &format!("{RATES}{PRODUCTS}{AFTER_RETURNS}{LENIENT}"),
    );
    let products = "sku,since,cost\ntea,,4.00\n";
    let rates = "day,code,euros\n2024-01-05,USD,0.9\n2024-03-05,USD,0.8\n";
    let nights: [(&str, String, String); 5] = [
        (
            "nothing is known of march",
            rates.replace("2024-03-05,USD,0.8\n", ""),
            products.to_owned(),
        ),
        ("march comes", rates.to_owned(), products.to_owned()),
        (
            "a day that nobody asked for comes",
            format!("{rates}2024-06-05,USD,0.1\n"),
            products.to_owned(),
        ),
        ("january is mended", rates.replace("0.9", "0.95"), products.to_owned()),
        (
            "tea gets dearer",
            rates.to_owned(),
            format!("{products}tea,2024-02-01,5.00\n"),
        ),
    ];
    let mut seen = Vec::new();
    for (night_name, rates, products) in nights {
        workshop.file("rates.csv", rates);
        workshop.file("products.csv", products);
        let [kept, full] = night(&path, &warehouse);
        assert!(kept == full, "{night_name}");
        seen.push(
            kept.into_iter()
                .find(|(name, _)| name.starts_with("customer_features"))
                .expect("there")
                .1,
        );
    }
    let changed: Vec<bool> = seen.windows(2).map(|pair| pair[0] != pair[1]).collect();
    assert!(changed[0], "march is converted");
    assert_eq!(&changed[2..], [true, true], "january and tea count");
    workshop.file("lines-2.csv", format!("{HEADER}{}", line("C", "2024-03-06", -1)));
    let [kept, full] = night(&path, &warehouse);
    assert!(kept == full, "a return in a later file");
}

const ONE_LINE: &str = "o,1,ann,DAY,tea,1,PRICE,CODE,,\n";

fn line_of(order: &str, day: &str, price: &str, code: &str) -> String {
    let line = ONE_LINE.replacen('o', order, 1).replace("DAY", day);
    line.replace("PRICE", price).replace("CODE", code)
}

#[test]
fn a_later_line_without_a_rate_is_out_of_scope_and_no_defect() {
    let workshop = Workshop::new();
    workshop.file("rates.csv", "day,code,euros\n2024-01-05,USD,0.9\n");
    let lines = [
        line_of("1", "2024-01-05", "1.00", "EUR"),
        line_of("2", "2024-02-05", "2.00", "CHF"),
        line_of("3", "2024-02-06", "4.00", "EUR"),
    ];
    workshop.file("lines.csv", format!("{HEADER}{}", lines.concat()));
    let pipeline = pipeline(&workshop, "currency = \"currency\"", RATES);
    let report = run_as_of(&pipeline, "2024-01-31", &workshop.warehouse());
    assert_eq!(in_ledger(&report, &["out_of_scope", "after_as_of"]).0, 2);
    assert_eq!(in_ledger(&report, &["quarantined"]).0, 0);
    let later = run_with(
        &pipeline,
        &RunOptions {
            as_of: Some(AsOfSetting::Date("2024-02-28".parse().expect("a day"))),
            ..options()
        },
    )
    .expect_err("one of three lines has no rate");
    assert!(later.to_string().contains("1 of 3 rows"), "{later}");
}

#[test]
fn the_reason_of_a_line_does_not_depend_on_earlier_runs() {
    let workshop = Workshop::new();
    workshop.file("rates.csv", "day,code,euros\n2024-01-01,USD,0.9\n");
    let shared = line_of("2", "2024-01-06", "20.00", "EUR");
    workshop.file(
        "lines-a.csv",
        format!("{HEADER}{}{shared}", line_of("1", "2024-01-05", "10.00", "EUR")),
    );
    workshop.file(
        "lines-b.csv",
        format!("{HEADER}{shared}{}", line_of("3", "2099-01-01", "30.00", "USD")),
    );
    let pipeline = pipeline(&workshop, "currency = \"currency\"", &format!("{RATES}{LENIENT}"));
    let at = |as_of, is_full| {
        let options = RunOptions {
            as_of: Some(as_of),
            is_full,
            ..options()
        };
        run_with(&pipeline, &options).expect("published")
    };
    at(AsOfSetting::Date("2024-01-08".parse().expect("a day")), false);
    let [kept, full] = [false, true].map(|is_full| at(AsOfSetting::Latest, is_full));
    for report in [&kept, &full] {
        assert_eq!(in_ledger(report, &["quarantined", "after_today"]).0, 1);
    }
    let tables = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
    assert!(tables(&kept) == tables(&full));
}

#[test]
fn whether_a_correction_replaces_a_line_is_not_for_its_neighbours_to_say() {
    for neighbour in ["", "9,1,bob,2024-01-07,tea,1,1.00,EUR,,\n"] {
        let workshop = Workshop::new();
        workshop.file("rates.csv", "day,code,euros\n2024-01-01,USD,0.9\n");
        workshop.file(
            "lines-1.csv",
            format!("{HEADER}{}", line_of("1", "2024-01-05", "10.00", "EUR")),
        );
        workshop.file(
            "lines-2.csv",
            format!("{HEADER}{}{neighbour}", line_of("1", "2024-01-05", "11.00", "CHF")),
        );
        let further = format!("{RATES}{LENIENT}");
        let path = pipeline(&workshop, "currency = \"currency\"", &further);
        let text = fs::read_to_string(&path).expect("written");
        let policy = "[source.duplicates]\npolicy = \"latest_by_key\"\n\n[[source]]\nname = \"bank\"";
        fs::write(&path, text.replacen("[[source]]\nname = \"bank\"", policy, 1)).expect("written");
        let others = u64::from(!neighbour.is_empty());
        let report = run_with(&path, &options());
        match report {
            Ok(report) => {
                assert_eq!(
                    in_ledger(&report, &["merged", "replaced_by_later_line"]).0,
                    1,
                    "{neighbour}"
                );
                assert_eq!(in_ledger(&report, &["kept"]).0, others + 1, "and the rate");
            }
            Err(error) => assert!(others == 0 && matches!(error, PipelineError::NoLines { .. }), "{error}"),
        }
    }
}
