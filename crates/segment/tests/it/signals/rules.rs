//! The built-in rules: whom each takes, and that each of its conditions matters.

use std::collections::BTreeSet;

use cartera_segment::SignalsBefore;

use super::Value::{self, Null, Number, Text};
use super::{Known, checked, found, found_after, names, ranked, tables};

/// Three customers whom no rule takes, and who give the base its medians and classes.
fn others() -> Vec<(String, Known)> {
    let other = |id: &str, class: &'static str, tier: &'static str, net_sales: f64| {
        let known = vec![
            ("net_sales", Number(net_sales)),
            ("average_order_value", Number(50.0)),
            ("order_gap_mean_days", Number(30.0)),
            ("vin_expected", Number(100.0)),
            ("vin", Number(net_sales)),
            ("pareto_class", Text(class)),
            ("value_tier", Text(tier)),
            ("lifecycle_stage", Text("lost")),
        ];
        (id.to_owned(), known)
    };
    vec![
        other("x1", "A", "gold", 1000.0),
        other("x2", "B", "silver", 500.0),
        other("x3", "C", "bronze", 200.0),
    ]
}

fn with(known: &Known, column: &'static str, value: Value) -> Known {
    let mut changed: Known = known.iter().filter(|(name, _)| *name != column).copied().collect();
    changed.push((column, value));
    changed
}

/// The signals of one customer beside the others, whose values were `before` in a run before.
fn signals_of(known: &Known, before: Option<&Known>) -> Vec<String> {
    let params = checked("").expect("valid");
    let mut customers = others();
    customers.insert(0, ("one".to_owned(), known.clone()));
    let found = match before {
        None => found(&customers, &params),
        Some(before) => {
            let (features, _) = tables(&[("one".to_owned(), before.clone())]);
            let before = SignalsBefore {
                as_of: super::day(super::TODAY - 1),
                features: Some(features.frame()),
                signals: None,
            };
            found_after(&customers, Some(before), super::TODAY, &params)
        }
    };
    let of_one = |name: &String| name.strip_prefix("one ").map(str::to_owned);
    names(&found).iter().filter_map(of_one).collect()
}

/// A rule, a customer whom it takes, and changes after which it does not.
type Case = (&'static str, Known, Vec<(&'static str, Value)>);

fn alarms() -> Vec<Case> {
    vec![
        (
            "overdue",
            vec![
                ("days_overdue", Number(40.0)),
                ("order_gap_deviation_days", Number(20.0)),
                ("order_day_count", Number(4.0)),
                ("days_since_last_order", Number(70.0)),
            ],
            vec![
                ("days_overdue", Number(30.0)),
                ("days_overdue", Null),
                ("order_gap_deviation_days", Number(27.0)),
                ("order_gap_deviation_days", Null),
                ("order_day_count", Number(3.0)),
                ("days_since_last_order", Number(181.0)),
                ("days_since_last_order", Null),
            ],
        ),
        (
            "sales_drop",
            vec![
                ("sales_trend", Number(-0.5)),
                ("previous_sales", Number(100.0)),
                ("previous_order_day_count", Number(2.0)),
                ("recent_order_day_count", Number(1.0)),
            ],
            vec![
                ("sales_trend", Number(-0.49)),
                ("sales_trend", Null),
                ("previous_sales", Number(99.0)),
                ("previous_sales", Null),
                ("previous_order_day_count", Number(1.0)),
                ("recent_order_day_count", Number(0.0)),
            ],
        ),
        (
            "value_at_risk",
            vec![
                ("p_alive", Number(0.4)),
                ("pareto_class", Text("A")),
                ("net_sales", Number(2000.0)),
                ("vin_expected", Number(100.0)),
            ],
            vec![
                ("p_alive", Number(0.5)),
                ("p_alive", Number(0.09)),
                ("p_alive", Null),
                ("pareto_class", Text("B")),
                ("vin_expected", Number(99.0)),
                ("vin_expected", Null),
            ],
        ),
        (
            "returns_rising",
            vec![
                ("returned_amount", Number(60.0)),
                ("gross_sales", Number(200.0)),
                ("returned_line_count", Number(2.0)),
                ("days_since_last_order", Number(10.0)),
            ],
            vec![
                ("gross_sales", Number(201.0)),
                ("gross_sales", Number(0.0)),
                ("returned_amount", Number(49.0)),
                ("returned_line_count", Number(1.0)),
                ("days_since_last_order", Number(181.0)),
            ],
        ),
        (
            "complaints_rising",
            vec![("case_count_12m", Number(2.0)), ("days_since_last_order", Number(10.0))],
            vec![
                ("case_count_12m", Number(1.0)),
                ("case_count_12m", Null),
                ("days_since_last_order", Number(366.0)),
            ],
        ),
        (
            "complaints_rising",
            vec![
                ("open_case_count", Number(1.0)),
                ("days_since_last_order", Number(10.0)),
            ],
            vec![("open_case_count", Number(0.0)), ("open_case_count", Null)],
        ),
        (
            "detractor_of_value",
            vec![
                ("nps_class", Text("detractor")),
                ("pareto_class", Text("A")),
                ("net_sales", Number(2000.0)),
                ("days_since_last_order", Number(10.0)),
            ],
            vec![
                ("nps_class", Text("passive")),
                ("nps_class", Null),
                ("pareto_class", Text("C")),
                ("days_since_last_order", Number(366.0)),
            ],
        ),
        (
            "contact_fatigue",
            vec![("contact_count_90d", Number(6.0)), ("response_rate", Number(0.0))],
            vec![
                ("contact_count_90d", Number(5.0)),
                ("contact_count_90d", Null),
                ("response_rate", Number(0.1)),
                ("response_rate", Null),
            ],
        ),
    ]
}

fn opportunities() -> Vec<Case> {
    vec![
        (
            "second_order_missing",
            vec![
                ("days_since_last_order", Number(31.0)),
                ("order_day_count", Number(1.0)),
            ],
            vec![
                ("days_since_last_order", Number(30.0)),
                ("days_since_last_order", Number(61.0)),
                ("order_day_count", Number(2.0)),
                ("p_alive", Number(0.2)),
            ],
        ),
        (
            "near_pareto_class",
            vec![
                ("net_sales", Number(960.0)),
                ("pareto_class", Text("B")),
                ("lifecycle_stage", Text("loyal")),
            ],
            vec![
                ("net_sales", Number(940.0)),
                ("pareto_class", Text("A")),
                ("lifecycle_stage", Text("lapsed")),
            ],
        ),
        (
            "near_value_tier",
            vec![
                ("vin", Number(480.0)),
                ("value_tier", Text("bronze")),
                ("lifecycle_stage", Text("new")),
            ],
            vec![
                ("vin", Number(470.0)),
                ("vin", Null),
                ("value_tier", Text("silver")),
                ("lifecycle_stage", Text("at_risk")),
            ],
        ),
        (
            "win_back",
            vec![
                ("days_since_last_order", Number(181.0)),
                ("order_day_count", Number(4.0)),
                ("net_sales", Number(1600.0)),
            ],
            vec![
                ("days_since_last_order", Number(180.0)),
                ("days_since_last_order", Number(731.0)),
                ("order_day_count", Number(3.0)),
                ("net_sales", Number(700.0)),
                ("consented_channels", Text("")),
            ],
        ),
        (
            "dormant_high_value",
            vec![
                ("days_since_last_order", Number(91.0)),
                ("pareto_class", Text("A")),
                ("net_sales", Number(2000.0)),
                ("consented_channels", Text("email,phone")),
                ("days_since_last_contact", Number(31.0)),
            ],
            vec![
                ("days_since_last_order", Number(90.0)),
                ("days_since_last_order", Number(181.0)),
                ("pareto_class", Text("B")),
                ("consented_channels", Text("")),
                ("days_since_last_contact", Number(30.0)),
            ],
        ),
        (
            "growing",
            vec![
                ("sales_trend", Number(1.0)),
                ("recent_sales", Number(150.0)),
                ("previous_sales", Number(50.0)),
                ("recent_order_day_count", Number(3.0)),
            ],
            vec![
                ("sales_trend", Number(0.9)),
                ("recent_sales", Number(149.0)),
                ("previous_sales", Number(49.0)),
                ("recent_order_day_count", Number(2.0)),
            ],
        ),
    ]
}

#[test]
fn each_condition_of_each_built_in_rule_matters() {
    for (rule, known, changes) in alarms().into_iter().chain(opportunities()) {
        assert!(signals_of(&known, None).iter().any(|signal| signal == rule), "{rule}");
        for (column, value) in changes {
            let changed = signals_of(&with(&known, column, value), None);
            assert!(
                !changed.iter().any(|signal| signal == rule),
                "{rule} with {column} {value:?}"
            );
        }
    }
    let tried: BTreeSet<&str> = alarms()
        .iter()
        .chain(&opportunities())
        .map(|(rule, ..)| *rule)
        .collect();
    let summary = found(&others(), &checked("").expect("valid")).summary;
    let all: BTreeSet<&str> = summary.signals.iter().map(|signal| signal.signal.as_str()).collect();
    assert_eq!(tried, all, "a rule is not tried, or is not there");
    assert!(
        summary.signals.iter().all(|signal| signal.customer_count == 0),
        "{summary:?}"
    );
}

#[test]
fn what_changed_since_the_run_before_counts() {
    let cases: [(&str, Known, &'static str, f64, f64); 3] = [
        (
            "value_at_risk",
            vec![
                ("p_alive", Number(0.8)),
                ("pareto_class", Text("A")),
                ("net_sales", Number(2000.0)),
                ("vin_expected", Number(100.0)),
            ],
            "p_alive",
            // 0.2 within 30 days are 0.0067 in one.
            0.807,
            0.806,
        ),
        (
            "complaints_rising",
            vec![("case_count_12m", Number(1.0)), ("days_since_last_order", Number(10.0))],
            "case_count_12m",
            0.0,
            1.0,
        ),
        (
            "returns_rising",
            vec![
                ("returned_amount", Number(50.0)),
                ("gross_sales", Number(400.0)),
                ("returned_line_count", Number(2.0)),
                ("days_since_last_order", Number(10.0)),
            ],
            "returned_amount",
            20.0,
            40.0,
        ),
    ];
    for (rule, known, column, far, near) in cases {
        let is_there = |before: Option<&Known>| signals_of(&known, before).iter().any(|signal| signal == rule);
        assert!(is_there(Some(&with(&known, column, Number(far)))), "{rule}");
        assert!(!is_there(Some(&with(&known, column, Number(near)))), "{rule}");
        assert!(!is_there(None), "{rule} without a run before");
        let nobody: Known = Vec::new();
        assert!(
            !is_there(Some(&nobody)),
            "{rule} of a customer of whom the run before knew nothing"
        );
    }
}

#[test]
fn a_rule_about_segments_that_are_not_ranked_is_left_out() {
    let params: cartera_segment::SignalsParams = toml::from_str("").expect("empty");
    let without = params.check(&[]).expect("valid");
    let names = |params| -> Vec<String> {
        let summary = found(&others(), params).summary;
        summary.signals.into_iter().map(|signal| signal.signal).collect()
    };
    assert!(!names(&without).contains(&"near_pareto_class".to_owned()));
    assert!(names(&params.check(&ranked()).expect("valid")).contains(&"near_pareto_class".to_owned()));
}

#[test]
fn the_order_in_which_rules_are_typed_does_not_matter() {
    let own = |name: &str, column: &str| {
        format!(
            "[{name}]\nkind = \"alarm\"\naction = \"call\"\nwhen = [{{ fall_of = \"{column}\", at_least = 1, \
             times_median = \"vin\" }}]\n"
        )
    };
    let changed = "[overdue]\nlimits = { days = 1 }\n".to_owned();
    let rules = [own("zeal", "net_sales"), changed, own("apathy", "p_alive")];
    let typed = checked(&rules.concat()).expect("valid");
    let mut turned = rules.clone();
    turned.reverse();
    let turned = checked(&turned.concat()).expect("valid");
    assert_eq!(typed, turned);
    let customers: Vec<(String, Known)> = alarms()
        .into_iter()
        .zip(0..)
        .map(|((_, known, _), number)| (format!("c{number:02}"), known))
        .collect();
    let (one, other) = (found(&customers, &typed), found(&customers, &turned));
    assert!(one.table.height() > 5);
    assert!(one.table.frame().equals_missing(other.table.frame()));
    assert_eq!(one.summary, other.summary);
}
