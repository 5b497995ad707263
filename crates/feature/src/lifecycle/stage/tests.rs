use super::*;
use crate::params::LifecycleParams;

const TODAY: i32 = 20_000;

/// So many orders, the first and the last one so many days ago.
fn orders(order_count: i64, first: i32, last: i32) -> Standing {
    Standing {
        order_count,
        order_dates: (order_count > 0).then_some((TODAY - first, TODAY - last)),
        ..Standing::default()
    }
}

fn stage(standing: Standing) -> (LifecycleStage, Option<i32>) {
    let rules = LifecycleParams::default().check().expect("valid");
    let (stage, since) = standing.stage(TODAY, &rules);
    (stage, since.map(|since| TODAY - since))
}

#[test]
fn stages_are_those_of_the_contract() {
    let slugs: Vec<&str> = LifecycleStage::ALL.iter().map(|stage| stage.slug()).collect();
    assert_eq!(slugs, cartera_table::contracts::STAGES);
    assert!(
        LifecycleStage::ALL
            .iter()
            .all(|&stage| LifecycleStage::from_slug(stage.slug()) == Some(stage))
    );
    assert_eq!(LifecycleStage::from_slug("other"), None);
}

#[test]
fn rules_have_their_borders() {
    use LifecycleStage::{AtRisk, Developing, Lapsed, Lost, Loyal, New, Prospect, Recovered};
    let alive = |p_alive: f64| Standing {
        p_alive: Some(p_alive),
        ..orders(5, 500, 50)
    };
    let paused = |last: i32, gap: i32| Standing {
        last_gap_days: Some(gap),
        ..orders(5, 500, last)
    };
    // The stage, and the days ago that it began where the rule tells.
    for (what, standing, expected) in [
        ("no order", orders(0, 0, 0), (Prospect, None)),
        ("first order today", orders(1, 0, 0), (New, Some(0))),
        ("last new day", orders(3, 90, 90), (New, Some(90))),
        ("no second order", orders(1, 91, 91), (AtRisk, Some(0))),
        ("loyal at once", orders(4, 10, 2), (Loyal, Some(2))),
        ("long loyal", orders(5, 300, 10), (Loyal, None)),
        ("outgrew new", orders(2, 100, 95), (Developing, Some(9))),
        ("second order came late", orders(2, 300, 120), (Developing, Some(120))),
        ("third order came late", orders(3, 300, 120), (Developing, None)),
        ("last day before lapsed", orders(4, 500, 180), (Loyal, Some(180))),
        ("first lapsed day", orders(4, 500, 181), (Lapsed, Some(0))),
        ("last lapsed day", orders(4, 500, 365), (Lapsed, Some(184))),
        ("first lost day", orders(4, 500, 366), (Lost, Some(0))),
        ("hardly alive", alive(0.0999), (Lost, None)),
        ("no longer lost", alive(0.1), (Lapsed, None)),
        ("lapsed", alive(0.2499), (Lapsed, None)),
        ("no longer lapsed", alive(0.25), (AtRisk, None)),
        ("at risk", alive(0.4999), (AtRisk, None)),
        ("alive", alive(0.5), (Loyal, None)),
        (
            "days go before chances",
            Standing {
                p_alive: Some(0.01),
                ..orders(4, 500, 370)
            },
            (Lost, Some(4)),
        ),
        (
            "new, whatever the model says",
            Standing {
                p_alive: Some(0.01),
                ..orders(2, 80, 70)
            },
            (New, Some(80)),
        ),
        ("came back", paused(90, 181), (Recovered, Some(90))),
        ("came back long ago", paused(91, 181), (Loyal, None)),
        ("was not away long enough", paused(90, 180), (Loyal, None)),
        (
            "came back, but not for the model",
            Standing {
                p_alive: Some(0.2),
                ..paused(10, 200)
            },
            (Lapsed, None),
        ),
    ] {
        assert_eq!(stage(standing), expected, "{what}");
    }
}

#[test]
fn late_is_told_by_the_own_rhythm() {
    use LifecycleStage::{AtRisk, Loyal};
    let late = |days: f64, deviation: Option<f64>| Standing {
        days_overdue: Some(days),
        gap_deviation_days: deviation,
        ..orders(8, 500, 50)
    };
    assert_eq!(stage(late(20.0, Some(20.0))), (Loyal, None));
    assert_eq!(
        stage(late(20.5, Some(20.0))),
        (AtRisk, Some(0)),
        "today for the first time"
    );
    assert_eq!(stage(late(21.0, Some(20.0))), (AtRisk, Some(0)));
    assert_eq!(stage(late(22.5, Some(20.0))), (AtRisk, Some(2)));
    assert_eq!(stage(late(7.0, Some(0.0))), (Loyal, None), "a week is never late");
    assert_eq!(stage(late(8.0, Some(0.0))), (AtRisk, Some(0)));
    assert_eq!(stage(late(100.0, None)), (Loyal, None), "one gap is no rhythm");
}
