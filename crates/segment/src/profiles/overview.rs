//! Each segment at a glance: the figures of its profile that everybody asks for first, side by side.

use std::collections::BTreeMap;

use super::Profile;

/// One row of `segments`; the fields are its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overview {
    pub(crate) segmentation: &'static str,
    pub(crate) segment: String,
    pub(crate) customers: usize,
    pub(crate) customer_share: f64,
    /// Of [`MONEY`], in this order: the total and its share.
    pub(crate) money: [(Option<i128>, Option<f64>); 4],
    /// Of [`MEDIANS`], in this order.
    pub(crate) medians: [Option<f64>; 4],
}

/// Features whose totals are told.
const MONEY: [&str; 4] = ["net_sales", "net_profit", "clv_horizon", "vin"];

/// Features whose medians are told.
const MEDIANS: [&str; 4] = [
    "order_count",
    "net_sales",
    "days_since_last_order",
    "average_order_value",
];

/// A row for each segment that has a profile, by segmentation and segment.
pub(crate) fn overview(profiles: &[Profile]) -> Vec<Overview> {
    let mut segments = BTreeMap::<(&str, &str), Overview>::new();
    for profile in profiles {
        let key = (profile.segmentation, profile.segment.as_str());
        let overview = segments.entry(key).or_insert_with(|| Overview {
            segmentation: profile.segmentation,
            segment: profile.segment.clone(),
            customers: profile.customer_count,
            customer_share: profile.customer_share,
            money: [(None, None); 4],
            medians: [None; 4],
        });
        if let Some(place) = MONEY.iter().position(|name| *name == profile.feature) {
            overview.money[place] = (profile.total, profile.total_share);
        }
        if let Some(place) = MEDIANS.iter().position(|name| *name == profile.feature) {
            overview.medians[place] = profile.median;
        }
    }
    segments.into_values().collect()
}
