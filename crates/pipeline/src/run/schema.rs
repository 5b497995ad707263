//! Whether the tables have other columns than those of the run before: an update of cartera says so once, where the
//! people look whose queries stand on them.

use cartera_table::contracts::PUBLISHED;
use cartera_table::{AsOf, TableDescription, schema_changes};

use super::inputs::Work;
use crate::store::SchemaChangesRecord;

/// What changed since the newest run of this day or an earlier one; nothing where there is none, or it has the same
/// tables. One that cannot be read is told.
pub(super) fn changes_since(work: &Work<'_>, as_of: AsOf) -> Option<SchemaChangesRecord> {
    let before = work.runs.runs.iter().find(|run| run.reference.as_of <= as_of)?;
    let tables = match before.descriptions() {
        Ok(tables) => tables,
        Err(error) => {
            work.context.observer.warning(&format!(
                "whether columns changed since run {} cannot be told: {}",
                before.reference,
                error.with_causes()
            ));
            return None;
        }
    };
    let now: Vec<TableDescription> = PUBLISHED.iter().map(TableDescription::from).collect();
    let changes: Vec<String> = schema_changes(&tables, &now).iter().map(ToString::to_string).collect();
    (!changes.is_empty()).then_some(SchemaChangesRecord {
        since: before.reference,
        changes,
    })
}
