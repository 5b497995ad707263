//! From the paths of a source to its files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cartera_ingest::SourceValidParams;

use super::document::Document;
use super::environment::expand;
use super::error::{ConfigError, ConfigProblem, Diagnostic};
use super::excerpt::Excerpt;

/// A checked source and where its files are looked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SourceConfig {
    /// What `ingest` needs to know.
    pub params: SourceValidParams,
    /// Its files and globs, at least one.
    pub inputs: Vec<InputPattern>,
}

/// A file or a glob, with variables expanded and relative to the working folder of the program.
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
    /// The files that are there now, each once, in the order of their paths.
    ///
    /// # Errors
    /// A pattern without a file, a path that is a folder, or a folder that cannot be read.
    pub fn input_files(&self) -> Result<Vec<PathBuf>, ConfigError> {
        let mut files = BTreeSet::new();
        for input in &self.inputs {
            files.extend(input.files(&self.params.name)?);
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
        let name = source.to_owned();
        // A file whose own name holds wildcards is that file.
        if self.path.is_file() {
            return Ok(vec![self.path.clone()]);
        }
        if self.path.is_dir() {
            let path = self.path.clone();
            return Err(self.error(ConfigProblem::FolderAsInput { name, path }));
        }
        let mut files = Vec::new();
        let matches = self.glob.as_deref().and_then(|glob| glob::glob(glob).ok());
        for found in matches.into_iter().flatten() {
            let path = found.map_err(|error| {
                self.error(ConfigProblem::UnreadableFolder {
                    name: name.clone(),
                    path: error.path().to_owned(),
                    source: error.into(),
                })
            })?;
            if path.is_file() {
                files.push(path);
            }
        }
        if files.is_empty() {
            let pattern = self.path.clone();
            return Err(self.error(ConfigProblem::NoInput { name, pattern }));
        }
        Ok(files)
    }

    fn error(&self, problem: ConfigProblem) -> ConfigError {
        Diagnostic::new(self.excerpt.clone(), problem).into()
    }
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
