//! What is asked of `cartera compare`.

use cartera_pipeline::store::RunSelector;
use clap::Args;

use super::WarehouseArguments;

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The run to look from: a day, or a day and number such as 2025-12-31/2 [default: the second newest]
    #[arg(value_name = "BEFORE")]
    pub(crate) before: Option<RunSelector>,
    /// The run to look at [default: the newest]
    #[arg(value_name = "AFTER")]
    pub(crate) after: Option<RunSelector>,
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// For machines: everything, as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
