//! A night costs only what is new, and its tables are those of a run that reads everything.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use cartera_pipeline::config::{self, AsOfSetting};
use cartera_pipeline::store::ReadingRecord;
use cartera_pipeline::{Clock, Observer, PipelineError, ReadSizes, RunContext, RunOptions, RunReport, Stage, run};
use cartera_testkit::{HEADER, Workshop, contents};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::support::options;

/// A time long after the files of a test were written: their times can be trusted.
struct LaterClock;

impl Clock for LaterClock {
    fn now(&self) -> Timestamp {
        "2100-01-01T12:00:00Z".parse().expect("a time")
    }
}

/// A time before the files of a test were written: only their contents can be trusted.
struct EarlierClock;

impl Clock for EarlierClock {
    fn now(&self) -> Timestamp {
        "2025-01-01T12:00:00Z".parse().expect("a time")
    }
}

/// Keeps what a person would be told.
#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Observer for Listener {
    fn stage_started(&self, _: Stage, _: Option<u64>) {}
    fn advanced(&self, _: u64, _: u64) {}
    fn stage_finished(&self, _: Stage, _: u64, _: u64, _: f64) {}
    fn warning(&self, message: &str) {
        self.0.lock().expect("nobody panicked").push(message.to_owned());
    }
}

/// Small enough that a few lines are several segments.
const SMALL: ReadSizes = ReadSizes {
    block_bytes: 100,
    segment_bytes: 300,
};

fn night(
    pipeline: &Path,
    change: impl FnOnce(&mut RunOptions),
    clock: &dyn Clock,
) -> (Result<RunReport, PipelineError>, Vec<String>) {
    let config = config::load(pipeline, &|_| None).expect("a sound pipeline");
    let mut options = RunOptions {
        sizes: SMALL,
        ..options()
    };
    change(&mut options);
    let listener = Listener::default();
    let report = run(
        &config,
        &options,
        RunContext {
            observer: &listener,
            clock,
        },
    );
    (report, listener.0.into_inner().expect("nobody panicked"))
}

fn published(pipeline: &Path) -> (ReadingRecord, Vec<String>) {
    let (report, warnings) = night(pipeline, |_| {}, &EarlierClock);
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    (report.run.manifest.record.reading, warnings)
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).open(path).expect("there");
    file.write_all(text.as_bytes()).expect("written");
}

/// Lines of the shop: three customers and a guest, four products, one day each.
fn lines(first: u32, count: u32) -> String {
    (first..first + count)
        .map(|line| {
            let customer = ["ann", "bob", "", "cid"][line as usize % 4];
            let (month, day) = (line / 28 % 12 + 1, line % 28 + 1);
            format!(
                "{},{line},{customer},2024-{month:02}-{day:02},p{},{},3.50\n",
                line / 2,
                line % 4,
                line % 3 + 1
            )
        })
        .collect()
}

#[test]
fn an_unchanged_file_is_not_read_again_and_a_growing_one_from_its_last_segment_on() {
    let workshop = Workshop::new();
    let path = workshop.file("lines.csv", format!("{HEADER}{}", lines(0, 60)));
    let pipeline = workshop.pipeline("lines.csv", "");
    let bytes = fs::metadata(&path).expect("there").len();
    let (first, _) = published(&pipeline);
    assert_eq!((first.bytes, first.known_bytes), (bytes, 0));
    let (second, warnings) = published(&pipeline);
    assert_eq!((second.bytes, second.known_bytes), (bytes, bytes));
    assert!(warnings.is_empty(), "{warnings:?}");
    append(&path, &lines(60, 3));
    let (third, warnings) = published(&pipeline);
    assert!(
        third.known_bytes > bytes - SMALL.segment_bytes - SMALL.block_bytes as u64,
        "{third:?}"
    );
    assert!(
        third.known_bytes < bytes,
        "what was added belongs to the last segment: {third:?}"
    );
    assert!(warnings.is_empty(), "growing is what exports do: {warnings:?}");
}

#[test]
fn times_are_trusted_only_when_they_lie_behind() {
    let workshop = Workshop::new();
    let path = workshop.file("lines.csv", format!("{HEADER}{}", lines(0, 20)));
    let pipeline = workshop.pipeline("lines.csv", "");
    assert!(night(&pipeline, |_| {}, &LaterClock).0.is_ok());
    let (again, warnings) = night(&pipeline, |_| {}, &LaterClock);
    let reading = again.expect("published").run.manifest.record.reading;
    assert_eq!((reading.known_bytes, warnings.len()), (reading.bytes, 0));
    // The same size, and another price.
    let text = fs::read_to_string(&path).expect("read").replace("3.50", "4.50");
    fs::write(&path, text).expect("written");
    let (changed, warnings) = night(&pipeline, |_| {}, &EarlierClock);
    let reading = changed.expect("published").run.manifest.record.reading;
    assert_eq!(reading.known_bytes, 0);
    assert_eq!(
        warnings,
        ["lines.csv of source shop changed since the last run, at byte 0 or after; it is read again from there"]
    );
}

#[test]
fn files_that_shrink_or_vanish_are_named() {
    let workshop = Workshop::new();
    let path = workshop.file("in/1.csv", format!("{HEADER}{}", lines(0, 40)));
    let other = workshop.file("in/2.csv", format!("{HEADER}{}", lines(40, 40)));
    let pipeline = workshop.pipeline("in/*.csv", "");
    published(&pipeline);
    let before = fs::metadata(&path).expect("there").len();
    fs::write(&path, format!("{HEADER}{}", lines(0, 30))).expect("written");
    let after = fs::metadata(&path).expect("there").len();
    let gone = fs::metadata(&other).expect("there").len();
    fs::remove_file(&other).expect("removed");
    let (_, warnings) = published(&pipeline);
    assert_eq!(
        warnings,
        [
            format!("1.csv of source shop shrank from {before} to {after} bytes since the last run"),
            format!("2.csv of source shop is not there any more; the last run read {gone} bytes of it"),
        ]
    );
}

#[test]
fn damage_is_found_and_mended() {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{}", lines(0, 60)));
    let pipeline = workshop.pipeline("lines.csv", "");
    let (first, _) = night(&pipeline, |_| {}, &EarlierClock);
    let expected = contents(&first.expect("published").run.path, &["manifest.json"]);
    let cache = workshop.warehouse().join(".cache");
    let mut files: Vec<_> = fs::read_dir(&cache)
        .expect("there")
        .map(|entry| entry.expect("there").path())
        .collect();
    files.sort();
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        // Customers that are taken over hide the segments: only a change looks at those.
        let _ = fs::remove_file(cache.join("customers.state"));
        if !file.exists() {
            continue;
        }
        let mut bytes = fs::read(&file).expect("read");
        for part in 0..3 {
            // The index counts runs: made again, it may be shorter.
            let place = (bytes.len() - 1) * part / 2;
            bytes[place] ^= 0x40;
            fs::write(&file, &bytes).expect("written");
            let (again, _) = night(&pipeline, |_| {}, &EarlierClock);
            let path = again
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
                .run
                .path;
            assert!(contents(&path, &["manifest.json"]) == expected, "{}", file.display());
            let _ = fs::remove_file(cache.join("customers.state"));
            bytes = fs::read(&file).expect("made again");
        }
    }
}

/// What may happen to the files of a source between two nights.
#[derive(Debug, Clone)]
enum Event {
    /// Lines are appended to a file, which may be new.
    Grow { file: usize, first: u32, count: u32 },
    /// A file holds other lines now.
    Replace { file: usize, first: u32, count: u32 },
    /// A file is gone.
    Remove { file: usize },
    /// A line in a file's middle is not what it was.
    Touch { file: usize, place: usize },
    /// The run looks from another day.
    Move { month: u32 },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let file = 0usize..3;
    let event = prop_oneof![
        3 => (file.clone(), 0u32..300, 1u32..40).prop_map(|(file, first, count)| Event::Grow { file, first, count }),
        1 => (file.clone(), 0u32..300, 1u32..40).prop_map(|(file, first, count)| Event::Replace { file, first, count }),
        1 => file.clone().prop_map(|file| Event::Remove { file }),
        1 => (file, 0usize..2000).prop_map(|(file, place)| Event::Touch { file, place }),
        1 => (1u32..13).prop_map(|month| Event::Move { month }),
    ];
    prop::collection::vec(event, 3..8)
}

fn copy_folder(from: &Path, to: &Path) {
    let Ok(entries) = fs::read_dir(from) else { return };
    fs::create_dir_all(to).expect("a folder");
    for entry in entries {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn happen(folder: &Path, event: &Event) {
    let path = |file: usize| folder.join(format!("in/{file}.csv"));
    match *event {
        Event::Grow { file, first, count } => {
            if !path(file).exists() {
                fs::write(path(file), HEADER).expect("written");
            }
            append(&path(file), &lines(first, count));
        }
        Event::Replace { file, first, count } => {
            fs::write(path(file), format!("{HEADER}{}", lines(first, count))).expect("written");
        }
        Event::Remove { file } => {
            let _ = fs::remove_file(path(file));
        }
        Event::Touch { file, place } => {
            if let Ok(mut bytes) = fs::read(path(file))
                && bytes.len() > HEADER.len()
            {
                let place = HEADER.len() + place % (bytes.len() - HEADER.len());
                bytes[place] = if bytes[place] == b'7' { b'8' } else { b'7' };
                fs::write(path(file), bytes).expect("written");
            }
        }
        Event::Move { .. } => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_history_of_nights_gives_the_tables_of_a_full_run(
        history in events(),
        policy in prop::sample::select(vec!["across_files", "keep", "latest_by_key"]),
        breadth in any::<bool>(),
    ) {
        let workshop = Workshop::new();
        workshop.file("in/0.csv", format!("{HEADER}{}", lines(0, 30)));
        let further = format!(
            "[source.duplicates]\npolicy = \"{policy}\"\n[limits]\nwarn_quarantined_share = 1.0\nmax_quarantined_share = 1.0\n[bonding]\nbreadth = {breadth}\n"
        );
        let pipeline = workshop.pipeline("in/*.csv", &further);
        let mut month = 12;
        for event in &history {
            happen(workshop.path(), event);
            if let Event::Move { month: to } = *event {
                month = to;
            }
            let as_of = AsOfSetting::Date(format!("2024-{month:02}-15").parse().expect("a day"));
            let kept = night(&pipeline, |options| options.as_of = Some(as_of), &EarlierClock).0;
            let fresh = tempfile::tempdir().expect("a folder");
            // The runs before are looked at; what they left in the cache is not there.
            for folder in ["runs", "models"] {
                copy_folder(&workshop.warehouse().join(folder), &fresh.path().join("warehouse").join(folder));
            }
            let full = night(
                &pipeline,
                |options| {
                    options.as_of = Some(as_of);
                    options.is_full = true;
                    options.warehouse = Some(fresh.path().join("warehouse"));
                },
                &EarlierClock,
            )
            .0;
            match (kept, full) {
                (Ok(kept), Ok(full)) => {
                    let kept = contents(&kept.run.path, &["manifest.json"]);
                    let full = contents(&full.run.path, &["manifest.json"]);
                    let differ: Vec<&str> = kept
                        .iter()
                        .zip(&full)
                        .filter(|(one, two)| one != two)
                        .map(|(one, _)| one.0.as_str())
                        .collect();
                    prop_assert!(kept == full, "{differ:?} differ after {event:?}");
                }
                (Err(kept), Err(full)) => prop_assert_eq!(kept.to_string(), full.to_string()),
                (kept, full) => prop_assert!(false, "one of two published: {:?} {:?}", kept.err(), full.err()),
            }
        }
    }
}
