//! From the paths of a source to its files.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use cartera_ingest::SourceValidParams;

use super::document::Document;
use super::environment::expand;
use super::error::{ConfigError, ConfigProblem, Diagnostic};
use super::excerpt::Excerpt;
use super::unfinished::is_unfinished;

/// A checked source and where its files are looked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SourceConfig {
    /// What `ingest` needs to know.
    pub params: SourceValidParams,
    /// Its files, folders and globs, at least one.
    pub inputs: Vec<InputPattern>,
}

/// A file, a folder or a glob, with variables expanded and relative to the working folder of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputPattern {
    /// The path, in which `*`, `?` and `[..]` may be wildcards.
    pub path: PathBuf,
    /// The same as a glob, in which the folder of the pipeline file is taken literally.
    glob: Option<String>,
    /// Where it stands in the pipeline file.
    excerpt: Excerpt,
}

impl SourceConfig {
    /// The files that are there now, each once, in the order of their paths. Looked for anew at each call.
    ///
    /// # Errors
    /// A path or a pattern without a file where the source does not allow for it, or a folder that
    /// cannot be read.
    pub fn input_files(&self) -> Result<Vec<PathBuf>, ConfigError> {
        let name = &self.params.name;
        let mut files = BTreeSet::new();
        for input in &self.inputs {
            let found = input.files(name)?;
            if found.is_empty() && !self.params.allow_no_files {
                return Err(input.error(ConfigProblem::NoInput {
                    name: name.clone(),
                    pattern: input.path.clone(),
                }));
            }
            files.extend(found);
        }
        Ok(files.into_iter().collect())
    }
}

impl InputPattern {
    /// Expands the variables of a path and anchors it at the folder of the pipeline file.
    pub(crate) fn resolve(
        document: &Document<'_>,
        key: &str,
        typed: &str,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let expanded = expand_path(document, key, typed, env)?;
        let path = document.folder().join(&expanded);
        let glob = glob_of(document.folder(), &expanded);
        if let Some(pattern) = &glob
            && let Err(error) = glob::Pattern::new(pattern)
        {
            let problem = ConfigProblem::Glob {
                pattern: expanded,
                message: error.msg.to_owned(),
            };
            return Err(document.error_at(key, problem));
        }
        Ok(Self {
            path,
            glob,
            excerpt: document.excerpt(key),
        })
    }

    fn files(&self, source: &str) -> Result<Vec<PathBuf>, ConfigError> {
        // A file whose own name holds wildcards is that file, and one that is named is meant.
        if self.path.is_file() {
            return Ok(vec![self.path.clone()]);
        }
        if self.path.is_dir() {
            return self.files_of_folder(source);
        }
        let pattern = self.path.file_name().and_then(|name| name.to_str());
        let mut files = Vec::new();
        let matches = self.glob.as_deref().and_then(|glob| glob::glob(glob).ok());
        for found in matches.into_iter().flatten() {
            let path = found.map_err(|error| self.unreadable(source, error.path().to_owned(), error.into()))?;
            if path.is_file() && !passed_over(&path, pattern) {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// The files of the folder itself; those of its folders take a glob.
    fn files_of_folder(&self, source: &str) -> Result<Vec<PathBuf>, ConfigError> {
        let unreadable = |error| self.unreadable(source, self.path.clone(), error);
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_file() && !passed_over(&path, None) {
                files.push(path);
            }
        }
        Ok(files)
    }

    fn unreadable(&self, source: &str, path: PathBuf, error: io::Error) -> ConfigError {
        self.error(ConfigProblem::UnreadableFolder {
            name: source.to_owned(),
            path,
            source: error,
        })
    }

    fn error(&self, problem: ConfigProblem) -> ConfigError {
        Diagnostic::new(self.excerpt.clone(), problem).into()
    }
}

fn passed_over(path: &Path, pattern: Option<&str>) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| is_unfinished(name, pattern))
}

/// Expands the variables of a path.
pub(crate) fn expand_path(
    document: &Document<'_>,
    key: &str,
    typed: &str,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<String, ConfigError> {
    expand(typed, env).map_err(|error| {
        let problem = ConfigProblem::Variable {
            path: typed.to_owned(),
            message: error.to_string(),
        };
        document.error_at(key, problem)
    })
}

/// The path as a glob, if it has wildcards; a folder that is not UTF-8 cannot be part of a glob.
fn glob_of(folder: &Path, expanded: &str) -> Option<String> {
    if !expanded.contains(['*', '?', '[']) {
        return None;
    }
    if Path::new(expanded).is_absolute() {
        return Some(expanded.to_owned());
    }
    let folder = glob::Pattern::escape(folder.to_str()?);
    Path::new(&folder).join(expanded).to_str().map(str::to_owned)
}
