//! The rules beside a slow version that reads what is typed, customer by customer and condition by condition.

use cartera_segment::{SignalConditionParams, SignalLimitParams, SignalsBefore, SignalsParams, signals};
use proptest::prelude::*;

use super::Value::{Null, Number, Text};
use super::{Known, TODAY, Value, column as cells_of, day, found, names, ranked, tables};
use crate::support::in_pool;

const NUMBERS: [&str; 4] = ["days_overdue", "order_gap_mean_days", "p_alive", "vin"];

fn number(known: &Known, column: &str) -> Option<f64> {
    known.iter().find_map(|(name, value)| match value {
        Number(number) if *name == column => Some(*number),
        _ => None,
    })
}

/// What the slow version knows of the whole base.
struct Whole<'w> {
    now: &'w [(String, Known)],
    before: &'w [(String, Known)],
    /// Days between the two.
    days: f64,
}

impl Whole<'_> {
    fn before(&self, id: &str) -> Option<&Known> {
        self.before
            .iter()
            .find(|(other, _)| other == id)
            .map(|(_, known)| known)
    }

    fn median(&self, column: &str) -> Option<f64> {
        let mut numbers: Vec<f64> = self.now.iter().filter_map(|(_, known)| number(known, column)).collect();
        numbers.sort_by(f64::total_cmp);
        let middle = numbers.len() / 2;
        match numbers.len() {
            0 => None,
            even if even % 2 == 0 => Some(numbers[middle - 1] + (numbers[middle] - numbers[middle - 1]) / 2.0),
            _ => Some(numbers[middle]),
        }
    }

    fn value(&self, known: Option<&Known>, column: &str, per: Option<&String>) -> Option<f64> {
        let value = number(known?, column)?;
        match per {
            None => Some(value),
            Some(per) => number(known?, per).filter(|per| *per > 0.0).map(|per| value / per),
        }
    }

    fn meets(&self, id: &str, known: &Known, condition: &SignalConditionParams) -> bool {
        if let Some(any) = &condition.any {
            return any.iter().any(|one| self.meets(id, known, one));
        }
        let per = condition.per.as_ref();
        let before = self.before(id);
        if condition.one_of.is_some() || condition.is_not.is_some() {
            let text = known.iter().find_map(|(name, value)| match value {
                Text(text) if Some(*name) == condition.column.as_deref() => Some((*text).to_owned()),
                _ => None,
            });
            let Some(text) = text else { return condition.or_null };
            return match (&condition.one_of, &condition.is_not) {
                (Some(texts), _) => texts.contains(&text),
                (_, other) => other.as_ref() != Some(&text),
            };
        }
        let change = |column: &str| {
            let now = self.value(Some(known), column, per)?;
            Some(now - self.value(before, column, per)?)
        };
        let measured = match (&condition.column, &condition.rise_of, &condition.fall_of) {
            (Some(column), ..) => self.value(Some(known), column, per),
            (_, Some(column), _) => change(column),
            (.., column) => change(column.as_deref().unwrap_or_default()).map(|rise| -rise),
        };
        let Some(measured) = measured else {
            return condition.or_null;
        };
        let limit = |typed: &SignalLimitParams| {
            let SignalLimitParams::Number(limit) = typed else {
                return None;
            };
            let factor = match (&condition.times, &condition.times_before, &condition.times_median) {
                (Some(column), ..) => number(known, column)?,
                (_, Some(column), _) => number(before?, column)?,
                (.., Some(column)) => self.median(column)?,
                _ => 1.0,
            };
            Some(limit * factor)
        };
        let beyond = |typed: &Option<SignalLimitParams>, holds: fn(f64, f64) -> bool| {
            let limit = typed.as_ref().and_then(limit);
            // The whole base has moved for so many days; the limit is for others.
            let part = match &condition.within_days {
                Some(SignalLimitParams::Number(within)) => (self.days / within).min(1.0),
                _ => 1.0,
            };
            limit.is_some_and(|limit| holds(measured, limit * part))
        };
        beyond(&condition.above, |one, other| one > other)
            || beyond(&condition.at_least, |one, other| one >= other)
            || beyond(&condition.below, |one, other| one < other)
            || beyond(&condition.at_most, |one, other| one <= other)
    }
}

fn cell(from: i32, to: i32) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Null), 4 => (from..to).prop_map(|quarters| Number(f64::from(quarters) / 4.0))]
}

fn known() -> impl Strategy<Value = Known> {
    let region = prop_oneof![Just(Null), Just(Text("north")), Just(Text("south"))];
    (cell(-8, 8), cell(0, 8), cell(0, 5), cell(-8, 8), region).prop_map(|(overdue, gap, p_alive, vin, region)| {
        let values = NUMBERS.into_iter().zip([overdue, gap, p_alive, vin]);
        values.chain([("region", region)]).collect()
    })
}

fn customers() -> impl Strategy<Value = Vec<(String, Known)>> {
    prop::collection::btree_map(0..30_u8, known(), 0..20).prop_map(|customers| {
        let named = |(number, known)| (format!("c{number:02}"), known);
        customers.into_iter().map(named).collect()
    })
}

fn column() -> impl Strategy<Value = String> {
    prop::sample::select(&NUMBERS[..]).prop_map(str::to_owned)
}

fn test() -> impl Strategy<Value = SignalConditionParams> {
    let looks_at = (0..3_u8, column(), prop::option::of(column()));
    // Of powers of two, so that no order of reckoning rounds.
    let within = prop::option::of(prop::sample::select(&[1.0, 4.0, 32.0][..]));
    let compares = (0..4_u8, -6..8_i32, 0..4_u8, column(), any::<bool>(), within);
    let numbers = (looks_at, compares).prop_map(|((of, name, per), (bound, limit, factor, times, or_null, within))| {
        let at = |number: u8, chosen: u8, value: &String| (number == chosen).then(|| value.clone());
        let limit = |number: u8| (number == bound).then(|| SignalLimitParams::Number(f64::from(limit) / 4.0));
        SignalConditionParams {
            column: at(0, of, &name),
            rise_of: at(1, of, &name),
            fall_of: at(2, of, &name),
            per,
            above: limit(0),
            at_least: limit(1),
            below: limit(2),
            at_most: limit(3),
            times: at(1, factor, &times),
            times_before: at(2, factor, &times),
            times_median: at(3, factor, &times),
            within_days: within.filter(|_| of > 0).map(SignalLimitParams::Number),
            or_null,
            ..SignalConditionParams::default()
        }
    });
    let texts = (any::<bool>(), any::<bool>()).prop_map(|(is_not, or_null)| SignalConditionParams {
        column: Some("region".to_owned()),
        is_not: is_not.then(|| "north".to_owned()),
        one_of: (!is_not).then(|| vec!["north".to_owned(), "west".to_owned()]),
        or_null,
        ..SignalConditionParams::default()
    });
    prop_oneof![5 => numbers, 1 => texts]
}

fn condition() -> impl Strategy<Value = SignalConditionParams> {
    let any = prop::collection::vec(test(), 2..4).prop_map(|any| SignalConditionParams {
        any: Some(any),
        ..SignalConditionParams::default()
    });
    prop_oneof![3 => test(), 1 => any]
}

/// Rules `r0`, `r1`, .. of these conditions, and no built-in ones.
fn params(rules: &[Vec<SignalConditionParams>]) -> SignalsParams {
    let disabled = "enabled = false\n";
    let built_in = found(&[], &super::checked("").expect("valid")).summary.signals;
    let typed: String = built_in
        .iter()
        .map(|one| format!("[{}]\n{disabled}", one.signal))
        .collect();
    let mut params: SignalsParams = toml::from_str(&typed).expect("valid");
    for (place, when) in rules.iter().enumerate() {
        let rule = "kind = \"alarm\"\naction = \"call\"\nwhen = []\nstrength = { column = \"vin\" }";
        let mut rule: cartera_segment::SignalRuleParams = toml::from_str(rule).expect("valid");
        rule.when = Some(when.clone());
        params.0.insert(format!("r{place}"), rule);
    }
    params
}

proptest! {
    #[test]
    fn rules_take_whom_a_slow_version_takes(
        now in customers(),
        before in customers(),
        rules in prop::collection::vec(prop::collection::vec(condition(), 1..4), 1..4),
        days in prop::sample::select(&[1, 2, 8][..]),
    ) {
        let valid = params(&rules).check(&ranked()).expect("valid");
        let (features, segments) = tables(&now);
        let (earlier, _) = tables(&before);
        let prior = SignalsBefore { as_of: day(TODAY - days), features: Some(earlier.frame()), signals: None };
        let found = signals(&features, &segments, Some(prior), day(TODAY), &valid).expect("signals");
        let whole = Whole { now: &now, before: &before, days: f64::from(days) };
        let mut expected = Vec::new();
        for (id, known) in &now {
            for (place, when) in rules.iter().enumerate() {
                if when.iter().all(|condition| whole.meets(id, known, condition)) {
                    expected.push(format!("{id} r{place}"));
                }
            }
        }
        prop_assert_eq!(names(&found), expected);
    }
}

/// Customers of several stretches, with a run before: the same table and figures on one thread and on two.
#[test]
fn the_number_of_threads_changes_nothing() {
    let customer = |number: u32, shift: u32| {
        let part = |below: u32, factor: u32| f64::from(number.wrapping_mul(factor).wrapping_add(shift) % below);
        let known: Known = vec![
            ("days_overdue", Number(part(60, 7))),
            ("order_gap_deviation_days", Number(part(20, 11))),
            ("order_day_count", Number(part(9, 13))),
            ("days_since_last_order", Number(part(400, 17))),
            ("net_sales", Number(part(5_000, 19))),
            ("vin_expected", Number(part(900, 23))),
            ("p_alive", Number(part(100, 29) / 100.0)),
            ("case_count_12m", Number(part(3, 31))),
            ("pareto_class", Text(["A", "B", "C"][part(3, 37) as usize])),
        ];
        (format!("c{number:06}"), known)
    };
    let of = |numbers: std::ops::Range<u32>, shift| {
        tables(&numbers.map(|number| customer(number, shift)).collect::<Vec<_>>())
    };
    let (features, segments) = of(0..40_000, 0);
    let (earlier, _) = of(1_000..45_000, 5);
    let valid = super::checked("").expect("valid");
    let run = |threads: usize| {
        let prior = SignalsBefore {
            as_of: day(TODAY - 1),
            features: Some(earlier.frame()),
            signals: None,
        };
        in_pool(threads, || {
            signals(&features, &segments, Some(prior), day(TODAY), &valid).expect("signals")
        })
    };
    let (one, two) = (run(1), run(2));
    assert!(one.table.height() > 10_000, "{}", one.table.height());
    assert!(one.table.frame().equals_missing(two.table.frame()));
    assert_eq!(one.summary, two.summary);
    // Each row has its own numbers, in whatever stretch it was found.
    let rows = names(&one)
        .into_iter()
        .zip(cells_of(&one, "measured"))
        .zip(cells_of(&one, "evidence"));
    let mut overdue = 0;
    for ((name, measured), evidence) in rows.filter(|((name, _), _)| name.ends_with(" overdue")) {
        let number: u32 = name[1..7].parse().expect("a number");
        let days = number.wrapping_mul(7) % 60;
        assert_eq!(measured, format!("{days}.0"), "{name}");
        assert!(
            evidence.starts_with(&format!("days_overdue={days} (")),
            "{name}: {evidence}"
        );
        overdue += 1;
    }
    assert!(overdue > 1_000, "{overdue}");
}
