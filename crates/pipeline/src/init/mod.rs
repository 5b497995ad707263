//! `cartera init`: looks at raw files and writes a pipeline for them.
//!
//! What the files tell goes into the pipeline with its evidence in comments. What they do not tell is
//! marked `unsure`, or asked (`TODO`): a pipeline with a question is refused by `cartera check`, because
//! a wrong guess that runs is worse than a question.

mod columns;
mod content;
mod kinds;
mod lines;
mod mapping;
mod owners;
mod render;
mod settings;
mod source;
mod targets;
mod text;
mod words;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use cartera_ingest::survey::survey_file;

use crate::error::PipelineError;
use render::Settings;
use source::Drafts;

/// What to look at, and where to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitRequest {
    /// The raw files, at least one.
    pub files: Vec<PathBuf>,
    /// The pipeline file to write.
    pub out: PathBuf,
    /// Name of the pipeline; none for that of the first file.
    pub name: Option<String>,
    /// Folder that runs are published in; none for `warehouse/<name>`.
    pub warehouse: Option<String>,
    /// Writes over a file that is there.
    pub force: bool,
}

/// What was written, and what a person should know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InitReport {
    /// The pipeline file.
    pub path: PathBuf,
    /// Each file, and what it was taken for.
    pub files: Vec<(PathBuf, String)>,
    /// Keys that allow no other value.
    pub sure: Vec<String>,
    /// Keys that should be looked at, with the reason.
    pub unsure: Vec<String>,
    /// Questions, which the pipeline asks until they are answered.
    pub questions: Vec<String>,
    /// What a check of the pipeline refuses first; none where it is accepted.
    pub refusal: Option<String>,
}

/// Looks at the files and writes the pipeline.
///
/// # Errors
/// When a file cannot be read, or the pipeline file is there already or cannot be written.
pub fn init(request: &InitRequest) -> Result<InitReport, PipelineError> {
    // Before the work, though it is made sure again when the file is written.
    if !request.force && request.out.exists() {
        return Err(PipelineError::FileExists {
            path: request.out.clone(),
        });
    }
    let surveys = request
        .files
        .iter()
        .map(|path| survey_file(path))
        .collect::<Result<Vec<_>, _>>()?;
    let drafts = Drafts::new(surveys)?;
    let name = request
        .name
        .clone()
        .unwrap_or_else(|| default_name(&drafts, &request.files));
    let warehouse = request
        .warehouse
        .clone()
        .unwrap_or_else(|| format!("warehouse/{}", source::slug(&name)));
    let cannot_write = |cause| PipelineError::Write {
        path: request.out.clone(),
        cause,
    };
    let out = std::path::absolute(&request.out).map_err(cannot_write)?;
    let settings = Settings {
        name: &name,
        warehouse: &warehouse,
        folder: out.parent().unwrap_or(Path::new("/")),
    };
    let toml = render::render(&drafts, &settings);
    write(request, &toml.text)?;
    let refusal = refusal(&request.out, &toml.text);
    Ok(InitReport {
        path: request.out.clone(),
        files: what_files_are(&drafts),
        sure: toml.notes.sure,
        unsure: toml.notes.unsure,
        questions: toml.notes.questions,
        refusal,
    })
}

/// The name of the source of order lines, else of the first file.
fn default_name(drafts: &Drafts, files: &[PathBuf]) -> String {
    let named = drafts.sources.first().map(|source| source.name.clone());
    named.unwrap_or_else(|| {
        source::slug(&source::stem(
            files.first().map_or(Path::new("pipeline"), PathBuf::as_path),
        ))
    })
}

fn write(request: &InitRequest, text: &str) -> Result<(), PipelineError> {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    match request.force {
        true => options.create(true).truncate(true),
        false => options.create_new(true),
    };
    let written = options
        .open(&request.out)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AlreadyExists => PipelineError::FileExists {
            path: request.out.clone(),
        },
        _ => PipelineError::Write {
            path: request.out.clone(),
            cause,
        },
    })
}

/// What the reader of pipeline files says first.
fn refusal(path: &Path, text: &str) -> Option<String> {
    let env = |name: &str| std::env::var(name).ok();
    crate::config::parse(path, text, &env)
        .err()
        .map(|error| error.to_string())
}

fn what_files_are(drafts: &Drafts) -> Vec<(PathBuf, String)> {
    let fed = drafts.sources.iter().flat_map(|source| {
        let table = source.mapping.table.name();
        source.files.iter().map(move |file| {
            (
                file.path.clone(),
                format!(
                    "source {}, table {table}, {} records seen",
                    source.name,
                    text::count(file.records)
                ),
            )
        })
    });
    let left = drafts
        .left_out
        .iter()
        .map(|(file, why)| (file.path.clone(), format!("left out: {why}")));
    fed.chain(left).collect()
}

#[cfg(test)]
mod tests;
