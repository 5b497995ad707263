//! The stage as a whole.

use cartera_segment::{Before, SegmentParams, segment};

use crate::support::{Customer, population, run, table};

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
    let segmentation = segment(
        &table(&[]),
        Before::default(),
        &SegmentParams::default().check(5).expect("valid"),
    )
    .expect("segments");
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
    let segmentation = segment(
        &features,
        Before::default(),
        &SegmentParams::default().check(5).expect("valid"),
    )
    .expect("segments");
    assert_eq!(
        features.frame().column("customer_id").expect("ids"),
        segmentation.segments.frame().column("customer_id").expect("ids")
    );
}

#[test]
fn the_notes_say_which_segmentation_they_are_about() {
    let twins = [
        Customer::new(5, 1, -10_000, [1, 1, 1]),
        Customer::new(5, 1, -10_000, [1, 1, 1]),
    ];
    let notes = run(&twins, &SegmentParams::default()).summary.notes();
    let of = |segmentation: &str| notes.iter().filter(|note| note.starts_with(segmentation)).count();
    assert_eq!(
        (of("pareto: no customer has a positive"), of("k_means: ")),
        (1, 3),
        "{notes:?}"
    );
    assert!(
        run(&population(1_000), &SegmentParams::default())
            .summary
            .notes()
            .is_empty()
    );
}
