//! The language of rules: what is refused, and the evidence that each form leaves.

use cartera_segment::SignalParamsError;

use super::Value::{self, Null, Number, Text};
use super::{Known, checked, column, found, names};

/// A rule of one's own with these further lines.
fn rule(lines: &str) -> String {
    format!("[mine]\nkind = \"alarm\"\naction = \"call\"\n{lines}\n")
}

/// Key and message of what is refused.
#[track_caller]
fn refused(typed: &str) -> (String, String) {
    let error = checked(typed).expect_err("refused");
    (error.key(), error.to_string())
}

#[track_caller]
fn unknown(typed: &str) -> (String, String, Vec<String>) {
    match checked(typed).expect_err("refused") {
        SignalParamsError::Unknown {
            rule,
            key,
            value,
            valid,
        } => (format!("{rule}.{key}"), value, valid),
        other => panic!("{other}"),
    }
}

#[test]
fn names_that_nobody_knows_are_refused_with_those_that_there_are() {
    let (key, value, valid) = unknown(&rule("when = [{ column = \"days_overdu\", above = 1 }]"));
    assert_eq!((key.as_str(), value.as_str()), ("mine.when.0.column", "days_overdu"));
    assert!(valid.contains(&"days_overdue".to_owned()) && valid.contains(&"net_sales".to_owned()));
    assert!(!valid.contains(&"customer_id".to_owned()) && !valid.contains(&"pareto_class".to_owned()));

    // A text is compared with texts, and the closed ones only with those that they can be.
    let (key, value, valid) = unknown(&rule("when = [{ column = \"net_sales\", is = \"much\" }]"));
    assert_eq!((key.as_str(), value.as_str()), ("mine.when.0.column", "net_sales"));
    assert!(valid.contains(&"rfm_segment".to_owned()) && valid.contains(&"region".to_owned()));
    let (key, value, valid) = unknown(&rule(
        "when = [{ column = \"lifecycle_stage\", one_of = [\"lost\", \"asleep\"] }]",
    ));
    assert_eq!((key.as_str(), value.as_str()), ("mine.when.0.one_of", "asleep"));
    assert!(valid.contains(&"lapsed".to_owned()));

    let of = |lines: &str| unknown(&rule(lines)).0;
    assert_eq!(
        of("when = [{ column = \"vin\", above = 1, times = \"x\" }]"),
        "mine.when.0.times"
    );
    assert_eq!(
        of("when = [{ column = \"vin\", above = 1, times_before = \"x\" }]"),
        "mine.when.0.times_before"
    );
    assert_eq!(
        of("when = [{ column = \"vin\", above = 1, times_median = \"x\" }]"),
        "mine.when.0.times_median"
    );
    assert_eq!(
        of("when = [{ column = \"vin\", above = 1, per = \"region\" }]"),
        "mine.when.0.per"
    );
    assert_eq!(of("when = [{ rise_of = \"x\", above = 1 }]"), "mine.when.0.rise_of");
    assert_eq!(
        of("when = [{ gap_to_next = \"rfm_segment\", above = 1 }]"),
        "mine.when.0.gap_to_next"
    );
    assert_eq!(
        of("when = [{ column = \"vin\", above = \"a_lot\" }]"),
        "mine.when.0.above"
    );
    let one = "when = [{ column = \"vin\", above = 1 }]\n";
    assert_eq!(of(&format!("{one}evidence = [\"vin\", \"name\"]")), "mine.evidence.1");
    assert_eq!(
        of(&format!("{one}value_at_stake = {{ column = \"p_alive\" }}")),
        "mine.value_at_stake.column"
    );
    assert_eq!(
        of(&format!("{one}strength = {{ column = \"region\" }}")),
        "mine.strength.column"
    );
    assert_eq!(of(&format!("{one}limits = {{ a_lot = 2 }}")), "mine.limits.a_lot");
    assert_eq!(
        of("when = [{ rise_of = \"vin\", above = 1, within_days = \"a_lot\" }]"),
        "mine.when.0.within_days"
    );
    let (key, value, valid) = unknown("[overdue]\nlimits = { day = 3 }");
    assert_eq!((key.as_str(), value.as_str()), ("overdue.limits.day", "day"));
    assert_eq!(valid, ["days", "last_order_days", "order_days", "spreads"]);
}

#[test]
fn conditions_that_cannot_be_are_refused() {
    for (lines, key, message) in [
        ("when = []", "when", "has no condition"),
        (
            "when = [{ column = \"vin\" }]",
            "when.0",
            "does not say how it compares",
        ),
        (
            "when = [{ column = \"vin\", above = 1, below = 3 }]",
            "when.0",
            "does not say how it compares",
        ),
        (
            "when = [{ column = \"region\", is = \"a\", above = 1 }]",
            "when.0",
            "does not say how it compares",
        ),
        ("when = [{ above = 1 }]", "when.0", "does not say what it looks at"),
        (
            "when = [{ column = \"vin\", rise_of = \"vin\", above = 1 }]",
            "when.0",
            "does not say what it looks at",
        ),
        (
            "when = [{ gap_to_next = \"pareto_class\", per = \"vin\", above = 1 }]",
            "when.0",
            "the last without `per`",
        ),
        (
            "when = [{ rise_of = \"region\", is = \"a\" }]",
            "when.0",
            "compares texts",
        ),
        (
            "when = [{ column = \"region\", is = \"a\", times = \"vin\" }]",
            "when.0",
            "compares texts",
        ),
        (
            "when = [{ column = \"region\", one_of = [] }]",
            "when.0.one_of",
            "is an empty list",
        ),
        ("when = [{ column = \"vin\", above = nan }]", "when.0.above", "is NaN"),
        (
            "when = [{ column = \"vin\", above = 1, times = \"vin\", times_median = \"vin\" }]",
            "when.0",
            "several factors",
        ),
        (
            "when = [{ column = \"vin\", above = 1, within_days = 30 }]",
            "when.0.within_days",
            "does not change",
        ),
        (
            "when = [{ fall_of = \"vin\", above = 1, within_days = 0 }]",
            "when.0.within_days",
            "is 0",
        ),
        (
            "when = [{ column = \"region\", is = \"a\", within_days = 30 }]",
            "when.0",
            "compares texts",
        ),
        (
            "when = [{ rise_of = \"cluster_id\", above = 1 }]",
            "when.0.rise_of",
            "a column of customer_features",
        ),
        (
            "when = [{ any = [{ column = \"vin\", above = 1 }] }]",
            "when.0",
            "at least two conditions",
        ),
        (
            "when = [{ or_null = true, any = [{ column = \"vin\", above = 1 }, { column = \"vin\", above = 1 }] }]",
            "when.0",
            "`any` alone",
        ),
        ("when = [{ column = \"region\", is = \"a\" }]", "", "has no `strength`"),
        (
            "when = [{ column = \"vin\", above = 1 }]\nstrength = { column = \"vin\", from = 1 }",
            "strength",
            "both `from` and `to`",
        ),
        (
            "when = [{ column = \"vin\", above = 1 }]\nstrength = { column = \"vin\", from = 1, to = 1 }",
            "strength",
            "both `from` and `to`",
        ),
        (
            "when = [{ column = \"vin\", above = 1 }]\nvalue_at_stake = {}",
            "value_at_stake",
            "does not say what of",
        ),
        (
            "when = [{ column = \"vin\", above = \"x\" }]\nlimits = { x = inf }",
            "limits.x",
            "is inf",
        ),
    ] {
        let (found, text) = refused(&rule(lines));
        let expected = if key.is_empty() {
            "mine".to_owned()
        } else {
            format!("mine.{key}")
        };
        // An infinite number is refused where it is used.
        assert!(found == expected || text.contains("is inf"), "{lines}: {found}");
        assert!(
            text.starts_with("signal `mine`: ") && text.contains(message),
            "{lines}: {text}"
        );
    }
}

#[test]
fn rules_that_are_not_whole_are_refused() {
    // A name that is like a built-in one is a new rule, and says so.
    let (key, text) = refused("[overdu]\nlimits = { days = 3 }");
    assert_eq!(key, "overdu");
    assert!(text.contains("no built-in rule has this name"), "{text}");
    assert_eq!(refused("[Mine]\nkind = \"alarm\"").0, "Mine");
    let one = "when = [{ column = \"vin\", above = 1 }]\n";
    assert_eq!(refused(&format!("[mine]\nkind = \"alarm\"\n{one}")).0, "mine.action");
    assert_eq!(
        refused(&format!("[mine]\nkind = \"alarm\"\naction = \"Call!\"\n{one}")).0,
        "mine.action"
    );
    // A rule that is not looked at has to be right all the same.
    assert_eq!(refused("[mine]\nenabled = false").0, "mine");
}

#[test]
fn built_in_rules_are_changed_key_by_key() {
    let known: Known = vec![
        ("days_overdue", Number(10.0)),
        ("order_gap_deviation_days", Number(2.0)),
        ("order_day_count", Number(6.0)),
        ("days_since_last_order", Number(20.0)),
    ];
    let of = |typed: &str| {
        names(&found(
            &[("ann".to_owned(), known.clone())],
            &checked(typed).expect("valid"),
        ))
    };
    assert_eq!(of(""), ["ann overdue"]);
    assert_eq!(of("[overdue]\nlimits = { days = 14 }"), [""; 0]);
    assert_eq!(of("[overdue]\nlimits = { order_days = 6 }"), ["ann overdue"]);
    assert_eq!(of("[overdue]\nenabled = false"), [""; 0]);
    assert_eq!(
        of("[overdue]\nwhen = [{ column = \"order_day_count\", below = 3 }]"),
        [""; 0]
    );
    let one = [("ann".to_owned(), known.clone())];
    let changed = found(
        &one,
        &checked("[overdue]\nkind = \"opportunity\"\naction = \"ring\"").expect("valid"),
    );
    assert_eq!(column(&changed, "kind"), ["opportunity"]);
    assert_eq!(column(&changed, "suggested_action"), ["ring"]);
    // Where no rule looks at the run before, it is not asked.
    assert_eq!(checked("").expect("valid").columns_before().len(), 4);
    let without =
        ["value_at_risk", "returns_rising", "complaints_rising"].map(|name| format!("[{name}]\nenabled = false\n"));
    assert_eq!(checked(&without.concat()).expect("valid").columns_before(), [""; 0]);
}

/// The evidence of the rule `mine` about the first of these customers.
fn evidence(lines: &str, customers: &[Known]) -> String {
    let ids = ["ann", "bob", "cid"].map(str::to_owned);
    let customers: Vec<(String, Known)> = ids.into_iter().zip(customers.iter().cloned()).collect();
    let found = found(&customers, &checked(&rule(lines)).expect("valid"));
    let place = names(&found)
        .iter()
        .position(|name| name == "ann mine")
        .expect("she has it");
    column(&found, "evidence")[place].clone()
}

#[test]
fn evidence_tells_the_numbers_and_the_limits() {
    let ann: Known = vec![
        ("days_overdue", Number(34.5)),
        ("order_gap_deviation_days", Number(12.0)),
        ("returned_amount", Number(70.0)),
        ("gross_sales", Number(200.0)),
        ("net_sales", Number(1520.25)),
        ("region", Text("a; b")),
        ("last_order_date", Number(15_000.0)),
        ("pareto_class", Text("B")),
    ];
    let alone = [ann.clone()];
    assert_eq!(
        evidence(
            "when = [{ column = \"days_overdue\", above = \"days\" }, { column = \"region\", is_not = \"c\" }, \
             { column = \"days_overdue\", at_least = 1.5, times = \"order_gap_deviation_days\" }]\n\
             limits = { days = 12 }\nevidence = [\"net_sales\", \"region\", \"last_order_date\", \"p_alive\"]",
            &alone
        ),
        "days_overdue=34.5 (above 12, at_least 18 = 1.5 x order_gap_deviation_days); region=a, b; \
         net_sales=1520.25; last_order_date=2011-01-26; p_alive=null"
    );
    assert_eq!(
        evidence(
            "when = [{ column = \"returned_amount\", per = \"gross_sales\", at_least = 0.3 }]",
            &alone
        ),
        "returned_amount/gross_sales=0.35 (at_least 0.3)"
    );
    assert_eq!(
        evidence("when = [{ column = \"p_alive\", above = 0.5, or_null = true }]", &alone),
        "p_alive=null (or_null)"
    );
    assert_eq!(
        evidence(
            "when = [{ any = [{ column = \"vin\", above = 1 }, { column = \"net_sales\", below = 2000 }] }]",
            &alone
        ),
        "net_sales=1520.25 (below 2000.00)"
    );
    let other = |class, net_sales| vec![("net_sales", Number(net_sales)), ("pareto_class", Text(class))];
    let several = [ann, other("A", 1600.0), other("B", 100.0)];
    assert_eq!(
        evidence("when = [{ gap_to_next = \"pareto_class\", at_most = 0.05 }]", &several),
        "net_sales=1520.25 (least of A 1600.00, gap 0.0498, at_most 0.05)"
    );
    assert_eq!(
        evidence(
            "when = [{ column = \"net_sales\", above = 0.5, times_median = \"net_sales\" }]",
            &several
        ),
        "net_sales=1520.25 (above 760.12 = 0.5 x median of net_sales)"
    );
}

#[test]
fn measure_threshold_and_strength_stand_beside_the_evidence() {
    let customer = |days: f64| vec![("days_overdue", Number(days)), ("net_sales", Number(3.0 * days))];
    let customers = [("ann", 15.0), ("bob", 30.0), ("cid", 90.0)].map(|(id, days)| (id.to_owned(), customer(days)));
    let of = |lines: &str| found(&customers, &checked(&rule(lines)).expect("valid"));
    let both = "when = [{ column = \"days_overdue\", above = 10 }, { column = \"days_overdue\", above = 12 }]\n";
    let ranked = of(both);
    assert_eq!(column(&ranked, "measure"), ["days_overdue"; 3]);
    assert_eq!(column(&ranked, "measured"), ["15.0", "30.0", "90.0"]);
    assert_eq!(column(&ranked, "threshold"), ["12.0"; 3]);
    assert_eq!(column(&ranked, "strength"), ["33.33", "66.67", "100.0"]);
    assert_eq!(column(&ranked, "value_at_stake"), ["null"; 3]);
    let scaled = of(&format!(
        "{both}strength = {{ column = \"days_overdue\", from = 0, to = 60 }}\nvalue_at_stake = {{ column = \"net_sales\" }}"
    ));
    assert_eq!(column(&scaled, "strength"), ["25.0", "50.0", "100.0"]);
    assert_eq!(column(&scaled, "value_at_stake"), ["45.0000", "90.0000", "270.0000"]);
    let falling = of("when = [{ column = \"days_overdue\", below = 100 }]");
    assert_eq!(column(&falling, "strength"), ["100.0", "66.67", "33.33"]);
    assert_eq!(column(&falling, "threshold"), ["100.0"; 3]);
}

#[test]
fn a_rank_is_among_those_whose_measure_is_known() {
    let customer = |days: f64, vin: Value| vec![("days_overdue", Number(days)), ("vin", vin)];
    let vins = [("ann", Number(5.0)), ("bob", Null), ("cid", Number(9.0))];
    let customers = vins.map(|(id, vin)| (id.to_owned(), customer(20.0, vin)));
    let lines = "when = [{ column = \"days_overdue\", above = 10 }]\nstrength = { column = \"vin\" }";
    let found = found(&customers, &checked(&rule(lines)).expect("valid"));
    // Two of three are known: the better of them has 100, the other one half.
    assert_eq!(column(&found, "strength"), ["50.0", "0.0", "100.0"]);
}

#[test]
fn what_is_not_known_is_no_measure() {
    let customers = [
        ("ann", Null, Number(7.0)),
        ("bob", Number(0.8), Number(7.0)),
        ("cid", Null, Null),
    ];
    let customers = customers.map(|(id, p_alive, vin)| {
        let known = vec![("days_overdue", Number(20.0)), ("p_alive", p_alive), ("vin", vin)];
        (id.to_owned(), known)
    });
    let of = |lines: &str| found(&customers, &checked(&rule(lines)).expect("valid"));
    let unknown =
        "{ column = \"p_alive\", above = 0.5, or_null = true }, { column = \"vin\", above = 5, or_null = true }";
    let both = of(&format!("when = [{unknown}]"));
    assert_eq!(column(&both, "measure"), ["vin", "p_alive", "null"]);
    assert_eq!(column(&both, "measured"), ["7.0", "0.8", "null"]);
    assert_eq!(column(&both, "threshold"), ["5.0", "0.5", "null"]);
    let later = of(&format!(
        "when = [{unknown}, {{ column = \"days_overdue\", above = 3 }}]"
    ));
    assert_eq!(column(&later, "measure"), ["vin", "p_alive", "days_overdue"]);
    assert_eq!(column(&later, "threshold"), ["5.0", "0.5", "3.0"]);
    assert_eq!(
        column(&later, "evidence")[2],
        "p_alive=null (or_null); vin=null (or_null); days_overdue=20 (above 3)"
    );
}
