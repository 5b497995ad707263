//! Whether a run can be made anew as it was: with the same pipeline and the same files.
//!
//! Files that only grew are the same to a run where its day cuts what was added: rows of another day. What was added
//! without a day, as a customer or a product, is not.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cartera_ingest::{
    FileBlock, FilePart, LineSource, OpenSegment, ReadParams, ReadTask, SegmentSink, SourceFile, Stretch, can_be_cut,
    content_hash, read_segments, source_files,
};
use cartera_table::{ErasedOfSource, FlowError, Progress, SourceTable};

use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::run::{RunOptions, config_hash};
use crate::store::{InputRecord, PublishedRun};

/// That the pipeline is another one, in words.
pub(super) fn other_config(config: &PipelineConfig, run: &PublishedRun) -> Option<String> {
    let record = &run.manifest.record;
    if record.config_hash == config_hash(config) {
        return None;
    }
    let now = config.published_parameters();
    let then = &record.parameters;
    let sections = [&now, then].into_iter().filter_map(serde_json::Value::as_object);
    let mut changed: Vec<&str> = sections
        .flat_map(|sections| sections.keys())
        .filter(|section| now.get(section.as_str()) != then.get(section.as_str()))
        .map(String::as_str)
        .collect();
    changed.sort_unstable();
    changed.dedup();
    let which = match changed.as_slice() {
        [] => String::new(),
        changed => format!(" in {}", changed.join(", ")),
    };
    Some(format!("its pipeline file said something else{which}"))
}

/// The files of the pipeline as they are now.
pub(super) struct Files {
    sources: Vec<LineSource>,
    read: ReadParams,
    /// Hashes of beginnings of files.
    hashes: HashMap<(PathBuf, u64), String>,
    /// Where files of lines are cut.
    stretches: HashMap<PathBuf, Vec<Stretch>>,
}

impl Files {
    pub(super) fn find(config: &PipelineConfig, options: &RunOptions) -> Result<Self, PipelineError> {
        let mut sources = Vec::new();
        for (source_index, source) in config.sources.iter().enumerate() {
            sources.push(LineSource {
                params: source.params.clone(),
                files: source_files(source.input_files()?)?,
                source_index,
            });
        }
        Ok(Self {
            sources,
            read: ReadParams {
                threads: options.threads,
                block_bytes: options.sizes.block_bytes,
                segment_bytes: options.sizes.segment_bytes,
            },
            hashes: HashMap::new(),
            stretches: HashMap::new(),
        })
    }

    /// What of a run's files is not as it was, in words.
    pub(super) fn other_than(&mut self, run: &PublishedRun) -> Result<Vec<String>, PipelineError> {
        let mut others = Vec::new();
        let inputs = &run.manifest.record.inputs;
        for input in inputs {
            let Some((source, file)) = self.place_of(input) else {
                others.push(format!(
                    "{} of source {} is not there any more",
                    input.file, input.source
                ));
                continue;
            };
            let bytes = self.sources[source].files[file].bytes;
            let what = |what: &str| format!("{} of source {} {what}", input.file, input.source);
            let may_grow = is_cut_by_day(self.sources[source].params.table);
            if bytes < input.bytes {
                others.push(what("shrank"));
            } else if (bytes > input.bytes && !may_grow) || !self.begins_as(source, file, input)? {
                others.push(what("changed"));
            }
        }
        for source in self.sources.iter().filter(|source| !is_cut_by_day(source.params.table)) {
            let is_known = |file: &&SourceFile| inputs.iter().any(|input| is_file_of(input, source, file));
            let new = source.files.iter().filter(|file| !is_known(file));
            others.extend(new.map(|file| format!("{} of source {} is new", file.name, source.params.name)));
        }
        Ok(others)
    }

    /// Whether the files of lines are as long as they were for a run, and no others came.
    pub(super) fn has_same_lines(&self, run: &PublishedRun) -> bool {
        let inputs = &run.manifest.record.inputs;
        let of_lines = |source: &&LineSource| source.params.table == SourceTable::OrderLines;
        self.sources.iter().filter(of_lines).all(|source| {
            let is_same = |file: &SourceFile| {
                let known = inputs.iter().find(|input| is_file_of(input, source, file));
                known.is_some_and(|input| input.bytes == file.bytes)
            };
            source.files.iter().all(is_same)
        })
    }

    fn place_of(&self, input: &InputRecord) -> Option<(usize, usize)> {
        let places = self.sources.iter().enumerate();
        places
            .flat_map(|(place, source)| source.files.iter().enumerate().map(move |file| (place, source, file)))
            .find(|(_, source, (_, file))| is_file_of(input, source, file))
            .map(|(place, _, (file, _))| (place, file))
    }

    /// Whether a file is, as far as it went then, what it was.
    fn begins_as(&mut self, source: usize, file: usize, input: &InputRecord) -> Result<bool, PipelineError> {
        let path = self.sources[source].files[file].path.clone();
        if self.hash(&path, 0, input.bytes)? == input.content_hash {
            return Ok(true);
        }
        let is_of_lines = self.sources[source].params.table == SourceTable::OrderLines;
        if !is_of_lines || !can_be_cut(&self.sources[source], &self.sources[source].files[file])? {
            return Ok(false);
        }
        let mut hasher = blake3::Hasher::new();
        for stretch in self.stretches(source, file)? {
            let end = (stretch.start + stretch.bytes).min(input.bytes);
            if stretch.start < end {
                hasher.update(self.hash(&path, stretch.start, end - stretch.start)?.as_bytes());
            }
        }
        Ok(hasher.finalize().to_hex().to_string() == input.content_hash)
    }

    fn hash(&mut self, path: &Path, start: u64, bytes: u64) -> Result<String, PipelineError> {
        let read = || {
            content_hash(path, start, bytes).map_err(|cause| cartera_ingest::IngestError::Io {
                path: path.to_owned(),
                cause,
            })
        };
        if start > 0 {
            return Ok(read()?);
        }
        let place = (path.to_owned(), bytes);
        if let Some(known) = self.hashes.get(&place) {
            return Ok(known.clone());
        }
        let hash = read()?;
        self.hashes.insert(place, hash.clone());
        Ok(hash)
    }

    /// Where a file is cut, which depends on its bytes alone: all cuts but the last stay where they were while it grows.
    fn stretches(&mut self, source: usize, file_index: usize) -> Result<Vec<Stretch>, PipelineError> {
        let source = &self.sources[source];
        let path = &source.files[file_index].path;
        if let Some(known) = self.stretches.get(path) {
            return Ok(known.clone());
        }
        let task = ReadTask {
            source,
            file_index,
            part: FilePart::From {
                start: 0,
                first_line: 1,
            },
        };
        let cuts = Cuts::default();
        read_segments::<()>(&[task], self.read, &Unseen, &cuts)?;
        let mut stretches = cuts.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        stretches.sort();
        self.stretches.insert(path.clone(), stretches.clone());
        Ok(stretches)
    }
}

/// Whether all rows of a table have a day, so that a run does not see those that come later, or count whatever their day.
fn is_cut_by_day(table: SourceTable) -> bool {
    match table {
        SourceTable::OrderLines
        | SourceTable::Interactions
        | SourceTable::Cases
        | SourceTable::Costs
        | SourceTable::Consents
        | SourceTable::Suppressions
        | SourceTable::Rates => true,
        SourceTable::Customers | SourceTable::Products | SourceTable::Campaigns | SourceTable::Owners => false,
    }
}

/// Files are called by as much of their path as tells them apart, which is more where there are more of them.
fn is_file_of(input: &InputRecord, source: &LineSource, file: &SourceFile) -> bool {
    input.source == source.params.name && file.path.ends_with(&input.file)
}

/// Nobody looks.
struct Unseen;

impl Progress for Unseen {
    fn advance(&self, _: u64, _: u64) {}
}

/// Takes down where segments lie.
#[derive(Default)]
struct Cuts(Mutex<Vec<Stretch>>);

impl SegmentSink<()> for Cuts {
    fn block(&self, _: &OpenSegment<()>, block: FileBlock) -> Result<(), FlowError> {
        // The reader checks in the end that what is mapped was found.
        block.lines(None, ErasedOfSource::nobody())?;
        Ok(())
    }

    fn end(&self, segment: OpenSegment<()>) -> Result<(), FlowError> {
        let mut stretches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stretches.push(segment.stretch());
        Ok(())
    }
}
