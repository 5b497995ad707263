//! What a source declares about lines that stand in it more than once.

use serde::{Deserialize, Serialize};

/// What to do with lines that repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicatePolicy {
    /// Every line counts.
    Keep,
    /// Each identical line as often as in the file that has it most: overlapping exports do not double, and
    /// repeats within a file stay. Identical means equal in every mapped column.
    #[default]
    AcrossFiles,
    /// Of the lines with the same order id and line number, the last one of the newest file. Files are taken
    /// in the order of their names.
    LatestByKey,
}

impl DuplicatePolicy {
    /// The ledger's reason for a line that is left out.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::AcrossFiles => "in_another_file",
            Self::LatestByKey => "replaced_by_later_line",
        }
    }

    /// Whether the lines have to be read once more to find repeats.
    #[must_use]
    pub fn needs_tags(self, file_count: usize) -> bool {
        match self {
            Self::Keep => false,
            Self::AcrossFiles => file_count > 1,
            Self::LatestByKey => true,
        }
    }
}
