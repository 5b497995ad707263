//! Suppressions: by key, e-mail and telephone, for every reason, and of strangers too.

use std::collections::HashSet;

use cartera_sample::{SampleFile, SampleParams};

use crate::read::Sample;

#[test]
fn some_customers_and_many_strangers_must_not_be_contacted() {
    let sample = Sample::write(SampleParams::new(4_000, 71));
    let customers = sample.rows(SampleFile::Customers);
    let plain = |text: &str| text.to_lowercase().replace(' ', "");
    let of = |name: &str| -> HashSet<String> {
        let values = customers.iter().map(|row| plain(&row[name]));
        values.filter(|value| !value.is_empty()).collect()
    };
    let known = [
        ("customer_id", of("customer_id")),
        ("email", of("email")),
        ("phone", of("phone")),
    ];
    let mut found = [0_usize; 3];
    let (mut strangers, mut others) = (0, Vec::new());
    let rows = sample.rows(SampleFile::Suppressions);
    for row in &rows {
        let told: Vec<usize> = (0..3).filter(|&way| !row[known[way].0].is_empty()).collect();
        assert_eq!(told.len(), 1, "{row:?}");
        let (name, values) = &known[told[0]];
        if values.contains(&plain(&row[*name])) {
            found[told[0]] += 1;
            others.push(row);
        } else {
            strangers += 1;
            assert_ne!(*name, "customer_id", "{row:?}");
        }
    }
    assert!(found.iter().all(|&rows| rows > 20), "{found:?}");
    let own: usize = found.iter().sum();
    assert!((120..=280).contains(&own), "{own} of 4,000");
    assert!((1_800..=2_200).contains(&strangers), "{strangers}");
    let values = |name: &str| -> HashSet<&str> { others.iter().map(|row| &*row[name]).collect() };
    assert_eq!(
        values("reason"),
        HashSet::from([
            "",
            "do_not_contact",
            "complaint",
            "competitor",
            "deceased",
            "staff",
            "other"
        ])
    );
    assert_eq!(values("channel"), HashSet::from(["", "email", "sms", "phone", "post"]));
    assert_eq!(values("purpose"), HashSet::from(["", "marketing"]));
    let is_later = |since: &&str| **since > *"2025-12-31";
    assert!(values("since").iter().any(is_later), "some dates lie after the history");
}
