//! Titles say what the tables hold, and nothing where these hold nothing.

use cartera_report::Locale;
use polars::prelude::{DataFrame, df};

use super::page;
use super::tables::Made;

/// The titles of a page over these tables and nothing else.
fn titles(tables: impl IntoIterator<Item = (&'static str, DataFrame)>, locale: Locale) -> String {
    let made = tables
        .into_iter()
        .fold(Made::empty(), |made, (name, frame)| made.with(name, frame));
    page(&made, None, locale)
}

fn migrations(is_redefined: bool) -> DataFrame {
    df! {
        "segmentation" => ["cluster"; 4],
        "from_segment" => [Some("loyal"), Some("loyal"), Some("seldom"), None],
        "to_segment" => ["vip", "seldom", "seldom", "vip"],
        "customers" => [40, 3, 20, 5],
        "net_sales" => [400, 30, 200, 50],
        "is_redefined" => [is_redefined; 4],
    }
    .expect("migrations")
}

fn moves() -> DataFrame {
    df! {
        "segmentation" => ["cluster"; 3],
        "customer_id" => ["1", "2", "3"],
        "from_segment" => ["loyal"; 3],
        "to_segment" => ["seldom"; 3],
    }
    .expect("moves")
}

#[test]
fn a_cluster_with_another_name_moves_nobody() {
    let tables = || [("segment_migrations", migrations(false)), ("segment_moves", moves())];
    let english = titles(tables(), Locale::En);
    assert!(english.contains("3 of 63 customers (4.8%) moved to another cluster since the run before"));
    let spanish = titles(tables(), Locale::Es);
    assert!(spanish.contains("3 de 63 clientes (4,8\u{a0}%) cambiaron de grupo desde la ejecución anterior"));
}

#[test]
fn nobody_is_told_to_have_moved_where_clusters_were_defined_otherwise() {
    let page = titles([("segment_migrations", migrations(true))], Locale::En);
    assert!(page.contains("The clusters are defined otherwise than in the run before"));
    assert!(!page.contains("moved to another cluster since"));
}

/// Cohorts of January and February as of a day in March, or earlier: the months that are there, and which are over.
fn cohorts(rows: &[(&str, i32, i64, i64, i64, bool)]) -> DataFrame {
    df! {
        "cohort_month" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "months_since" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "cohort_customers" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "active_customers" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
        "active_share" => rows.iter().map(|row| row.3 as f64 / row.2 as f64).collect::<Vec<_>>(),
        "cumulative_net_sales_per_customer" => rows.iter().map(|row| row.4).collect::<Vec<_>>(),
        "is_complete" => rows.iter().map(|row| row.5).collect::<Vec<_>>(),
    }
    .expect("cohorts")
}

#[test]
fn cohorts_are_told_of_by_months_that_are_over() {
    let january = [("2024-01", 0, 10, 10, 100, true), ("2024-01", 1, 10, 4, 140, true)];
    let february = [("2024-02", 0, 30, 30, 900, true), ("2024-02", 1, 30, 20, 950, false)];
    let with_march = [january.as_slice(), &[("2024-01", 2, 10, 2, 150, false)], &february].concat();
    let page = titles([("cohorts", cohorts(&with_march))], Locale::En);
    assert!(
        page.contains("40% of new customers buy again in the next month<"),
        "no month 2"
    );
    assert!(page.contains("After one month a customer has brought €140 on average (one cohort)"));

    let with_april = [january.as_slice(), &[("2024-01", 2, 10, 2, 150, true)]].concat();
    let page = titles([("cohorts", cohorts(&with_april))], Locale::En);
    assert!(page.contains("40% of new customers buy again in the next month, 20% in month 2"));

    let open = [("2024-01", 0, 10, 10, 100, true), ("2024-01", 1, 10, 4, 140, false)];
    let page = titles([("cohorts", cohorts(&open))], Locale::En);
    assert!(page.contains("no later month is over yet"));
    assert!(page.contains("Within their first month a customer has brought €100"));

    let both = [january[0], ("2024-02", 0, 30, 30, 900, true)];
    let page = titles([("cohorts", cohorts(&both))], Locale::En);
    assert!(
        page.contains("has brought €700 on average (2 cohorts)"),
        "the mean over customers"
    );
}

#[test]
fn a_bias_that_is_not_known_is_not_told_as_none() {
    let backtest = df! {
        "model" => ["bg_nbd"; 2],
        "breakdown" => ["total", "frequency"],
        "bucket" => [None, Some(0)],
        "actual_orders" => [0.0; 2],
        "predicted_orders" => [1.2; 2],
        "orders_bias" => [None::<f64>; 2],
    };
    let model = df! { "model" => ["bg_nbd"], "is_chosen" => [true] };
    let tables = [
        ("clv_backtest", backtest.expect("a backtest")),
        ("clv_model", model.expect("a model")),
    ];
    let page = titles(tables, Locale::En);
    assert!(page.contains("foresaw one order in the holdout, 0 came (–)"));
}
