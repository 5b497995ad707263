//! A run tells once how its tables differ from those of the run before, whatever version wrote that.

use std::fs;

use cartera_pipeline::RunReport;
use cartera_pipeline::store::parquet::write_table;
use cartera_pipeline::store::read::read_table;
use cartera_pipeline::store::{FileStamp, MANIFEST_FILE};
use cartera_table::contracts::IdentityLinks;
use cartera_table::{Contract, ContractInfo, SCHEMA_VERSION};
use cartera_testkit::{HEADER, Workshop};

use crate::support::run_as_of;

/// Makes the run look as if an older version had published it: without the last column of its links, and without a table.
fn make_older(report: &RunReport) {
    const OLDER: ContractInfo = ContractInfo {
        columns: IdentityLinks::INFO
            .columns
            .split_at(IdentityLinks::INFO.columns.len() - 1)
            .0,
        ..IdentityLinks::INFO
    };
    let path = report.run.table_path(OLDER.name).expect("published");
    let links = read_table::<IdentityLinks>(&path).expect("read");
    fs::remove_file(&path).expect("removed");
    let stamp = FileStamp {
        fingerprint: "older",
        version: "0",
    };
    let older = links.frame().drop("score").expect("dropped");
    write_table(&older, &OLDER, &stamp, &path).expect("written");

    let path = report.run.path.join(MANIFEST_FILE);
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    manifest["tables"]
        .as_array_mut()
        .expect("tables")
        .retain(|table| table["name"] != "pareto_curve");
    manifest.as_object_mut().expect("an object").remove("schema_version");
    fs::write(&path, manifest.to_string()).expect("written");
}

#[test]
fn changed_tables_are_told_once_and_kept_in_the_manifest() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}1,1,ann,2024-01-05,tea,2,3.50\n"));
    let pipeline = workshop.pipeline("lines.csv", "");
    let night = |day: &str| run_as_of(&pipeline, day, &workshop.warehouse());
    let told = |report: &RunReport| {
        let warnings = report.run.manifest.record.warnings.iter();
        warnings
            .filter(|warning| warning.contains("the tables differ"))
            .cloned()
            .collect::<Vec<_>>()
    };

    let first = night("2024-01-31");
    assert_eq!(first.run.manifest.record.schema_version, Some(SCHEMA_VERSION));
    assert_eq!(told(&first), [""; 0], "there was no run before");
    make_older(&first);

    let second = night("2024-02-29");
    assert_eq!(
        told(&second),
        [
            "the tables differ from those of run 2024-01-31/1: table pareto_curve is new; column identity_links.score is new \
          (schema_changes of the manifest, docs/schema-changes.md)"
        ]
    );
    let record = second.run.manifest.record.schema_changes.as_ref().expect("recorded");
    assert_eq!(record.since, first.run.reference);
    assert_eq!(
        record.changes,
        ["table pareto_curve is new", "column identity_links.score is new"]
    );

    let third = night("2024-03-31");
    assert_eq!(told(&third), [""; 0]);
    assert_eq!(third.run.manifest.record.schema_changes, None);
    // One that fills in the history is held against what came before it.
    assert_eq!(told(&night("2024-02-10")).len(), 1);
}
