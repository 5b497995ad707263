//! What can stop a fit or a prediction.

use thiserror::Error;

/// Why a model could not be made or fitted.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ClvError {
    /// A parameter that is not above zero and finite.
    #[error("parameter {name} is {value}, expected a number above 0")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// A setting of an outlook that cannot be.
    #[error("{name} is {value}, expected {expected}")]
    Outlook {
        /// The setting.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What it can be.
        expected: &'static str,
    },
}
