//! What is another in one set of tables than in another.

use std::fmt;

use super::description::{ColumnDescription, TableDescription};

/// A difference that somebody's query may trip over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaChange {
    /// A table is new.
    TableAdded {
        /// The table.
        table: String,
    },
    /// A table is gone.
    TableRemoved {
        /// The table.
        table: String,
    },
    /// The columns that tell rows apart are others: joins may find more or fewer rows.
    GrainChanged {
        /// The table.
        table: String,
        /// What they were.
        before: Vec<String>,
        /// What they are.
        now: Vec<String>,
    },
    /// A column is new.
    ColumnAdded {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A column is gone.
    ColumnRemoved {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A column has another type, or holds nulls now, or none any more.
    ColumnRetyped {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it was.
        before: String,
        /// What it is.
        now: String,
    },
}

impl SchemaChange {
    /// What changed, as announcements name it: `table` or `table.column`.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::TableAdded { table } | Self::TableRemoved { table } | Self::GrainChanged { table, .. } => {
                table.clone()
            }
            Self::ColumnAdded { table, column }
            | Self::ColumnRemoved { table, column }
            | Self::ColumnRetyped { table, column, .. } => format!("{table}.{column}"),
        }
    }
}

impl fmt::Display for SchemaChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.subject();
        match self {
            Self::TableAdded { .. } => write!(formatter, "table {subject} is new"),
            Self::TableRemoved { .. } => write!(formatter, "table {subject} is gone"),
            Self::GrainChanged { before, now, .. } => {
                let (before, now) = (before.join(", "), now.join(", "));
                write!(
                    formatter,
                    "table {subject} has one row for each {now}, before for each {before}"
                )
            }
            Self::ColumnAdded { .. } => write!(formatter, "column {subject} is new"),
            Self::ColumnRemoved { .. } => write!(formatter, "column {subject} is gone"),
            Self::ColumnRetyped { before, now, .. } => write!(formatter, "column {subject} is {now}, before {before}"),
        }
    }
}

/// What changed from the tables `before` to those of `now`: what is gone, then what is another or new, each in the order
/// of its tables. The order of columns and their descriptions are no change.
#[must_use]
pub fn schema_changes(before: &[TableDescription], now: &[TableDescription]) -> Vec<SchemaChange> {
    let gone = before.iter().filter(|table| of_name(now, &table.name).is_none());
    let mut changes: Vec<SchemaChange> = gone
        .map(|table| SchemaChange::TableRemoved {
            table: table.name.clone(),
        })
        .collect();
    for table in now {
        match of_name(before, &table.name) {
            None => changes.push(SchemaChange::TableAdded {
                table: table.name.clone(),
            }),
            Some(old) => changes_of_table(old, table, &mut changes),
        }
    }
    changes
}

fn of_name<'t>(tables: &'t [TableDescription], name: &str) -> Option<&'t TableDescription> {
    tables.iter().find(|table| table.name == name)
}

fn changes_of_table(before: &TableDescription, now: &TableDescription, changes: &mut Vec<SchemaChange>) {
    let table = || now.name.clone();
    if before.grain != now.grain {
        changes.push(SchemaChange::GrainChanged {
            table: table(),
            before: before.grain.clone(),
            now: now.grain.clone(),
        });
    }
    let column = |columns: &[ColumnDescription], name: &str| columns.iter().position(|column| column.name == name);
    for old in &before.columns {
        if column(&now.columns, &old.name).is_none() {
            changes.push(SchemaChange::ColumnRemoved {
                table: table(),
                column: old.name.clone(),
            });
        }
    }
    for new in &now.columns {
        match column(&before.columns, &new.name).map(|place| &before.columns[place]) {
            None => changes.push(SchemaChange::ColumnAdded {
                table: table(),
                column: new.name.clone(),
            }),
            Some(old) if kind(old) != kind(new) => changes.push(SchemaChange::ColumnRetyped {
                table: table(),
                column: new.name.clone(),
                before: kind(old),
                now: kind(new),
            }),
            Some(_) => {}
        }
    }
}

/// Type and nullability in words.
fn kind(column: &ColumnDescription) -> String {
    let nulls = if column.nullable { "" } else { " without nulls" };
    format!("{}{nulls}", column.column_type.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ColumnType;
    use crate::contracts::PUBLISHED;

    fn table(name: &str, columns: &[(&str, ColumnType, bool)]) -> TableDescription {
        let columns = columns.iter().map(|&(name, column_type, nullable)| ColumnDescription {
            name: name.to_owned(),
            column_type,
            nullable,
            description: String::new(),
        });
        TableDescription {
            name: name.to_owned(),
            description: String::new(),
            grain: vec!["id".to_owned()],
            columns: columns.collect(),
            personal: false,
        }
    }

    #[test]
    fn contracts_do_not_differ_from_themselves() {
        let tables: Vec<TableDescription> = PUBLISHED.iter().map(TableDescription::from).collect();
        assert_eq!(schema_changes(&tables, &tables), []);
    }

    #[test]
    fn every_kind_of_change_is_told() {
        let id = ("id", ColumnType::Text, false);
        let before = [
            table("old", &[id]),
            table(
                "kept",
                &[id, ("gone", ColumnType::Date, true), ("days", ColumnType::Int32, true)],
            ),
        ];
        let mut kept = table(
            "kept",
            &[("days", ColumnType::Int64, false), ("more", ColumnType::SUM, true), id],
        );
        kept.grain.push("days".to_owned());
        let now = [kept, table("new", &[id])];
        let told: Vec<String> = schema_changes(&before, &now).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "table old is gone",
                "table kept has one row for each id, days, before for each id",
                "column kept.gone is gone",
                "column kept.days is int64 without nulls, before int32",
                "column kept.more is new",
                "table new is new",
            ]
        );
    }

    #[test]
    fn the_order_of_columns_is_no_change() {
        let (id, days) = (("id", ColumnType::Text, false), ("days", ColumnType::Int32, true));
        assert_eq!(
            schema_changes(&[table("t", &[id, days])], &[table("t", &[days, id])]),
            []
        );
    }
}
