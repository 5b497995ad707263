//! Whole runs of the pipeline library, on made and on real data.

mod determinism;
mod duplicates;
mod files;
mod formats;
mod leakage;
mod ledger;
mod money;
mod nights;
mod orders;
mod quality;
mod real_data;
mod support;
mod tables;
mod text_formats;
