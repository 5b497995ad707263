//! `cartera forget`: a kill at any moment leaves the old run or the new one, and the same call finishes it.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use cartera_testkit::{HEADER, Workshop};

use crate::support::{Said, cartera, said};

const LINES: &str = "1,1,annabella,2024-01-05,tea,2,3.50\n2,1,bob,2024-02-10,tea,1,3.50\n3,1,annabella,2024-03-10,tea,1,3.50\n4,1,cat,2024-04-10,tea,1,3.50\n";

/// A shop with runs of two days.
fn shop() -> (Workshop, String) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    let pipeline = workshop.pipeline("lines.csv", "").display().to_string();
    for day in ["2024-03-31", "2024-04-30"] {
        let run = said(cartera(&["run", &pipeline, "--as-of", day]));
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    (workshop, pipeline)
}

/// The runs of a day by number, those that can be read.
fn runs(workshop: &Workshop, day: &str) -> Vec<String> {
    let folder = workshop.warehouse().join(format!("runs/as_of={day}"));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().join("manifest.json").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Whether a word stands in any file of a folder. Short texts stand in Parquet and in the cache as they are.
fn tells(folder: &Path, word: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_symlink() {
            return false;
        }
        if path.is_dir() {
            return tells(&path, word);
        }
        let bytes = std::fs::read(&path).expect("a file");
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    })
}

fn finished(workshop: &Workshop, said: &Said) {
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let list = std::fs::read_to_string(workshop.warehouse().join("erased.json")).expect("recorded");
    assert!(!list.contains("\"finished_at\": null"), "{list}");
    for day in ["2024-03-31", "2024-04-30"] {
        assert_eq!(runs(workshop, day).len(), 1, "{day}");
    }
}

#[test]
fn a_kill_leaves_a_run_of_each_day_and_the_same_call_finishes_the_erasure() {
    for point in [
        "forget_before_record",
        "forget_after_record",
        "forget_after_cache",
        "publish_before_manifest",
        "publish_before_rename",
        "publish_before_current",
        "forget_after_publish",
        "forget_after_removal",
        "forget_before_end",
    ] {
        let (workshop, pipeline) = shop();
        kill_at(point, &["forget", &pipeline, "annabella"]);
        for day in ["2024-03-31", "2024-04-30"] {
            assert!(!runs(&workshop, day).is_empty(), "{point} left {day} without a run");
        }
        let is_recorded = workshop.warehouse().join("erased.json").exists();
        assert_eq!(is_recorded, point != "forget_before_record", "{point}");
        if point == "forget_after_publish" {
            // A night in between leaves the person out and says what is still to be done.
            let night = said(cartera(&["run", &pipeline, "--as-of", "2024-05-31"]));
            assert_eq!(night.code, Some(0), "{}", night.stderr);
            assert!(
                night.stderr.contains("the erasure of 1 keys was interrupted"),
                "{}",
                night.stderr
            );
            assert!(!tells(&workshop.warehouse().join("runs/as_of=2024-05-31"), "annabella"));
        }
        let again = said(cartera(&["forget", &pipeline, "annabella"]));
        finished(&workshop, &again);
        assert!(!tells(&workshop.warehouse(), "annabella"), "{point}");
        let record = std::fs::read_to_string(workshop.warehouse().join("erased.json")).expect("recorded");
        for (old, new) in [("2024-03-31", 1), ("2024-04-30", 1)] {
            let replaced = format!("\"as_of\": \"{old}\",\n            \"run\": {new}");
            assert!(record.contains(&replaced), "{point}: {record}");
        }
    }
}

/// Starts a call that stops at a failure point, and kills it there.
fn kill_at(point: &str, arguments: &[&str]) {
    let mut child = cartera(arguments)
        .env("FAILPOINTS", format!("{point}=sleep(600000)"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let start = Instant::now();
    let mut quiet = 0;
    while quiet < 20 {
        assert!(
            child.try_wait().expect("a child").is_none(),
            "{point} was not reached: the call ended on its own"
        );
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "{point}: the call does not end"
        );
        quiet = if is_asleep(child.id()) { quiet + 1 } else { 0 };
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
}

/// Whether all threads of a process wait for something.
fn is_asleep(process: u32) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    tasks.flatten().all(|task| {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        // The state follows the name of the thread, which stands in brackets.
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('S'))
    })
}

#[test]
fn an_erasure_says_what_it_did_and_what_is_left_to_do() {
    let (_workshop, pipeline) = shop();
    let dry = said(cartera(&["forget", &pipeline, "annabella", "--dry-run", "--quiet"]));
    assert!(dry.stdout.contains("2024-03-31/1 would be replaced"), "{}", dry.stdout);
    let unknown = said(cartera(&["forget", &pipeline, "nobody", "--quiet"]));
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("no published run knows the key"),
        "{}",
        unknown.stderr
    );
    let done = said(cartera(&["forget", &pipeline, "annabella", "--quiet"]));
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(!done.stdout.contains("annabella") && !done.stderr.contains("annabella"));
    for words in [
        "2024-04-30/1 -> 2024-04-30/2",
        "17.50 EUR before, 17.50 EUR after: as before",
        "customer_features 3 -> 2",
        "lines.csv",
        "other warehouses of this pipeline: call forget for each",
    ] {
        assert!(done.stdout.contains(words), "{words}: {}", done.stdout);
    }
    let list = said(cartera(&["forget", &pipeline, "--list"]));
    assert!(list.stdout.contains("2024-03-31/1 -> 2024-03-31/2"), "{}", list.stdout);
    let shown = said(cartera(&["runs", "--warehouse", &pipeline]));
    assert!(shown.stdout.contains("2024-04-30/2"), "{}", shown.stdout);
}
