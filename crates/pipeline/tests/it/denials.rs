//! Suppressions, and defective rows of consents and suppressions, in whole runs.

use std::path::Path;
use std::sync::Mutex;

use cartera_pipeline::{Observer, RunContext, RunOptions, RunReport, Stage, config, run};
use cartera_table::contracts::CustomerFeatures;
use cartera_testkit::{HEADER, Workshop};

use crate::support::{StoppedClock, options, run_once, table};

/// Writes down what a run says.
#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Observer for Listener {
    fn stage_started(&self, _: Stage, _: Option<u64>) {}
    fn advanced(&self, _: u64, _: u64) {}
    fn stage_finished(&self, _: Stage, _: u64, _: u64, _: f64) {}
    fn warning(&self, message: &str) {
        self.0.lock().expect("nobody else").push(message.to_owned());
    }
}

/// A run, and what it says of defective rows.
fn heard(pipeline: &Path, options: &RunOptions) -> (RunReport, Vec<String>) {
    let config = config::load(pipeline, &|_| None).unwrap_or_else(|error| panic!("{error}"));
    let listener = Listener::default();
    let context = RunContext {
        observer: &listener,
        clock: &StoppedClock,
    };
    let report = run(&config, options, context).unwrap_or_else(|error| panic!("{error}"));
    let mut said = listener.0.into_inner().expect("nobody else");
    said.retain(|warning| warning.contains("rows of consents and suppressions"));
    (report, said)
}

fn rows_of(report: &RunReport, table: &str) -> [u64; 4] {
    let record = &report.run.manifest.record;
    let of_table = record.source_tables.iter().find(|record| record.table == table);
    of_table.map_or([0; 4], |rows| {
        [rows.rows_in, rows.rows_kept, rows.merged_rows, rows.quarantined_rows]
    })
}

/// The rows that the sample plants without a readable key are of a channel that its lists do not use.
#[test]
fn the_committed_sample_stops_fax_alone() {
    let workshop = Workshop::new();
    let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/retail.toml");
    let options = RunOptions {
        warehouse: Some(workshop.warehouse()),
        ..options()
    };
    let (report, said) = heard(&pipeline, &options);
    assert_eq!(
        said,
        [
            "8 defective rows of consents and suppressions: 5 deny whom they name; some do not tell whom they are about \
             and stop all lists of fax (3); see the table quarantine"
        ]
    );
    let [rows_in, kept, merged, quarantined] = rows_of(&report, "suppressions");
    assert!(kept > 100 && merged == 0, "{kept} {merged}");
    assert_eq!((rows_in - kept, quarantined), (4, 4));
}

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-01-06,mug,1,8.00\n";

/// A list of addresses alone has no customers, so that its key space puts no prefix before theirs.
#[test]
fn a_list_of_addresses_has_no_key_space() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file(
        "robinson.csv",
        "mail\nann@example.org\nann@example.org\nzoe@example.org\n",
    );
    let source = "[[source]]\nname = \"robinson\"\ntable = \"suppressions\"\nkey_space = \"list\"\n\
                  path = \"robinson.csv\"\ncolumns = { email = \"mail\" }\n";
    let (report, said) = heard(&workshop.pipeline("lines.csv", source), &options());
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(rows_of(&report, "suppressions"), [3, 2, 1, 0]);
    let features = table::<CustomerFeatures>(&report);
    let ids = features
        .frame()
        .column("customer_id")
        .expect("there")
        .str()
        .expect("text");
    assert_eq!(ids.iter().collect::<Vec<_>>(), [Some("ann"), Some("bob")]);
}

/// A suppression by key is held against the customers, and one without a key is not.
#[test]
fn keys_of_suppressions_are_looked_for_among_customers() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("blocked.csv", "who,mail\nann,\nzoe,\n,bob@example.org\n");
    let source = "[[source]]\nname = \"blocked\"\ntable = \"suppressions\"\npath = \"blocked.csv\"\n\
                  columns = { customer_key = \"who\", email = \"mail\" }\n";
    let report = run_once(&workshop.pipeline("lines.csv", source));
    let references = &report.run.manifest.record.references;
    let found = references.iter().find(|reference| reference.table == "suppressions");
    let found = found.expect("a check of keys");
    assert_eq!((found.matched, found.total), (1, 2));
}
