//! Segments of whole runs: what is told of them adds up, from table to table and from night to night.

use std::collections::BTreeMap;
use std::path::Path;

use cartera_pipeline::{RunReport, SegmentSummary};
use cartera_table::contracts::{
    CustomerFeatures, CustomerSegments, Pareto, RfmMatrix, SegmentMigrations, SegmentMix, SegmentMoves, SegmentOverlap,
    Segments,
};
use cartera_table::frame::{decimal, int64, text};
use cartera_testkit::Workshop;
use polars::prelude::DataFrame;

use crate::support::{run_as_of, table};

fn retail(workshop: &Workshop, day: &str) -> RunReport {
    let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/retail.toml");
    run_as_of(&pipeline, day, &workshop.warehouse())
}

/// A text column, with a dash where it is null.
fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    let column = text(frame, column).expect("text");
    column.iter().map(|value| value.unwrap_or("-").to_owned()).collect()
}

fn sum(frame: &DataFrame, column: &str) -> i128 {
    decimal(frame, column).expect("money").iter().flatten().sum()
}

/// Customers of a table by some of its text columns.
fn customers_by(frame: &DataFrame, columns: &[&str]) -> BTreeMap<Vec<String>, i64> {
    let keys: Vec<Vec<String>> = columns.iter().map(|column| texts(frame, column)).collect();
    let customers = int64(frame, "customers").expect("counts");
    let mut sums = BTreeMap::new();
    for (row, customers) in customers.iter().flatten().enumerate() {
        let key = keys.iter().map(|key| key[row].clone()).collect();
        *sums.entry(key).or_default() += customers;
    }
    sums
}

/// Customers of a run by a column of `customer_segments`.
fn in_segments(report: &RunReport, column: &str) -> BTreeMap<String, i64> {
    let segments = table::<CustomerSegments>(report);
    let mut sums = BTreeMap::new();
    for segment in texts(segments.frame(), column) {
        *sums.entry(segment).or_default() += 1;
    }
    sums
}

const SEGMENTATIONS: [&str; 6] = [
    "rfm_segment",
    "lifecycle_stage",
    "pareto_class",
    "pareto_class_profit",
    "pareto_class_vin",
    "value_tier",
];

#[test]
fn tables_of_segments_add_up_to_the_customers() {
    let workshop = Workshop::new();
    let report = retail(&workshop, "2025-12-31");
    let features = table::<CustomerFeatures>(&report);
    let (customers, net_sales) = (features.height() as i64, sum(features.frame(), "net_sales"));

    let segments = table::<Segments>(&report);
    let overlap = table::<SegmentOverlap>(&report);
    for segmentation in SEGMENTATIONS {
        for (segment, count) in in_segments(&report, segmentation) {
            let told = customers_by(segments.frame(), &["segmentation", "segment"]);
            assert_eq!(told[&vec![segmentation.to_owned(), segment]], count);
        }
    }
    let pairs = customers_by(overlap.frame(), &["segmentation_a", "segmentation_b"]);
    assert!(
        pairs.len() >= 15 && pairs.values().all(|&count| count == customers),
        "{pairs:?}"
    );

    let mix = customers_by(table::<SegmentMix>(&report).frame(), &["segmentation", "dimension"]);
    for dimension in ["country", "customer_type"] {
        assert_eq!(
            mix[&vec!["value_tier".to_owned(), dimension.to_owned()]],
            customers,
            "{dimension}"
        );
    }
    let matrix = table::<RfmMatrix>(&report);
    let without_scores = in_segments(&report, "rfm_segment")
        .get("no_orders")
        .copied()
        .unwrap_or(0);
    let scored: i64 = int64(matrix.frame(), "customers")
        .expect("counts")
        .iter()
        .flatten()
        .sum();
    assert_eq!((matrix.height(), scored), (25, customers - without_scores));

    let pareto = table::<Pareto>(&report);
    let measures = customers_by(pareto.frame(), &["measure", "within"]);
    for measure in ["net_sales", "net_profit", "vin"] {
        assert_eq!(
            measures[&vec![measure.to_owned(), "all".to_owned()]],
            customers,
            "{measure}"
        );
    }
    let migrations = table::<SegmentMigrations>(&report);
    assert_eq!(
        sum(migrations.frame(), "net_sales"),
        net_sales * i128::from(customers_by(migrations.frame(), &["segmentation"]).len() as u32),
        "without a run before everybody comes from nowhere"
    );
    assert_eq!(table::<SegmentMoves>(&report).height(), 0);
}

#[test]
fn migrations_of_two_nights_add_up_to_both_and_moves_are_those_who_changed() {
    let workshop = Workshop::new();
    let first = retail(&workshop, "2025-11-30");
    let second = retail(&workshop, "2025-12-31");
    let migrations = table::<SegmentMigrations>(&second);
    let moves = table::<SegmentMoves>(&second);
    let id = |report: &RunReport| texts(table::<CustomerSegments>(report).frame(), "customer_id");
    let (ids_before, ids_now) = (id(&first), id(&second));
    for segmentation in SEGMENTATIONS {
        for (column, report) in [("from_segment", &first), ("to_segment", &second)] {
            let mut told = customers_by(migrations.frame(), &["segmentation", column]);
            told.retain(|key, _| key[0] == segmentation && key[1] != "-");
            let counted: BTreeMap<Vec<String>, i64> = in_segments(report, segmentation)
                .into_iter()
                .map(|(segment, count)| (vec![segmentation.to_owned(), segment], count))
                .collect();
            assert_eq!(told, counted, "{column}");
        }
        let labels = |report: &RunReport| texts(table::<CustomerSegments>(report).frame(), segmentation);
        let before: BTreeMap<&String, String> = ids_before.iter().zip(labels(&first)).collect();
        let changed: Vec<(&String, String, String)> = ids_now
            .iter()
            .zip(labels(&second))
            .filter_map(|(id, now)| Some((id, before.get(id)?.clone(), now)))
            .filter(|(_, before, now)| before != now)
            .collect();
        let columns =
            ["segmentation", "customer_id", "from_segment", "to_segment"].map(|name| texts(moves.frame(), name));
        let told: Vec<(&String, String, String)> = (0..moves.height())
            .filter(|&row| columns[0][row] == segmentation)
            .map(|row| (&columns[1][row], columns[2][row].clone(), columns[3][row].clone()))
            .collect();
        assert_eq!(told, changed, "{segmentation}");
        assert!(!changed.is_empty(), "a month changes somebody: {segmentation}");
    }
    let summary: &SegmentSummary = &second.segments;
    let of_tiers = summary
        .moves
        .iter()
        .find(|moves| moves.segmentation == "value_tier")
        .expect("compared");
    assert!(of_tiers.up_count > 0 && of_tiers.down_count > 0);
    assert_eq!(of_tiers.up_count + of_tiers.down_count, of_tiers.moved_count);
}
