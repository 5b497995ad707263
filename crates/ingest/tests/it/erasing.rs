//! Rows of erased keys leave, and what they cost the company stays.

use cartera_ingest::ColumnParams;
use cartera_table::contracts::{SourceCosts, SourceCustomers, SourceInteractions, SourceSuppressions};
use cartera_table::{Disposition, ERASED_VALUE};

use crate::support::{Sources, named};

const OUT: (Disposition, Option<&str>) = (Disposition::OutOfScope, Some("erased"));

#[test]
fn rows_of_an_erased_key_are_out_of_scope_in_its_own_key_space() {
    let columns = || [("customer_key", named("key")), ("city", named("city"))];
    let reading = Sources::new()
        .with("customers", columns(), &["key,city\n7,Lugo\n8,Vigo\n7,Lugo\n"])
        .with_params("customers", columns(), &["key,city\n7,Soria\n"], |params| {
            params.key_space = "web".to_owned();
        })
        .without("main", "7")
        .read::<SourceCustomers>();
    assert_eq!(reading.column("city"), ["Vigo", "Soria"]);
    assert_eq!(reading.count(OUT.0, OUT.1).0, 1);
    assert_eq!(reading.count(Disposition::Merged, Some("repeated_row")).0, 1);
    assert!(reading.erased.is_none(), "they hold no money");
}

#[test]
fn a_row_that_was_corrected_to_another_customer_follows_the_correction() {
    let reading = Sources::new()
        .with(
            "interactions",
            [
                ("interaction_id", named("id")),
                ("customer_key", named("key")),
                ("occurred_at", named("day")),
                ("cost", named("cost")),
                ("kind", ColumnParams::constant("contact")),
            ],
            &[
                "id,key,day,cost\n1,bob,2024-01-01,1.00\n2,ann,2024-01-02,2.00\n3,ann,2024-01-03,4.00\n",
                "id,key,day,cost\n1,ann,2024-01-01,8.00\n2,bob,2024-01-02,16.00\n",
            ],
        )
        .without("main", "ann")
        .read::<SourceInteractions>();
    assert_eq!(reading.column("customer_key"), ["bob"]);
    assert_eq!(reading.column("interaction_id"), ["2"]);
    assert_eq!(reading.count(OUT.0, OUT.1), (2, 120_000));
    let erased = reading.erased.expect("they cost something");
    let keys = erased.frame().column("customer_key").expect("a column").clone();
    assert_eq!(keys.len(), 2);
    assert!(keys.str().expect("text").iter().all(|key| key == Some(ERASED_VALUE)));
}

#[test]
fn costs_of_an_erased_key_are_kept_under_no_key() {
    let reading = Sources::new()
        .with(
            "costs",
            [
                ("kind", ColumnParams::constant("shipping")),
                ("incurred_on", named("day")),
                ("amount", named("amount")),
                ("customer_key", named("key")),
            ],
            &["day,amount,key\n2024-01-01,1.00,ann\n2024-01-01,1.00,bob\n2024-01-01,1.00,\n"],
        )
        .without("main", "ann")
        .read::<SourceCosts>();
    assert_eq!(reading.column("customer_key"), ["bob", "-"]);
    assert_eq!(reading.count(Disposition::Kept, None), (3, 30_000));
    assert_eq!(reading.erased.expect("kept").height(), 1);
}

#[test]
fn of_a_defective_row_of_an_erased_key_only_the_place_is_told() {
    let reading = Sources::new()
        .with(
            "customers",
            [("customer_key", named("key")), ("joined_on", named("day"))],
            &["key,day\n7,born to be wild\n8,neither\n"],
        )
        .without("main", "7")
        .read::<SourceCustomers>();
    assert_eq!(
        reading.reasons(),
        [
            (2, "joined_on", ERASED_VALUE, "not_a_date"),
            (3, "joined_on", "xxxxxxx", "not_a_date")
        ]
    );
}

/// An address is closed for whoever has it, also where the row names somebody who was erased.
#[test]
fn a_suppression_of_an_erased_key_still_closes_the_address_that_it_names() {
    let reading = Sources::new()
        .with(
            "suppressions",
            [
                ("customer_key", named("key")),
                ("email", named("mail")),
                ("phone", named("phone")),
            ],
            &[
                "key,mail,phone\nann,both@example.org,\nann,,600111222\nann,,\nbob,both@example.org,\n\
               cid,,\n,both@example.org,\n",
            ],
        )
        .without("main", "ann")
        .read::<SourceSuppressions>();
    assert_eq!(reading.column("customer_key"), ["-", "-", "bob", "cid"]);
    assert_eq!(
        reading.column("email"),
        ["-", "both@example.org", "both@example.org", "-"]
    );
    assert_eq!(reading.column("phone"), ["600111222", "-", "-", "-"]);
    assert_eq!(reading.count(OUT.0, OUT.1).0, 1, "it named nothing but the key");
    assert_eq!(reading.count(Disposition::Kept, None).0, 4);
    assert_eq!(
        reading.count(Disposition::Merged, Some("repeated_row")).0,
        1,
        "one says the same without a key"
    );
}
