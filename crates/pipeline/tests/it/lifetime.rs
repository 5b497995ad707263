//! Lifetime value in whole runs: what was published of CDNOW, what may not be known at the cut, and what is told where
//! there is too little to tell.

use std::fmt::Write as _;

use cartera_pipeline::RunReport;
use cartera_table::contracts::{ClvBacktest, ClvModel, CustomerFeatures};
use cartera_table::frame::{decimal, float64, int32, int64, text};
use cartera_testkit::{HEADER, Workshop, contents, real_data};
use polars::prelude::DataFrame;

use crate::real_data::pipeline;
use crate::support::{run_as_of, table};

/// A number of a row of the backtest.
fn figure(frame: &DataFrame, (model, breakdown, bucket): (&str, &str, i32), column: &str) -> f64 {
    let models = text(frame, "model").expect("there").iter();
    let breakdowns = text(frame, "breakdown").expect("there").iter();
    let buckets = int32(frame, "bucket").expect("there").iter();
    let place = models
        .zip(breakdowns.zip(buckets))
        .position(|row| row == (Some(model), (Some(breakdown), Some(bucket))))
        .unwrap_or_else(|| panic!("no row {model} {breakdown} {bucket}"));
    float64(frame, column).expect("there").get(place).expect("a number")
}

/// Fader, Hardie and Lee 2005, and what independent scripts make of the same 39 weeks.
#[test]
fn the_holdout_of_cdnow_is_the_published_one() {
    if real_data("cdnow").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let report = run_as_of(&pipeline("cdnow.toml"), "1998-06-30", &workshop.warehouse());
    let backtest = table::<ClvBacktest>(&report).into_frame();
    let published = [
        (
            "actual_orders_mean",
            "bg_nbd",
            [0.2367, 0.6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594],
        ),
        (
            "predicted_orders_mean",
            "bg_nbd",
            [0.2251, 0.5231, 1.0441, 1.5203, 2.1639, 2.6538, 3.5040, 6.1572],
        ),
        (
            "predicted_orders_mean",
            "mbg_nbd",
            [0.1852, 0.5515, 1.0492, 1.4933, 2.1048, 2.5641, 3.3615, 5.8495],
        ),
        (
            "predicted_orders_mean",
            "pareto_nbd",
            [0.1385, 0.5995, 1.1960, 1.7140, 2.3985, 2.9075, 3.8190, 6.4036],
        ),
    ];
    for (column, model, means) in published {
        for (bucket, mean) in (0..).zip(means) {
            let found = figure(&backtest, (model, "frequency", bucket), column);
            // Those of MBG/NBD and Pareto/NBD are published at rounded parameters.
            let rounding = if model == "bg_nbd" {
                0.000_1
            } else {
                0.000_3 * (1.0 + mean)
            };
            assert!(
                (found - mean).abs() < rounding,
                "{model} {column} {bucket}: {found}, published {mean}"
            );
        }
    }
    let total = |column: &str| figure(&backtest, ("bg_nbd", "total", 0), column);
    assert!((total("orders_bias") - -0.1215).abs() < 0.000_1);
    assert!((total("orders_mae") - 0.785_45).abs() < 0.000_05);
    assert!((total("orders_rmse") - 1.607_98).abs() < 0.000_05);
    let first_days = figure(&backtest, ("bg_nbd", "week", 39), "actual_orders");
    assert!(
        (first_days - 2_457.0).abs() < 0.5,
        "the repeats of the calibration: {first_days}"
    );
    let last_week = figure(&backtest, ("bg_nbd", "week", 78), "actual_orders");
    assert!((last_week - 4_339.0).abs() < 0.5, "all repeats: {last_week}");
    let models = table::<ClvModel>(&report).into_frame();
    let fitted = text(&models, "sample").expect("there").iter();
    let fitted = fitted.zip(text(&models, "model").expect("there").iter());
    for (row, (sample, model)) in fitted.enumerate() {
        let expected = match (sample, model) {
            (Some("calibration"), Some("bg_nbd")) => -9_582.429,
            (Some("calibration"), Some("mbg_nbd")) => -9_582.136,
            (Some("calibration"), Some("pareto_nbd")) => -9_594.976,
            (Some("calibration"), Some("gamma_gamma")) => -4_055.917_7,
            _ => continue,
        };
        let found = float64(&models, "log_likelihood")
            .expect("there")
            .get(row)
            .expect("a fit");
        assert!((found - expected).abs() < 0.001, "{model:?}: {found}");
    }
}

/// Lines of customers who buy at rates of their own until they stop, over two years from 2022-12-31 on.
fn lines(customers: u32) -> String {
    let mut state = 7_u64;
    let mut draw = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let start: jiff::civil::Date = "2022-12-31".parse().expect("a day");
    let mut lines = String::from(HEADER);
    let mut order = 0;
    for customer in 0..customers {
        let (mut day, gap, price) = (draw(500), 10 + draw(120), 5 + draw(60));
        loop {
            order += 1;
            let date = start + jiff::Span::new().days(i64::try_from(day).expect("small"));
            let _ = writeln!(lines, "{order},1,c{customer:04},{date},tea,{},{price}.50", 1 + draw(3));
            day += 1 + draw(2 * gap);
            if day > 730 || draw(8) == 0 {
                break;
            }
        }
    }
    lines
}

const RULES: &str = r#"
[returns]
match = "customer_product"
orders = "after_returns"

[[order_lines.kind]]
kind = "return"
quantity = "negative"

[clv]
holdout_days = 120
margin_rate = 0.4
"#;

fn run_of(lines: &str, further: &str) -> (Workshop, RunReport) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", lines);
    let report = run_as_of(
        &workshop.pipeline("lines.csv", further),
        "2024-12-30",
        &workshop.warehouse(),
    );
    (workshop, report)
}

/// All that does not look at the holdout, as text.
fn known_at_the_cut(report: &RunReport) -> String {
    let models = table::<ClvModel>(report).into_frame();
    let calibration = text(&models, "sample")
        .expect("there")
        .iter()
        .map(|sample| sample == Some("calibration"));
    let models = models.filter(&calibration.collect()).expect("filtered");
    let backtest = table::<ClvBacktest>(report).into_frame();
    let predicted = backtest
        .select([
            "model",
            "breakdown",
            "bucket",
            "customer_count",
            "predicted_orders",
            "predicted_sales",
        ])
        .expect("there");
    format!("{:?}{:?}", rows_as_text(&models), rows_as_text(&predicted))
}

fn rows_as_text(frame: &DataFrame) -> Vec<String> {
    (0..frame.height()).map(|row| format!("{:?}", frame.get(row))).collect()
}

#[test]
fn nothing_after_the_cut_is_known_to_the_models() {
    let past = lines(400);
    let (_folder, before) = run_of(&past, RULES);
    let shortly_before = past
        .lines()
        .find(|line| line.contains(",2024-08-"))
        .expect("an order of August")
        .to_owned();
    let cells: Vec<&str> = shortly_before.split(',').collect();
    // The cut is 2024-09-01: a new order, a new customer, and the return of an order of August lie behind it.
    let later = format!(
        "{past}90001,1,{customer},2024-09-02,tea,1,9.50\n90002,1,new,2024-10-01,tea,1,3.50\n90003,1,{customer},2024-11-01,tea,-{units},{price}\n",
        customer = cells[2],
        units = cells[5],
        price = cells[6]
    );
    let (_folder, after) = run_of(&later, RULES);
    assert_eq!(known_at_the_cut(&before), known_at_the_cut(&after));
    let excluded = |report: &RunReport| {
        let backtest = table::<ClvBacktest>(report).into_frame();
        int64(&backtest, "excluded_count").expect("there").get(0)
    };
    assert_eq!(excluded(&after), excluded(&before).map(|count| count + 1));
}

#[test]
fn nothing_after_as_of_is_known_to_any_feature() {
    let past = lines(300);
    let further = "[clv]\nmargin_rate = 0.4\n";
    let parquet = |lines: &str| -> Vec<(String, Vec<u8>)> {
        let (_folder, report) = run_of(lines, further);
        let except = [
            "manifest.json",
            "ledger.parquet",
            "quarantine.parquet",
            "data_quality.parquet",
            "report.html",
        ];
        contents(&report.run.path, &except)
            .into_iter()
            .map(|(name, bytes)| (name, crate::leakage::without_footer(bytes)))
            .collect()
    };
    let now = parquet(&past);
    let later = parquet(&format!(
        "{past}90001,1,c0001,2024-12-31,tea,9,99.50\n90002,1,new,2025-03-01,tea,1,3.50\n"
    ));
    assert!(now == later);
}

#[test]
fn what_customers_are_worth_adds_up() {
    let (_folder, report) = run_of(&lines(400), RULES);
    let features = table::<CustomerFeatures>(&report).into_frame();
    let money = |name: &str| -> Vec<Option<i128>> { decimal(&features, name).expect("there").iter().collect() };
    let (realized, expected, vin) = (money("vin_realized"), money("vin_expected"), money("vin"));
    let (year, horizon) = (money("clv_12m"), money("clv_horizon"));
    let (low, high) = (money("clv_horizon_low"), money("clv_horizon_high"));
    let alive: Vec<Option<f64>> = float64(&features, "p_alive").expect("there").iter().collect();
    let mut scored = 0;
    for row in 0..features.height() {
        assert_eq!(
            realized[row]
                .zip(expected[row])
                .map(|(realized, expected)| realized + expected),
            vin[row]
        );
        assert_eq!(vin[row].is_some(), horizon[row].is_some());
        let Some(horizon) = horizon[row] else { continue };
        scored += 1;
        assert!(year[row].expect("scored") <= horizon && low[row] <= high[row]);
        assert!((0.0..=1.0).contains(&alive[row].expect("scored")));
    }
    assert_eq!(scored, report.run.manifest.record.totals.lifetime.customers);
    assert!(scored > 350, "{scored}");
}

#[test]
fn too_little_history_is_told_and_nothing_is_made_up() {
    let (_folder, report) = run_of(&lines(20), "");
    let features = table::<CustomerFeatures>(&report).into_frame();
    let statuses = text(&features, "clv_status").expect("there");
    assert!(statuses.iter().all(|status| status == Some("too_little_history")));
    for name in ["clv_horizon", "vin", "expected_sales_12m"] {
        assert_eq!(decimal(&features, name).expect("there").null_count(), features.height());
    }
    assert_eq!(table::<ClvModel>(&report).height(), 0);
    let record = &report.run.manifest.record.totals.lifetime;
    assert_eq!(
        (record.model.as_deref(), record.outcome.as_str()),
        (None, "too_little_history")
    );
}

#[test]
fn without_a_margin_orders_are_predicted_and_value_is_not() {
    let (_folder, report) = run_of(&lines(400), "");
    let features = table::<CustomerFeatures>(&report).into_frame();
    let statuses = text(&features, "clv_status").expect("there");
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status, Some("no_margin" | "no_orders")))
    );
    assert!(float64(&features, "expected_orders_12m").expect("there").null_count() < features.height());
    assert_eq!(
        decimal(&features, "vin").expect("there").null_count(),
        features.height()
    );
}
