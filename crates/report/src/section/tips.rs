//! What marks say when they are pointed at.

use crate::answer::{Answer, ColumnSpec};
use crate::words::Words;

/// A heading, and what a row of an answer says of it, a line a column. What is not known has no line.
pub(super) fn of_row(words: &Words, answer: &Answer, row: usize, heading: &str, columns: &[&'static str]) -> String {
    let known = columns
        .iter()
        .copied()
        .filter(|column| answer.number(column, row).is_some());
    let lines = known.map(|column| {
        format!(
            "\n{}: {}",
            words.label("column", column),
            text(words, answer, row, column)
        )
    });
    std::iter::once(heading.to_owned()).chain(lines).collect()
}

/// A cell as people read it.
pub(super) fn text(words: &Words, answer: &Answer, row: usize, column: &'static str) -> String {
    match answer.kind(column) {
        Some(kind) => answer.shown(&ColumnSpec::new(column, kind), row, words),
        None => String::new(),
    }
}
