//! What is asked of `cartera measure`.

use std::path::PathBuf;

use cartera_pipeline::measure::{Against, ListOutcome};
use cartera_pipeline::store::RunSelector;
use cartera_table::Money;
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::OutputFormat;

#[derive(Debug, Args)]
pub(crate) struct MeasureArguments {
    /// The pipeline file
    #[arg(value_name = "PIPELINE.toml", required_unless_present = "file", requires = "list")]
    pub(crate) pipeline: Option<PathBuf>,
    /// A list of the pipeline
    #[arg(value_name = "LIST")]
    pub(crate) list: Option<String>,
    /// What to measure of the list; may be given several times [default: all that there is data for]
    #[arg(long, value_name = "OUTCOME", conflicts_with = "file")]
    pub(crate) outcome: Vec<OutcomeArgument>,
    /// First day that counts [default: the day after that of the run]
    #[arg(long, value_name = "DAY", conflicts_with = "file")]
    pub(crate) from: Option<Date>,
    /// Last day that counts, inclusive [default: the last day of the data]
    #[arg(long, value_name = "DAY", conflicts_with = "file")]
    pub(crate) to: Option<Date>,
    /// The run whose assignment counts, such as 2025-06-30 or 2025-06-30/2 [default: the newest one before --from]
    #[arg(long, value_name = "RUN", conflicts_with = "file")]
    pub(crate) run: Option<RunSelector>,
    /// Whom to compare with [default: both, where they have customers]
    #[arg(long, value_name = "GROUP", conflicts_with = "file")]
    pub(crate) against: Option<AgainstArgument>,
    /// Folder that runs are published in, in place of the pipeline's
    #[arg(long, value_name = "FOLDER", conflicts_with = "file")]
    pub(crate) warehouse: Option<PathBuf>,
    /// A file with a row a customer, in place of a list: CSV in any dialect, JSON, Excel or Parquet
    #[arg(long, conflicts_with = "pipeline", requires_all = ["arm_column", "control", "outcome_column"])]
    pub(crate) file: Option<PathBuf>,
    /// Its column of groups
    #[arg(long, value_name = "COLUMN", requires = "file")]
    pub(crate) arm_column: Option<String>,
    /// The group that was held out
    #[arg(long, value_name = "GROUP", requires = "file")]
    pub(crate) control: Option<String>,
    /// A column of outcomes, 0 and 1 or amounts; may be given several times
    #[arg(long, value_name = "COLUMN", requires = "file")]
    pub(crate) outcome_column: Vec<String>,
    /// What amounts are in, such as USD
    #[arg(long, value_name = "TEXT", requires = "file")]
    pub(crate) unit: Option<String>,
    /// Share that a group was drawn to have, so that the sizes are checked; for all groups, together 1, or for none
    #[arg(long, value_name = "GROUP=SHARE", value_parser = designed_share, requires = "file")]
    pub(crate) designed_share: Vec<(String, f64)>,
    /// What a contact cost, for the return on investment
    #[arg(long, value_name = "AMOUNT", value_parser = money, requires = "margin_share")]
    pub(crate) cost_per_contact: Option<i64>,
    /// Part of the amounts that is margin, above 0 up to 1, which is where they are margin already; columns of zeros and ones
    /// have none
    #[arg(long, value_name = "SHARE", requires = "file")]
    pub(crate) margin_share: Option<f64>,
    /// By segments too: a column of the file, or of customer_segments as the run left it
    #[arg(long, value_name = "COLUMN")]
    pub(crate) by: Option<String>,
    /// Confidence of intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95)]
    pub(crate) confidence: f64,
    /// For machines: everything, with all digits
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// For machines: one row a comparison
    #[arg(long)]
    csv: bool,
}

impl MeasureArguments {
    pub(crate) fn format(&self) -> OutputFormat {
        match (self.json, self.csv) {
            (true, _) => OutputFormat::Json,
            (_, true) => OutputFormat::Csv,
            _ => OutputFormat::Table,
        }
    }
}

/// `--outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeArgument {
    /// Customers with an order
    Buyers,
    /// Orders a customer
    Orders,
    /// Net sales a customer
    Sales,
    /// Gross margin a customer
    Margin,
    /// Customers who answered the list's campaign
    Response,
}

impl From<OutcomeArgument> for ListOutcome {
    fn from(outcome: OutcomeArgument) -> Self {
        match outcome {
            OutcomeArgument::Buyers => Self::Buyers,
            OutcomeArgument::Orders => Self::Orders,
            OutcomeArgument::Sales => Self::Sales,
            OutcomeArgument::Margin => Self::Margin,
            OutcomeArgument::Response => Self::Response,
        }
    }
}

/// `--against`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum AgainstArgument {
    /// Those held out of the list: tells what the list did
    Control,
    /// Those held out of all lists: tells what all lists did together
    GlobalControl,
}

impl From<AgainstArgument> for Against {
    fn from(against: AgainstArgument) -> Self {
        match against {
            AgainstArgument::Control => Self::Control,
            AgainstArgument::GlobalControl => Self::GlobalControl,
        }
    }
}

/// Reads `Group=0.1`; the group may hold an equals sign itself.
fn designed_share(text: &str) -> Result<(String, f64), String> {
    let expected = || "expected a group and a share above 0, such as \"control=0.1\"".to_owned();
    let (group, share) = text.rsplit_once('=').ok_or_else(expected)?;
    let share: f64 = share.parse().map_err(|_| expected())?;
    (share.is_finite() && share > 0.0)
        .then(|| (group.to_owned(), share))
        .ok_or_else(expected)
}

/// Reads an amount with at most four decimals, in ten-thousandths.
fn money(text: &str) -> Result<i64, String> {
    let expected = || "expected an amount such as 0.35, with at most four decimals".to_owned();
    let Money(unscaled) = text.parse().map_err(|_| expected())?;
    i64::try_from(unscaled)
        .ok()
        .filter(|unscaled| *unscaled >= 0)
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(money("0.35"), Ok(3_500));
        assert_eq!(money("12"), Ok(120_000));
        assert_eq!(money("1.2345"), Ok(12_345));
        for text in ["", ".5", "-1", "1.23456", "1,5", "1e3", "99999999999999999999"] {
            assert!(money(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shares_name_their_group() {
        assert_eq!(designed_share("a=b=0.25"), Ok(("a=b".to_owned(), 0.25)));
        for text in ["a", "a=", "a=0", "a=-1", "a=NaN", "a=inf"] {
            assert!(designed_share(text).is_err(), "{text}");
        }
    }
}
