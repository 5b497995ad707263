//! Rows with one key, and rows that stand in several files.

use cartera_ingest::ColumnParams;
use cartera_table::contracts::{
    SourceConsents, SourceCosts, SourceCustomers, SourceInteractions, SourceProducts, SourceRates,
};
use cartera_table::{Disposition, DuplicatePolicy};

use crate::support::{Sources, named};

#[test]
fn the_last_row_of_the_newest_file_counts() {
    let reading = Sources::new()
        .with(
            "products",
            [
                ("product_id", named("sku")),
                ("valid_from", named("from")),
                ("unit_cost", named("cost")),
            ],
            &[
                "sku,from,cost\ntea,,1.00\nmug,,2.00\ntea,2024-06-01,1.20\ntea,,1.00\n",
                "sku,from,cost\nmug,,2.50\nmug,,2.60\ntea,2024-06-01,1.20\n",
            ],
        )
        .read::<SourceProducts>();
    assert_eq!(reading.column("product_id"), ["mug", "tea", "tea"]);
    assert_eq!(reading.column("valid_from"), ["-", "-", "2024-06-01"]);
    assert_eq!(reading.column("unit_cost"), ["2.600000", "1.000000", "1.200000"]);
    assert_eq!(reading.column("file_index"), ["1", "0", "1"]);
    assert_eq!(reading.count(Disposition::Merged, Some("repeated_row")).0, 2);
    assert_eq!(reading.count(Disposition::Merged, Some("replaced")).0, 2);
}

#[test]
fn customers_are_told_by_their_key_space_too() {
    let columns = || [("customer_key", named("key")), ("city", named("city"))];
    let reading = Sources::new()
        .with("customers", columns(), &["key,city\n7,Lugo\n"])
        .with_params("customers", columns(), &["key,city\n7,Vigo\n"], |params| {
            params.key_space = "web".to_owned();
        })
        .with("customers", columns(), &["key,city\n7,Soria\n"])
        .read::<SourceCustomers>();
    assert_eq!(reading.column("key_space"), ["main", "web"]);
    assert_eq!(reading.column("city"), ["Soria", "Vigo"], "the later source wins");
    assert_eq!(reading.count(Disposition::Merged, Some("replaced")).0, 1);
}

#[test]
fn of_consents_only_exact_repeats_are_merged() {
    let reading = Sources::new()
        .with(
            "consents",
            [
                ("customer_key", named("key")),
                ("channel", ColumnParams::constant("email")),
                ("purpose", ColumnParams::constant("marketing")),
                ("status", named("status")),
                ("since", named("since")),
            ],
            &["key,status,since\na,granted,2024-01-01\na,withdrawn,2024-02-01\na,granted,2024-01-01\na,withdrawn,2024-01-01\n"],
        )
        .read::<SourceConsents>();
    assert_eq!(reading.column("status"), ["granted", "withdrawn", "withdrawn"]);
    assert_eq!(reading.count(Disposition::Merged, Some("repeated_row")).0, 1);
}

#[test]
fn ids_are_those_of_their_source_and_rows_without_one_stay_apart() {
    let columns = || {
        [
            ("cost_id", named("id")),
            ("kind", ColumnParams::constant("other")),
            ("incurred_on", named("day")),
            ("amount", named("amount")),
        ]
    };
    let file = "id,day,amount\n1,2024-01-01,10\n1,2024-01-01,11\n,2024-01-01,5\n,2024-01-01,5\n";
    let reading = Sources::new()
        .with("costs", columns(), &[file])
        .with("costs", columns(), &[file])
        .read::<SourceCosts>();
    assert_eq!(
        reading.column("amount"),
        ["5.0000", "5.0000", "11.0000", "5.0000", "5.0000", "11.0000"]
    );
    assert_eq!(reading.count(Disposition::Merged, Some("replaced")), (2, 200_000));
    assert_eq!(reading.count(Disposition::Kept, None), (6, 420_000));
}

#[test]
fn overlapping_exports_without_ids_do_not_double() {
    let columns = || {
        [
            ("customer_key", named("key")),
            ("kind", ColumnParams::constant("visit")),
            ("occurred_at", named("day")),
        ]
    };
    let files = [
        "key,day\na,2024-01-01\nb,2024-01-02\nb,2024-01-02\n",
        "key,day\nb,2024-01-02\nc,2024-01-03\n",
    ];
    let reading = Sources::new()
        .with("interactions", columns(), &files)
        .read::<SourceInteractions>();
    assert_eq!(reading.column("customer_key"), ["a", "b", "b", "c"]);
    assert_eq!(reading.count(Disposition::Merged, Some("in_another_file")).0, 1);
    let kept = Sources::new()
        .with_params("interactions", columns(), &files, |params| {
            params.duplicates.policy = DuplicatePolicy::Keep;
        })
        .read::<SourceInteractions>();
    assert_eq!(kept.table.height(), 5);
}

#[test]
fn rates_keep_ten_decimals_and_are_sorted_by_currency_and_day() {
    let reading = Sources::new()
        .with(
            "rates",
            [
                ("date", named("day")),
                ("currency", named("code")),
                ("rate", named("rate")),
            ],
            &["day,code,rate\n2024-01-02,USD,0.9123456789\n2024-01-01,USD,0.91\n2024-01-01,GBP,1.15\n2024-01-01,GBP,1.15000000001\n"],
        )
        .read::<SourceRates>();
    assert_eq!(reading.column("currency"), ["GBP", "USD", "USD"]);
    assert_eq!(reading.column("rate"), ["1.1500000000", "0.9100000000", "0.9123456789"]);
    assert_eq!(reading.reasons(), [(5, "rate", "1.15000000001", "too_many_decimals")]);
}
