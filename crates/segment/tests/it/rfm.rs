//! Named segments of customers.

use cartera_segment::{Before, RfmMapParams, RfmRule, SegmentError, SegmentParams, segment};

use crate::support::{Customer, run, table, texts};

fn with_scores(scores: [i32; 3]) -> Customer {
    Customer::new(10, 2, 10_000, scores)
}

#[test]
fn customers_are_named_by_their_scores() {
    let customers = [
        with_scores([5, 5, 5]),
        with_scores([1, 1, 1]),
        Customer::without_orders(0),
        with_scores([2, 5, 4]),
    ];
    let segmentation = run(&customers, &SegmentParams::default());
    assert_eq!(
        texts(segmentation.segments.frame(), "rfm_segment"),
        ["champions", "lost", "no_orders", "cannot_lose"]
    );
}

#[test]
fn a_configured_map_replaces_the_default() {
    let rule = RfmRule {
        name: "fresh".into(),
        recency: Some([4, 5]),
        frequency: None,
        monetary: None,
    };
    let params = SegmentParams {
        rfm_map: RfmMapParams {
            segments: vec![rule],
            otherwise: Some("others".into()),
        },
        ..SegmentParams::default()
    };
    let segmentation = run(
        &[
            with_scores([4, 1, 1]),
            with_scores([3, 5, 5]),
            Customer::without_orders(0),
        ],
        &params,
    );
    assert_eq!(
        texts(segmentation.segments.frame(), "rfm_segment"),
        ["fresh", "others", "no_orders"]
    );
}

#[test]
fn ten_bins_are_read_on_the_five_of_the_map() {
    let customers = [
        with_scores([10, 10, 10]),
        with_scores([1, 2, 1]),
        with_scores([10, 8, 8]),
    ];
    let params = SegmentParams::default().check(10).expect("valid");
    let segmentation = segment(&table(&customers), Before::default(), &params).expect("segments");
    assert_eq!(
        texts(segmentation.segments.frame(), "rfm_segment"),
        ["champions", "lost", "champions"]
    );
}

#[test]
fn a_score_outside_of_the_bins_names_the_customer() {
    let params = SegmentParams::default().check(5).expect("valid");
    let error = segment(
        &table(&[with_scores([1, 1, 1]), with_scores([1, 6, 1])]),
        Before::default(),
        &params,
    )
    .expect_err("no sixth bin");
    assert_eq!(
        error.to_string(),
        "frequency_score of customer c0000001 is 6, with 5 bins it must be 1 to 5"
    );
}

#[test]
fn some_scores_without_the_others_are_refused() {
    let params = SegmentParams::default().check(5).expect("valid");
    let customer = Customer {
        scores: [Some(1), None, Some(1)],
        ..with_scores([1, 1, 1])
    };
    let error = segment(&table(&[customer]), Before::default(), &params).expect_err("incomplete");
    assert!(
        matches!(error, SegmentError::ScoresIncomplete { ref customer_id } if customer_id == "c0000000"),
        "{error}"
    );
}

#[test]
fn the_summary_counts_customers_and_their_net_sales() {
    let mut best = with_scores([5, 5, 5]);
    best.net_sales = 70_000;
    let summary = run(
        &[with_scores([1, 1, 1]), best, best, Customer::without_orders(-5_000)],
        &SegmentParams::default(),
    )
    .summary;
    let rows: Vec<(&str, usize, String)> = summary
        .rfm_segments
        .iter()
        .map(|row| (row.segment.as_str(), row.customer_count, row.net_sales.to_string()))
        .collect();
    assert_eq!(
        rows,
        [
            ("champions", 2, "14.00".into()),
            ("lost", 1, "1.00".into()),
            ("no_orders", 1, "-0.50".into())
        ]
    );
}
