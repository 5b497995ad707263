//! What is wrong with lists and their rules, as typed.

use thiserror::Error;

use crate::condition::ConditionError;

/// Why a parameter of target lists was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TargetParamsError {
    /// A value cannot be.
    #[error("{section}: {key} = {value} is not {allowed}")]
    Refused {
        /// The section, with the list where it is one.
        section: String,
        /// The key.
        key: String,
        /// What was given.
        value: String,
        /// What may be given.
        allowed: String,
    },
    /// A key needs another one.
    #[error("target {list}: {key} is given without {missing}")]
    Alone {
        /// The list.
        list: String,
        /// The key.
        key: &'static str,
        /// The one that it needs.
        missing: &'static str,
    },
    /// Two lists have one name.
    #[error("target {list}: there are two lists of that name")]
    Twice {
        /// The list.
        list: String,
    },
    /// An expression cannot be computed.
    #[error("target {list}: {key}: {error}")]
    Condition {
        /// The list.
        list: String,
        /// The key.
        key: &'static str,
        /// What is wrong.
        error: Box<ConditionError>,
    },
}
