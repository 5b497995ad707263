//! `cartera schema`

mod markdown;

use std::io::{self, BufWriter, Write};

use cartera_table::contracts::PUBLISHED;
use cartera_table::{ColumnDef, ContractInfo, Filling, SCHEMA_VERSION, SourceTable};
use serde_json::{Value, json};

use crate::args::{SchemaArguments, SchemaFormat};
use crate::outcome::Outcome;
use crate::render;

/// What a table is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Raw files can be mapped to it.
    Source,
    /// Every run publishes it.
    Published,
}

impl Role {
    fn slug(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Published => "published",
        }
    }
}

pub(crate) fn schema(arguments: &SchemaArguments) -> anyhow::Result<Outcome> {
    let chosen: Vec<(Role, &ContractInfo)> = all()
        .filter(|(_, contract)| arguments.table.as_ref().is_none_or(|table| table == contract.name))
        .collect();
    if let (Some(table), true) = (&arguments.table, chosen.is_empty()) {
        let names: Vec<&str> = all().map(|(_, contract)| contract.name).collect();
        anyhow::bail!("there is no table {table}; there are {}", names.join(", "));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match (arguments.format(), &arguments.table) {
        (SchemaFormat::Json, _) => {
            let tables: Vec<Value> = chosen.iter().map(|(role, contract)| as_json(*role, contract)).collect();
            let catalogue = json!({ "schema_version": SCHEMA_VERSION, "tables": tables });
            writeln!(out, "{}", serde_json::to_string_pretty(&catalogue)?)?;
        }
        (SchemaFormat::Markdown, None) => markdown::catalogue(&mut out, &chosen)?,
        (SchemaFormat::Markdown, Some(_)) => markdown::tables(&mut out, &chosen)?,
        (SchemaFormat::Text, None) => list(&mut out, &chosen)?,
        (SchemaFormat::Text, Some(_)) => {
            for (place, (role, contract)) in chosen.iter().enumerate() {
                if place > 0 {
                    writeln!(out)?;
                }
                describe(&mut out, *role, contract)?;
            }
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn all() -> impl Iterator<Item = (Role, &'static ContractInfo)> {
    let sources = SourceTable::ALL
        .into_iter()
        .map(|table| (Role::Source, table.contract()));
    sources.chain(PUBLISHED.iter().map(|contract| (Role::Published, contract)))
}

fn list(out: &mut dyn Write, tables: &[(Role, &ContractInfo)]) -> io::Result<()> {
    for (role, title) in [
        (
            Role::Source,
            "source tables, which raw files are mapped to in [source.columns]",
        ),
        (Role::Published, "published tables, which every run writes"),
    ] {
        writeln!(out, "{title}")?;
        let mut table = render::people_table();
        table.set_header(["table", "what it holds"]);
        for (_, contract) in tables.iter().filter(|(of, _)| *of == role) {
            table.add_row([contract.name, contract.description]);
        }
        writeln!(out, "{table}")?;
    }
    writeln!(out, "cartera schema TABLE tells the columns of one")
}

fn describe(out: &mut dyn Write, role: Role, contract: &ContractInfo) -> io::Result<()> {
    writeln!(
        out,
        "{} ({} table): {}",
        contract.name,
        role.slug(),
        contract.description
    )?;
    if let Some(grain) = grain_for_people(role, contract) {
        writeln!(out, "one row for each {grain}")?;
    }
    if contract.personal {
        writeln!(
            out,
            "it can hold personal data{}",
            match role {
                Role::Source => "",
                Role::Published => ": its file is for its owner alone",
            }
        )?;
    }
    let mut table = render::people_table();
    table.set_header(["column", "type", "unit", "required", "meaning"]);
    for column in columns(role, contract) {
        let mut meaning = column.description.to_owned();
        if !column.allowed_values.is_empty() {
            meaning.push_str(&format!(" One of: {}.", column.allowed_values.join(", ")));
        }
        table.add_row([
            column.name.to_owned(),
            column.column_type.name(),
            column.unit.name().unwrap_or("-").to_owned(),
            required(role, column).to_owned(),
            meaning,
        ]);
    }
    writeln!(out, "{table}")
}

/// What tells one row from another; none for streams, whose rows are told apart by their place alone.
fn grain_for_people(role: Role, contract: &ContractInfo) -> Option<String> {
    let grain = grain(role, contract);
    let (place, columns): (Vec<&str>, Vec<&str>) = grain
        .into_iter()
        .partition(|name| role == Role::Source && *name == "row");
    let columns = (!columns.is_empty()).then(|| columns.join(", "))?;
    Some(match place.is_empty() {
        true => columns,
        false => format!("{columns}, and for each row without one"),
    })
}

/// Of a source table, the columns that a pipeline can map.
fn columns(role: Role, contract: &ContractInfo) -> impl Iterator<Item = &'static ColumnDef> {
    let columns = contract.columns.iter();
    columns.filter(move |column| role == Role::Published || column.is_mappable())
}

/// The grain, of source tables without what tells where a row was read.
fn grain(role: Role, contract: &ContractInfo) -> Vec<&'static str> {
    let is_place = |name: &str| role == Role::Source && ["source_index", "file_index", "key_space"].contains(&name);
    contract.grain.iter().copied().filter(|name| !is_place(name)).collect()
}

fn required(role: Role, column: &ColumnDef) -> &'static str {
    match (role, column.filling, column.nullable) {
        (Role::Published, _, true) | (Role::Source, Filling::MappedIfPresent, _) => "no",
        (Role::Published, _, false) | (Role::Source, Filling::Mapped, false) => "yes",
        (Role::Source, Filling::Mapped, true) => "mapped; cells may be empty",
        (Role::Source, Filling::MappedOrDerived, _) => "else derived",
        (Role::Source, Filling::Reader, _) => "not mapped",
    }
}

fn as_json(role: Role, contract: &ContractInfo) -> Value {
    let columns: Vec<Value> = columns(role, contract)
        .map(|column| {
            json!({
                "name": column.name,
                "type": column.column_type.name(),
                "nullable": column.nullable,
                "required": required(role, column),
                "unit": column.unit.name(),
                "allowed_values": column.allowed_values,
                "personal": column.personal,
                "description": column.description,
            })
        })
        .collect();
    json!({
        "table": contract.name,
        "role": role.slug(),
        "description": contract.description,
        "grain": grain(role, contract),
        "personal": contract.personal,
        "columns": columns,
    })
}
