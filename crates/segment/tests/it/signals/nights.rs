//! Since when: signals from night to night.

use cartera_segment::{FoundSignals, SignalsBefore};

use super::Value::Number;
use super::{Known, TODAY, checked, column, day, found_after, names, tables};

const ONLY_OVERDUE: &str = r#"
[quiet]
kind = "alarm"
when = [{ column = "days_since_last_order", above = 30 }]
action = "call"

[rich]
kind = "opportunity"
when = [{ column = "net_sales", at_least = 100 }]
action = "call"
"#;

/// Only the two rules above.
fn rules() -> String {
    let built_in = [
        "overdue",
        "sales_drop",
        "value_at_risk",
        "returns_rising",
        "complaints_rising",
        "detractor_of_value",
        "contact_fatigue",
        "second_order_missing",
        "near_pareto_class",
        "near_value_tier",
        "win_back",
        "dormant_high_value",
        "growing",
    ];
    let disabled = built_in.map(|name| format!("[{name}]\nenabled = false\n"));
    format!("{ONLY_OVERDUE}{}", disabled.concat())
}

fn customer(id: &str, days: f64, net_sales: f64) -> (String, Known) {
    let known = vec![
        ("days_since_last_order", Number(days)),
        ("net_sales", Number(net_sales)),
    ];
    (id.to_owned(), known)
}

fn night(customers: &[(String, Known)], before: Option<(&FoundSignals, i32)>, today: i32) -> FoundSignals {
    let before = before.map(|(found, as_of)| SignalsBefore {
        as_of: day(as_of),
        features: None,
        signals: Some(found.table.frame()),
    });
    found_after(customers, before, today, &checked(&rules()).expect("valid"))
}

fn since(found: &FoundSignals) -> Vec<String> {
    let days = column(found, "since");
    names(found)
        .iter()
        .zip(days)
        .map(|(name, since)| format!("{name} {since}"))
        .collect()
}

#[test]
fn a_signal_holds_since_its_first_night_or_the_day_that_the_numbers_tell() {
    // 2024-10-04; ann has been quiet for ten days more than 30, bob just became so.
    let first = night(&[customer("ann", 41.0, 0.0), customer("bob", 31.0, 500.0)], None, TODAY);
    assert_eq!(
        since(&first),
        ["ann quiet 2024-09-24", "bob quiet 2024-10-04", "bob rich 2024-10-04"]
    );
    let rows = |found: &FoundSignals| -> Vec<(String, u64, Option<u64>, Option<u64>)> {
        let signals = &found.summary.signals;
        let row = signals
            .iter()
            .map(|one| (one.signal.clone(), one.customer_count, one.new_count, one.gone_count));
        row.collect()
    };
    let named = |name: &str, customers, new, gone| (name.to_owned(), customers, new, gone);
    assert_eq!(
        rows(&first),
        [named("quiet", 2, None, None), named("rich", 1, None, None)]
    );

    // Five days later ann has bought, bob has not, and cid came to be quiet two days ago. Dan was not there before,
    // so that he cannot have had the signal then, whatever his numbers tell.
    let customers = [
        customer("ann", 1.0, 150.0),
        customer("bob", 36.0, 500.0),
        customer("cid", 33.0, 0.0),
        customer("dan", 90.0, 0.0),
    ];
    let second = night(&customers, Some((&first, TODAY)), TODAY + 5);
    assert_eq!(
        since(&second),
        [
            "ann rich 2024-10-09",
            "bob quiet 2024-10-04",
            "bob rich 2024-10-04",
            "cid quiet 2024-10-07",
            "dan quiet 2024-10-05",
        ]
    );
    assert_eq!(
        rows(&second),
        [named("quiet", 3, Some(2), Some(1)), named("rich", 2, Some(1), Some(0))]
    );

    // Ann lost the signal in between: it begins anew.
    let third = night(&[customer("ann", 32.0, 50.0)], Some((&second, TODAY + 5)), TODAY + 36);
    assert_eq!(since(&third), ["ann quiet 2024-11-08"]);
    assert_eq!(
        rows(&third),
        [named("quiet", 1, Some(1), Some(3)), named("rich", 0, Some(0), Some(2))]
    );
}

#[test]
fn signals_without_a_rule_any_more_are_counted_as_gone() {
    let customers = [customer("ann", 41.0, 500.0)];
    let first = night(&customers, None, TODAY);
    let before = SignalsBefore {
        as_of: day(TODAY),
        features: None,
        signals: Some(first.table.frame()),
    };
    let second = found_after(&customers, Some(before), TODAY + 1, &checked("").expect("valid"));
    let gone: Vec<(&str, Option<&str>, Option<u64>)> = second
        .summary
        .signals
        .iter()
        .filter(|signal| signal.gone_count != Some(0))
        .map(|signal| (signal.signal.as_str(), signal.kind, signal.gone_count))
        .collect();
    assert_eq!(gone, [("quiet", None, Some(1)), ("rich", None, Some(1))]);
}

#[test]
fn features_of_the_run_before_are_found_by_customer() {
    let typed = format!(
        "{}[fallen]\nkind = \"alarm\"\nwhen = [{{ fall_of = \"net_sales\", at_least = 10 }}]\nvalue_at_stake = {{ fall_of = \"net_sales\" }}\naction = \"call\"\n",
        rules()
    );
    let params = checked(&typed).expect("valid");
    assert_eq!(params.columns_before(), ["net_sales"]);
    let before = ["ada", "bob", "dan", "eve", "zoe"].map(|id| customer(id, 0.0, 90.0));
    let (features, _) = tables(&before);
    let before = SignalsBefore {
        as_of: day(TODAY - 1),
        features: Some(features.frame()),
        signals: None,
    };
    let now = [("ann", 1.0), ("bob", 80.0), ("cid", 1.0), ("dan", 80.5), ("eve", 12.25)];
    let now = now.map(|(id, net_sales)| customer(id, 0.0, net_sales));
    let found = found_after(&now, Some(before), TODAY, &params);
    assert_eq!(names(&found), ["bob fallen", "eve fallen"]);
    assert_eq!(column(&found, "value_at_stake"), ["10.0000", "77.7500"]);
    assert_eq!(
        column(&found, "evidence"),
        [
            "net_sales=80.00 (before 90.00, fall 10.00, at_least 10.00)",
            "net_sales=12.25 (before 90.00, fall 77.75, at_least 10.00)",
        ]
    );
    assert_eq!(column(&found, "measure"), ["fall_of net_sales", "fall_of net_sales"]);
}

#[test]
fn a_fall_that_goes_on_holds_every_night_and_as_much_every_month() {
    let typed = "[fading]\nkind = \"alarm\"\naction = \"call\"\nlimits = { fall = 0.25, days = 32 }\n\
                 when = [{ fall_of = \"p_alive\", at_least = \"fall\", within_days = \"days\" }]\n";
    let params = checked(&format!("{}{typed}", rules())).expect("valid");
    let alive = |p_alive: f64| ("ann".to_owned(), vec![("p_alive", Number(p_alive))]);
    let found = |before: f64, days_ago: i32, now: f64| {
        let (features, _) = tables(&[alive(before)]);
        let before = SignalsBefore {
            as_of: day(TODAY - days_ago),
            features: Some(features.frame()),
            signals: None,
        };
        let found = found_after(&[alive(now)], Some(before), TODAY, &params);
        let told = column(&found, "threshold").into_iter().zip(column(&found, "evidence"));
        told.map(|(threshold, evidence)| format!("{threshold}: {evidence}"))
            .next()
    };
    // 0.25 in 32 days: one 128th each night, and twice that in two.
    let nightly = "0.0078125: p_alive=0.75 (before 0.7656, fall 0.0156, at_least 0.0078 = 0.25 x 1 of 32 days)";
    assert_eq!(found(0.765_625, 1, 0.75).as_deref(), Some(nightly));
    assert_eq!(found(0.757, 1, 0.75), None);
    assert!(found(0.765_625, 2, 0.75).is_some());
    assert_eq!(found(0.765, 2, 0.75), None);
    // Runs that are as far apart as that or further are compared with the limit itself.
    let monthly = "0.25: p_alive=0.5 (before 0.75, fall 0.25, at_least 0.25)";
    assert_eq!(found(0.75, 32, 0.5).as_deref(), Some(monthly));
    assert_eq!(found(0.75, 90, 0.5).as_deref(), Some(monthly));
    assert_eq!(found(0.74, 90, 0.5), None);
}
