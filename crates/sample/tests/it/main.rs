//! Tests of whole samples, read back as a stranger would read them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod defects;
mod determinism;
mod effects;
mod owners;
mod people;
mod read;
mod suppressions;
mod totals;
mod truth;
mod windows;
