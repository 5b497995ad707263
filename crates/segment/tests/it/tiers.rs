//! Tiers of value.

use cartera_segment::{Before, SegmentParams, TierRule, ValueTierParams, segment};

use crate::support::{Customer, run, table, texts};

fn customers(net_sales: &[i128]) -> Vec<Customer> {
    net_sales
        .iter()
        .map(|&sales| Customer::new(1, 1, sales, [1, 1, 1]))
        .collect()
}

fn two_tiers(hold_share: f64) -> SegmentParams {
    let tier = |name: &str, top_share| TierRule {
        name: name.into(),
        top_share,
        at_least: None,
    };
    SegmentParams {
        value_tiers: ValueTierParams {
            tiers: vec![tier("top", Some(0.5)), tier("rest", None)],
            hold_share,
            ..ValueTierParams::default()
        },
        ..SegmentParams::default()
    }
}

#[test]
fn without_vin_and_profit_net_sales_say_what_customers_are_worth() {
    let mut sales: Vec<i128> = (1..=100).map(|sales| sales * 10_000).collect();
    sales.push(-5);
    let segmentation = run(&customers(&sales), &SegmentParams::default());
    let tiers = segmentation.summary.value_tiers;
    let sizes: Vec<(&str, usize)> = tiers
        .tiers
        .iter()
        .map(|tier| (tier.tier.as_str(), tier.customer_count))
        .collect();
    assert_eq!(
        sizes,
        [
            ("platinum", 1),
            ("gold", 4),
            ("silver", 15),
            ("bronze", 80),
            ("no_value", 1)
        ]
    );
    assert_eq!(
        (tiers.measure.as_str(), tiers.tiers[0].value.0),
        ("net_sales", 1_000_000)
    );
    let of_customers = texts(segmentation.segments.frame(), "value_tier");
    assert_eq!(
        (of_customers[99].as_str(), of_customers[100].as_str()),
        ("platinum", "no_value")
    );
}

#[test]
fn amounts_are_limits_too() {
    let text = "[value_tiers]\nby = \"amount\"\ntier = [{ name = \"key\", at_least = 0.01 }, { name = \"small\" }]";
    let params: SegmentParams = toml::from_str(text).expect("valid");
    let segmentation = run(&customers(&[100, 99, 0]), &params);
    assert_eq!(
        texts(segmentation.segments.frame(), "value_tier"),
        ["key", "small", "no_value"]
    );
}

#[test]
fn a_customer_just_below_the_limit_stays_where_the_pipeline_says_so() {
    let before = run(&customers(&[1_000, 900, 10, 10]), &two_tiers(0.0));
    // The second customer falls behind the third one, by a little.
    let now = table(&customers(&[1_000, 900, 910, 10]));
    for (hold_share, second) in [(0.0, "rest"), (0.05, "top")] {
        let params = two_tiers(hold_share).check(5).expect("valid");
        let segments = Some(&before.segments);
        let segmentation = segment(
            &now,
            Before {
                segments,
                ..Before::default()
            },
            &params,
        )
        .expect("segments");
        assert_eq!(
            texts(segmentation.segments.frame(), "value_tier"),
            ["top", second, "top", "rest"]
        );
        let held = segmentation.summary.value_tiers.held_customer_count;
        assert_eq!(held, usize::from(hold_share > 0.0));
    }
}
