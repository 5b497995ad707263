//! Classes, curve and concentration.

use cartera_segment::{ParetoParams, SegmentParams};
use cartera_table::frame;

use crate::support::{Customer, population, run, texts};

fn customers(net_sales: &[i128]) -> Vec<Customer> {
    net_sales
        .iter()
        .map(|&sales| Customer::new(1, 1, sales, [1, 1, 1]))
        .collect()
}

#[test]
fn classes_follow_the_measure_and_returns_take_nothing_away() {
    let mut customers = customers(&[800, 150, 50]);
    customers.push(Customer::without_orders(-900));
    let segmentation = run(&customers, &SegmentParams::default());
    assert_eq!(
        texts(segmentation.segments.frame(), "pareto_class"),
        ["A", "B", "C", "C"]
    );
    let pareto = segmentation.summary.pareto;
    assert_eq!((pareto.customer_count, pareto.total.0), (4, 1_000));
    assert_eq!(
        (pareto.top_20_percent_customer_count, pareto.top_20_percent_share),
        (1, 0.8)
    );
    assert_eq!(
        (pareto.customers_to_class_a_share, pareto.customers_to_class_b_share),
        (1, 2)
    );
    let classes: Vec<(&str, usize, i128, f64)> = pareto
        .classes
        .iter()
        .map(|class| {
            (
                class.class.as_str(),
                class.customer_count,
                class.value.0,
                class.value_share,
            )
        })
        .collect();
    assert_eq!(classes, [("A", 1, 800, 0.8), ("B", 1, 150, 0.15), ("C", 2, 50, 0.05)]);
    assert!(pareto.notes.is_empty());
}

#[test]
fn another_measure_and_other_limits_can_be_chosen() {
    let customers = [
        Customer::new(1, 10, 1_000, [1, 1, 1]),
        Customer::new(1, 1, 900, [1, 1, 1]),
        Customer::without_orders(0),
    ];
    let params = SegmentParams {
        pareto: ParetoParams {
            measures: vec!["average_order_value".into()],
            class_a_share: 0.9,
            class_b_share: 0.9,
            ..ParetoParams::default()
        },
        ..SegmentParams::default()
    };
    let segmentation = run(&customers, &params);
    assert_eq!(
        texts(segmentation.segments.frame(), "pareto_class"),
        ["C", "A", "C"],
        "a null counts as zero"
    );
    assert_eq!(
        texts(segmentation.pareto_curve.frame(), "measure")[0],
        "average_order_value"
    );
}

#[test]
fn no_positive_value_is_said_in_words() {
    let segmentation = run(&customers(&[0, -10]), &SegmentParams::default());
    let pareto = segmentation.summary.pareto.clone();
    assert_eq!(
        (
            pareto.total.0,
            pareto.top_20_percent_share,
            pareto.customers_to_class_a_share
        ),
        (0, 0.0, 0)
    );
    assert_eq!(
        pareto.notes,
        ["no customer has a positive net_sales: all are in class C and every share is 0"]
    );
    assert_eq!(texts(segmentation.segments.frame(), "pareto_class"), ["C", "C"]);
    assert_eq!(segmentation.pareto_curve.height(), 3);
}

#[test]
fn the_curve_ends_at_all_customers_and_the_whole_total() {
    let customers = population(2_357);
    let total: i128 = customers.iter().map(|customer| customer.net_sales.max(0)).sum();
    let segmentation = run(&customers, &SegmentParams::default());
    let curve = segmentation.pareto_curve.frame();
    assert_eq!(curve.height(), 1_001);
    let ranks = frame::int64(curve, "customer_rank").expect("ranks");
    let values = frame::decimal(curve, "cumulative_value").expect("values");
    assert_eq!((ranks.get(0), values.get(0)), (Some(0), Some(0)));
    assert_eq!((ranks.get(1_000), values.get(1_000)), (Some(2_357), Some(total)));
    let shares: Vec<f64> = frame::float64(curve, "value_share")
        .expect("shares")
        .iter()
        .flatten()
        .collect();
    assert!(shares.is_sorted() && shares[1_000] == 1.0);
    assert_eq!(ranks.get(200), Some(472), "the top fifth is a point of the curve");
    assert_eq!(shares[200], segmentation.summary.pareto.top_20_percent_share);
}
