//! Whether a column of the customers holds ids of owners: names of people do not belong into published tables.

use std::collections::HashSet;

use cartera_ingest::survey::ColumnSurvey;
use cartera_table::SourceTable;

use super::source::SourceDraft;
use super::words::words;

const OWNER_ID: &str = "owner_id";

/// Leaves out the owner of customers where neither the column's name says that it is an id, nor a file of owners has its
/// values.
pub(super) fn keep_ids(sources: &mut [SourceDraft]) {
    let known: HashSet<String> = sources
        .iter()
        .filter(|source| source.mapping.table == SourceTable::Owners)
        .filter_map(|source| Some((source, source.mapping.place(OWNER_ID)?)))
        .flat_map(|(source, place)| source.files.iter().map(move |file| &file.columns[place]))
        .flat_map(seen)
        .map(str::to_owned)
        .collect();
    for source in sources {
        let Some(place) = source.mapping.place(OWNER_ID) else {
            continue;
        };
        let column = &source.columns()[place];
        let is_id = words(column.name.as_deref().unwrap_or_default())
            .iter()
            .any(|word| word == "id");
        if source.mapping.table != SourceTable::Customers || is_id || are_known(column, &known) {
            continue;
        }
        let label = column.label();
        source.mapping.remove(OWNER_ID);
        source.mapping.remarks.push(format!(
            "owner_id: {label} is not mapped: does it hold ids of owners, or names of people? Map it where a source of \
             owners has the same values, which are published"
        ));
    }
}

/// Whether most of the values that were seen stand in a file of owners; a few may have left.
fn are_known(column: &ColumnSurvey, known: &HashSet<String>) -> bool {
    let seen = seen(column);
    let found = seen.iter().filter(|&&value| known.contains(value)).count();
    found * 2 > seen.len()
}

/// The values that were seen: all of them where they are few, else the first ones.
fn seen(column: &ColumnSurvey) -> Vec<&str> {
    match &column.categories {
        Some(all) => all.iter().map(|(value, _)| value.as_str()).collect(),
        None => column.examples.iter().map(String::as_str).collect(),
    }
}
