//! What the user typed after `cartera customer`.

use std::path::PathBuf;

use cartera_pipeline::store::RunSelector;
use cartera_report::Locale;
use clap::Args;

use super::WarehouseArguments;

#[derive(Debug, Args)]
pub(crate) struct CustomerArguments {
    /// A customer id or a source key; where several key spaces have it, with its own: web:17850
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// The run: current, a day, or a day and number such as 2025-12-31/2
    #[arg(long, visible_alias = "as-of", default_value = "current")]
    pub(crate) run: RunSelector,
    /// Show name, e-mail, telephone and the like too
    #[arg(long)]
    pub(crate) personal: bool,
    /// For machines: one object; money is exact decimal text, and what is not known is null
    #[arg(long, conflicts_with = "html")]
    pub(crate) json: bool,
    /// A page for a browser, with everything inside it
    #[arg(long)]
    pub(crate) html: bool,
    /// Language of the page: en or es [default: that of the pipeline]
    #[arg(long, value_name = "LANGUAGE", requires = "html")]
    pub(crate) locale: Option<Locale>,
    /// File to write, for its owner alone [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
