//! The sources of a pipeline and their files.

use cartera_ingest::{Intake, LineSource, source_files};
use cartera_normalize::{Horizon, Identity, KeySpaces, LineTime, SourceRules};
use cartera_table::{Ledger, Origin, Quarantine, Spill};

use super::RunContext;
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::InputRecord;

/// What is read, and how.
pub(super) struct Inputs {
    pub(super) sources: Vec<LineSource>,
    pub(super) rules: Vec<SourceRules>,
    pub(super) identity: Identity,
}

impl Inputs {
    /// Finds the files of all sources.
    pub(super) fn find(config: &PipelineConfig) -> Result<Self, PipelineError> {
        let mut sources = Vec::new();
        let mut rules = Vec::new();
        for (source_index, source) in config.sources.iter().enumerate() {
            let files = source_files(source.input_files()?)?;
            let times_have_offset = source.params.columns.ordered_at_format.has_offset();
            rules.push(SourceRules {
                time: LineTime::new(
                    source.params.time_zone.clone(),
                    config.time_zone.clone(),
                    times_have_offset,
                ),
                duplicates: source.params.duplicates,
            });
            sources.push(LineSource {
                params: source.params.clone(),
                files,
                source_index,
            });
        }
        let key_spaces: Vec<&str> = sources.iter().map(|source| source.params.key_space.as_str()).collect();
        let identity = Identity::one_to_one(KeySpaces::new(&key_spaces));
        Ok(Self {
            sources,
            rules,
            identity,
        })
    }

    /// Bytes of the files of some sources.
    pub(super) fn bytes_of(&self, chosen: impl Fn(&LineSource) -> bool) -> u64 {
        self.sources
            .iter()
            .filter(|source| chosen(source))
            .flat_map(|source| &source.files)
            .map(|file| file.bytes)
            .sum()
    }

    /// The names of a source and of one of its files.
    pub(super) fn names(&self, origin: Origin) -> (&str, &str) {
        let source = self.sources.get(origin.source_index);
        let file = source.and_then(|source| source.files.get(origin.file_index));
        (
            source.map_or("", |source| &source.params.name),
            file.map_or("", |file| &file.name),
        )
    }

    /// The name and the currency of each source.
    pub(super) fn names_and_currencies(&self) -> Vec<(String, String)> {
        self.sources
            .iter()
            .map(|source| (source.params.name.clone(), source.params.currency.clone()))
            .collect()
    }

    /// What was read of each file.
    pub(super) fn records(&self, intake: &Intake) -> Vec<InputRecord> {
        let record = |(origin, file): (Origin, cartera_ingest::FileIntake)| {
            let (source, name) = self.names(origin);
            InputRecord {
                source: source.to_owned(),
                file: name.to_owned(),
                bytes: file.bytes,
                blake3: file.blake3,
                rows: file.read.rows,
            }
        };
        intake.files().into_iter().map(record).collect()
    }
}

/// Whether lines of the source may stand in several files, so that they have to be read twice.
pub(super) fn needs_tags(source: &LineSource) -> bool {
    source.params.duplicates.needs_tags(source.files.len())
}

/// What every stage of a run works with.
#[derive(Clone, Copy)]
pub(super) struct Work<'w> {
    pub(super) config: &'w PipelineConfig,
    pub(super) inputs: &'w Inputs,
    pub(super) horizon: Horizon,
    pub(super) threads: usize,
    pub(super) spill: &'w dyn Spill,
    pub(super) books: &'w Books,
    pub(super) context: RunContext<'w>,
}

/// Where rows that do not reach a customer are left.
#[derive(Default)]
pub(super) struct Books {
    pub(super) intake: Intake,
    pub(super) ledger: Ledger,
    pub(super) quarantine: Quarantine,
}
