//! Profiles of segments.

use std::collections::BTreeMap;

use cartera_segment::SegmentParams;
use cartera_table::frame;

use crate::support::{Customer, population, run, texts};

#[test]
fn every_segment_is_profiled_in_every_numeric_feature() {
    let segmentation = run(&population(500), &SegmentParams::default());
    let profiles = segmentation.profiles.frame();
    let features: std::collections::BTreeSet<String> = texts(profiles, "feature").into_iter().collect();
    let mut rows = BTreeMap::<(String, String), usize>::new();
    for key in texts(profiles, "segmentation")
        .into_iter()
        .zip(texts(profiles, "segment"))
    {
        *rows.entry(key).or_default() += 1;
    }
    assert!(rows.values().all(|&count| count == features.len()), "{rows:?}");
    assert!(
        features.contains("recency_score") && !features.contains("rfm_score") && !features.contains("last_order_date")
    );
    assert_eq!(
        rows.keys()
            .filter(|(segmentation, _)| segmentation == "cluster")
            .count(),
        segmentation.summary.k_means.expect("clusters").clusters.len()
    );
    assert!(rows.contains_key(&("rfm_segment".into(), "no_orders".into())));
}

#[test]
fn totals_of_segments_add_up_to_the_base() {
    let customers = population(2_000);
    let segmentation = run(&customers, &SegmentParams::default());
    let profiles = segmentation.profiles.frame();
    let totals = frame::decimal(profiles, "total").expect("totals");
    let mut sums = BTreeMap::<(String, String), i128>::new();
    for (row, key) in texts(profiles, "segmentation")
        .into_iter()
        .zip(texts(profiles, "feature"))
        .enumerate()
    {
        *sums.entry(key).or_default() += totals.get(row).unwrap_or(0);
    }
    let net_sales: i128 = customers.iter().map(|customer| customer.net_sales).sum();
    let orders: i128 = customers
        .iter()
        .map(|customer| i128::from(customer.order_count) * 10_000)
        .sum();
    for segmentation in ["rfm_segment", "pareto_class"] {
        assert_eq!(
            sums[&(segmentation.into(), "net_sales".into())],
            net_sales,
            "{segmentation}"
        );
        assert_eq!(
            sums[&(segmentation.into(), "order_count".into())],
            orders,
            "{segmentation}"
        );
        assert_eq!(
            sums[&(segmentation.into(), "average_order_value".into())],
            0,
            "means have no total"
        );
    }
    assert_eq!(sums[&("cluster".into(), "order_count".into())], orders);
}

#[test]
fn a_profile_is_what_one_computes_by_hand() {
    let customers = [
        Customer::new(4, 1, 10_000, [5, 5, 5]),
        Customer::new(6, 2, 50_000, [5, 5, 5]),
        Customer::new(20, 3, 20_000, [1, 1, 1]),
        Customer::without_orders(0),
    ];
    let segmentation = run(&customers, &SegmentParams::default());
    let profiles = segmentation.profiles.frame();
    let (segments, features) = (texts(profiles, "segment"), texts(profiles, "feature"));
    let row = |segment: &str, feature: &str| {
        (0..profiles.height())
            .find(|&row| segments[row] == segment && features[row] == feature)
            .expect("a row")
    };
    let real = |column: &str, row: usize| frame::float64(profiles, column).expect("reals").get(row);
    let count = |column: &str, row: usize| frame::int64(profiles, column).expect("counts").get(row);

    let sales = row("champions", "net_sales");
    assert_eq!(
        (
            count("customer_count", sales),
            count("value_count", sales),
            real("customer_share", sales)
        ),
        (Some(2), Some(2), Some(0.5))
    );
    assert_eq!(
        frame::decimal(profiles, "total").expect("totals").get(sales),
        Some(60_000)
    );
    assert_eq!(real("total_share", sales), Some(0.75));
    assert_eq!(
        (real("mean", sales), real("median", sales), real("base_mean", sales)),
        (Some(3.0), Some(3.0), Some(2.0))
    );
    assert_eq!(real("index_to_base", sales), Some(150.0));

    let days = row("no_orders", "days_since_last_order");
    assert_eq!(
        (count("customer_count", days), count("value_count", days)),
        (Some(1), Some(0))
    );
    assert_eq!(
        (real("mean", days), real("median", days), real("index_to_base", days)),
        (None, None, None)
    );
    assert_eq!(real("base_mean", days), Some(10.0));
}
