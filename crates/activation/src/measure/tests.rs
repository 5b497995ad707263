//! Published values, and groups of which little or nothing is known.

use super::*;

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    let apart = (found - expected).abs();
    assert!(
        apart <= tolerance * expected.abs().max(1e-300),
        "{found:e} is not {expected:e}"
    );
}

#[track_caller]
fn interval(found: Option<Interval>, low: f64, high: f64) {
    let found = found.expect("an interval");
    near(found.low, low, 1e-9);
    near(found.high, high, 1e-9);
}

/// Newcombe (1998), table II, method 10, all eight examples.
#[test]
fn differences_of_rates_are_those_that_newcombe_published() {
    for (treated, control, low, high) in [
        ((56, 70), (48, 80), "0.0524", "0.3339"),
        ((9, 10), (3, 10), "0.1705", "0.8090"),
        ((6, 7), (2, 7), "0.0582", "0.8062"),
        ((5, 56), (0, 29), "-0.0381", "0.1926"),
        ((0, 10), (0, 20), "-0.1611", "0.2775"),
        ((0, 10), (0, 10), "-0.2775", "0.2775"),
        ((10, 10), (0, 20), "0.6791", "1.0000"),
        ((10, 10), (0, 10), "0.6075", "1.0000"),
    ] {
        let of = |(events, customers)| OutcomeSums::of_rate(customers, events);
        let found = compare_rates(&of(treated), &of(control), 0.95);
        let found = found.difference_interval.expect("both have customers");
        assert_eq!(
            (format!("{:.4}", found.low), format!("{:.4}", found.high)),
            (low.to_owned(), high.to_owned()),
            "{treated:?} against {control:?}"
        );
    }
}

/// The e-mail campaign of Hillstrom (2008); intervals and p-values by statsmodels 0.15.
#[test]
fn rates_of_a_real_campaign_agree_with_statsmodels() {
    let control = OutcomeSums::of_rate(21_306, 2_262);
    let mens = compare_rates(&OutcomeSums::of_rate(21_307, 3_894), &control, 0.95);
    near(mens.treated.expect("a rate"), 0.182_756_8, 1e-6);
    near(mens.control.expect("a rate"), 0.106_167_3, 1e-6);
    interval(
        mens.difference_interval,
        0.069_953_308_083_731_54,
        0.083_226_741_274_111_37,
    );
    interval(mens.lift_interval, 0.640_384_888_48, 0.806_425_964_714_953);
    near(mens.p_value.expect("a test"), 5.685_165_482_802_317e-112, 1e-9);
    let womens = compare_rates(&OutcomeSums::of_rate(21_387, 3_238), &control, 0.95);
    near(womens.treated.expect("a rate"), 0.151_400_4, 1e-6);
    interval(
        womens.difference_interval,
        0.038_894_095_359_988_13,
        0.051_574_342_962_213_596,
    );
    near(womens.p_value.expect("a test"), 3.182_403_159_334_921_4e-44, 1e-9);
    let buyers = compare_rates(
        &OutcomeSums::of_rate(21_387, 189),
        &OutcomeSums::of_rate(21_306, 122),
        0.95,
    );
    interval(
        buyers.difference_interval,
        0.001_501_657_131_877_008,
        0.004_745_471_313_672_931,
    );
    interval(buyers.lift_interval, 0.230_105_219_526_297_1, 0.936_269_445_118_094_4);
    near(buyers.p_value.expect("a test"), 0.000_157_105_129_106_684_48, 1e-9);
}

/// Spend in the same campaign, in cents: all customers, their sum and their squares.
fn spend(customers: u64, values: &[(i64, u64)]) -> OutcomeSums {
    let mut sums = OutcomeSums::default();
    let mut buyers = 0;
    for &(value, times) in values {
        for _ in 0..times {
            sums = sums.with(value, 100).expect("small");
        }
        buyers += times;
    }
    sums.and((buyers..customers).fold(OutcomeSums::default(), |sums, _| sums.with(0, 100).expect("small")))
        .expect("small")
}

/// Welch (1947) on small samples with equal and unequal values; by scipy 1.17, `ttest_ind(equal_var=False)` and its
/// `confidence_interval`.
#[test]
fn differences_of_means_agree_with_scipy() {
    let treated = spend(8, &[(1_000, 2), (2_550, 1), (400, 1)]);
    let control = spend(6, &[(300, 1), (900, 1)]);
    let found = compare_means(&treated, &control, 100, 0.95);
    near(found.treated.expect("a mean"), 6.187_5, 1e-12);
    near(found.control.expect("a mean"), 2.0, 1e-12);
    interval(found.difference_interval, -3.621145160980726, 11.996145160980726);
    near(found.p_value.expect("a test"), 0.25886947099194235, 1e-9);
    near(found.lift.expect("a lift"), 2.093_75, 1e-12);
    // The control group's mean may be zero, and then nothing can be told of the lift.
    assert_eq!(found.lift_interval, None);
}

/// The interval of the lift and that of the difference agree on whether there is an effect.
#[test]
fn a_lift_is_shown_where_a_difference_is() {
    let control = spend(400, &[(1_000, 150), (3_000, 20)]);
    for extra in 0..60 {
        let treated = spend(420, &[(1_000, 150 + extra), (3_000, 20)]);
        let found = compare_means(&treated, &control, 100, 0.95);
        let (difference, lift) = (
            found.difference_interval.expect("one"),
            found.lift_interval.expect("one"),
        );
        assert_eq!(difference.low > 0.0, lift.low > 0.0, "{extra}");
        assert_eq!(difference.high < 0.0, lift.high < 0.0, "{extra}");
        let middle = found.lift.expect("one");
        assert!(lift.low < middle && middle < lift.high);
    }
}

#[test]
fn groups_of_which_nothing_is_known_are_no_error() {
    let (none, some) = (OutcomeSums::default(), OutcomeSums::of_rate(10, 4));
    for found in [compare_rates(&none, &some, 0.95), compare_means(&none, &some, 1, 0.95)] {
        assert_eq!((found.treated, found.difference, found.p_value), (None, None, None));
        assert_eq!(found.control, Some(0.4));
        assert_eq!(
            (found.lift, found.lift_interval, found.detectable_difference),
            (None, None, None)
        );
    }
    let one = OutcomeSums::of_rate(1, 1);
    let found = compare_means(&one, &some, 1, 0.95);
    assert_eq!((found.difference, found.difference_interval), (Some(0.6), None));
}

#[test]
fn without_an_event_there_is_no_lift() {
    let (nobody, some) = (OutcomeSums::of_rate(50, 0), OutcomeSums::of_rate(50, 5));
    let found = compare_rates(&some, &nobody, 0.95);
    assert_eq!(
        (found.difference, found.lift, found.lift_interval),
        (Some(0.1), None, None)
    );
    assert!(found.difference_interval.is_some() && found.p_value.is_some());
    let found = compare_rates(&nobody, &some, 0.95);
    assert_eq!((found.lift, found.lift_interval), (Some(-1.0), None));
    let found = compare_rates(&nobody, &nobody, 0.95);
    assert_eq!((found.p_value, found.detectable_difference), (Some(1.0), None));
    let found = compare_means(&nobody, &nobody, 1, 0.95);
    assert_eq!(
        (found.difference, found.p_value, found.difference_interval),
        (Some(0.0), None, None)
    );
}

/// Holm (1979): the smallest of four is held against a quarter of the level.
#[test]
fn adjusted_p_values_grow_with_the_number_of_tests() {
    let found = holm(&[Some(0.02), Some(0.005), None, Some(0.03), Some(0.9)]);
    assert_eq!(found, [Some(0.06), Some(0.02), None, Some(0.06), Some(0.9)]);
    assert_eq!(holm(&[]), []);
}

#[test]
fn sizes_that_were_not_drawn_are_found() {
    assert!(
        !sample_ratio(&[(21_307, 1.0), (21_306, 1.0), (21_387, 1.0)])
            .expect("three")
            .is_broken()
    );
    assert!(sample_ratio(&[(21_307, 1.0), (20_306, 1.0)]).expect("two").is_broken());
    for none in [
        vec![(1, 1.0)],
        vec![],
        vec![(0, 0.5), (0, 0.5)],
        vec![(5, 0.0), (5, 1.0)],
        vec![(5, f64::NAN), (5, 1.0)],
    ] {
        assert_eq!(sample_ratio(&none), None);
    }
}

fn cell(segment: &str, arm: usize, customers: u64, events: u64) -> StudyCell {
    StudyCell {
        segment: segment.to_owned(),
        arm,
        customers,
        outcomes: vec![OutcomeSums::of_rate(customers, events)],
    }
}

fn study(cells: Vec<StudyCell>) -> Study {
    Study {
        arms: vec!["control".to_owned(), "contact".to_owned()],
        outcomes: vec![Outcome {
            name: "buyers".to_owned(),
            kind: OutcomeKind::Rate,
            one: 1,
            margin_share: Some(20.0),
        }],
        cells,
        by_segment: true,
        contrasts: vec![Contrast { arm: 1, against: 0 }],
        designed_shares: vec![(0, 0.5), (1, 0.5)],
        cost_per_contact: Some(15_000),
        confidence: 0.95,
    }
}

#[test]
fn a_study_tells_totals_segments_and_returns() {
    let cells = vec![
        cell("new", 1, 1_000, 150),
        cell("loyal", 0, 1_000, 300),
        cell("new", 0, 1_000, 100),
        cell("loyal", 1, 1_000, 310),
    ];
    let found = measure(&study(cells.clone())).expect("measured");
    assert_eq!(found.results.len(), 3);
    let all = &found.results[0];
    assert_eq!((all.segment.as_deref(), all.treated.customers()), (None, 2_000));
    near(all.incremental.expect("a difference"), 60.0, 1e-12);
    // 60 buyers more with a margin of 20 each, for 2,000 contacts of 1.50.
    let investment = all.investment.expect("a cost");
    near(investment.cost, 3_000.0, 1e-12);
    near(investment.return_on_investment, -0.6, 1e-12);
    let segments: Vec<_> = found.results[1..]
        .iter()
        .map(|result| result.segment.as_deref())
        .collect();
    assert_eq!(segments, [Some("loyal"), Some("new")]);
    let (loyal, new) = (&found.results[1], &found.results[2]);
    near(
        new.adjusted_p_value.expect("one"),
        2.0 * new.comparison.p_value.expect("one"),
        1e-12,
    );
    assert_eq!(loyal.adjusted_p_value, loyal.comparison.p_value);
    assert_eq!(found.warnings, []);
    let turned: Vec<StudyCell> = cells.into_iter().rev().collect();
    assert_eq!(measure(&study(turned)).expect("measured"), found);
}

#[test]
fn a_study_warns_of_what_it_cannot_tell() {
    let slugs = |cells| -> Vec<&str> {
        let found = measure(&study(cells)).expect("measured");
        found.warnings.iter().map(Warning::slug).collect()
    };
    assert_eq!(
        slugs(vec![cell("", 1, 500, 50)]),
        ["no_control", "broken_randomization"]
    );
    assert_eq!(slugs(vec![cell("", 0, 500, 50)]), ["empty_arm", "broken_randomization"]);
    let few = vec![cell("", 0, 40, 1), cell("", 1, 40, 2)];
    assert_eq!(
        slugs(few),
        [
            "few_customers",
            "few_customers",
            "few_events",
            "few_events",
            "too_small_to_tell"
        ]
    );
    let mut lost = vec![cell("", 0, 1_000, 100), cell("", 1, 1_000, 200)];
    lost[1].outcomes[0] = OutcomeSums::of_rate(900, 180).with_missing(100);
    let found = measure(&study(lost)).expect("measured");
    let [Warning::MissingOutcomes { rows, differs, .. }] = found.warnings.as_slice() else {
        panic!("{:?}", found.warnings);
    };
    assert_eq!(
        (rows.as_str(), *differs),
        ("control: 0 of 1000, contact: 100 of 1000", true)
    );
}

#[test]
fn a_confidence_that_is_none_is_refused() {
    for confidence in [0.0, 1.0, 95.0, f64::NAN] {
        let refused = measure(&Study {
            confidence,
            ..study(Vec::new())
        });
        assert!(matches!(refused, Err(MeasureError::Confidence { .. })), "{confidence}");
    }
}
