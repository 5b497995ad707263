//! Whole runs of the pipeline library, on made and on real data.

mod determinism;
mod duplicates;
mod leakage;
mod ledger;
mod orders;
mod real_data;
mod support;
