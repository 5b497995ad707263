//! Clusters of customers.

use cartera_segment::{KMeansParams, SegmentError, SegmentParams, segment};
use cartera_table::frame;

use crate::support::{Customer, in_pool, population, run, table};

fn clusters(clusters: usize) -> SegmentParams {
    SegmentParams {
        k_means: KMeansParams {
            clusters,
            ..KMeansParams::default()
        },
        ..SegmentParams::default()
    }
}

#[test]
fn customers_without_an_order_are_in_no_cluster() {
    let customers = population(400);
    let segmentation = run(&customers, &SegmentParams::default());
    let ids = frame::int32(segmentation.segments.frame(), "cluster_id").expect("ids");
    for (customer, id) in customers.iter().zip(ids.iter()) {
        assert_eq!(customer.order_count > 0, id.is_some());
    }
    let k_means = segmentation.summary.k_means.expect("clusters");
    assert_eq!(
        k_means.customer_count,
        customers.iter().filter(|customer| customer.order_count > 0).count()
    );
    assert_eq!(k_means.features, ["order_count", "days_since_last_order", "net_sales"]);
}

#[test]
fn counts_are_those_of_the_labels_and_cluster_1_is_worth_most() {
    let customers = population(3_000);
    let segmentation = run(&customers, &SegmentParams::default());
    let ids = frame::int32(segmentation.segments.frame(), "cluster_id").expect("ids");
    let k_means = segmentation.summary.k_means.expect("clusters");
    assert_eq!(k_means.clusters.len(), 5);
    let mut means = Vec::new();
    for cluster in &k_means.clusters {
        let members = || {
            customers
                .iter()
                .zip(ids.iter())
                .filter(|(_, id)| *id == Some(cluster.cluster_id))
                .map(|(customer, _)| customer)
        };
        assert_eq!(cluster.customer_count, members().count());
        assert_eq!(
            cluster.net_sales.0,
            members().map(|customer| customer.net_sales).sum::<i128>()
        );
        means.push(cluster.net_sales.0 as f64 / cluster.customer_count as f64);
    }
    assert!(means.windows(2).all(|pair| pair[0] > pair[1]), "{means:?}");
}

#[test]
fn threads_change_nothing() {
    let customers = population(30_000);
    let params = SegmentParams {
        k_means: KMeansParams {
            fit_sample: 15_000,
            ..KMeansParams::default()
        },
        ..SegmentParams::default()
    };
    let one = in_pool(1, || run(&customers, &params));
    let two = in_pool(2, || run(&customers, &params));
    assert!(one.segments.frame().equals_missing(two.segments.frame()));
    assert_eq!(one.summary, two.summary);
    assert!(one.profiles.frame().equals_missing(two.profiles.frame()));
    assert!(one.pareto_curve.frame().equals_missing(two.pareto_curve.frame()));
}

#[test]
fn two_different_customers_make_two_clusters_and_a_note() {
    let customers = [
        Customer::new(5, 1, 10_000, [1, 1, 1]),
        Customer::new(5, 1, 10_000, [1, 1, 1]),
        Customer::new(9, 3, 90_000, [1, 1, 1]),
    ];
    let segmentation = run(&customers, &clusters(5));
    let ids: Vec<Option<i32>> = frame::int32(segmentation.segments.frame(), "cluster_id")
        .expect("ids")
        .iter()
        .collect();
    assert_eq!(ids, [Some(2), Some(2), Some(1)]);
    let notes = segmentation.summary.k_means.expect("clusters").notes;
    assert_eq!(
        notes,
        ["customers have 2 distinct values of the features: 2 clusters instead of 5"]
    );
}

#[test]
fn without_orders_there_are_no_clusters() {
    let segmentation = run(
        &[Customer::without_orders(0), Customer::without_orders(-5)],
        &SegmentParams::default(),
    );
    assert_eq!(segmentation.summary.k_means, None);
    let ids = frame::int32(segmentation.segments.frame(), "cluster_id").expect("ids");
    assert_eq!(ids.null_count(), 2);
}

#[test]
fn a_feature_without_a_value_names_column_and_customer() {
    let broken = Customer {
        days_since_last_order: None,
        ..Customer::new(5, 1, 10_000, [1, 1, 1])
    };
    let params = SegmentParams::default().check(5).expect("valid");
    let error = segment(&table(&[Customer::new(5, 1, 10_000, [1, 1, 1]), broken]), &params).expect_err("a null");
    assert_eq!(
        error.to_string(),
        "k_means: feature `days_since_last_order` of customer c0000001 is null; k-means needs a number for every customer with orders"
    );
    assert!(matches!(error, SegmentError::KMeansValue { .. }));
}
