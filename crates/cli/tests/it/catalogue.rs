//! The catalogue of docs/ is what the contracts say, and changes of tables are announced.

use std::fs;
use std::path::{Path, PathBuf};

use cartera_table::{ColumnDescription, ColumnType, SCHEMA_VERSION, TableDescription, schema_changes};
use serde_json::Value;

use crate::support::{cartera, root, said};

fn docs(name: &str) -> PathBuf {
    root().join("docs").join(name)
}

#[test]
fn the_catalogue_is_what_the_contracts_say() {
    for (format, file) in [("markdown", "tables.md"), ("json", "tables.json")] {
        let said = said(cartera(&["schema", "--format", format]));
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        let committed = fs::read_to_string(docs(file)).unwrap_or_default();
        assert!(
            said.stdout == committed,
            "docs/{file} is not what the contracts say: run `just catalogue` and commit it"
        );
    }
}

/// The published tables of a catalogue.
fn tables(catalogue: &Value) -> Vec<TableDescription> {
    let tables = catalogue["tables"].as_array().expect("tables").iter();
    tables.filter(|table| table["role"] == "published").map(table).collect()
}

fn table(table: &Value) -> TableDescription {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let columns = table["columns"].as_array().expect("columns").iter();
    TableDescription {
        name: text(&table["table"]),
        description: String::new(),
        grain: table["grain"].as_array().expect("a grain").iter().map(text).collect(),
        columns: columns
            .map(|column| ColumnDescription {
                name: text(&column["name"]),
                column_type: column_type(column["type"].as_str().expect("a type")),
                nullable: column["nullable"].as_bool().expect("true or false"),
                description: String::new(),
            })
            .collect(),
        personal: table["personal"].as_bool().expect("true or false"),
    }
}

fn column_type(name: &str) -> ColumnType {
    let plain = [
        ColumnType::Text,
        ColumnType::Boolean,
        ColumnType::Int32,
        ColumnType::Int64,
        ColumnType::Float64,
        ColumnType::Date,
        ColumnType::Timestamp,
    ];
    if let Some(found) = plain.into_iter().find(|plain| plain.name() == name) {
        return found;
    }
    let digits = name.strip_prefix("decimal(").and_then(|rest| rest.strip_suffix(')'));
    let (precision, scale) = digits.and_then(|digits| digits.split_once(", ")).expect("a type");
    ColumnType::Decimal {
        precision: precision.parse().expect("digits"),
        scale: scale.parse().expect("digits"),
    }
}

/// The section of a version.
fn section(announcements: &str, version: u32) -> Option<&str> {
    let (_, rest) = announcements.split_once(&format!("\n## Version {version}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or_default())
}

/// What is to be done before these tables may stand where those of a released version stood.
fn to_do(released: (u32, &[TableDescription]), now: (u32, &[TableDescription]), announcements: &str) -> Vec<String> {
    let changes = schema_changes(released.1, now.1);
    if changes.is_empty() {
        return Vec::new();
    }
    if now.0 <= released.0 {
        let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
        return vec![format!(
            "{}: raise SCHEMA_VERSION beyond {} and announce each in docs/schema-changes.md",
            changes.join("; "),
            released.0
        )];
    }
    let announced = section(announcements, now.0).unwrap_or_default();
    let missing = changes
        .iter()
        .filter(|change| !announced.contains(&format!("`{}`", change.subject())));
    missing
        .map(|change| {
            format!(
                "{change}: announce `{}` under \"## Version {}\" of docs/schema-changes.md",
                change.subject(),
                now.0
            )
        })
        .collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a catalogue")).expect("JSON")
}

#[test]
fn tables_of_a_released_version_change_with_a_new_version_and_an_announcement() {
    let announcements = fs::read_to_string(docs("schema-changes.md")).expect("announcements");
    assert!(
        section(&announcements, SCHEMA_VERSION).is_some(),
        "docs/schema-changes.md has no section \"## Version {SCHEMA_VERSION}\""
    );
    let now = read(&docs("tables.json"));
    assert_eq!(now["schema_version"], SCHEMA_VERSION, "run `just catalogue`");
    let released = fs::read_dir(docs("released"))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_stem()?.to_str()?.strip_prefix("tables-")?.parse().ok()?;
            Some((version, path))
        });
    let Some((version, path)) = released.max() else {
        assert!(
            section(&announcements, SCHEMA_VERSION)
                .expect("a section")
                .contains("not released"),
            "version {SCHEMA_VERSION} is said to be released: keep its tables with `just release-schema`"
        );
        return;
    };
    let to_do = to_do(
        (version, &tables(&read(&path))),
        (SCHEMA_VERSION, &tables(&now)),
        &announcements,
    );
    assert!(to_do.is_empty(), "{}", to_do.join("\n"));
}

#[test]
fn a_change_without_version_or_announcement_is_found() {
    let released = tables(&read(&docs("tables.json")));
    let mut now = released.clone();
    assert!(to_do((1, &released), (1, &now), "").is_empty());

    let gone = now[0].columns.remove(1);
    let table = now[0].name.clone();
    let same_version = to_do((1, &released), (1, &now), "");
    assert_eq!(same_version.len(), 1);
    assert!(
        same_version[0].contains("raise SCHEMA_VERSION beyond 1"),
        "{same_version:?}"
    );

    let elsewhere = format!("\n## Version 1\n\n`{table}.{}`\n", gone.name);
    let unannounced = to_do((1, &released), (2, &now), &elsewhere);
    assert_eq!(unannounced.len(), 1, "an announcement of another version is none");
    assert!(unannounced[0].contains("announce"), "{unannounced:?}");

    let announced = format!(
        "\n## Version 2\n\n- `{table}.{}` is gone.\n\n## Version 1\n\n-\n",
        gone.name
    );
    assert_eq!(to_do((1, &released), (2, &now), &announced), [""; 0]);
}
