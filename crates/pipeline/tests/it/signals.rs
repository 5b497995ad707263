//! Signals from night to night, at the level of whole runs.

use std::collections::BTreeMap;

use cartera_pipeline::config::AsOfSetting;
use cartera_pipeline::{RunOptions, RunReport};
use cartera_table::contracts::{CustomerFeatures, CustomerSegments, Signals};
use cartera_table::frame::{dates, decimal, float64, int32, int64, text};
use cartera_testkit::{Workshop, contents, real_data};
use polars::prelude::DataFrame;

use crate::real_data::pipeline;
use crate::support::{options, run_as_of, run_with, table};

/// Customer and signal, with the first day.
fn since(report: &RunReport) -> BTreeMap<(String, String), i32> {
    let frame = table::<Signals>(report).into_frame();
    let ids = text(&frame, "customer_id").expect("there").iter();
    let names = text(&frame, "signal").expect("there").iter();
    let days = dates(&frame, "since").expect("there").iter();
    let word = |word: Option<&str>| word.expect("never null").to_owned();
    ids.zip(names)
        .zip(days)
        .map(|((id, name), day)| ((word(id), word(name)), day.expect("never null")))
        .collect()
}

fn of_signal(report: &RunReport, signal: &str) -> Vec<String> {
    let all = since(report).into_keys();
    all.filter(|(_, name)| name == signal).map(|(id, _)| id).collect()
}

fn day(report: &RunReport) -> i32 {
    report.run.reference.as_of.epoch_days()
}

/// Signals stay since their first night, others begin after the run before or today, and no list is half of the base.
fn holds_together(first: &RunReport, second: &RunReport, most_share: f64) {
    let (before, now) = (since(first), since(second));
    for (key, day_now) in &now {
        match before.get(key) {
            Some(day_before) => assert_eq!(day_now, day_before, "{key:?}"),
            None => assert!((day(first) + 1..=day(second)).contains(day_now), "{key:?} {day_now}"),
        }
    }
    let customers = table::<CustomerFeatures>(second).height() as f64;
    for signal in &second.signals.signals {
        let of = |all: &BTreeMap<(String, String), i32>| {
            let names = all.keys().filter(|(_, name)| *name == signal.signal);
            names.cloned().collect::<std::collections::BTreeSet<_>>()
        };
        let (before, now) = (of(&before), of(&now));
        assert_eq!(signal.customer_count, now.len() as u64, "{signal:?}");
        assert_eq!(
            signal.new_count,
            Some(now.difference(&before).count() as u64),
            "{signal:?}"
        );
        assert_eq!(
            signal.gone_count,
            Some(before.difference(&now).count() as u64),
            "{signal:?}"
        );
        assert!(now.len() as f64 <= most_share * customers, "{signal:?}");
    }
}

/// The customers who are overdue, looked for in the published features.
fn overdue_by_hand(frame: &DataFrame) -> Vec<String> {
    let late = float64(frame, "days_overdue").expect("there");
    let spread = float64(frame, "order_gap_deviation_days").expect("there");
    let orders = int64(frame, "order_day_count").expect("there");
    let days = int32(frame, "days_since_last_order").expect("there");
    let ids = text(frame, "customer_id").expect("there");
    let is_overdue = |row: &usize| {
        let known = late.get(*row).zip(spread.get(*row)).zip(days.get(*row));
        known.is_some_and(|((late, spread), days)| {
            late > 7.0 && late > 1.5 * spread && days <= 180 && orders.get(*row) >= Some(4)
        })
    };
    let rows = (0..frame.height()).filter(is_overdue);
    rows.filter_map(|row| ids.get(row).map(str::to_owned)).collect()
}

#[test]
fn the_retailer_has_signals_from_night_to_night() {
    let workshop = Workshop::new();
    let run = |day| run_as_of(&pipeline("retail.toml"), day, &workshop.warehouse());
    let first = run("2025-12-24");
    assert!(first.signals.signals.iter().all(|signal| signal.new_count.is_none()));
    let second = run("2025-12-31");
    holds_together(&first, &second, 0.1);
    let features = table::<CustomerFeatures>(&second).into_frame();
    let overdue = overdue_by_hand(&features);
    assert!(overdue.len() > 20, "{overdue:?}");
    assert_eq!(of_signal(&second, "overdue"), overdue);
    for signal in [
        "value_at_risk",
        "complaints_rising",
        "returns_rising",
        "win_back",
        "near_pareto_class",
    ] {
        assert!(!of_signal(&second, signal).is_empty(), "{signal}");
    }
    // Of the value at stake the table has the sum that the summary tells.
    let frame = table::<Signals>(&second).into_frame();
    let stakes: i128 = decimal(&frame, "value_at_stake").expect("there").iter().flatten().sum();
    let told = second.signals.signals.iter().filter_map(|signal| signal.value_at_stake);
    assert_eq!(told.map(|money| money.0).sum::<i128>(), stakes);
    assert!(
        float64(&frame, "strength")
            .expect("there")
            .iter()
            .flatten()
            .all(|one| (0.0..=100.0).contains(&one))
    );
    // Everybody is a customer of the night.
    let ids: Vec<&str> = text(&features, "customer_id")
        .expect("there")
        .iter()
        .flatten()
        .collect();
    assert!(
        since(&second)
            .keys()
            .all(|(id, _)| ids.binary_search(&id.as_str()).is_ok())
    );
}

#[test]
fn the_same_signals_come_of_a_rerun_and_of_one_thread() {
    let workshop = Workshop::new();
    let run = |day: &str, is_full: bool, threads: usize| {
        let options = RunOptions {
            as_of: Some(AsOfSetting::Date(day.parse().expect("a day"))),
            warehouse: Some(workshop.warehouse()),
            is_full,
            threads,
            ..options()
        };
        run_with(&pipeline("retail.toml"), &options).expect("published")
    };
    run("2025-12-24", false, 2);
    let signals = |report: &RunReport| {
        let all = contents(&report.run.path, &["manifest.json"]);
        all.into_iter()
            .find(|(name, _)| name == "signals.parquet")
            .expect("published")
    };
    let two = run("2025-12-31", false, 2);
    assert!(table::<Signals>(&two).height() > 0);
    assert!(signals(&two) == signals(&run("2025-12-31", false, 2)));
    assert!(signals(&two) == signals(&run("2025-12-31", true, 1)));
}

#[test]
fn rules_are_changed_and_added_in_the_pipeline() {
    let workshop = Workshop::new();
    workshop.file(
        "lines.csv",
        "order,line,customer,day,product,quantity,price\n\
         1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-03-25,mug,9,8.00\n3,1,ann,2024-02-20,cup,1,1.00\n",
    );
    let own = "[signals.quiet]\nkind = \"alarm\"\naction = \"wave\"\nwhen = [{ column = \"days_since_last_order\", above = \"days\" }]\n\
               limits = { days = 30 }\nevidence = [\"order_count\"]\n[signals.second_order_missing]\nenabled = false\n";
    let pipeline = workshop.pipeline("lines.csv", own);
    let report = run_as_of(&pipeline, "2024-03-31", &workshop.warehouse());
    let frame = table::<Signals>(&report).into_frame();
    let cell = |column: &str| text(&frame, column).expect("there").get(0).map(str::to_owned);
    assert_eq!(frame.height(), 1);
    assert_eq!(cell("customer_id").as_deref(), Some("ann"));
    assert_eq!(
        cell("evidence").as_deref(),
        Some("days_since_last_order=40 (above 30); order_count=2")
    );
    assert_eq!(cell("suggested_action").as_deref(), Some("wave"));
    // 2024-03-22: the first day more than 30 days after the last order.
    assert_eq!(dates(&frame, "since").expect("there").get(0), Some(19_804));
    assert!(
        report
            .signals
            .signals
            .iter()
            .all(|signal| signal.signal != "second_order_missing")
    );
}

#[test]
fn online_retail_has_lists_that_people_can_work_through() {
    if real_data("online_retail").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let run = |day| run_as_of(&pipeline("online-retail.toml"), day, &workshop.warehouse());
    let (first, second) = (run("2011-11-30"), run("2011-12-09"));
    holds_together(&first, &second, 0.08);
    assert_eq!(
        of_signal(&second, "overdue"),
        overdue_by_hand(table::<CustomerFeatures>(&second).frame())
    );
    for signal in [
        "overdue",
        "sales_drop",
        "growing",
        "second_order_missing",
        "dormant_high_value",
    ] {
        assert!(of_signal(&second, signal).len() > 50, "{signal}");
    }
    // Whoever is near the next class is in a lower one, and at most five percent below its least customer.
    let segments = table::<CustomerSegments>(&second).into_frame();
    let features = table::<CustomerFeatures>(&second).into_frame();
    let ids: Vec<&str> = text(&segments, "customer_id")
        .expect("there")
        .iter()
        .flatten()
        .collect();
    let classes = text(&segments, "pareto_class").expect("there");
    let sales = decimal(&features, "net_sales").expect("there");
    let least = |class: &str| {
        let of_class = classes.iter().zip(sales.iter()).filter(|(one, _)| *one == Some(class));
        of_class.filter_map(|(_, sales)| sales).min().expect("somebody")
    };
    let near: Vec<&str> = (0..ids.len())
        .filter(|row| {
            let next = match classes.get(*row) {
                Some("C") => least("B"),
                Some("B") => least("A"),
                _ => return false,
            };
            let sales = sales.get(*row).unwrap_or_default();
            sales > 0 && sales * 100 >= next * 95
        })
        .map(|row| ids[row])
        .collect();
    let found = of_signal(&second, "near_pareto_class");
    assert!(
        found.len() > 20 && found.iter().all(|id| near.contains(&id.as_str())),
        "{found:?}"
    );
}

#[test]
fn a_run_before_whose_signals_are_damaged_is_one_that_told_of_none() {
    let workshop = Workshop::new();
    let run = |day| run_as_of(&pipeline("retail.toml"), day, &workshop.warehouse());
    let first = run("2025-12-24");
    std::fs::write(first.run.path.join("signals.parquet"), b"nothing").expect("written");
    let second = run("2025-12-31");
    // What else that run left is looked at all the same.
    assert_eq!(second.run.manifest.record.prior_state, Some(first.run.reference));
    assert!(second.signals.signals.iter().all(|signal| signal.new_count.is_none()));
    assert!(table::<Signals>(&second).height() > 0);
}
