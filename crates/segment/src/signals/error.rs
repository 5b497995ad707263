//! Why a rule was refused.

use thiserror::Error;

/// Why `[signals]` was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignalParamsError {
    /// A name that is none of a list.
    #[error("signal `{rule}`: {key} is `{value}`, not one of {}", valid.join(", "))]
    Unknown {
        /// The rule.
        rule: String,
        /// The key within the rule, such as `when.0.column`.
        key: String,
        /// What stands there.
        value: String,
        /// What can stand there.
        valid: Vec<String>,
    },
    /// A value or a combination of keys that cannot be.
    #[error("signal `{rule}`: {}{found}, expected {expected}", if key.is_empty() { String::new() } else { format!("{key} ") })]
    Refused {
        /// The rule.
        rule: String,
        /// The key within the rule; empty for the rule itself.
        key: String,
        /// What stands there, such as `is -1`.
        found: String,
        /// What can stand there.
        expected: String,
    },
}

impl SignalParamsError {
    /// The dotted path of the key within `[signals]`.
    #[must_use]
    pub fn key(&self) -> String {
        let (Self::Unknown { rule, key, .. } | Self::Refused { rule, key, .. }) = self;
        if key.is_empty() {
            rule.clone()
        } else {
            format!("{rule}.{key}")
        }
    }
}
