//! The arguments of `cartera export`.

use cartera_pipeline::store::RunSelector;
use clap::Args;

use super::WarehouseArguments;

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The database. The password is better kept in the variable PGPASSWORD: command lines can be seen by others
    #[arg(value_name = "postgres://USER@HOST/DATABASE", hide_possible_values = true)]
    pub(crate) address: String,
    /// Schema to load the tables into; it is made where it is missing
    #[arg(long, default_value = "cartera", value_parser = cartera_export::schema_name)]
    pub(crate) schema: String,
    /// Only these tables
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    pub(crate) tables: Vec<String>,
    /// Load tables too that can hold personal data
    #[arg(long)]
    pub(crate) personal: bool,
    /// Drop views, foreign keys, columns of yours and the like that hang on a table and do not let it be filled again
    #[arg(long)]
    pub(crate) drop_dependents: bool,
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// The run: current, a day, or a day and number such as 2025-12-31/2
    #[arg(long, visible_alias = "as-of", value_name = "RUN|DAY", default_value = "current")]
    pub(crate) run: RunSelector,
}
