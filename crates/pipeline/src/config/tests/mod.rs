//! Whole pipeline files, through [`parse`] and [`load`].

mod mutations;
mod refusals;
mod shipped;

use std::fs;
use std::path::Path;

use cartera_table::DuplicatePolicy;

use super::{AsOfSetting, ConfigError, ConfigProblem, PipelineConfig, load, parse};

/// A pipeline that is valid, and short enough to change a line of.
const PLAIN: &str = r#"[pipeline]
name = "shop"
warehouse = "../warehouse/shop"
time_zone = "Europe/London"
currency = "GBP"

[[source]]
name = "orders"
table = "order_lines"
path = "orders.csv"

[source.format]
date_format = "%Y-%m-%d"

[source.columns]
customer_key = "customer"
ordered_at = "day"
quantity = "quantity"
unit_price = "price"
"#;

fn no_variables(_: &str) -> Option<String> {
    None
}

fn check(text: &str) -> Result<PipelineConfig, ConfigError> {
    parse(Path::new("pipelines/shop.toml"), text, &no_variables)
}

#[track_caller]
fn valid(text: &str) -> PipelineConfig {
    check(text).unwrap_or_else(|error| panic!("{error}"))
}

/// `PLAIN` with one piece replaced.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert_eq!(PLAIN.matches(from).count(), 1, "{from:?} is to stand once");
    PLAIN.replace(from, to)
}

#[track_caller]
fn shown(text: &str) -> String {
    check(text).expect_err("the file is to be refused").to_string()
}

/// Refused at a line and column, with words in the first line of the message.
#[track_caller]
fn refused(text: &str, place: &str, words: &str) {
    let message = shown(text);
    let first = message.lines().next().unwrap_or_default();
    let expected = format!("pipelines/shop.toml:{place}: ");
    assert!(first.starts_with(&expected), "{message}\nis not at {place}");
    assert!(first.contains(words), "{message}\nlacks {words:?}");
}

#[test]
fn defaults_are_those_of_the_manual() {
    let config = valid(PLAIN);
    assert_eq!(config.name, "shop");
    assert_eq!(config.warehouse, Path::new("pipelines/../warehouse/shop"));
    assert_eq!(config.as_of, AsOfSetting::Latest);
    assert_eq!(config.time_zone.iana_name(), Some("Europe/London"));
    assert_eq!((config.seed, config.keep_runs.get()), (42, 30));
    let limits = config.limits;
    assert_eq!(
        (limits.warn_quarantined_share, limits.max_quarantined_share),
        (0.01, 0.10)
    );
    assert_eq!(config.sources.len(), 1);
    assert_eq!(config.sources[0].inputs[0].path, Path::new("pipelines/orders.csv"));
    assert_eq!(config.sources[0].params.duplicates, DuplicatePolicy::AcrossFiles);
}

#[test]
fn dates_may_stand_with_or_without_quotes() {
    let typed = |as_of: &str| {
        let text = changed("currency", &format!("as_of = {as_of}\ncurrency"));
        valid(&text).as_of
    };
    assert_eq!(typed("2011-12-09"), typed("\"2011-12-09\""));
    assert!(matches!(typed("2011-12-09"), AsOfSetting::Date(_)));
    assert_eq!(typed("\"today\""), AsOfSetting::Today);
}

#[test]
fn variables_are_expanded_in_paths() {
    let env = |name: &str| (name == "DATA").then(|| "/data".to_owned());
    let text = changed("orders.csv", "${DATA}/${YEAR:-2011}.csv");
    let config = parse(Path::new("shop.toml"), &text, &env).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(config.sources[0].inputs[0].path, Path::new("/data/2011.csv"));
    refused(&text, "10:8", "the environment variable `DATA` is not set");
    refused(&changed("../warehouse/shop", "${W}/shop"), "3:13", "`W` is not set");
    let second = changed("path = \"orders.csv\"", "paths = [\"a.csv\", \"${B}\"]");
    refused(&second, "10:19", "`B` is not set");
}

#[test]
fn a_missing_file_is_an_error_of_its_own() {
    let error = load(Path::new("no/such.toml"), &no_variables).expect_err("it is not there");
    assert!(matches!(error, ConfigError::Read { .. }));
}

#[test]
fn inputs_are_found_once_and_in_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A folder whose name looks like a glob is taken literally.
    let exports = folder.path().join("shop [1]");
    fs::create_dir_all(exports.join("old.csv")).expect("a folder");
    fs::create_dir_all(exports.join("empty")).expect("a folder");
    let files = [
        "b.csv",
        "a.csv",
        "c.txt",
        "d.csv.part",
        ".e.csv",
        "~$f.csv",
        "old.csv/z.csv",
        "old.csv/y.txt",
        "old.csv/x.tmp",
    ];
    for name in files {
        fs::write(exports.join(name), "").expect("a file");
    }
    let files = |keys: &str| {
        let text = changed("path = \"orders.csv\"", keys);
        let config = parse(&exports.join("shop.toml"), &text, &no_variables)?;
        let files = config.sources[0].input_files()?;
        let names = files.iter().filter_map(|file| file.file_name()?.to_str());
        Ok::<_, ConfigError>(names.map(str::to_owned).collect::<Vec<_>>())
    };
    for (keys, expected) in [
        ("paths = [\"*.csv\", \"b.csv\"]", &["a.csv", "b.csv"][..]),
        ("path = \"*\"", &["a.csv", "b.csv", "c.txt"]),
        ("path = \"*.part\"", &["d.csv.part"]),
        ("path = \"d.csv.part\"", &["d.csv.part"]),
        ("path = \"old.csv\"", &["y.txt", "z.csv"]),
        (
            "paths = [\"old.csv/\", \"**/*.csv\"]",
            &["a.csv", "b.csv", "y.txt", "z.csv"],
        ),
        ("path = \"later/*.csv\"\nallow_no_files = true", &[]),
        ("path = \"later.csv\"\nallow_no_files = true", &[]),
        ("path = \"empty\"\nallow_no_files = true", &[]),
    ] {
        let found = files(keys).unwrap_or_else(|error| panic!("{keys}: {error}"));
        assert_eq!(found, expected, "{keys}");
    }
    for keys in [
        "path = \"d.csv\"",
        "paths = [\"a.csv\", \"*.xml\"]",
        "path = \"empty\"",
        "path = \"empty\"\nallow_no_files = false",
    ] {
        let Err(ConfigError::Invalid(diagnostic)) = files(keys) else {
            panic!("{keys} is to be refused");
        };
        assert_eq!(diagnostic.excerpt.line, 10, "{keys}");
        assert!(matches!(diagnostic.problem, ConfigProblem::NoInput { .. }), "{keys}");
    }
}

#[test]
fn a_file_that_appears_later_is_found_by_the_same_config() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = changed("path = \"orders.csv\"", "path = \"in\"\nallow_no_files = true");
    let config =
        parse(&folder.path().join("shop.toml"), &text, &no_variables).unwrap_or_else(|error| panic!("{error}"));
    let count = || config.sources[0].input_files().map_or(usize::MAX, |files| files.len());
    assert_eq!(count(), 0);
    fs::create_dir(folder.path().join("in")).expect("a folder");
    assert_eq!(count(), 0);
    fs::write(folder.path().join("in/a.csv"), "").expect("a file");
    assert_eq!(count(), 1);
}

#[test]
fn the_canonical_text_holds_what_matters_and_nothing_else() {
    let plain = valid(PLAIN).canonical_json().to_owned();
    let same = |text: &str| assert_eq!(valid(text).canonical_json(), plain);
    same(&changed("\"shop\"", "\"another name\" # and a comment"));
    same(&changed("../warehouse/shop", "/elsewhere"));
    same(&changed("orders.csv", "orders-*.csv"));
    same(&changed("\"orders.csv\"", "\"orders\"\nallow_no_files = true"));
    same(&changed("currency =", "keep_runs = 7\nas_of = \"today\"\ncurrency ="));
    same(&changed("currency =", "locale = \"es\"\ncurrency ="));
    same(&changed("currency =", "seed = 42\ncurrency ="));
    same(&format!("{PLAIN}[limits]\nwarn_quarantined_share = 0.05\n"));
    same(&format!("{PLAIN}[rfm.recency]\nbins = 5\n"));
    let other = |text: &str| assert_ne!(valid(text).canonical_json(), plain, "{text}");
    other(&changed("currency =", "seed = 43\ncurrency ="));
    other(&changed("Europe/London", "UTC"));
    other(&changed("GBP", "EUR"));
    other(&changed("\"orders\"", "\"tills\""));
    other(&changed("\"day\"", "\"date\""));
    other(&changed("date_format", "decimal_separator = \",\"\ndate_format"));
    other(&format!("{PLAIN}[order_lines]\nfree_counts_as_order = true\n"));
    other(&format!(
        "{PLAIN}[rfm]\nrecency.bins = 4\nfrequency.bins = 4\nmonetary.bins = 4\n"
    ));
    other(&format!("{PLAIN}[k_means]\nk = 4\n"));
}
