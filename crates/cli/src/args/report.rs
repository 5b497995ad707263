//! What the user typed after `cartera report`.

use std::path::PathBuf;

use cartera_pipeline::store::RunSelector;
use cartera_report::Locale;
use clap::Args;

use super::WarehouseArguments;

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The run: current, a day, or a day and number such as 2025-12-31/2
    #[arg(default_value = "current")]
    pub(crate) run: RunSelector,
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// Language: en or es [default: that of the pipeline]
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) locale: Option<Locale>,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
