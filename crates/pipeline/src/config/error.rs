//! What can be wrong with a pipeline file, and how it is told.

use std::fmt;
use std::io;
use std::path::PathBuf;

use cartera_activation::files::FilesError;
use cartera_activation::{CampaignParamsError, ContactPlanParamsError, TargetParamsError};
use cartera_feature::{FeatureParamsError, RfmParamsError};
use cartera_ingest::SourceParamsError;
use cartera_normalize::{CostParamsError, CurrencyParamsError, LineKindParamsError, ReturnsParamsError};
use cartera_segment::{SegmentError, SignalParamsError};
use cartera_table::Currency;

use super::excerpt::Excerpt;
use crate::quality::CheckParamsError;

/// Why a pipeline file cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the pipeline file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Something in the file is refused.
    #[error("{0}")]
    Invalid(Box<Diagnostic>),
}

/// A refused place of a pipeline file. Its text has several lines: where and what, the line with
/// the place underlined, and a hint.
#[derive(Debug)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Where.
    pub excerpt: Excerpt,
    /// What.
    pub problem: ConfigProblem,
}

impl Diagnostic {
    pub(crate) fn new(excerpt: Excerpt, problem: ConfigProblem) -> Self {
        Self { excerpt, problem }
    }
}

impl From<Diagnostic> for ConfigError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Invalid(Box::new(diagnostic))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Excerpt { path, line, column, .. } = &self.excerpt;
        let path = path.display();
        writeln!(formatter, "{path}:{line}:{column}: {}", self.problem)?;
        write!(formatter, "{}", self.excerpt)?;
        match self.problem.hint() {
            Some(hint) => write!(formatter, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// What is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigProblem {
    /// The text is not TOML.
    #[error("not TOML: {message}")]
    Syntax {
        /// What the TOML parser says.
        message: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}` in {section}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The section as it is written, `[pipeline]`.
        section: String,
        /// The valid keys of the section.
        valid: Vec<String>,
    },
    /// A word that is none of a list.
    #[error("unknown value `{value}` of `{key}`")]
    UnknownValue {
        /// The key as a dotted path.
        key: String,
        /// The word.
        value: String,
        /// The valid words.
        valid: Vec<String>,
    },
    /// A value of the wrong type, or a number outside of its type.
    #[error("`{key}` is {found}, expected {expected}")]
    WrongType {
        /// The key as a dotted path.
        key: String,
        /// What stands there.
        found: String,
        /// What can stand there.
        expected: String,
    },
    /// A key that is needed.
    #[error("{section} has no `{key}`")]
    MissingKey {
        /// The key.
        key: String,
        /// The section as it is written.
        section: String,
    },
    /// A value that is not allowed.
    #[error("`{key}` is {value}, expected {expected}")]
    Value {
        /// The key as a dotted path.
        key: &'static str,
        /// The value.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// The file names no source.
    #[error("the pipeline has no source")]
    NoSource,
    /// The file names sources, but none of order lines.
    #[error("no source feeds the table `order_lines`, which every run starts from")]
    NoOrderLines,
    /// A `[[source]]` entry is refused by the stage that reads it.
    #[error("source {name:?}: {error}")]
    Source {
        /// The source.
        name: String,
        /// What the stage says.
        error: SourceParamsError,
    },
    /// A `[[check]]` entry is refused.
    #[error("[[check]]: {0}")]
    Check(CheckParamsError),
    /// `[order_lines]` is refused by the stage that applies it.
    #[error("[order_lines]: {0}")]
    OrderLines(LineKindParamsError),
    /// A rule looks at a column that no source has, so that it would never take a line.
    #[error("a rule looks at `{condition}`, but no source maps `{target}`")]
    UnmappedCondition {
        /// The condition of the rule.
        condition: &'static str,
        /// The column that it needs.
        target: &'static str,
    },
    /// `[currency]` is refused by the stage that converts.
    #[error("[currency]: {0}")]
    Currency(CurrencyParamsError),
    /// `[costs]` is refused by the stage that applies it.
    #[error("[costs]: {0}")]
    Costs(CostParamsError),
    /// `[returns]` is refused by the stage that applies it.
    #[error("[returns]: {0}")]
    Returns(ReturnsParamsError),
    /// Returns can only be matched where sources tell products and quantities.
    #[error(
        "returns are matched by customer and product, but no source of order lines maps both `product_id` and `quantity`"
    )]
    UnmatchableReturns,
    /// A source in another currency, and nothing to convert it by.
    #[error("source {name:?} is in {currency}, the pipeline in {pipeline}, and no source has `table = \"rates\"`")]
    NoRates {
        /// The source.
        name: String,
        /// Its currency.
        currency: Currency,
        /// The pipeline's.
        pipeline: Currency,
    },
    /// `[rfm]` is refused by the stage that scores.
    #[error("[rfm]: {0}")]
    Rfm(RfmParamsError),
    /// A section that steers features.
    #[error("[{}]: {_0}", _0.section)]
    Feature(FeatureParamsError),
    /// Three scores that do not have the same number of bins, so that no map of segments fits them.
    #[error("recency, frequency and monetary have {}, {} and {} bins", bins[0], bins[1], bins[2])]
    UnequalBins {
        /// Bins of recency, frequency and monetary value.
        bins: [u8; 3],
    },
    /// `[rfm_map]`, `[pareto]`, `[value_tiers]`, `[profiles]` or `[k_means]` is refused by the stage that segments.
    #[error("{0}")]
    Segment(Box<SegmentError>),
    /// A rule of `[signals]` is refused.
    #[error("{0}")]
    Signals(SignalParamsError),
    /// `[campaigns]` is refused.
    #[error("{0}")]
    Campaigns(CampaignParamsError),
    /// `[[target]]`, `[contact_rules]` or `[control]` is refused.
    #[error("{0}")]
    Target(Box<TargetParamsError>),
    /// `files` of a `[[target]]` is refused.
    #[error("target {list}: files: {error}")]
    TargetFiles {
        /// The list.
        list: String,
        /// What is wrong.
        error: Box<FilesError>,
    },
    /// `[contact_plan]` is refused.
    #[error("{0}")]
    ContactPlan(ContactPlanParamsError),
    /// A value that cannot be read, for a reason that its own type tells.
    #[error("`{key}`: {message}")]
    Unreadable {
        /// The key as a dotted path.
        key: String,
        /// The reason.
        message: String,
    },
    /// The file cannot be written down for the fingerprint.
    #[error("the configuration has no canonical form")]
    Canonical(#[source] serde_json::Error),
    /// A variable in a path has no value.
    #[error("{message} in the path {path:?}")]
    Variable {
        /// The path as typed.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// A glob that cannot be read.
    #[error("{pattern:?} is no glob: {message}")]
    Glob {
        /// The pattern.
        pattern: String,
        /// What is wrong.
        message: String,
    },
    /// A path or a glob without a file.
    #[error("source {name:?}: no file {}", pattern.display())]
    NoInput {
        /// The source.
        name: String,
        /// What was looked for.
        pattern: PathBuf,
    },
    /// A folder that is a path, or that a glob looks into, cannot be read.
    #[error("source {name:?}: cannot look into {}", path.display())]
    UnreadableFolder {
        /// The source.
        name: String,
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl ConfigProblem {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { key, valid, .. } => Some(choice_hint(key, valid, "valid keys")),
            Self::UnknownValue { value, valid, .. } => {
                Some(choice_hint(value, valid, "valid values"))
            }
            Self::MissingKey { key, .. } => Some(format!("add a line `{key} = ...` there")),
            Self::NoSource | Self::NoOrderLines => Some(
                "add a [[source]] section with `name`, `table = \"order_lines\"`, `path`, and the columns in [source.columns]"
                    .to_owned(),
            ),
            Self::UnmappedCondition { target, .. } => Some(format!(
                "map `{target}` in [source.columns], or take the condition out"
            )),
            Self::UnmatchableReturns => Some(
                "map both in [source.columns], or set match = \"none\" in [returns]".to_owned(),
            ),
            Self::NoRates { currency, .. } => Some(format!(
                "add a [[source]] with `table = \"rates\"` that maps `date`, `currency` and `rate`, with rates of {currency}"
            )),
            Self::UnequalBins { .. } => Some(
                "named segments need the same number for all three; n cut points make n + 1 bins".to_owned(),
            ),
            Self::Variable { .. } => Some(
                "set the variable, or give a default: `${NAME:-default}`".to_owned(),
            ),
            Self::NoInput { .. } => Some(
                "relative paths start at the folder of the pipeline file; check the spelling, and that the data is there, or set `allow_no_files = true` where the files may come later"
                    .to_owned(),
            ),
            Self::Syntax { .. }
            | Self::WrongType { .. }
            | Self::Value { .. }
            | Self::Source { .. }
            | Self::Check(_)
            | Self::OrderLines(_)
            | Self::Currency(_)
            | Self::Costs(_)
            | Self::Returns(_)
            | Self::Rfm(_)
            | Self::Feature(_)
            | Self::Segment(_)
            | Self::Target(_)
            | Self::TargetFiles { .. }
            | Self::Signals(_)
            | Self::Campaigns(_)
            | Self::ContactPlan(_)
            | Self::Unreadable { .. }
            | Self::Canonical(_)
            | Self::Glob { .. }
            | Self::UnreadableFolder { .. } => None,
        }
    }
}

fn choice_hint(given: &str, valid: &[String], title: &str) -> String {
    let all = format!("{title}: {}", valid.join(", "));
    match nearest(given, valid) {
        Some(nearest) => format!("did you mean `{nearest}`? {all}"),
        None => all,
    }
}

/// The valid word that is most like the given one, if any is like it at all.
fn nearest<'a>(given: &str, valid: &'a [String]) -> Option<&'a str> {
    const LIKE_ENOUGH: f64 = 0.75;
    valid
        .iter()
        .map(|word| (strsim::jaro_winkler(given, word), word.as_str()))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word)
}
