//! What can stop a sample from being written.

use jiff::civil::Date;

/// Why no sample was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// A parameter is outside its range.
    #[error("{name} is {value}, expected {expected}")]
    Parameter {
        /// The parameter as it is spelled in [`SampleParams`](crate::SampleParams).
        name: &'static str,
        /// The value that was given.
        value: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// The window ends before it starts.
    #[error("the window starts on {first} and ends before, on {last}")]
    EmptyWindow {
        /// First day of the window.
        first: Date,
        /// Last day of the window.
        last: Date,
    },
    /// The sample is too small for the defects that were asked for.
    #[error("{needed} defects need as many orders in the first half of the file, found {found}")]
    TooFewOrders {
        /// Orders that the defects need.
        needed: usize,
        /// Orders that can carry a defect.
        found: usize,
    },
    /// The output refused the bytes.
    #[error("cannot write the sample")]
    Write(#[from] std::io::Error),
}
