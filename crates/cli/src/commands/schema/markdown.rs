//! The catalogue as a page: docs/tables.md is what this writes.

use std::io::{self, Write};

use cartera_table::{ColumnDef, ContractInfo, SCHEMA_VERSION};

use super::{Role, columns, grain_for_people, required};

/// The whole catalogue.
pub(super) fn catalogue(out: &mut dyn Write, all: &[(Role, &ContractInfo)]) -> io::Result<()> {
    writeln!(
        out,
        "# Tables\n\nEvery table with every column: version {SCHEMA_VERSION} of their names and types. `cartera schema --format markdown`\n\
         writes this page out of the contracts that runs are held to; [tables.json](tables.json) says the same for machines, and\n\
         [schema-changes.md](schema-changes.md) what changed from version to version. [reading.md](reading.md) shows how to read them.\n"
    )?;
    for (role, title, text) in [
        (
            Role::Published,
            "Published tables",
            "Every run writes each of them as `<warehouse>/runs/as_of=<day>/run=<number>/<table>.parquet`. Rows are sorted by\n\
             what tells them apart. Money is in the pipeline's currency, exact to four decimals.",
        ),
        (
            Role::Source,
            "Source tables",
            "What raw files are mapped to under `[source.columns]` of a pipeline.",
        ),
    ] {
        let of_role: Vec<_> = all.iter().filter(|(of, _)| *of == role).copied().collect();
        writeln!(out, "## {title}\n\n{text}\n\n| table | what it holds |\n|---|---|")?;
        for (_, contract) in &of_role {
            let (name, anchor) = (contract.name, anchor(role, contract));
            writeln!(out, "| [`{name}`](#{anchor}) | {} |", cell(contract.description))?;
        }
        writeln!(out)?;
        tables(out, &of_role)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Some of its tables.
pub(super) fn tables(out: &mut dyn Write, tables: &[(Role, &ContractInfo)]) -> io::Result<()> {
    for (place, (role, contract)) in tables.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        table(out, *role, contract)?;
    }
    Ok(())
}

fn table(out: &mut dyn Write, role: Role, contract: &ContractInfo) -> io::Result<()> {
    writeln!(out, "### {}\n\n{}\n", heading(role, contract), contract.description)?;
    if let Some(grain) = grain_for_people(role, contract) {
        writeln!(out, "One row for each {grain}.")?;
    }
    if contract.personal {
        writeln!(
            out,
            "It can hold personal data{}.",
            match role {
                Role::Source => "",
                Role::Published => ": its file is for its owner alone",
            }
        )?;
    }
    let needed = match role {
        Role::Source => "required",
        Role::Published => "never null",
    };
    writeln!(
        out,
        "\n| column | type | unit | {needed} | meaning |\n|---|---|---|---|---|"
    )?;
    for column in columns(role, contract) {
        writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            column.name,
            column.column_type.name(),
            column.unit.name().unwrap_or_default(),
            required(role, column),
            meaning(column)
        )?;
    }
    Ok(())
}

/// Names stand on both sides, so that those of sources say which they are.
fn heading(role: Role, contract: &ContractInfo) -> String {
    match role {
        Role::Published => contract.name.to_owned(),
        Role::Source => format!("{} as a source", contract.name),
    }
}

fn anchor(role: Role, contract: &ContractInfo) -> String {
    heading(role, contract).replace(' ', "-")
}

fn meaning(column: &ColumnDef) -> String {
    let mut text = cell(column.description);
    if !column.allowed_values.is_empty() {
        let values: Vec<String> = column.allowed_values.iter().map(|value| format!("`{value}`")).collect();
        text.push_str(&format!(" One of {}.", values.join(", ")));
    }
    if column.personal {
        text.push_str(" *Personal.*");
    }
    text
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
