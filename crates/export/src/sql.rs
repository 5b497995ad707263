//! The statements of an export, as text.

use cartera_table::{ColumnType, TableDescription};

/// Bytes of a name at most: the server would cut a longer one silently.
const NAME_BYTES: usize = 63;

/// The table that tells which run each table is of.
pub(crate) const RUN_TABLE: &str = "_run";

/// What the comment of every exported table ends with, by which exports know it again.
pub(crate) const MARK: &str = "Loaded by cartera export.";

/// The name of a schema that the server lets anybody make.
///
/// # Errors
/// Says why it is none.
pub fn schema_name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains('\0') {
        return Err("a schema has a name".to_owned());
    }
    if text.len() > NAME_BYTES {
        return Err(format!("names in PostgreSQL have {NAME_BYTES} bytes at most"));
    }
    if text.starts_with("pg_") || text == "information_schema" {
        return Err("such names are kept for PostgreSQL itself".to_owned());
    }
    Ok(text.to_owned())
}

/// A name in quotes, so that any is itself.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in quotes.
pub(crate) fn literal(text: &str) -> String {
    // A backslash is itself where standard_conforming_strings is on, which connections set.
    format!("'{}'", text.replace('\'', "''"))
}

/// A name with its schema.
pub(crate) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", identifier(schema), identifier(name))
}

/// What a table is called while it is filled.
pub(crate) fn new_name(table: &str) -> String {
    cut(format!("_new_{table}"))
}

/// What the key of a table is called.
pub(crate) fn key_name(table: &str) -> String {
    cut(format!("{table}_key"))
}

fn cut(mut name: String) -> String {
    while name.len() > NAME_BYTES {
        name.pop();
    }
    name
}

/// The type of a column in PostgreSQL, as its `format_type` says it.
pub(crate) fn type_name(column_type: ColumnType) -> String {
    match column_type {
        ColumnType::Text => "text".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Int32 => "integer".to_owned(),
        ColumnType::Int64 => "bigint".to_owned(),
        ColumnType::Float64 => "double precision".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Timestamp => "timestamp without time zone".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("numeric({precision},{scale})"),
    }
}

/// Creates the table under another name.
pub(crate) fn create(schema: &str, name: &str, table: &TableDescription) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let nulls = if column.nullable { "" } else { " not null" };
            format!("{} {}{nulls}", identifier(&column.name), type_name(column.column_type))
        })
        .collect();
    format!("create table {} ({})", qualified(schema, name), columns.join(", "))
}

/// Fills it. FREEZE, because nobody else can see a table of this transaction: no later pass over the rows is needed.
pub(crate) fn copy(schema: &str, name: &str, table: &TableDescription) -> String {
    format!(
        "copy {} ({}) from stdin (format binary, freeze)",
        qualified(schema, name),
        column_list(table)
    )
}

/// The names of all columns.
pub(crate) fn column_list(table: &TableDescription) -> String {
    let names: Vec<String> = table.columns.iter().map(|column| identifier(&column.name)).collect();
    names.join(", ")
}

/// Declares what tells one row from another; nothing where rows have no key. A grain with nulls is no primary key, and
/// before version 15 servers take two nulls for different ones, so that there it is an index and no more.
pub(crate) fn key(
    schema: &str,
    name: &str,
    key: &str,
    table: &TableDescription,
    server_version: i32,
) -> Option<String> {
    let columns: Vec<String> = table.grain.iter().map(|name| identifier(name)).collect();
    if columns.is_empty() {
        return None;
    }
    let has_nulls = table
        .columns
        .iter()
        .any(|column| column.nullable && table.grain.contains(&column.name));
    let (place, key, columns) = (qualified(schema, name), identifier(key), columns.join(", "));
    Some(match (has_nulls, server_version >= 150_000) {
        (false, _) => format!("alter table {place} add constraint {key} primary key ({columns})"),
        (true, true) => format!("create unique index {key} on {place} ({columns}) nulls not distinct"),
        (true, false) => format!("create index {key} on {place} ({columns})"),
    })
}

/// Says what the table and its columns mean.
pub(crate) fn comments(schema: &str, name: &str, table: &TableDescription) -> String {
    let place = qualified(schema, name);
    let about_table = format!("{} {MARK}", table.description);
    let mut text = format!("comment on table {place} is {}", literal(&about_table));
    for column in &table.columns {
        let (name, meaning) = (identifier(&column.name), literal(&column.description));
        text.push_str(&format!(";\ncomment on column {place}.{name} is {meaning}"));
    }
    text
}

/// Creates the table that tells which run each table is of.
pub(crate) fn create_run_table(schema: &str) -> String {
    let place = qualified(schema, RUN_TABLE);
    format!(
        "create table {place} (
            table_name text primary key,
            as_of date not null,
            run integer not null,
            pipeline text not null,
            fingerprint text not null,
            schema_version integer,
            rows bigint not null,
            exported_at timestamp with time zone not null
        );
        comment on table {place} is 'One row a table that cartera export loaded: the run that it is of.';
        comment on column {place}.table_name is 'The table of this schema.';
        comment on column {place}.as_of is 'The day that the run looks from.';
        comment on column {place}.run is 'The number of the run for that day.';
        comment on column {place}.pipeline is 'Name of the pipeline.';
        comment on column {place}.fingerprint is 'Hash of all that the tables of the run depend on.';
        comment on column {place}.schema_version is 'Version of the names and types of columns; null where the run is older than such versions.';
        comment on column {place}.rows is 'Rows of the table.';
        comment on column {place}.exported_at is 'When its export began, by the clock of this server.'"
    )
}

/// Records the run of a table.
pub(crate) fn record_run(schema: &str) -> String {
    format!(
        "insert into {} (table_name, as_of, run, pipeline, fingerprint, schema_version, rows, exported_at)
         values ($1, $2::text::date, $3, $4, $5, $6, $7, now())
         on conflict (table_name) do update set as_of = excluded.as_of, run = excluded.run,
            pipeline = excluded.pipeline, fingerprint = excluded.fingerprint,
            schema_version = excluded.schema_version, rows = excluded.rows, exported_at = excluded.exported_at",
        qualified(schema, RUN_TABLE)
    )
}

#[cfg(test)]
mod tests {
    use cartera_table::ColumnDescription;

    use super::*;

    fn table(is_nullable: bool) -> TableDescription {
        let column = |name: &str, column_type, nullable| ColumnDescription {
            name: name.to_owned(),
            column_type,
            nullable,
            description: "What it's for.".to_owned(),
        };
        TableDescription {
            name: "kpis".to_owned(),
            description: "One row a month.".to_owned(),
            grain: vec!["month".to_owned()],
            columns: vec![
                column("month", ColumnType::Date, is_nullable),
                column("net_sales", ColumnType::SUM, true),
            ],
            personal: false,
        }
    }

    #[test]
    fn names_and_texts_cannot_end_early() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(new_name(&"x".repeat(63)).len(), NAME_BYTES);
    }

    #[test]
    fn schemas_have_names_that_can_be_made() {
        for name in ["cartera", "Two words", &"x".repeat(NAME_BYTES)] {
            assert_eq!(schema_name(name).as_deref(), Ok(name));
        }
        for name in [
            "",
            "pg_x",
            "information_schema",
            &"x".repeat(NAME_BYTES + 1),
            &"ñ".repeat(32),
        ] {
            assert!(schema_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_grain_with_nulls_is_no_primary_key() {
        let key =
            |is_nullable, version| key("s", "_new_kpis", "kpis_key", &table(is_nullable), version).expect("a key");
        assert_eq!(
            key(false, 120_000),
            "alter table \"s\".\"_new_kpis\" add constraint \"kpis_key\" primary key (\"month\")"
        );
        assert!(key(true, 150_000).ends_with("nulls not distinct"));
        assert!(key(true, 140_000).starts_with("create index"));
    }

    #[test]
    fn tables_are_created_with_exact_types_and_what_they_mean() {
        assert_eq!(
            create("s", "_new_kpis", &table(false)),
            "create table \"s\".\"_new_kpis\" (\"month\" date not null, \"net_sales\" numeric(38,4))"
        );
        assert!(comments("s", "kpis", &table(false)).ends_with("\"net_sales\" is 'What it''s for.'"));
    }
}
