//! A row lost between any two stages makes the run fail and publish nothing.

use cartera_testkit::{HEADER, Workshop};

use crate::support::{cartera, said};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n1,2,ann,2024-01-05,mug,1,8.00\n2,1,bob,2024-02-10,tea,1,3.50\n";

#[test]
fn a_lost_row_publishes_nothing() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    let boundaries = [
        ("boundary_read", "3 rows were read and 2 accounted for"),
        ("boundary_normalized", "3 rows were read and 2 accounted for"),
        ("boundary_parts", "rows were read and"),
        ("boundary_orders", "does not agree with the ledger"),
        ("boundary_customers", "does not agree with the ledger"),
        ("boundary_features", "are not of the same customers"),
    ];
    for (boundary, message) in boundaries {
        let mut command = cartera(&["run", &pipeline]);
        // One thread: a row is lost once, not once a thread.
        command
            .args(["--threads", "1"])
            .env("FAILPOINTS", format!("{boundary}=return"));
        let said = said(command);
        assert_eq!(said.code, Some(2), "{boundary} was not noticed");
        assert!(said.stderr.contains(message), "{boundary}: {}", said.stderr);
        assert!(
            said.stderr.contains("nothing was published"),
            "{boundary}: {}",
            said.stderr
        );
        assert!(
            !workshop.warehouse().join("current").exists(),
            "{boundary} published something"
        );
        let runs = std::fs::read_dir(workshop.warehouse().join("runs")).map_or(0, Iterator::count);
        assert_eq!(runs, 0, "{boundary} published something");
    }
    assert_eq!(
        said(cartera(&["run", &pipeline])).code,
        Some(0),
        "without the fault it runs"
    );
}
