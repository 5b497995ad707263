//! Cohorts and key figures by month, over whole runs and nights.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use cartera_pipeline::{RunOptions, RunReport};
use cartera_table::Contract;
use cartera_table::contracts::{Cohorts, CustomerFeatures, Kpis};
use cartera_table::frame::{dates, decimal, int32, int64, text};
use cartera_table::{AsOf, Table};
use cartera_testkit::{Workshop, contents, real_data, row};
use polars::prelude::DataFrame;

use crate::real_data::pipeline as shipped;
use crate::support::{options, run_as_of, run_once, run_with, table};

const HEADER: &str = "order,line,customer,day,product,quantity,price,cost\n";

/// Bob's return comes before his first purchase; Cid only returns; the guest is nobody; Ann's order of 31 January has
/// a second line in February.
const LINES: &str = "1,1,ann,2024-01-10,tea,2,10.00,6.00\n1,2,ann,2024-01-10,mug,1,5.00,\n\
                     2,1,ann,2024-01-31,tea,1,10.00,6.00\n2,2,ann,2024-02-01,tea,1,10.00,6.00\n\
                     3,1,bob,2024-01-20,tea,-1,10.00,6.00\n4,1,bob,2024-02-05,tea,3,10.00,6.00\n\
                     5,1,cid,2024-02-06,mug,-1,5.00,\n6,1,,2024-02-07,tea,1,10.00,6.00\n\
                     7,1,ann,2024-04-02,tea,-1,10.00,6.00\n8,1,bob,2024-04-30,mug,1,5.00,\n";

fn pipeline(workshop: &Workshop, further: &str) -> PathBuf {
    let path = workshop.pipeline("lines*.csv", further);
    let plain = fs::read_to_string(&path).expect("written");
    let changed = plain.replace(
        "unit_price = \"price\"\n",
        "unit_price = \"price\"\nunit_cost = \"cost\"\n",
    );
    fs::write(&path, changed).expect("written");
    path
}

/// Some columns of each row, as people would write them.
fn shown<T: Contract>(report: &RunReport, columns: &[&str]) -> Vec<String> {
    let frame = table::<T>(report).into_frame();
    let cell = |column: &str, row: usize| {
        let value = frame.column(column).expect("there").get(row).expect("a row");
        match value.is_null() {
            true => "-".to_owned(),
            false => value.to_string().trim_matches('"').to_owned(),
        }
    };
    (0..frame.height())
        .map(|row| {
            columns
                .iter()
                .map(|column| cell(column, row))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

const OF_COHORTS: [&str; 8] = [
    "cohort_month",
    "months_since",
    "cohort_customers",
    "active_customers",
    "order_count",
    "net_sales",
    "gross_margin",
    "cumulative_gross_margin_per_customer",
];

#[test]
fn cohorts_and_key_figures_are_those_of_the_lines() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = pipeline(
        &workshop,
        "[lifecycle]\nnew_days = 20\nlapsed_days = 30\nrecovered_days = 20\nlost_days = 50\n",
    );
    let report = run_as_of(&pipeline, "2024-04-30", &workshop.warehouse());
    assert_eq!(
        shown::<Cohorts>(&report, &OF_COHORTS),
        [
            "- - 1 0 0 -5.0000 - -",
            "2024-01 0 1 1 2 35.0000 12.0000 12.0000",
            "2024-01 1 1 1 0 10.0000 4.0000 16.0000",
            "2024-01 2 1 0 0 0.0000 - 16.0000",
            "2024-01 3 1 0 0 -10.0000 -4.0000 12.0000",
            "2024-02 -1 1 0 0 -10.0000 -4.0000 -4.0000",
            "2024-02 0 1 1 1 30.0000 12.0000 8.0000",
            "2024-02 1 1 0 0 0.0000 - 8.0000",
            "2024-02 2 1 1 1 5.0000 - 8.0000",
        ]
    );
    let customers = [
        "month",
        "customers_at_start",
        "new_customers",
        "regained_customers",
        "lost_customers",
        "customers_at_end",
        "active_customers",
        "returning_customers",
        "recovered_customers",
        "repeat_rate",
        "retention_rate",
        "churn_rate",
        "is_complete",
    ];
    // Ann is lost on 23 March, 51 days after 1 February; Bob on 27 March, and comes back on 30 April.
    assert_eq!(
        shown::<Kpis>(&report, &customers),
        [
            "2024-01 0 1 0 0 1 1 0 0 0.0 - - true",
            "2024-02 1 1 0 0 2 2 1 0 0.5 1.0 0.0 true",
            "2024-03 2 0 0 2 0 0 0 0 - 0.0 1.0 true",
            "2024-04 0 0 1 0 1 1 1 1 1.0 - - true",
        ]
    );
    let money = [
        "order_count",
        "gross_sales",
        "average_order_value",
        "net_sales",
        "net_sales_per_customer",
        "gross_margin",
        "new_customer_acquisition_cost",
        "clv_to_acquisition_cost",
        "retention_rate_12m",
    ];
    assert_eq!(
        shown::<Kpis>(&report, &money),
        [
            "2 35.0000 17.5000 25.0000 25.0000 8.0000 - - -",
            "1 40.0000 40.0000 35.0000 17.5000 16.0000 - - -",
            "0 0.0000 - 0.0000 - - - - -",
            "1 5.0000 5.0000 -5.0000 -5.0000 -4.0000 - - -",
        ]
    );
    let month = report
        .run
        .manifest
        .record
        .totals
        .last_month
        .clone()
        .expect("a whole month");
    assert_eq!((month.month.as_str(), month.active_customers), ("2024-04", 1));

    let earlier = run_as_of(&pipeline, "2024-03-23", &workshop.warehouse());
    let last = shown::<Kpis>(&earlier, &customers).pop();
    assert_eq!(last.as_deref(), Some("2024-03 2 0 0 1 1 0 0 0 - 0.0 0.5 false"));
    let month = earlier
        .run
        .manifest
        .record
        .totals
        .last_month
        .clone()
        .expect("a whole month");
    assert_eq!(month.month, "2024-02");
}

#[test]
fn an_order_that_is_none_any_more_begins_no_cohort_and_its_lines_stay() {
    let workshop = Workshop::new();
    let returned =
        "1,1,ann,2024-01-10,tea,2,10.00,\n2,1,ann,2024-02-10,mug,1,5.00,\n3,1,ann,2024-03-10,tea,-2,10.00,\n";
    workshop.file("lines.csv", format!("{HEADER}{returned}"));
    let rules = "[returns]\nmatch = \"customer_product\"\norders = \"after_returns\"\n";
    let report = run_as_of(&pipeline(&workshop, rules), "2024-03-31", &workshop.warehouse());
    assert_eq!(
        shown::<Cohorts>(&report, &OF_COHORTS[..6]),
        [
            "2024-02 -1 1 0 0 20.0000",
            "2024-02 0 1 1 1 5.0000",
            "2024-02 1 1 0 0 -20.0000",
        ]
    );
    let kpis = ["month", "new_customers", "order_count", "gross_sales", "net_sales"];
    assert_eq!(
        shown::<Kpis>(&report, &kpis),
        [
            "2024-01 0 0 0.0000 20.0000",
            "2024-02 1 1 5.0000 5.0000",
            "2024-03 0 0 0.0000 -20.0000",
        ]
    );
}

#[test]
fn a_day_of_another_age_makes_no_thousand_months() {
    let workshop = Workshop::new();
    let lines = "1,1,ann,0001-01-01,tea,1,10.00,\n2,1,ann,2024-02-10,tea,1,5.00,\n3,1,bob,0001-01-01,tea,1,3.00,\n";
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    let report = run_as_of(&pipeline(&workshop, ""), "2024-03-31", &workshop.warehouse());
    assert_eq!(
        shown::<Cohorts>(&report, &OF_COHORTS[..6]),
        [
            "- - 1 0 1 3.0000",
            "2024-02 -24277 1 0 1 10.0000",
            "2024-02 0 1 1 1 5.0000",
            "2024-02 1 1 0 0 0.0000",
        ]
    );
    assert_eq!(
        shown::<Kpis>(&report, &["month", "net_sales"]),
        ["2024-02 5.0000", "2024-03 0.0000"]
    );
}

#[test]
fn nights_give_the_months_of_a_full_run() {
    let workshop = Workshop::new();
    workshop.file("lines-1.csv", format!("{HEADER}{LINES}"));
    // So many others that a change of a few is taken as such.
    let others: String = (0..400)
        .map(|line| {
            let (month, day) = (line / 7 % 12 + 1, line % 28 + 1);
            format!("x{line},1,c{},2023-{month:02}-{day:02},tea,1,1.00,0.40\n", line / 4)
        })
        .collect();
    workshop.file("lines-0.csv", format!("{HEADER}{others}"));
    let pipeline = pipeline(&workshop, "");
    for night in 0..3 {
        match night {
            1 => drop(workshop.file("lines-2.csv", format!("{HEADER}9,1,ann,2024-05-01,toy,1,3.50,1.00\n"))),
            2 => fs::remove_file(workshop.path().join("lines-2.csv")).expect("removed"),
            _ => {}
        }
        // All runs are of one day: none knows of one before.
        let fresh = Workshop::new();
        let kept = run_once(&pipeline);
        let full = RunOptions {
            is_full: true,
            threads: 1,
            warehouse: Some(fresh.warehouse()),
            ..options()
        };
        let full = run_with(&pipeline, &full).expect("published");
        let tables = |report: &RunReport| contents(&report.run.path, &["manifest.json"]);
        assert!(tables(&kept) == tables(&full), "night {night}");
        let last = shown::<Cohorts>(&kept, &["cohort_month", "months_since", "net_sales"]);
        assert!(last.contains(&format!("2024-01 4 {}", if night == 1 { "3.5000" } else { "0.0000" })));
    }
}

/// What the customers of each month of first order hold, by the published features.
fn by_cohort(features: &DataFrame, column: &str) -> BTreeMap<Option<String>, i128> {
    let mut sums = BTreeMap::new();
    let firsts = dates(features, "first_order_date").expect("there").iter();
    for (first, value) in firsts.zip(decimal(features, column).expect("there").iter()) {
        let month = first.and_then(AsOf::from_epoch_days).map(AsOf::month);
        *sums.entry(month).or_default() += value.unwrap_or_default();
    }
    sums
}

fn column_by_key(frame: &DataFrame, key: &str, column: &str) -> BTreeMap<Option<String>, i128> {
    let mut sums = BTreeMap::new();
    let keys = text(frame, key).expect("there").iter();
    for (key, value) in keys.zip(decimal(frame, column).expect("there").iter()) {
        *sums.entry(key.map(str::to_owned)).or_default() += value.unwrap_or_default();
    }
    sums
}

/// The tables of a run hold what its customers do, and their months follow from each other.
fn agrees_with_features(report: &RunReport) -> Table<Kpis> {
    let features = table::<CustomerFeatures>(report).into_frame();
    let cohorts = table::<Cohorts>(report).into_frame();
    let kpis = table::<Kpis>(report);
    for column in ["net_sales", "gross_margin"] {
        assert_eq!(
            column_by_key(&cohorts, "cohort_month", column),
            by_cohort(&features, column),
            "{column}"
        );
    }
    let of_new = [
        ("new_customer_acquisition_cost", "acquisition_cost"),
        ("new_customer_clv_horizon", "clv_horizon"),
        ("new_customer_vin", "vin"),
    ];
    for (column, of_features) in of_new {
        let mut expected = by_cohort(&features, of_features);
        expected.remove(&None);
        let mut found = column_by_key(kpis.frame(), "month", column);
        found.retain(|month, _| expected.contains_key(month));
        assert_eq!(found, expected, "{column}");
    }
    // The last row of a cohort holds all that its customers ever brought, and each row the sum of those before.
    let months = int32(&cohorts, "months_since").expect("there").iter();
    let sales = decimal(&cohorts, "net_sales").expect("there").iter();
    let so_far = decimal(&cohorts, "cumulative_net_sales").expect("there").iter();
    let mut sum = 0;
    let mut last = None;
    for (((cohort, _), sales), so_far) in text(&cohorts, "cohort_month")
        .expect("there")
        .iter()
        .zip(months)
        .zip(sales)
        .zip(so_far)
    {
        sum = if last == Some(cohort) { sum } else { 0 } + sales.expect("never null");
        last = Some(cohort);
        assert_eq!(so_far, Some(sum), "{cohort:?}");
    }
    let count = |column: &str| -> Vec<i64> {
        let counts = int64(kpis.frame(), column).expect("there").iter();
        counts.map(|count| count.expect("never null")).collect()
    };
    let [start, new, regained, lost, end] = [
        "customers_at_start",
        "new_customers",
        "regained_customers",
        "lost_customers",
        "customers_at_end",
    ]
    .map(count);
    for row in 0..kpis.height() {
        assert_eq!(end[row], start[row] + new[row] + regained[row] - lost[row]);
        assert_eq!(start[row], if row == 0 { 0 } else { end[row - 1] });
    }
    kpis
}

#[test]
fn the_sample_tells_what_customers_cost_and_bring() {
    let workshop = Workshop::new();
    let report = run_as_of(&shipped("retail.toml"), "2025-12-31", &workshop.warehouse());
    let kpis = agrees_with_features(&report);
    let frame = kpis.frame();
    let months: Vec<Option<&str>> = text(frame, "month").expect("there").iter().collect();
    let mut told = 0;
    for month in months.into_iter().flatten() {
        let row: BTreeMap<String, String> = row(frame, "month", month).into_iter().collect();
        let number = |column: &str| row.get(column).map(|value| value.parse::<f64>().expect("a number"));
        let Some(ratio) = number("clv_to_acquisition_cost") else {
            continue;
        };
        let cost = number("new_customer_acquisition_cost").expect("known where the ratio is");
        let vin = number("new_customer_vin").expect("known where the ratio is");
        // People see six decimals.
        assert!((ratio - (vin + cost) / cost).abs() < 1e-6, "{month}: {ratio}");
        told += 1;
    }
    assert!(told > 12, "{told} months tell it");
}

#[test]
fn online_retail_has_the_months_of_published_work() {
    if real_data("online_retail").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let report = run_as_of(&shipped("online-retail.toml"), "2011-12-09", &workshop.warehouse());
    let kpis = agrees_with_features(&report);
    assert_eq!(kpis.height(), 13);
    let shown = shown::<Cohorts>(
        &report,
        &[
            "cohort_month",
            "months_since",
            "cohort_customers",
            "active_customers",
            "is_complete",
        ],
    );
    // Counted by pandas; see benches/peers/check_cohorts.py for all the others.
    for row in [
        "2010-12 0 885 885 true",
        "2010-12 11 885 445 true",
        "2011-12 0 41 41 false",
    ] {
        assert!(shown.contains(&row.to_owned()), "{row}: {shown:?}");
    }
}
