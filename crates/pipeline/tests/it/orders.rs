//! What an order is, who is a customer, and what counts.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments, IdentityLinks};
use cartera_testkit::{HEADER, Workshop, row};

use crate::support::{in_ledger, run_once, table};

fn value<'r>(row: &'r [(String, String)], column: &str) -> Option<&'r str> {
    row.iter()
        .find(|(name, _)| name == column)
        .map(|(_, value)| value.as_str())
}

#[test]
fn returns_reduce_sales_but_are_no_orders() {
    let workshop = Workshop::new();
    let lines = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n2,1,ann,2024-01-09,tea,-1,3.50\n\
                 3,1,ann,2024-03-01,tea,1,0\n4,1,bob,2024-01-09,tea,-1,3.50\n";
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    let features = table::<CustomerFeatures>(&report);
    let ann = row(features.frame(), "customer_id", "ann");
    assert_eq!(value(&ann, "order_count"), Some("1"));
    assert_eq!(value(&ann, "line_count"), Some("4"));
    assert_eq!(value(&ann, "gross_sales"), Some("15.0000"));
    assert_eq!(value(&ann, "returned_amount"), Some("3.5000"));
    assert_eq!(value(&ann, "net_sales"), Some("11.5000"));
    assert_eq!(value(&ann, "average_order_value"), Some("15.0000"));
    assert_eq!(value(&ann, "last_order_date"), Some("2024-01-05"));
    assert_eq!(value(&ann, "days_since_last_order"), Some("361"));
    let bob = row(features.frame(), "customer_id", "bob");
    assert_eq!(value(&bob, "order_count"), Some("0"));
    assert_eq!(value(&bob, "rfm_score"), None);
    let segments = table::<CustomerSegments>(&report);
    assert_eq!(
        value(&row(segments.frame(), "customer_id", "bob"), "rfm_segment"),
        Some("no_orders")
    );
    assert_eq!(value(&row(segments.frame(), "customer_id", "bob"), "cluster_id"), None);
}

#[test]
fn declared_kinds_and_flags_decide_what_counts() {
    let workshop = Workshop::new();
    let lines = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,POST,1,5.00\nC2,1,ann,2024-01-09,tea,-1,3.50\n";
    workshop.file("lines.csv", format!("{HEADER}{lines}"));
    let rules = "[[order_lines.kind]]\nkind = \"shipping\"\nproduct_ids = [\"POST\"]\n\
                 [[order_lines.kind]]\nkind = \"cancellation\"\norder_id_prefix = \"C\"\n\
                 [order_lines.flags.shipping]\nin_net_sales = true\n";
    let report = run_once(&workshop.pipeline("lines.csv", rules));
    assert_eq!(in_ledger(&report, &["customer", "shipping", "kept"]), (1, 50_000));
    assert_eq!(in_ledger(&report, &["customer", "cancellation", "kept"]), (1, -35_000));
    let features = table::<CustomerFeatures>(&report);
    assert_eq!(
        value(&row(features.frame(), "customer_id", "ann"), "net_sales"),
        Some("8.5000")
    );
}

#[test]
fn guests_are_in_the_totals_and_not_among_customers() {
    let workshop = Workshop::new();
    workshop.file(
        "lines.csv",
        format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n2,1,,2024-01-05,tea,1,3.50\n2,2,,2024-01-05,mug,1,8\n"),
    );
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    let totals = &report.run.manifest.record.totals;
    assert_eq!((totals.customers, totals.guest_rows, totals.guest_orders), (1, 2, 1));
    assert_eq!(totals.guest_net_sales, "11.50");
    assert_eq!(in_ledger(&report, &["guest", "kept", "no_customer_key"]), (2, 115_000));
}

#[test]
fn keys_of_two_spaces_are_two_customers() {
    let workshop = Workshop::new();
    workshop.file("a.csv", format!("{HEADER}1,1,007,2024-01-05,tea,2,3.50\n"));
    workshop.file("b.csv", format!("{HEADER}1,1,007,2024-01-06,tea,1,3.50\n"));
    let second = "[[source]]\nname = \"web\"\ntable = \"order_lines\"\nkey_space = \"web\"\npath = \"b.csv\"\n\
                  [source.format]\ndate_format = \"%Y-%m-%d\"\n\
                  [source.columns]\ncustomer_key = \"customer\"\norder_id = \"order\"\nordered_at = \"day\"\nquantity = \"quantity\"\nunit_price = \"price\"\n";
    let report = run_once(&workshop.pipeline("a.csv", second));
    let links = table::<IdentityLinks>(&report);
    assert_eq!(links.height(), 2);
    let web = row(links.frame(), "key_space", "web");
    assert_eq!(
        (value(&web, "source_key"), value(&web, "customer_id")),
        (Some("007"), Some("web:007"))
    );
    let features = table::<CustomerFeatures>(&report);
    assert_eq!(
        value(&row(features.frame(), "customer_id", "main:007"), "order_count"),
        Some("1")
    );
}

#[test]
fn the_best_customer_of_a_plain_population_is_a_555_champion() {
    let workshop = Workshop::new();
    let mut lines = String::from(HEADER);
    let mut order = 0;
    for customer in 1..=10 {
        for visit in 0..customer {
            order += 1;
            let day = 1 + customer * 2 - visit.min(1);
            lines.push_str(&format!(
                "{order},1,c{customer:02},2024-03-{day:02},tea,1,{customer}.00\n"
            ));
        }
    }
    workshop.file("lines.csv", lines);
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    let features = table::<CustomerFeatures>(&report);
    assert_eq!(
        value(&row(features.frame(), "customer_id", "c10"), "rfm_score"),
        Some("555")
    );
    assert_eq!(
        value(&row(features.frame(), "customer_id", "c01"), "rfm_score"),
        Some("111")
    );
    let segments = table::<CustomerSegments>(&report);
    assert_eq!(
        value(&row(segments.frame(), "customer_id", "c10"), "rfm_segment"),
        Some("champions")
    );
    let again = run_once(&workshop.pipeline("lines.csv", ""));
    assert!(
        table::<CustomerSegments>(&again)
            .frame()
            .equals_missing(segments.frame())
    );
}

#[test]
fn the_same_order_id_in_two_sources_is_two_orders() {
    let workshop = Workshop::new();
    workshop.file("a.csv", format!("{HEADER}17,1,ann,2024-01-05,tea,2,3.50\n"));
    workshop.file("b.csv", format!("{HEADER}17,1,ann,2024-07-06,tea,1,3.50\n"));
    let second = "[[source]]\nname = \"web\"\ntable = \"order_lines\"\npath = \"b.csv\"\n\
                  [source.format]\ndate_format = \"%Y-%m-%d\"\n\
                  [source.columns]\ncustomer_key = \"customer\"\norder_id = \"order\"\nordered_at = \"day\"\nquantity = \"quantity\"\nunit_price = \"price\"\n";
    let report = run_once(&workshop.pipeline("a.csv", second));
    let ann = row(table::<CustomerFeatures>(&report).frame(), "customer_id", "ann");
    assert_eq!(
        (value(&ann, "order_count"), value(&ann, "last_order_date")),
        (Some("2"), Some("2024-07-06"))
    );
    assert_eq!(
        table::<IdentityLinks>(&report).height(),
        1,
        "the sources share their key space, and so the customer"
    );
}

#[test]
fn a_return_that_would_add_money_is_set_aside() {
    let workshop = Workshop::new();
    workshop.file(
        "lines.csv",
        format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\nC1,1,ann,2024-01-09,tea,2,3.50\n"),
    );
    let rules = "[[order_lines.kind]]\nkind = \"cancellation\"\norder_id_prefix = \"C\"\n\
                 [limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n";
    let report = run_once(&workshop.pipeline("lines.csv", rules));
    assert_eq!(
        in_ledger(&report, &["cancellation", "quarantined", "positive_return"]),
        (1, 70_000)
    );
    let ann = row(table::<CustomerFeatures>(&report).frame(), "customer_id", "ann");
    assert_eq!(value(&ann, "net_sales"), Some("7.0000"));
}

#[test]
fn an_order_of_several_days_has_the_day_of_its_first_line() {
    let workshop = Workshop::new();
    workshop.file(
        "lines.csv",
        format!(
            "{HEADER}1,1,ann,2024-01-05,tea,1,3.50\n2,1,ann,2024-01-03,tea,1,3.50\n1,2,ann,2024-01-01,tea,1,3.50\n"
        ),
    );
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    let ann = row(table::<CustomerFeatures>(&report).frame(), "customer_id", "ann");
    assert_eq!(
        (value(&ann, "order_count"), value(&ann, "order_day_count")),
        (Some("2"), Some("2"))
    );
    assert_eq!(
        (value(&ann, "first_order_date"), value(&ann, "last_order_date")),
        (Some("2024-01-01"), Some("2024-01-03"))
    );
}
