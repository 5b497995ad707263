//! A kill at any moment leaves the last published run whole, and the next run cleans up.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use cartera_testkit::{HEADER, Workshop, contents};

use crate::support::{cartera, said};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-02-10,tea,1,3.50\n3,1,cat,2024-03-10,tea,1,3.50\n";

fn current(workshop: &Workshop) -> Vec<(String, Vec<u8>)> {
    contents(&workshop.warehouse().join("current"), &[])
}

fn staged(warehouse: &Path) -> usize {
    std::fs::read_dir(warehouse.join(".staging")).map_or(0, Iterator::count)
}

/// Waits until something is so, at most for 20 seconds.
fn wait_until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Starts a run that stops at a failure point, waits until a sign of it is there, and kills it.
fn kill_at(point: &str, pipeline: &str, is_there: impl Fn() -> bool) {
    // All points are passed only by a run that reads everything.
    let mut child = cartera(&["run", pipeline, "--full"])
        .env("FAILPOINTS", format!("{point}=sleep(60000)"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    wait_until(is_there);
    std::thread::sleep(Duration::from_millis(500));
    assert!(
        child.try_wait().expect("a child").is_none(),
        "{point} was not reached: the run ended on its own"
    );
    child.kill().expect("killed");
    child.wait().expect("gone");
}

#[test]
fn a_kill_leaves_the_last_run_whole_and_the_next_run_cleans_up() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    assert_eq!(said(cartera(&["run", &pipeline])).code, Some(0));
    let before = current(&workshop);
    for point in [
        "boundary_read",
        "boundary_customers",
        "publish_before_manifest",
        "publish_before_rename",
    ] {
        kill_at(point, &pipeline, || staged(&workshop.warehouse()) > 0);
        assert!(current(&workshop) == before, "{point} changed the published run");
        assert!(staged(&workshop.warehouse()) > 0, "{point} left nothing to clean up");
    }
    // Visible, but `current` still names the run before: it is repaired by whoever comes next.
    let second = workshop.warehouse().join("runs/as_of=2024-12-31/run=2");
    kill_at("publish_before_current", &pipeline, || second.exists());
    let next = said(cartera(&["run", &pipeline]));
    assert_eq!(next.code, Some(0), "{}", next.stderr);
    assert!(next.stdout.contains("as run 2024-12-31/3 in"), "{}", next.stdout);
    assert_eq!(staged(&workshop.warehouse()), 0);
    let target = std::fs::read_link(workshop.warehouse().join("current")).expect("a link");
    assert!(target.ends_with("as_of=2024-12-31/run=3"), "{}", target.display());
}

#[test]
fn a_second_run_on_the_same_warehouse_is_refused() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    let mut first = cartera(&["run", &pipeline])
        .env("FAILPOINTS", "publish_before_rename=sleep(60000)")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    wait_until(|| staged(&workshop.warehouse()) > 0);
    let second = said(cartera(&["run", &pipeline]));
    first.kill().expect("killed");
    first.wait().expect("gone");
    assert_eq!(second.code, Some(2));
    assert!(
        second.stderr.contains(&format!("pid {}", first.id())),
        "{}",
        second.stderr
    );
    assert_eq!(
        said(cartera(&["run", &pipeline])).code,
        Some(0),
        "a dead process leaves no lock behind"
    );
}
