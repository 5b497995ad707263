//! Files that one run read otherwise than the other.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::store::InputRecord;

/// The files of both runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InputChanges {
    /// How many have the same content.
    pub unchanged: usize,
    /// The others, in the order of sources and files.
    pub changes: Vec<InputChange>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputChange {
    /// The pipeline's name of its source.
    pub source: String,
    /// The file.
    pub file: String,
    /// `added`, `removed`, `grew`, `shrank`, or `changed` where it is as long as before.
    pub change: &'static str,
    /// Its rows in the first run.
    pub rows_before: u64,
    /// Its rows in the second.
    pub rows: u64,
    /// Its bytes in the first run.
    pub bytes_before: u64,
    /// Its bytes in the second.
    pub bytes: u64,
}

/// A file as both runs read it.
type Pair<'r> = (Option<&'r InputRecord>, Option<&'r InputRecord>);

pub(super) fn inputs(before: &[InputRecord], after: &[InputRecord]) -> InputChanges {
    let mut files: BTreeMap<(&str, &str), Pair<'_>> = BTreeMap::new();
    for record in before {
        files.entry((&record.source, &record.file)).or_default().0 = Some(record);
    }
    for record in after {
        files.entry((&record.source, &record.file)).or_default().1 = Some(record);
    }
    let all = files.len();
    let changes: Vec<InputChange> = files.into_iter().filter_map(change).collect();
    InputChanges {
        unchanged: all - changes.len(),
        changes,
    }
}

fn change(((source, file), (before, after)): ((&str, &str), Pair<'_>)) -> Option<InputChange> {
    let change = match (before, after) {
        (Some(then), Some(now)) if then.content_hash == now.content_hash => return None,
        (Some(then), Some(now)) => match now.bytes.cmp(&then.bytes) {
            std::cmp::Ordering::Greater => "grew",
            std::cmp::Ordering::Less => "shrank",
            std::cmp::Ordering::Equal => "changed",
        },
        (None, _) => "added",
        (_, None) => "removed",
    };
    let rows = |record: Option<&InputRecord>| record.map_or(0, |record| record.rows);
    let bytes = |record: Option<&InputRecord>| record.map_or(0, |record| record.bytes);
    Some(InputChange {
        source: source.to_owned(),
        file: file.to_owned(),
        change,
        rows_before: rows(before),
        rows: rows(after),
        bytes_before: bytes(before),
        bytes: bytes(after),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(file: &str, bytes: u64, content_hash: &str) -> InputRecord {
        InputRecord {
            source: "shop".into(),
            file: file.into(),
            bytes,
            content_hash: content_hash.into(),
            rows: bytes / 10,
        }
    }

    #[test]
    fn files_are_told_apart_by_their_content() {
        let before = [
            record("a", 10, "1"),
            record("b", 20, "2"),
            record("c", 30, "3"),
            record("d", 40, "4"),
        ];
        let after = [
            record("a", 10, "1"),
            record("b", 25, "5"),
            record("c", 30, "6"),
            record("e", 50, "7"),
        ];
        let found = inputs(&before, &after);
        let told: Vec<(&str, &str)> = found
            .changes
            .iter()
            .map(|change| (change.file.as_str(), change.change))
            .collect();
        assert_eq!(
            told,
            [("b", "grew"), ("c", "changed"), ("d", "removed"), ("e", "added")]
        );
        assert_eq!(found.unchanged, 1);
    }
}
