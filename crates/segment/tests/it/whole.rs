//! The stage as a whole.

use cartera_segment::{SegmentParams, segment};

use crate::support::{population, run, table};

#[test]
fn two_calls_agree() {
    let customers = population(5_000);
    let (first, second) = (
        run(&customers, &SegmentParams::default()),
        run(&customers, &SegmentParams::default()),
    );
    assert!(first.segments.frame().equals_missing(second.segments.frame()));
    assert!(first.profiles.frame().equals_missing(second.profiles.frame()));
    assert!(first.pareto_curve.frame().equals_missing(second.pareto_curve.frame()));
    assert_eq!(first.summary, second.summary);
}

#[test]
fn no_customers_make_empty_tables_and_a_curve_at_zero() {
    let segmentation = segment(&table(&[]), &SegmentParams::default().check(5).expect("valid")).expect("segments");
    assert_eq!(
        (
            segmentation.segments.height(),
            segmentation.profiles.height(),
            segmentation.pareto_curve.height()
        ),
        (0, 0, 1)
    );
    assert!(segmentation.summary.rfm_segments.is_empty());
}

#[test]
fn every_customer_has_one_row_in_the_same_order() {
    let customers = population(1_000);
    let features = table(&customers);
    let segmentation = segment(&features, &SegmentParams::default().check(5).expect("valid")).expect("segments");
    assert_eq!(
        features.frame().column("customer_id").expect("ids"),
        segmentation.segments.frame().column("customer_id").expect("ids")
    );
}
