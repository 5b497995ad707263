//! What was erased, for machines. No key stands in it.

use cartera_pipeline::store::Erasure;
use cartera_pipeline::{ForgetReport, ForgottenRun};
use serde_json::{Value, json};

pub(super) fn report_as_json(report: &ForgetReport, keys: usize) -> Value {
    let replaced: Vec<Value> = report.replaced.iter().map(run_as_json).collect();
    let deleted: Vec<String> = report.deleted.iter().map(ToString::to_string).collect();
    let files: Vec<String> = report.raw_files.iter().map(|file| file.display().to_string()).collect();
    json!({
        "key_space": report.key_space,
        "keys": keys,
        "new_keys": report.new_keys,
        "unseen_keys": report.unseen_keys,
        "dry_run": report.is_dry_run,
        "replaced": replaced,
        "deleted": deleted,
        "raw_files": files,
        "config_names_key": report.config_names_key,
    })
}

fn run_as_json(run: &ForgottenRun) -> Value {
    let money = |money: Option<cartera_table::Money>| money.map(|money| money.to_string());
    let tables: Vec<Value> = run
        .tables
        .iter()
        .map(|change| json!({ "table": change.table, "rows_before": change.before, "rows": change.after }))
        .collect();
    json!({
        "old": run.old.to_string(),
        "new": run.new.map(|new| new.to_string()),
        "currency": run.currency,
        "company_net_sales_before": money(run.net_sales_before),
        "company_net_sales": money(run.net_sales_after),
        "tables": tables,
        "other_version": run.other_version,
        "asked_is_unknown": run.asked_is_unknown,
    })
}

pub(super) fn list_as_json(erasures: &[Erasure]) -> Value {
    json!({ "erasures": erasures })
}
