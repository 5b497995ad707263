//! Parameters as a user writes them, and the summary as a manifest holds it.

use cartera_segment::{ClusterCount, RfmRule, SegmentParams};

use crate::support::{Customer, run};

#[test]
fn nothing_written_means_the_defaults() {
    let params: SegmentParams = toml::from_str("").expect("empty");
    assert_eq!(params, SegmentParams::default());
    assert_eq!(
        (params.k_means.k, params.k_means.fit_sample),
        (ClusterCount::AUTO, 100_000)
    );
    assert_eq!((params.pareto.class_a_share, params.pareto.class_b_share), (0.8, 0.95));
}

#[test]
fn a_map_is_written_as_a_list_of_segments() {
    let params: SegmentParams = toml::from_str(
        r#"
        [rfm_map]
        otherwise = "others"

        [[rfm_map.segment]]
        name = "champions"
        recency = [5, 5]
        frequency = [4, 5]

        [k_means]
        k = 3
        "#,
    )
    .expect("valid");
    let champions = RfmRule {
        name: "champions".into(),
        recency: Some([5, 5]),
        frequency: Some([4, 5]),
        monetary: None,
    };
    assert_eq!(params.rfm_map.segments, [champions]);
    assert_eq!((params.k_means.k, params.k_means.starts), (ClusterCount::Fixed(3), 10));
    assert!(params.check(5).is_ok());
}

#[test]
fn unknown_keys_are_refused_at_every_level() {
    for text in [
        "kmeans = {}",
        "[k_means]\nclusters = 3",
        "[pareto]\nlimit = 0.8",
        "[rfm_map]\nsegments = []",
        "[[rfm_map.segment]]\nname = \"a\"\nr = [1, 2]",
        "[[rfm_map.segment]]\nrecency = [1, 2]",
    ] {
        assert!(toml::from_str::<SegmentParams>(text).is_err(), "{text}");
    }
}

#[test]
fn the_summary_writes_money_as_exact_text() {
    let customers = [
        Customer::new(5, 1, 123_456_789_012_345_678_901, [5, 5, 5]),
        Customer::without_orders(-1),
    ];
    let summary = serde_json::to_value(run(&customers, &SegmentParams::default()).summary).expect("plain values");
    assert_eq!(summary["pareto"]["total"], "12345678901234567.8901");
    assert_eq!(summary["rfm_segments"][1]["net_sales"], "-0.0001");
    assert_eq!(summary["k_means"]["clusters"][0]["customer_count"], 1);
}
