//! Owners have ids of their own, and room for most customers and not for all.

use std::collections::HashSet;

use cartera_sample::{SampleFile, SampleParams};

use crate::read::Sample;

#[test]
fn owners_are_told_apart_and_have_room_for_most_customers() {
    for customers in [5, 500, 4_000] {
        let sample = Sample::write(SampleParams::new(customers, 71));
        let rows = sample.rows(SampleFile::Owners);
        let ids: HashSet<&str> = rows.iter().map(|row| &*row["owner_id"]).collect();
        assert_eq!(ids.len(), rows.len());
        let kinds: HashSet<&str> = rows.iter().map(|row| &*row["kind"]).collect();
        assert_eq!(kinds, HashSet::from(["account_manager", "store", "call_centre"]));
        let room: u64 = rows
            .iter()
            .map(|row| row["capacity_customers"].parse::<u64>().unwrap())
            .sum();
        assert!(
            customers < 100 || (customers / 2..customers * 2).contains(&room),
            "{room}"
        );
        let who_left = rows.iter().filter(|row| !row["active_until"].is_empty());
        assert_eq!(who_left.count(), 1);
    }
}
