//! Who may know whom, as `crates/README.md` says, read from the manifests.

use std::collections::BTreeMap;
use std::fs;

use crate::support::root;

/// The dependencies of each crate, without those for tests.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root().join("crates")).expect("crates") {
        let manifest = entry.expect("an entry").path().join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&manifest) else {
            continue;
        };
        let folder = manifest
            .parent()
            .and_then(|folder| folder.file_name())
            .expect("a folder");
        let names = text
            .lines()
            .skip_while(|line| *line != "[dependencies]")
            .skip(1)
            .take_while(|line| !line.starts_with('['))
            .filter_map(|line| line.split(['.', ' ', '=']).next().filter(|name| !name.is_empty()))
            .map(str::to_owned)
            .collect();
        found.insert(folder.to_string_lossy().into_owned(), names);
    }
    found
}

#[test]
fn crates_know_only_whom_they_may_know() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("raw", &[] as &[&str]),
        ("clv", &[]),
        ("table", &[]),
        ("sample", &[]),
        ("ingest", &["cartera-raw", "cartera-table"]),
        ("normalize", &["cartera-table"]),
        ("feature", &["cartera-clv", "cartera-table"]),
        ("segment", &["cartera-table"]),
        ("activation", &["cartera-table"]),
        (
            "pipeline",
            &[
                "cartera-table",
                "cartera-ingest",
                "cartera-normalize",
                "cartera-feature",
                "cartera-segment",
                "cartera-activation",
                "cartera-report",
                "cartera-sample",
            ],
        ),
        ("report", &["cartera-table"]),
        ("export", &["cartera-table"]),
        (
            "cli",
            &["cartera-export", "cartera-pipeline", "cartera-report", "cartera-table"],
        ),
        ("testkit", &[]),
    ]);
    let found = dependencies();
    assert_eq!(
        found.keys().map(String::as_str).collect::<Vec<_>>(),
        allowed.keys().copied().collect::<Vec<_>>()
    );
    for (name, dependencies) in &found {
        for dependency in dependencies
            .iter()
            .filter(|dependency| dependency.starts_with("cartera"))
        {
            assert!(
                allowed[name.as_str()].contains(&dependency.as_str()),
                "{name} may not know {dependency}"
            );
        }
    }
}

#[test]
fn heavy_and_outer_libraries_stay_in_their_place() {
    let places: [(&str, &[&str]); 18] = [
        (
            "polars",
            &[
                "table",
                "ingest",
                "normalize",
                "feature",
                "segment",
                "activation",
                "report",
                "export",
                "pipeline",
                "cli",
                "testkit",
            ],
        ),
        ("linfa", &["segment"]),
        ("linfa-clustering", &["segment"]),
        ("ndarray", &["segment"]),
        ("arrow", &["pipeline"]),
        ("parquet", &["pipeline"]),
        ("clap", &["cli"]),
        ("anyhow", &["cli"]),
        ("calamine", &["ingest"]),
        ("argmin", &["clv"]),
        ("rand", &["sample"]),
        ("rust_xlsxwriter", &["activation"]),
        ("phonelib", &["activation"]),
        ("kuva", &["report"]),
        ("minijinja", &["report"]),
        ("fluent-bundle", &["report"]),
        ("icu_decimal", &["report"]),
        ("postgres", &["export"]),
    ];
    let found = dependencies();
    for (library, crates) in places {
        for (name, dependencies) in &found {
            let uses = dependencies.iter().any(|dependency| dependency == library);
            assert!(
                !uses || crates.contains(&name.as_str()),
                "{library} has no place in {name}"
            );
        }
    }
}

/// The clock is read in `cli` alone, and only the pipeline opens files for writing.
#[test]
fn no_clock_below_the_command_line_and_no_writer_but_the_pipeline() {
    for (place, words, except) in [
        (
            "crates",
            &["Timestamp::now(", "SystemTime::now(", "Instant::now(", "Zoned::now("][..],
            &["cli", "testkit"][..],
        ),
        (
            "crates",
            &["File::create(", "fs::write(", "OpenOptions::new("][..],
            &["pipeline", "testkit"][..],
        ),
    ] {
        for entry in fs::read_dir(root().join(place)).expect("crates") {
            let folder = entry.expect("an entry").path();
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            if except.contains(&name.as_str()) || !folder.is_dir() {
                continue;
            }
            for (path, text) in sources(&folder.join("src")) {
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                for word in words {
                    assert!(!code.contains(word), "{word} stands in {path}");
                }
            }
        }
    }
}

/// The texts of the sources in a folder, without modules of tests.
fn sources(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("text")));
        }
    }
    found
}
