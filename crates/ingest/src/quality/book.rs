//! What is known of the sources of a run, put together from what is known of their parts.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cartera_table::Origin;

use super::block::{BlockQuality, Known, QualitySpec};
use super::days::Days;

/// What is known of each source.
#[derive(Debug, Default)]
pub struct QualityBook {
    /// By the place of the source in the pipeline.
    sources: Mutex<BTreeMap<usize, SourceQuality>>,
}

/// What is known of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceQuality {
    /// All its rows.
    pub whole: BlockQuality,
    /// The days of each of its files, by their place in the source.
    pub days_of_files: BTreeMap<usize, Days>,
}

impl QualityBook {
    /// Takes in what is known of some rows of a file, in any order.
    pub fn add(&self, origin: Origin, quality: BlockQuality) {
        let mut sources = self.lock();
        let source = sources.entry(origin.source_index).or_default();
        source
            .days_of_files
            .entry(origin.file_index)
            .or_default()
            .merge(quality.days());
        source.whole.merge(quality);
    }

    /// What is known of a source already, for the measuring of further rows.
    #[must_use]
    pub fn known(&self, source_index: usize, spec: &QualitySpec) -> Known {
        match self.lock().get(&source_index) {
            Some(source) => source.whole.known(spec),
            None => Known::nothing(spec),
        }
    }

    /// What is known of each source, by its place.
    #[must_use]
    pub fn sources(&self) -> BTreeMap<usize, SourceQuality> {
        self.lock().clone()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<usize, SourceQuality>> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
