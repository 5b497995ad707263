//! A row lost between any two stages makes the run fail and publish nothing.

use cartera_pipeline::PipelineError;
use cartera_pipeline::store::Warehouse;
use cartera_testkit::{HEADER, Workshop};
use fail::FailScenario;

use crate::support::{options, run_with};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n2,1,bob,2024-02-10,tea,1,3.50\n";

/// Failure points are global to the process: this is one test, and the only one that sets them.
#[test]
fn a_lost_row_publishes_nothing() {
    let scenario = FailScenario::setup();
    let boundaries =
        ["boundary_read", "boundary_normalized", "boundary_parts", "boundary_orders", "boundary_customers"];
    for boundary in boundaries {
        let workshop = Workshop::new();
        workshop.file("lines.csv", format!("{HEADER}{LINES}"));
        let pipeline = workshop.pipeline("lines.csv", "");
        fail::cfg(boundary, "return").expect("a failure point");
        let error = run_with(&pipeline, &options()).expect_err(boundary);
        fail::remove(boundary);
        assert!(
            matches!(
                error,
                PipelineError::Table(cartera_table::TableError::Unbalanced { .. }) | PipelineError::Recount { .. }
            ),
            "{boundary}: {error}"
        );
        let warehouse = Warehouse::open(workshop.warehouse()).expect("a warehouse");
        assert!(warehouse.runs().expect("readable").runs.is_empty(), "{boundary} published something");
        assert!(!workshop.warehouse().join("current").exists());

        let report = run_with(&pipeline, &options()).expect("without the fault it runs");
        assert_eq!(report.run.manifest.record.totals.rows_in, 3);
    }
    scenario.teardown();
}
