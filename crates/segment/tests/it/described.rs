//! Tables about segments, whatever the segmentations are.

use std::collections::BTreeMap;

use cartera_segment::{Before, SegmentParams, segment};
use cartera_table::frame;
use polars::prelude::DataFrame;

use crate::support::{Customer, population, run, table, texts};

fn counts(frame: &DataFrame) -> Vec<i64> {
    let customers = frame::int64(frame, "customers").expect("counts");
    customers.iter().flatten().collect()
}

/// Customers by the values of a column.
fn by(frame: &DataFrame, column: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    let values = frame.column(column).expect("there").str().expect("text").iter();
    for (value, customers) in values.zip(counts(frame)) {
        *sums.entry(value.unwrap_or("-").to_owned()).or_default() += customers;
    }
    sums
}

#[test]
fn segments_add_up_and_are_told_in_words() {
    let segmentation = run(&population(2_000), &SegmentParams::default());
    let segments = segmentation.described.segments.frame();
    let of_segmentations = by(segments, "segmentation");
    for segmentation in ["rfm_segment", "lifecycle_stage", "pareto_class", "value_tier"] {
        assert_eq!(of_segmentations[segmentation], 2_000, "{segmentation}");
    }
    assert!(
        !of_segmentations.contains_key("pareto_class_vin"),
        "nothing is known of it"
    );
    let labels = texts(segments, "label");
    assert!(labels.contains(&"Cannot lose".to_owned()) && labels.contains(&"Class A".to_owned()));
    let profit = frame::decimal(segments, "net_profit").expect("money");
    assert_eq!(profit.null_count(), segments.height());
}

#[test]
fn any_two_segmentations_add_up_to_the_base() {
    let segmentation = run(&population(2_000), &SegmentParams::default());
    let overlap = segmentation.described.overlap.frame();
    let (first, second) = (texts(overlap, "segmentation_a"), texts(overlap, "segmentation_b"));
    let mut pairs = BTreeMap::<(&str, &str), i64>::new();
    for (pair, customers) in first.iter().zip(&second).zip(counts(overlap)) {
        *pairs.entry((pair.0, pair.1)).or_default() += customers;
    }
    assert!(pairs.values().all(|&customers| customers == 2_000), "{pairs:?}");
    assert_eq!(pairs.len(), 10, "five segmentations");
    assert!(pairs.contains_key(&("rfm_segment", "lifecycle_stage")));
    assert!(pairs.contains_key(&("pareto_class", "value_tier")));
}

#[test]
fn the_matrix_has_every_cell_and_everybody_with_scores() {
    let customers = population(2_000);
    let segmentation = run(&customers, &SegmentParams::default());
    let matrix = segmentation.rfm_matrix.frame();
    assert_eq!(matrix.height(), 25);
    let scored = customers.iter().filter(|customer| customer.scores[0].is_some());
    let best = scored
        .clone()
        .filter(|customer| customer.scores[0] == Some(5) && customer.scores[1] == Some(5));
    assert_eq!(counts(matrix).iter().sum::<i64>(), scored.count() as i64);
    assert_eq!(counts(matrix)[24], best.clone().count() as i64);
    let net_sales = frame::decimal(matrix, "net_sales").expect("money");
    assert_eq!(net_sales.get(24), Some(best.map(|customer| customer.net_sales).sum()));
    assert_eq!(texts(matrix, "main_segment")[24], "champions");
}

#[test]
fn nobody_moves_between_a_run_and_itself() {
    let features = table(&population(500));
    let params = SegmentParams::default().check(5).expect("valid");
    let first = segment(&features, Before::default(), &params).expect("segments");
    let segments = Some(&first.segments);
    let second = segment(
        &features,
        Before {
            segments,
            ..Before::default()
        },
        &params,
    )
    .expect("segments");
    assert!(
        first.summary.moves.is_empty(),
        "without a run before nothing is compared"
    );
    assert!(
        second
            .summary
            .moves
            .iter()
            .all(|moves| moves.moved_count == 0 && moves.customer_count == 500)
    );
    assert_eq!(second.described.moves.height(), 0);
    let migrations = second.described.migrations.frame();
    let (from, to) = ("from_segment", "to_segment");
    assert_eq!(by(migrations, from), by(migrations, to));
    assert!(
        by(first.described.migrations.frame(), from)
            .keys()
            .all(|from| from == "-")
    );
}

#[test]
fn moves_say_who_went_where_and_which_way() {
    let customer = |sales| Customer::new(1, 1, sales, [1, 1, 1]);
    let params = SegmentParams::default().check(5).expect("valid");
    let before = table(&[customer(80), customer(15), customer(5)]);
    // The first customer sinks, the second rises, and a fourth one comes.
    let now = table(&[customer(1), customer(900), customer(5), customer(2)]);
    let first = segment(&before, Before::default(), &params).expect("segments");
    let segments = Some(&first.segments);
    let second = segment(
        &now,
        Before {
            segments,
            ..Before::default()
        },
        &params,
    )
    .expect("segments");
    let moves = second.described.moves.frame();
    let of_classes: Vec<Vec<String>> = ["segmentation", "customer_id", "from_segment", "to_segment", "direction"]
        .map(|column| texts(moves, column))
        .to_vec();
    let rows: Vec<[&str; 4]> = (0..moves.height())
        .filter(|&row| of_classes[0][row] == "pareto_class")
        .map(|row| [1, 2, 3, 4].map(|column| of_classes[column][row].as_str()))
        .collect();
    assert_eq!(rows, [["c0000000", "A", "C", "down"], ["c0000001", "B", "A", "up"]]);
    let summary = second
        .summary
        .moves
        .iter()
        .find(|moves| moves.segmentation == "pareto_class")
        .expect("compared");
    assert_eq!(
        (
            summary.customer_count,
            summary.moved_count,
            summary.up_count,
            summary.down_count
        ),
        (3, 2, 1, 1)
    );
    let migrations = second.described.migrations.frame();
    let segmentations = texts(migrations, "segmentation");
    let customers = counts(migrations);
    let total: i64 = (0..customers.len())
        .filter(|&row| segmentations[row] == "pareto_class")
        .map(|row| customers[row])
        .sum();
    assert_eq!(total, 4);
}
