//! What a campaign did: treated customers against those held out.
//!
//! Everything here is plain numbers. Customers are compared as they were assigned, whoever was really reached, because
//! only the assignment was drawn by lot. Sums are whole numbers, so that the order of the rows changes nothing; floats
//! begin where a rate or a mean is made of them.
//!
//! - [`OutcomeSums`]: what a group of customers did, added up;
//! - [`compare_rates`], [`compare_means`]: one group against another, with interval, test and relative lift;
//! - [`sample_ratio`]: whether the groups are as large as they were drawn to be;
//! - [`holm`]: p-values of many segments beside each other;
//! - [`measure`]: all of it for several arms, outcomes and segments, with [`Warning`]s.

mod comparison;
mod distributions;
mod holm;
mod means;
mod rates;
mod sample_ratio;
mod study;
mod sums;
mod warning;

pub use comparison::{Comparison, Interval, Investment};
pub use holm::holm;
pub use means::compare_means;
pub use rates::{compare_rates, detectable_difference_of_rates, wilson_interval};
pub use sample_ratio::{SampleRatio, sample_ratio};
pub use study::{
    ArmSize, Contrast, MeasureError, Measurement, Outcome, OutcomeKind, OutcomeResult, Study, StudyCell, measure,
};
pub use sums::OutcomeSums;
pub use warning::Warning;

#[cfg(test)]
mod tests;
