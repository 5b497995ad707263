//! Complaints and campaigns do what the truth says, no more and no less.

use cartera_sample::{SampleFile, SampleParams};

use crate::read::Sample;

#[test]
fn a_complaint_ends_a_relation_as_often_as_declared() {
    let sample = Sample::write(SampleParams {
        complaint_share: 0.1,
        ..SampleParams::new(10_000, 61)
    });
    let truth = &sample.contents.truth;
    assert!(truth.complaints > 5_000, "the test is too weak: {}", truth.complaints);
    let n = truth.complaints as f64;
    let share = truth.ended_by_complaint as f64 / n;
    assert!((share - 0.25).abs() < 4.0 * (0.25 * 0.75 / n).sqrt(), "{share}");
    let complaints_per_order = n / truth.orders as f64;
    let error = (0.1 * 0.9 / truth.orders as f64).sqrt();
    assert!(
        (complaints_per_order - 0.1).abs() < 4.0 * error,
        "{complaints_per_order}"
    );
    let rows = sample.rows(SampleFile::TruthCustomers);
    for row in &rows {
        let ended = row["ended_by"] == "complaint";
        assert!(!ended || row["complaint_count"] != "0");
        assert_eq!(row["alive_at_end"] == "true", row["ended_by"].is_empty());
    }
}

#[test]
fn complaints_cost_customers() {
    let alive = |complaint_dropout| {
        let params = SampleParams {
            complaint_dropout,
            ..SampleParams::new(5_000, 62)
        };
        Sample::write(params).contents.truth.alive_at_end
    };
    assert!(alive(0.25) + 100 < alive(0.0));
}

#[test]
fn a_contact_lifts_purchases_by_the_true_effect() {
    let sample = Sample::write(SampleParams {
        control_share: 0.5,
        ..SampleParams::new(40_000, 63)
    });
    let campaigns = sample.rows(SampleFile::TruthCampaigns);
    assert_eq!(campaigns.len(), 6);
    let (mut z_sum, mut lifted) = (0.0, 0);
    for row in &campaigns {
        let number = |name: &str| row[name].parse::<f64>().unwrap();
        let (treated, control) = (number("treated_customers"), number("control_customers"));
        assert!(treated > 1_500.0 && (treated / control - 1.0).abs() < 0.1, "{row:?}");
        let control_rate = number("control_orders") / control;
        let extra = number("treated_orders") / treated - control_rate;
        let expected = number("expected_extra_orders") / treated;
        // Purchase rates differ among people, so counts vary about twice as much as those of a Poisson process.
        let error = (2.0 * (control_rate + expected) / treated + 2.0 * control_rate / control).sqrt();
        assert!((extra - expected).abs() < 4.0 * error, "{row:?}: {extra} vs {expected}");
        assert_eq!(expected == 0.0, number("true_lift") == 0.0);
        if expected > 0.0 {
            z_sum += extra / error;
            lifted += 1;
        }
    }
    assert!(z_sum / f64::from(lifted) > 4.0, "the test is too weak: {z_sum}");
}

#[test]
fn no_lift_is_no_effect_and_no_other_retailer() {
    let with_lift = |campaign_lift| {
        Sample::write(SampleParams {
            campaign_lift,
            ..SampleParams::new(2_000, 64)
        })
    };
    let (none, some) = (with_lift(0.0), with_lift(0.6));
    assert!(some.contents.truth.orders > none.contents.truth.orders);
    for file in [SampleFile::TruthAssignments, SampleFile::Consents] {
        assert!(none.files[&file] == some.files[&file], "{}", file.name());
    }
}

#[test]
fn surveys_know_who_complained_and_incidents_change_nothing() {
    let sample = Sample::write(SampleParams {
        complaint_share: 0.1,
        ..SampleParams::new(5_000, 65)
    });
    let cases = sample.rows(SampleFile::Cases);
    let complained: std::collections::HashSet<&String> = cases
        .iter()
        .filter(|row| row["kind"] == "complaint")
        .map(|row| &row["customer_id"])
        .collect();
    let mean_score = |has_complained: bool| {
        let surveys = cases.iter().filter(|row| row["kind"] == "survey");
        let scores: Vec<f64> = surveys
            .filter(|row| complained.contains(&row["customer_id"]) == has_complained)
            .map(|row| row["score"].parse().unwrap())
            .collect();
        assert!(scores.len() > 200 && scores.iter().all(|score| (0.0..=10.0).contains(score)));
        scores.iter().sum::<f64>() / scores.len() as f64
    };
    assert!(mean_score(true) + 1.0 < mean_score(false));
}
