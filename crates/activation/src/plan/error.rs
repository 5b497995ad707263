//! Why the plan's parameters were refused.

use thiserror::Error;

/// Why `[contact_plan]` is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ContactPlanParamsError {
    /// A name that is none of a list.
    #[error("contact_plan: {key} is `{value}`, not one of {}", valid.join(", "))]
    Unknown {
        /// The key within the section, dotted.
        key: String,
        /// What stands there.
        value: String,
        /// What can stand there.
        valid: Vec<String>,
    },
    /// A value that cannot be.
    #[error("contact_plan: {key} is {found}, expected {expected}")]
    Refused {
        /// The key within the section, dotted.
        key: String,
        /// What stands there.
        found: String,
        /// What can stand there.
        expected: &'static str,
    },
}

impl ContactPlanParamsError {
    /// The dotted path of the key within `[contact_plan]`.
    #[must_use]
    pub fn key(&self) -> &str {
        let (Self::Unknown { key, .. } | Self::Refused { key, .. }) = self;
        key
    }
}
