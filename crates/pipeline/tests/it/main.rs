//! Whole runs of the pipeline library, on made and on real data.

mod breadth;
mod cohorts;
mod determinism;
mod duplicates;
mod files;
mod formats;
mod leakage;
mod ledger;
mod lifecycle;
mod lifetime;
mod models;
mod money;
mod nights;
mod orders;
mod portfolios;
mod profit;
mod quality;
mod real_data;
mod relations;
mod segments;
mod signals;
mod support;
mod tables;
mod text_formats;
