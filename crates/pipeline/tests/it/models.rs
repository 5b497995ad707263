//! Clusters stay from night to night: their model is kept beside the runs, and a new one has to be let in.

use std::path::Path;

use cartera_pipeline::config::AsOfSetting;
use cartera_pipeline::store::ModelRecord;
use cartera_pipeline::{ModelRequest, RunOptions, RunReport, SampleRequest, write_sample};
use cartera_table::contracts::{ClusterRefit, CustomerSegments, SegmentMigrations, SegmentMoves};
use cartera_table::frame::{int32, int64, text};
use cartera_testkit::{Workshop, contents, real_data};

use crate::real_data::pipeline;
use crate::support::{options, run_with, table};

const REFIT: ModelRequest = ModelRequest {
    refit: true,
    accept: false,
};

const ACCEPT: ModelRequest = ModelRequest {
    refit: false,
    accept: true,
};

fn night(pipeline: &Path, warehouse: &Path, day: &str, models: ModelRequest, threads: usize) -> RunReport {
    let options = RunOptions {
        as_of: Some(AsOfSetting::Date(day.parse().expect("a day"))),
        warehouse: Some(warehouse.to_owned()),
        models,
        threads,
        ..options()
    };
    run_with(pipeline, &options).expect("published")
}

fn usual(pipeline: &Path, warehouse: &Path, day: &str) -> RunReport {
    night(pipeline, warehouse, day, ModelRequest::default(), 2)
}

fn model(report: &RunReport) -> &ModelRecord {
    let models = &report.run.manifest.record.models;
    assert_eq!(models.len(), 1);
    &models[0]
}

/// Ids and names of the clusters that customers are in, sorted.
fn clusters(report: &RunReport) -> Vec<(i32, String)> {
    let segments = table::<CustomerSegments>(report);
    let ids = int32(segments.frame(), "cluster_id").expect("ids");
    let names = text(segments.frame(), "cluster").expect("names");
    let mut clusters: Vec<(i32, String)> = ids
        .iter()
        .zip(names.iter())
        .filter_map(|(id, name)| Some((id?, name?.to_owned())))
        .collect();
    clusters.sort();
    clusters.dedup();
    clusters
}

fn bytes(report: &RunReport) -> Vec<(String, Vec<u8>)> {
    contents(&report.run.path, &["manifest.json"])
}

/// The pipeline of a made-up retailer, with further keys of `[k_means]`.
fn retailer(workshop: &Workshop, k_means: &str) -> std::path::PathBuf {
    write_sample(workshop.path(), &SampleRequest::new(2_000, 3)).expect("written");
    workshop.file(
        "sample.toml",
        format!(
            r#"
[pipeline]
name = "sample"
warehouse = "warehouse"
as_of = "2025-12-31"
time_zone = "Europe/Madrid"
currency = "EUR"

[[source]]
name = "shop"
table = "order_lines"
path = "order_lines.csv"
format = {{ date_format = "%Y-%m-%d %H:%M:%S" }}

[source.columns]
customer_key = "customer_id"
order_id = "order_id"
product_id = "product_id"
ordered_at = "ordered_at"
quantity = "quantity"
unit_price = "unit_price"

[[order_lines.kind]]
kind = "shipping"
product_ids = ["SHIP"]

[k_means]
{k_means}
"#
        ),
    )
}

#[test]
fn two_nights_of_online_retail_have_the_same_clusters_and_any_rerun_the_same_bytes() {
    if real_data("online_retail").is_none() {
        return;
    }
    let workshop = Workshop::new();
    let online_retail = pipeline("online-retail.toml");
    let warehouse = workshop.warehouse();
    let first = usual(&online_retail, &warehouse, "2011-11-30");
    let second = usual(&online_retail, &warehouse, "2011-12-09");
    assert_eq!(model(&first).decision, "first_fit");
    assert_eq!(model(&second).decision, "scored");
    assert_eq!(model(&first).hash, model(&second).hash);
    assert_eq!(clusters(&first), clusters(&second));

    let migrations = table::<SegmentMigrations>(&second);
    let frame = migrations.frame();
    let of_clusters = text(frame, "segmentation").expect("there");
    let (mut customers, mut stayed) = (0, 0);
    let cells = text(frame, "from_segment")
        .expect("there")
        .iter()
        .zip(text(frame, "to_segment").expect("there").iter())
        .zip(int64(frame, "customers").expect("there").iter());
    for (segmentation, ((from, to), count)) in of_clusters.iter().zip(cells) {
        if segmentation == Some("cluster") && from.is_some() && to.is_some() {
            customers += count.unwrap_or_default();
            stayed += count.filter(|_| from == to).unwrap_or_default();
        }
    }
    assert!(customers > 4_000, "{customers}");
    assert!(stayed * 10 > customers * 8, "{stayed} of {customers} stayed");

    for (report, day) in [(&first, "2011-11-30"), (&second, "2011-12-09")] {
        for threads in [1, 2] {
            let again = night(&online_retail, &warehouse, day, ModelRequest::default(), threads);
            assert!(bytes(report) == bytes(&again), "{day} with {threads} threads");
            assert_eq!(model(report), model(&again));
        }
    }
}

#[test]
fn a_refit_that_changes_too_much_waits_until_somebody_accepts_it() {
    let workshop = Workshop::new();
    // No two fits agree so well, but for equal ones.
    let retail = retailer(&workshop, "k = 4\nmin_adjusted_rand = 1.0");
    let warehouse = workshop.warehouse();
    let first = usual(&retail, &warehouse, "2024-12-31");
    let second = night(&retail, &warehouse, "2025-10-31", REFIT, 2);
    let waiting = model(&second);
    assert_eq!(
        (waiting.decision.as_str(), &waiting.hash),
        ("candidate", &model(&first).hash)
    );
    let candidate = waiting.candidate.clone().expect("a candidate");
    assert!(warehouse.join(format!("models/{candidate}.json")).is_file());
    assert!(
        table::<ClusterRefit>(&second).height() > 0,
        "what it would change is told before it does"
    );
    assert_eq!(clusters(&first), clusters(&second));

    let third = night(&retail, &warehouse, "2025-11-30", ACCEPT, 2);
    assert_eq!(
        (model(&third).decision.as_str(), &model(&third).hash),
        ("accepted", &candidate)
    );
    assert_eq!(model(&third).candidate, None);
    let fourth = usual(&retail, &warehouse, "2025-12-31");
    assert_eq!(model(&fourth).hash, candidate);

    let asked = [ModelRequest::default(), REFIT].map(|models| night(&retail, &warehouse, "2025-12-31", models, 2));
    let fingerprint = |report: &RunReport| report.run.manifest.record.fingerprint.clone();
    assert_eq!(fingerprint(&asked[0]), fingerprint(&fourth));
    assert_ne!(
        fingerprint(&asked[1]),
        fingerprint(&fourth),
        "what was asked is part of it"
    );
}

#[test]
fn other_features_in_the_pipeline_make_other_clusters_and_say_so() {
    let workshop = Workshop::new();
    let retail = retailer(&workshop, "k = 3");
    let warehouse = workshop.warehouse();
    usual(&retail, &warehouse, "2025-11-30");
    let retail = retailer(&workshop, "k = 3\nfeatures = [\"order_count\", \"net_sales\"]");
    let second = usual(&retail, &warehouse, "2025-12-31");
    assert_eq!(model(&second).decision, "reconfigured");
    assert!(!model(&second).reasons.is_empty());
}

#[test]
fn a_damaged_model_is_fitted_anew_and_costs_nothing_else() {
    let workshop = Workshop::new();
    let retail = retailer(&workshop, "k = 3");
    let warehouse = workshop.warehouse();
    let first = usual(&retail, &warehouse, "2025-11-30");
    let path = warehouse.join(format!("models/{}.json", model(&first).hash));
    std::fs::write(&path, "{}").expect("written");
    let second = usual(&retail, &warehouse, "2025-12-31");
    assert_eq!(model(&second).decision, "first_fit");
    assert_eq!(second.run.manifest.record.prior_state, Some(first.run.reference));
    assert!(
        table::<SegmentMoves>(&second).height() > 0,
        "the segments before were read"
    );
}

#[test]
fn a_definition_that_changed_is_told_and_moves_nobody() {
    let workshop = Workshop::new();
    let tiers = "k = 2\n[value_tiers]\nmeasure = \"net_sales\"";
    let retail = retailer(&workshop, "k = 2");
    let warehouse = workshop.warehouse();
    usual(&retail, &warehouse, "2025-11-30");
    let retail = retailer(&workshop, tiers);
    let second = usual(&retail, &warehouse, "2025-12-31");
    assert_eq!(second.segments.redefined, ["value_tier"]);
    let moves = table::<SegmentMoves>(&second);
    let moved = text(moves.frame(), "segmentation").expect("there");
    assert!(moved.iter().all(|name| name != Some("value_tier")));
    assert!(moved.iter().any(|name| name == Some("rfm_segment")));
    let third = usual(&retail, &warehouse, "2026-01-01");
    assert!(third.segments.redefined.is_empty());
}
