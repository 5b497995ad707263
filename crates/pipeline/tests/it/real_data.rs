//! The published numbers of Online Retail and CDNOW.

use std::path::{Path, PathBuf};

use cartera_table::contracts::{CustomerFeatures, LedgerTable};
use cartera_table::frame::{decimal, int64};
use cartera_testkit::{Workshop, real_data};

use crate::support::{in_ledger, run_as_of, table};

/// A pipeline of the repository.
pub(crate) fn pipeline(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines").join(name)
}

#[test]
fn online_retail_is_accounted_for_to_the_last_line() {
    if real_data("online_retail").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let report = run_as_of(&pipeline("online-retail.toml"), "2011-12-09", &workshop.warehouse());
    assert_eq!(in_ledger(&report, &["guest"]), (135_080, 14_476_821_200));
    assert_eq!(
        in_ledger(&report, &["customer", "cancellation", "kept"]),
        (8_905, -6_113_420_900)
    );
    assert_eq!(in_ledger(&report, &["customer", "free", "kept"]), (40, 0));
    assert_eq!(
        in_ledger(&report, &["customer", "sale", "kept"]),
        (397_884, 89_114_079_040)
    );
    let ledger = table::<LedgerTable>(&report);
    assert_eq!(
        int64(ledger.frame(), "rows")
            .expect("there")
            .iter()
            .flatten()
            .sum::<i64>(),
        541_909
    );
    assert_eq!(
        decimal(ledger.frame(), "amount")
            .expect("there")
            .iter()
            .flatten()
            .sum::<i128>(),
        97_477_479_340
    );
    let totals = &report.run.manifest.record.totals;
    assert_eq!(
        (totals.customers, totals.customers_with_orders, totals.orders),
        (4_372, 4_338, 18_532)
    );
    assert_eq!(totals.net_sales, "8300065.8140");
    let features = table::<CustomerFeatures>(&report);
    let gross: i128 = decimal(features.frame(), "gross_sales")
        .expect("there")
        .iter()
        .flatten()
        .sum();
    assert_eq!(gross, 89_114_079_040);
}

#[test]
fn online_retail_of_an_earlier_day_has_future_lines_and_no_defects() {
    if real_data("online_retail").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let report = run_as_of(&pipeline("online-retail.toml"), "2011-11-30", &workshop.warehouse());
    assert_eq!(in_ledger(&report, &["out_of_scope"]).0, 25_525);
    assert_eq!(report.run.manifest.record.totals.quarantined_rows, 0);
    assert!(!report.has_many_defects);
    assert_eq!(report.run.manifest.record.totals.orders, 17_754);
}

#[test]
fn cdnow_has_its_customers_sales_and_concentration() {
    if real_data("cdnow").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let report = run_as_of(&pipeline("cdnow.toml"), "1998-06-30", &workshop.warehouse());
    let totals = &report.run.manifest.record.totals;
    assert_eq!(
        (
            totals.rows_in,
            totals.customers,
            totals.customers_with_orders,
            totals.orders
        ),
        (6_919, 2_357, 2_357, 6_696)
    );
    assert_eq!(totals.net_sales, "244091.94");
    let pareto = &report.segments.pareto;
    assert_eq!(
        (pareto.top_20_percent_customer_count, pareto.customers_to_class_a_share),
        (472, 777)
    );
    assert!(
        (pareto.top_20_percent_share - 0.674_55).abs() < 0.000_005,
        "{}",
        pareto.top_20_percent_share
    );
}
