//! The pipeline file: what an analyst types, checked before anything runs.
//!
//! [`load`] reads one TOML file in three steps. `Document` keeps the text with the place of every
//! key; `LowConfig` is what was typed, with the parameter structs of the crates that own them; and
//! [`PipelineConfig`] is what runs, in which every value has been checked. Whatever is refused, on
//! any of the three levels, is reported at its line and column, with what to write instead.
//!
//! The keys, their units and their defaults are listed in `pipelines/README.md`.

mod as_of;
mod canonical;
mod contact_plan;
mod customer_events;
mod dimensions;
mod document;
mod environment;
mod error;
mod excerpt;
mod inputs;
mod low;
mod targets;
mod translate;
mod unfinished;
mod validate;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

pub use as_of::AsOfSetting;
pub use customer_events::CustomerEventsParams;
pub use error::{ConfigError, ConfigProblem, Diagnostic};
pub use excerpt::Excerpt;
pub use inputs::{InputPattern, SourceConfig};
pub use targets::TargetsConfig;
pub use validate::{Limits, PipelineConfig};

use document::Document;
use low::LowConfig;

/// Reads and checks a pipeline file.
///
/// `env` answers for `${NAME}` in paths; a program passes `|name| std::env::var(name).ok()`.
/// Input files are not looked for here, but by [`SourceConfig::input_files`].
///
/// # Errors
/// [`ConfigError::Read`] when the file cannot be read, else [`ConfigError::Invalid`] for the first
/// thing in it that is refused.
pub fn load(path: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<PipelineConfig, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(path, &text, env)
}

/// Checks the text of a pipeline file; `path` names it in messages and anchors relative paths.
///
/// # Errors
/// [`ConfigError::Invalid`] for the first thing that is refused.
pub fn parse(path: &Path, text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<PipelineConfig, ConfigError> {
    let document = Document::parse(path, text)?;
    let low: LowConfig = toml::from_str(text).map_err(|error| translate::serde_error(&document, &error))?;
    validate::validate(&document, low, env)
}
