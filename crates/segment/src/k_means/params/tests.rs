//! One test a refused value.

use super::*;
use crate::k_means::{FeatureOptions, NullRule, Transform};

const POSSIBLE: [&str; 6] = [
    "days_since_last_order",
    "order_count",
    "net_sales",
    "average_order_value",
    "tenure_days",
    "gross_margin_rate",
];

fn refused(change: impl FnOnce(&mut KMeansParams)) -> String {
    let mut params = KMeansParams::default();
    change(&mut params);
    params.check(&POSSIBLE).expect_err("refused").to_string()
}

fn listed(features: &[&str]) -> Option<Vec<FeatureParams>> {
    Some(features.iter().map(|&name| FeatureParams::from(name)).collect())
}

#[test]
fn the_defaults_are_valid() {
    let valid = KMeansParams::default().check(&POSSIBLE).expect("valid");
    let names: Vec<&str> = valid
        .basis
        .features
        .iter()
        .map(|feature| feature.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "days_since_last_order",
            "order_count",
            "average_order_value",
            "gross_margin_rate"
        ]
    );
    assert_eq!(valid.basis.features[0].transform, Transform::SignedLog);
    assert_eq!(valid.basis.features[3].transform, Transform::None);
    assert_eq!(
        (valid.basis.k, valid.basis.k_min, valid.basis.k_max),
        (ClusterCount::AUTO, Some(2), Some(12))
    );
}

#[test]
fn a_feature_is_a_name_or_a_name_with_options() {
    let params: KMeansParams = toml::from_str(
        r#"
        k = 4
        features = ["order_count", { name = "return_share", transform = "signed_log", weight = 2, nulls = "outside" }]
        names = { "1" = "vip" }
        "#,
    )
    .expect("valid");
    let valid = params.check(&POSSIBLE).expect("valid");
    assert_eq!((valid.basis.k, valid.basis.k_min), (ClusterCount::Fixed(4), None));
    let last = &valid.basis.features[1];
    assert_eq!(
        (last.name.as_str(), last.transform, last.weight, last.nulls),
        ("return_share", Transform::SignedLog, 2.0, NullRule::Outside)
    );
    assert_eq!(valid.names[&1], "vip");
    assert!(toml::from_str::<KMeansParams>("k = \"many\"").is_err());
    assert!(toml::from_str::<KMeansParams>("features = [{ name = \"net_sales\", power = 2 }]").is_err());
}

#[test]
fn what_steers_the_fit_alone_makes_no_other_model() {
    let basis = |change: fn(&mut KMeansParams)| {
        let mut params = KMeansParams::default();
        change(&mut params);
        params.check(&POSSIBLE).expect("valid").basis
    };
    let defaults = basis(|_| {});
    assert_eq!(defaults, basis(|params| params.seed = 9));
    assert_eq!(defaults, basis(|params| params.starts = 1));
    assert_eq!(defaults, basis(|params| params.max_psi = 1.0));
    assert_ne!(defaults, basis(|params| params.k = ClusterCount::Fixed(5)));
    assert_ne!(defaults, basis(|params| params.k_max = 5));
    assert_ne!(defaults, basis(|params| params.outlier_distance = 5.0));
    assert_ne!(defaults, basis(|params| params.features = listed(&["order_count"])));
}

#[test]
fn no_clusters_and_too_many_are_refused() {
    for k in [0, 101] {
        assert_eq!(
            refused(|params| params.k = ClusterCount::Fixed(k)),
            format!("k_means: k = {k} is not \"auto\" or from 1 to 100")
        );
    }
}

#[test]
fn ranges_of_numbers_of_clusters_that_are_none_are_refused() {
    assert_eq!(
        refused(|params| params.k_min = 1),
        "k_means: k_min = 1 is not from 2 to 100"
    );
    assert_eq!(
        refused(|params| params.k_min = 101),
        "k_means: k_min = 101 is not from 2 to 100"
    );
    assert_eq!(
        refused(|params| params.k_max = 1),
        "k_means: k_max = 1 is not from k_min to 100"
    );
    assert_eq!(
        refused(|params| params.k_max = 101),
        "k_means: k_max = 101 is not from k_min to 100"
    );
}

#[test]
fn no_features_are_refused() {
    assert_eq!(
        refused(|params| params.features = Some(Vec::new())),
        "k_means: features = [] is not a list of at least one feature"
    );
}

#[test]
fn an_unknown_feature_is_refused_with_the_possible_ones() {
    assert_eq!(
        refused(|params| params.features = listed(&["rfm_score"])),
        "k_means: feature `rfm_score` is not one of days_since_last_order, order_count, net_sales, average_order_value, tenure_days, gross_margin_rate, discount_share, return_share"
    );
}

#[test]
fn a_repeated_feature_is_refused() {
    assert_eq!(
        refused(|params| params.features = listed(&["net_sales", "net_sales"])),
        "k_means: feature `net_sales` is listed twice"
    );
}

#[test]
fn a_weight_that_weighs_nothing_is_refused() {
    for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = refused(|params| {
            params.features = Some(vec![FeatureParams::Options(FeatureOptions {
                name: "net_sales".into(),
                transform: None,
                weight,
                nulls: NullRule::Median,
            })]);
        });
        assert!(error.ends_with("is not a weight above 0 and finite"), "{error}");
    }
}

#[test]
fn no_starts_no_iterations_and_no_days_are_refused() {
    assert_eq!(
        refused(|params| params.starts = 0),
        "k_means: starts = 0 is not at least 1"
    );
    assert_eq!(
        refused(|params| params.max_iterations = 0),
        "k_means: max_iterations = 0 is not at least 1"
    );
    assert_eq!(
        refused(|params| params.refit_days = 0),
        "k_means: refit_days = 0 is not at least 1 day"
    );
}

#[test]
fn numbers_that_are_not_above_zero_are_refused() {
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for error in [
            refused(|params| params.tolerance = value),
            refused(|params| params.outlier_distance = value),
            refused(|params| params.max_psi = value),
        ] {
            assert!(error.ends_with("is not above 0 and finite"), "{error}");
        }
    }
}

#[test]
fn numbers_that_are_no_share_are_refused() {
    for value in [-0.1, 1.1, f64::NAN] {
        for error in [
            refused(|params| params.max_movers_share = value),
            refused(|params| params.min_adjusted_rand = value),
        ] {
            assert!(error.ends_with("is not from 0 to 1"), "{error}");
        }
    }
}

#[test]
fn a_sample_below_the_number_of_clusters_is_refused() {
    let expected = |sample: usize| format!("k_means: fit_sample = {sample} is not at least the number of clusters");
    assert_eq!(refused(|params| params.fit_sample = 11), expected(11));
    assert_eq!(
        refused(|params| {
            params.k = ClusterCount::Fixed(5);
            params.fit_sample = 4;
        }),
        expected(4)
    );
}

#[test]
fn names_are_slugs_by_ids_and_unlike_each_other() {
    let names = |names: &[(&str, &str)]| {
        let names = names
            .iter()
            .map(|&(id, name)| (id.to_owned(), name.to_owned()))
            .collect();
        refused(|params| params.names = names)
    };
    assert!(names(&[("first", "vip")]).contains("is not by cluster ids"));
    assert!(names(&[("1", "vip"), ("01", "rare")]).contains("is not by cluster ids"));
    assert!(names(&[("0", "vip")]).contains("is not by cluster ids"));
    for name in ["", "VIP", "1st", "very good", "a__b", "a_"] {
        assert!(names(&[("1", name)]).contains("is not lower-case words"), "{name}");
    }
    assert!(names(&[("1", "vip"), ("2", "vip")]).contains("is not another name"));
}
