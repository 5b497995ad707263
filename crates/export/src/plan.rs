//! How a new table takes the place of the old one.

use std::collections::BTreeSet;

use cartera_table::TableDescription;

use crate::error::ExportError;
use crate::existing::{Dependent, Existing, ExistingColumn, FOREIGN_KEY, TABLE};
use crate::sql::{identifier, qualified, type_name};

/// What is done with the table that is there.
#[derive(Debug)]
pub(crate) enum Plan {
    /// There is none.
    Create,
    /// It is dropped and the new one renamed, which takes a moment.
    Swap { rights: Rights },
    /// Something hangs on it: it is emptied, altered and filled from the new one.
    Refill {
        alterations: Vec<String>,
        dependents: Vec<Dependent>,
    },
    /// Something hangs on it that its new columns do not fit, and that may go.
    DropWith { rights: Rights, dependents: Vec<Dependent> },
}

/// Whose the new table is, and what others may do with it: as it was with the old one.
#[derive(Debug)]
pub(crate) struct Rights {
    /// None where it is who exports.
    pub(crate) owner: Option<String>,
    /// Statements.
    pub(crate) grants: Vec<String>,
}

/// Decides before anything is loaded, so that what cannot be done is said at once.
pub(crate) fn plan(
    schema: &str,
    table: &TableDescription,
    existing: Option<Existing>,
    may_drop_dependents: bool,
) -> Result<Plan, ExportError> {
    let Some(existing) = existing else {
        return Ok(Plan::Create);
    };
    let name = format!("{schema}.{}", table.name);
    if existing.kind != TABLE || !existing.is_ours {
        return Err(ExportError::Foreign {
            table: name,
            kind: existing.kind.to_owned(),
        });
    }
    let place = qualified(schema, &table.name);
    let rights = Rights {
        grants: existing.grants.iter().map(|grant| grant.statement(&place)).collect(),
        owner: existing.owner,
    };
    let dependents = existing.dependents;
    if dependents.is_empty() {
        return Ok(Plan::Swap { rights });
    }
    let mut misfits = misfits(&existing.columns, &existing.key, table);
    // The server empties no table that another one refers to, whatever its rows.
    let keys = dependents.iter().filter(|dependent| dependent.kind == FOREIGN_KEY);
    misfits.extend(keys.map(|key| format!("{} refers to its rows", key.name)));
    if misfits.is_empty() {
        return Ok(Plan::Refill {
            alterations: alterations(&place, &existing.columns, table),
            dependents,
        });
    }
    if may_drop_dependents {
        return Ok(Plan::DropWith { rights, dependents });
    }
    Err(ExportError::Dependents {
        table: name,
        reasons: misfits.join(", "),
        dependents,
    })
}

/// What a table cannot be altered to without touching what hangs on it.
fn misfits(columns: &[ExistingColumn], key: &[String], table: &TableDescription) -> Vec<String> {
    let mut misfits = Vec::new();
    for old in columns {
        match table.columns.iter().find(|column| column.name == old.name) {
            None if !old.is_ours => misfits.push(format!("{} is no column of cartera's", old.name)),
            None => misfits.push(format!("{} is gone", old.name)),
            Some(new) if type_name(new.column_type) != old.type_name => {
                misfits.push(format!(
                    "{} is {}, not {}",
                    old.name,
                    type_name(new.column_type),
                    old.type_name
                ));
            }
            Some(_) => {}
        }
    }
    let (was, is): (BTreeSet<&String>, BTreeSet<&String>) = (key.iter().collect(), table.grain.iter().collect());
    if was != is {
        misfits.push(format!("there is one row for each {}", table.grain.join(", ")));
    }
    misfits
}

/// What makes the columns of an emptied table the new ones.
fn alterations(place: &str, columns: &[ExistingColumn], table: &TableDescription) -> Vec<String> {
    let mut statements = Vec::new();
    for new in &table.columns {
        let name = identifier(&new.name);
        match columns.iter().find(|column| column.name == new.name) {
            None => {
                let nulls = if new.nullable { "" } else { " not null" };
                let kind = type_name(new.column_type);
                statements.push(format!("alter table {place} add column {name} {kind}{nulls}"));
            }
            Some(old) if old.nullable != new.nullable => {
                let change = if new.nullable { "drop" } else { "set" };
                statements.push(format!("alter table {place} alter column {name} {change} not null"));
            }
            Some(_) => {}
        }
    }
    statements
}
