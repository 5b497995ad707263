//! The rows that were set aside.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use polars::prelude::{Column, DataFrame};
use serde::{Deserialize, Serialize};

use crate::batch::Origin;
use crate::contracts::QuarantineTable;
use crate::error::TableError;
use crate::slug::Slug;
use crate::table::Table;

/// One defective row of a raw file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Source and file.
    pub origin: Origin,
    /// Line of the file, from 1.
    pub row: u64,
    /// Target column; none where the whole record is broken.
    #[serde(deserialize_with = "crate::slug::optional")]
    pub column: Option<Slug>,
    /// The text that could not be taken, masked where it is personal.
    pub value: Option<String>,
    /// Slug of the reason.
    #[serde(deserialize_with = "crate::slug::required")]
    pub reason: Slug,
    /// What to do about it.
    pub hint: Cow<'static, str>,
    /// Defects in the row.
    pub defect_count: u32,
}

/// Collects defects from all worker threads.
#[derive(Debug, Default)]
pub struct Quarantine {
    defects: Mutex<Vec<Defect>>,
    /// Rows beyond those that are listed.
    unlisted: AtomicU64,
}

impl Quarantine {
    /// Rows that are listed at most. A run with more publishes nothing: its memory would follow the defects.
    pub const LISTED_ROWS: usize = 2_000_000;

    /// Sets rows aside.
    pub fn extend(&self, defects: impl IntoIterator<Item = Defect>) {
        let mut listed = self.defects.lock().unwrap_or_else(PoisonError::into_inner);
        for defect in defects {
            if listed.len() < Self::LISTED_ROWS {
                listed.push(defect);
            } else {
                self.unlisted.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Forgets all defects.
    pub fn clear(&self) {
        self.defects.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.unlisted.store(0, Ordering::Relaxed);
    }

    /// Counts rows that were set aside and cannot be listed.
    pub fn add_unlisted(&self, rows: u64) {
        self.unlisted.fetch_add(rows, Ordering::Relaxed);
    }

    /// Rows that were set aside and are not listed.
    #[must_use]
    pub fn unlisted(&self) -> u64 {
        self.unlisted.load(Ordering::Relaxed)
    }

    /// Takes all defects out, by source, file and row.
    #[must_use]
    pub fn take(&self) -> Vec<Defect> {
        let mut defects = std::mem::take(&mut *self.defects.lock().unwrap_or_else(PoisonError::into_inner));
        defects.sort_by_key(|defect| (defect.origin, defect.row));
        defects
    }

    /// The published table; `name` gives the source's and the file's name.
    ///
    /// # Errors
    /// When two defects name the same row, which would be a fault of the reader.
    pub fn table<'n>(
        defects: &[Defect],
        name: impl Fn(Origin) -> (&'n str, &'n str),
    ) -> Result<Table<QuarantineTable>, TableError> {
        let texts = |of: &dyn Fn(&Defect) -> Option<String>| defects.iter().map(of).collect::<Vec<_>>();
        let names: Vec<(&str, &str)> = defects.iter().map(|defect| name(defect.origin)).collect();
        let columns = vec![
            Column::new("source".into(), names.iter().map(|name| name.0).collect::<Vec<_>>()),
            Column::new("file".into(), names.iter().map(|name| name.1).collect::<Vec<_>>()),
            Column::new(
                "row".into(),
                defects
                    .iter()
                    .map(|defect| i64::try_from(defect.row).unwrap_or(i64::MAX))
                    .collect::<Vec<_>>(),
            ),
            Column::new("column".into(), texts(&|defect| defect.column.map(str::to_owned))),
            Column::new("value".into(), texts(&|defect| defect.value.clone())),
            Column::new("reason".into(), texts(&|defect| Some(defect.reason.to_owned()))),
            Column::new("hint".into(), texts(&|defect| Some(defect.hint.to_string()))),
            Column::new(
                "defect_count".into(),
                defects
                    .iter()
                    .map(|defect| i32::try_from(defect.defect_count).unwrap_or(i32::MAX))
                    .collect::<Vec<_>>(),
            ),
        ];
        Table::sorted(DataFrame::new(defects.len(), columns)?)
    }
}
