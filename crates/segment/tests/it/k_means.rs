//! Clusters of customers.

use cartera_segment::{Before, ClusterCount, FeatureParams, KMeansParams, SegmentError, SegmentParams, segment};
use cartera_table::contracts::CustomerFeatures;
use cartera_table::{Table, frame};
use polars::prelude::{Column, DataFrame};

use crate::support::{Customer, in_pool, population, run, table};

fn clusters(k: usize) -> SegmentParams {
    k_means(KMeansParams {
        k: ClusterCount::Fixed(k),
        ..KMeansParams::default()
    })
}

fn k_means(k_means: KMeansParams) -> SegmentParams {
    SegmentParams {
        k_means,
        ..SegmentParams::default()
    }
}

fn ids(frame: &DataFrame) -> Vec<Option<i32>> {
    frame::int32(frame, "cluster_id").expect("ids").iter().collect()
}

/// The customers with another column in the place of the one of that name.
fn with_column(customers: &[Customer], name: &str, values: &[Option<f64>]) -> Table<CustomerFeatures> {
    let mut features = table(customers).into_frame();
    features
        .with_column(Column::new(name.into(), values))
        .expect("of one length");
    Table::new(features).expect("a valid table")
}

#[test]
fn customers_without_an_order_are_in_no_cluster() {
    let customers = population(400);
    let segmentation = run(&customers, &SegmentParams::default());
    let names = frame::text(segmentation.segments.frame(), "cluster").expect("names");
    for ((customer, id), name) in customers
        .iter()
        .zip(ids(segmentation.segments.frame()))
        .zip(names.iter())
    {
        assert_eq!(
            (customer.order_count > 0, customer.order_count > 0),
            (id.is_some(), name.is_some())
        );
    }
    let k_means = segmentation.summary.k_means.expect("clusters");
    assert_eq!(
        k_means.customer_count,
        customers.iter().filter(|customer| customer.order_count > 0).count()
    );
    assert_eq!(
        k_means.features,
        ["days_since_last_order", "order_count", "average_order_value"]
    );
}

#[test]
fn counts_are_those_of_the_labels_and_cluster_1_is_worth_most() {
    let customers = population(3_000);
    let segmentation = run(&customers, &clusters(5));
    let ids = ids(segmentation.segments.frame());
    let k_means = segmentation.summary.k_means.expect("clusters");
    assert_eq!(k_means.clusters.len(), 5);
    let mut means = Vec::new();
    for cluster in &k_means.clusters {
        let members = || {
            customers
                .iter()
                .zip(&ids)
                .filter(|(_, id)| **id == Some(cluster.cluster_id))
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
    let params = k_means(KMeansParams {
        fit_sample: 15_000,
        ..KMeansParams::default()
    });
    let one = in_pool(1, || run(&customers, &params));
    for threads in [2, 4] {
        let other = in_pool(threads, || run(&customers, &params));
        assert!(one.segments.frame().equals_missing(other.segments.frame()));
        assert_eq!(one.summary, other.summary);
        assert!(one.profiles.frame().equals_missing(other.profiles.frame()));
        assert!(one.pareto_curve.frame().equals_missing(other.pareto_curve.frame()));
        assert!(
            one.cluster_tables
                .features
                .frame()
                .equals_missing(other.cluster_tables.features.frame())
        );
        let text = |segmentation: &cartera_segment::Segmentation| {
            let outcome = segmentation.clusters.as_ref().expect("clusters");
            outcome.model.to_json().expect("text")
        };
        assert_eq!(text(&one), text(&other));
    }
}

#[test]
fn two_different_customers_make_two_clusters_and_a_note() {
    let customers = [
        Customer::new(5, 1, 10_000, [1, 1, 1]),
        Customer::new(5, 1, 10_000, [1, 1, 1]),
        Customer::new(9, 3, 90_000, [1, 1, 1]),
    ];
    let segmentation = run(&customers, &clusters(5));
    assert_eq!(ids(segmentation.segments.frame()), [Some(2), Some(2), Some(1)]);
    let notes = segmentation.summary.k_means.expect("clusters").notes;
    assert_eq!(
        notes,
        ["customers have 2 distinct values of the features: 2 clusters instead of 5"]
    );
}

#[test]
fn one_customer_or_twins_make_one_average_cluster() {
    for count in [1, 2, 700] {
        let customers = vec![Customer::new(5, 1, 10_000, [1, 1, 1]); count];
        for params in [SegmentParams::default(), clusters(1)] {
            let segmentation = run(&customers, &params);
            assert_eq!(ids(segmentation.segments.frame()), vec![Some(1); count]);
            let k_means = segmentation.summary.k_means.expect("clusters");
            assert_eq!(
                (k_means.clusters[0].cluster.as_str(), k_means.mean_squared_distance),
                ("average", 0.0)
            );
        }
    }
}

#[test]
fn without_orders_there_are_no_clusters() {
    let segmentation = run(
        &[Customer::without_orders(0), Customer::without_orders(-5)],
        &SegmentParams::default(),
    );
    assert_eq!(segmentation.summary.k_means, None);
    assert!(segmentation.clusters.is_none());
    assert_eq!(segmentation.cluster_tables.features.height(), 0);
    assert_eq!(ids(segmentation.segments.frame()), [None, None]);
}

#[test]
fn a_missing_value_counts_as_the_median_with_a_note() {
    let mut customers = population(500);
    let clustered = run(&customers, &clusters(3));
    let place = customers
        .iter()
        .position(|customer| customer.order_count > 0)
        .expect("a buyer");
    customers[place].days_since_last_order = None;
    let segmentation = run(&customers, &clusters(3));
    assert!(ids(segmentation.segments.frame())[place].is_some());
    let k_means = segmentation.summary.k_means.expect("clusters");
    let buyers = clustered.summary.k_means.expect("clusters").customer_count;
    assert_eq!(
        k_means.notes,
        [format!(
            "1 of {buyers} customers with orders have no days_since_last_order: they count as the median of the fit"
        )]
    );
}

#[test]
fn a_number_that_is_none_names_column_and_customer() {
    let customers = [
        Customer::new(5, 1, 10_000, [1, 1, 1]),
        Customer::new(9, 3, 90_000, [1, 1, 1]),
    ];
    for (broken, shown) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")] {
        let features = with_column(&customers, "gross_margin_rate", &[Some(0.5), Some(broken)]);
        let params = SegmentParams::default().check(5).expect("valid");
        let error = segment(&features, Before::default(), &params).expect_err("no number");
        assert_eq!(
            error.to_string(),
            format!(
                "k_means: feature `gross_margin_rate` of customer c0000001 is {shown}, which is no number to cluster by"
            )
        );
        assert!(matches!(error, SegmentError::KMeansValue { .. }));
    }
}

#[test]
fn a_listed_feature_that_nobody_has_is_refused_and_a_default_one_is_left_out() {
    let customers = population(300);
    let params = k_means(KMeansParams {
        features: Some(vec![
            FeatureParams::from("order_count"),
            FeatureParams::from("gross_margin_rate"),
        ]),
        ..KMeansParams::default()
    });
    let error = segment(&table(&customers), Before::default(), &params.check(5).expect("valid")).expect_err("nobody");
    assert_eq!(
        error.to_string(),
        "k_means: feature `gross_margin_rate` is null for every customer with orders; leave it out of `features`, or read a file that tells it"
    );
    assert!(
        run(&customers, &SegmentParams::default())
            .summary
            .k_means
            .expect("clusters")
            .notes
            .is_empty()
    );
}

#[test]
fn who_lacks_a_demanded_value_is_outside() {
    let customers = vec![
        Customer::new(5, 1, 10_000, [1, 1, 1]),
        Customer::new(9, 3, 90_000, [1, 1, 1]),
        Customer::new(9, 3, 90_000, [1, 1, 1]),
    ];
    let features = with_column(&customers, "gross_margin_rate", &[Some(0.5), None, Some(0.1)]);
    let params: SegmentParams =
        toml::from_str("[k_means]\nk = 2\nfeatures = [{ name = \"gross_margin_rate\", nulls = \"outside\" }]")
            .expect("valid");
    let segmentation = segment(&features, Before::default(), &params.check(5).expect("valid")).expect("segments");
    assert_eq!(ids(segmentation.segments.frame()), [Some(2), None, Some(1)]);
}

#[test]
fn names_of_the_pipeline_win() {
    let customers = population(2_000);
    let generated = run(&customers, &clusters(3)).summary.k_means.expect("clusters");
    // The second cluster is called what the first one would be called by itself.
    let taken = &generated.clusters[0].cluster;
    let params = k_means(KMeansParams {
        k: ClusterCount::Fixed(3),
        names: [("2".to_owned(), taken.clone()), ("9".to_owned(), "nobody".to_owned())].into(),
        ..KMeansParams::default()
    });
    let named = run(&customers, &params).summary.k_means.expect("clusters");
    let names: Vec<&str> = named.clusters.iter().map(|cluster| cluster.cluster.as_str()).collect();
    assert_eq!(
        names,
        [&format!("{taken}_2"), taken.as_str(), &generated.clusters[2].cluster]
    );
    assert_eq!(named.notes, ["there is no cluster 9 that could be named nobody"]);
}
