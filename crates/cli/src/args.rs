//! What the user typed.

mod compare;
mod customer;
mod documents;
mod export;
pub(crate) mod help;
mod measure;
mod report;
mod schema;
mod sql;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use cartera_pipeline::config::AsOfSetting;
use cartera_pipeline::store::RunSelector;
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

pub(crate) use compare::CompareArguments;
pub(crate) use customer::CustomerArguments;
pub(crate) use documents::{CompletionsArguments, ManArguments};
pub(crate) use export::ExportArguments;
pub(crate) use measure::MeasureArguments;
pub(crate) use report::ReportArguments;
pub(crate) use schema::{SchemaArguments, SchemaFormat};
pub(crate) use sql::{SqlArguments, SqlFormat};

/// Turns raw customer files into customer value and segment tables, with every row and every cent accounted for.
#[derive(Debug, Parser)]
#[command(name = "cartera", version, propagate_version = true, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "For every command")]
pub(crate) struct CommonArguments {
    /// Say less: no progress, only errors, and of a run one line
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: of a run all that its summary is made of
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Colours: on terminals that want them, always, or never (NO_COLOR and CLICOLOR_FORCE count too)
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) color: ColorChoice,
    /// Form of the log on standard error: text or json [default: bars on a terminal, else text]
    #[arg(long, global = true, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) log_format: Option<LogFormat>,
    /// What the log tells: error, warn, info or debug [default: info; -q: error; -v: debug]
    #[arg(long, global = true, value_name = "LEVEL", hide_possible_values = true)]
    pub(crate) log_level: Option<LogLevel>,
    /// Threads that work [default: all processors]
    #[arg(long, global = true, value_name = "COUNT")]
    threads: Option<NonZeroUsize>,
}

impl CommonArguments {
    pub(crate) fn threads(&self) -> usize {
        let available = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.threads.map_or_else(available, NonZeroUsize::get)
    }
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// A line of text an event
    Text,
    /// A JSON object an event
    Json,
}

/// What the log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// What stops a command
    Error,
    /// What a person should look at too
    Warn,
    /// What is done too
    Info,
    /// What begins too
    Debug,
}

impl From<LogLevel> for tracing::Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a pipeline and publish its tables
    #[command(
        after_help = "Examples:\n  cartera run pipelines/retail.toml\n  cartera run pipelines/retail.toml --as-of 2025-06-30\n  cartera run pipelines/retail.toml --as-of 2025-01-31..2025-12-31 --every month\n  cartera run pipelines/retail.toml -q --log-format json 2>> retail.log\n  cartera run pipelines/retail.toml --json -q | jq .totals.net_sales"
    )]
    Run(RunArguments),
    /// Read a pipeline and its inputs, say what a run would do, and publish nothing
    #[command(
        after_help = "Examples:\n  cartera check pipelines/retail.toml\n  cartera check pipelines/retail.toml --as-of 2025-06-30 --verbose"
    )]
    Check(RunArguments),
    /// List what is published, newest first
    #[command(
        after_help = "Examples:\n  cartera runs --warehouse pipelines/retail.toml\n  cartera runs --warehouse warehouse/retail --json | jq '.runs[0].run'"
    )]
    Runs(RunsArguments),
    /// Tell what changed between two runs, and why
    #[command(
        after_help = "Examples:\n  cartera compare --warehouse pipelines/retail.toml\n  cartera compare 2025-11-30 2025-12-31 --warehouse warehouse/retail\n  cartera compare 2025-12-31/1 2025-12-31/2 --warehouse warehouse/retail --json"
    )]
    Compare(CompareArguments),
    /// Print a published table
    #[command(
        after_help = "Examples:\n  cartera show customer_features --warehouse warehouse/retail --limit 5\n  cartera show ledger --warehouse warehouse/retail --format csv"
    )]
    Show(ShowArguments),
    /// Write the report of a published run once more, such as in the other language
    #[command(
        after_help = "Every run writes its report beside its tables, as report.html.\n\nExamples:\n  cartera report --warehouse warehouse/retail --locale es --out informe.html\n  cartera report 2025-11-30 --warehouse warehouse/retail > november.html"
    )]
    Report(ReportArguments),
    /// List the tables that raw files are mapped to and those that runs publish, or tell the columns of one
    #[command(
        after_help = "Examples:\n  cartera schema\n  cartera schema interactions\n  cartera schema --format json\n  cartera schema --format markdown > tables.md"
    )]
    Schema(SchemaArguments),
    /// Answer a question in SQL over the published tables
    #[command(
        after_help = "Each table of the run is asked by its name; with _history behind it, it holds the newest run of\nevery day, with the columns as_of and run before its own. The SQL is that of polars; see\ndocs/reading.md for what it does not know.\n\nExamples:\n  cartera sql --tables\n  cartera sql \"select rfm_segment, count(*) as customers from customer_segments \\\n    group by rfm_segment order by 2 desc\"\n  cartera sql \"select as_of, sum(net_sales) as net_sales from customer_features_history \\\n    group by as_of order by as_of\" --format csv\n  cartera sql --file best.sql --out best.parquet"
    )]
    Sql(SqlArguments),
    /// Load the published tables into PostgreSQL, in one transaction
    #[command(
        after_help = "Readers see all of the old tables or all of the new ones. Views, grants and indexes of yours stay;\nthe table _run tells which run each table is of. sslmode is prefer, require, verify-full or\ndisable; sslrootcert names a PEM file.\n\nExamples:\n  PGPASSWORD=... cartera export postgres://loader@db.example/crm\n  cartera export 'postgres://loader@db.example/crm?sslmode=verify-full' \\\n    --schema crm --tables kpis,customer_segments"
    )]
    Export(ExportArguments),
    /// Tell everything of one customer on one screen, as JSON or as a page
    #[command(
        after_help = "Examples:\n  cartera customer 17850 --warehouse warehouse/retail\n  cartera customer web:17850 --warehouse pipelines/retail.toml --personal\n  cartera customer 17850 --warehouse warehouse/retail --json\n  cartera customer 17850 --warehouse warehouse/retail --html --out 17850.html"
    )]
    Customer(CustomerArguments),
    /// Remove old runs, never the current one or the state that it names
    #[command(
        after_help = "Examples:\n  cartera prune --warehouse warehouse/retail --keep-runs 90 --dry-run\n  cartera prune --warehouse pipelines/retail.toml --keep-runs 90"
    )]
    Prune(PruneArguments),
    /// Erase people: runs that tell of them are made anew without them, and later runs leave them out
    #[command(
        after_help = "A key is written as the raw files have it; - reads keys from standard input, one a line, so that\nnone stands in the history of the shell. Raw files are not changed, and what was sent elsewhere is\nnot called back: both are named in the end.\n\nExamples:\n  cartera forget pipelines/retail.toml P1872089 --dry-run\n  cartera forget pipelines/retail.toml - < keys.txt\n  cartera forget pipelines/retail.toml --list"
    )]
    Forget(ForgetArguments),
    /// Look at raw files and write a pipeline for them, with what speaks for each key and what is unsure
    #[command(after_help = "Example:\n  cartera init exports/*.csv --out pipeline.toml\n  cartera check pipeline.toml")]
    Init(InitArguments),
    /// Write a target list from a published run, with consents and suppressions as they are now
    #[command(
        after_help = "Examples:\n  cartera target pipelines/retail.toml --channel email --columns name,email --out at_risk.xlsx \\\n    --where \"rfm_segment = 'at_risk' and value_tier in ('platinum', 'gold')\"\n  cartera target pipelines/retail.toml win_back --out win_back.csv\n\nThe condition looks at the columns of customer_features, customer_segments and customers (see\ncartera schema), and at signal_<name>. Nobody is contacted without consent for the channel and\npurpose."
    )]
    Target(Box<TargetArguments>),
    /// Tell what a list or a campaign brought: treated customers against those held out
    #[command(
        after_help = "Examples:\n  cartera measure pipeline.toml win_back --run 2025-06-30 --to 2025-07-31\n  cartera measure --file campaign.csv --arm-column group --control held_out \\\n    --outcome-column bought --outcome-column spend"
    )]
    Measure(Box<MeasureArguments>),
    /// Write the files of a made-up retailer with known truth
    #[command(after_help = "Example:\n  cartera sample --out /tmp/retailer --customers 320000 --seed 1")]
    Sample(SampleArguments),
    /// Print what makes a shell complete the commands and options of cartera
    #[command(
        after_help = "Examples:\n  cartera completions bash > ~/.local/share/bash-completion/completions/cartera\n  cartera completions zsh > ~/.zfunc/_cartera\n  cartera completions fish > ~/.config/fish/completions/cartera.fish"
    )]
    Completions(CompletionsArguments),
    /// Print the manual page, or write one for each command
    #[command(after_help = "Examples:\n  cartera man | man -l -\n  cartera man --out ~/.local/share/man/man1")]
    Man(ManArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The pipeline file
    #[arg(value_name = "PIPELINE.toml")]
    pub(crate) pipeline: PathBuf,
    /// The day to look from, inclusive: a date, latest, today, or a range of dates A..B for one run each
    /// [default: as_of of the pipeline]
    #[arg(long, value_name = "DAY|A..B")]
    pub(crate) as_of: Option<AsOfArgument>,
    /// Step of a range of days [default: month]
    #[arg(long, value_name = "STEP", requires = "as_of")]
    pub(crate) every: Option<Step>,
    /// Folder to publish in [default: that of the pipeline]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) warehouse: Option<PathBuf>,
    /// For machines: the summary as one JSON object a run, and nothing else on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Memory to use, such as 800MiB or 4GiB [default: half of what the control group or the machine has]
    #[arg(long, value_name = "SIZE", value_parser = memory_bytes, help_heading = "Reading")]
    pub(crate) memory: Option<u64>,
    /// Read all files anew, whatever earlier runs left; the tables are the same
    #[arg(long, help_heading = "Reading")]
    pub(crate) full: bool,
    /// Fit the clusters anew, whatever the schedule says; a model that would move too many customers is kept as
    /// a candidate
    #[arg(long, help_heading = "Models and lists")]
    pub(crate) refit: bool,
    /// Let a new model of the clusters, tonight's or the candidate of the run before, replace the old one
    /// however many customers it moves
    #[arg(long, help_heading = "Models and lists")]
    pub(crate) accept_model: bool,
    /// Write target lists although so many defective rows of consents and suppressions name no readable customer
    #[arg(long, value_name = "COUNT", default_value_t = 0, help_heading = "Models and lists")]
    pub(crate) accept_bad_consents: u64,
}

#[derive(Debug, Args)]
pub(crate) struct RunsArguments {
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// For machines: one JSON object with all runs
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WarehouseArguments {
    /// Folder that runs are published in, or the pipeline file that names it
    #[arg(long, value_name = "FOLDER|PIPELINE.toml", default_value = "warehouse")]
    pub(crate) warehouse: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The table, such as customer_features
    pub(crate) table: String,
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// The run: current, a day, or a day and number such as 2025-12-31/2
    #[arg(long, default_value = "current")]
    pub(crate) run: RunSelector,
    /// Rows at most; 0 for all
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Form of the output
    #[arg(long, default_value = "table")]
    pub(crate) format: OutputFormat,
}

/// Form of a printed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people: thousands separated, columns aligned
    Table,
    /// For machines: RFC 4180, plain numbers
    Csv,
    /// For machines: an array of objects, decimals as numbers with all their digits
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct PruneArguments {
    #[command(flatten)]
    pub(crate) warehouse: WarehouseArguments,
    /// Newest runs to keep
    #[arg(long, value_name = "COUNT", default_value = "30")]
    pub(crate) keep_runs: NonZeroUsize,
    /// Only say what would be removed
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// For machines: one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TargetArguments {
    /// The pipeline file: its warehouse, its sources of consents and suppressions, its rules
    #[arg(value_name = "PIPELINE.toml")]
    pub(crate) pipeline: PathBuf,
    /// A list of the pipeline; in its place, --where
    #[arg(
        value_name = "LIST",
        required_unless_present = "condition",
        conflicts_with = "condition"
    )]
    pub(crate) list: Option<String>,
    /// File to write; .csv, .xlsx or .parquet says its form. May be given several times
    #[arg(long, value_name = "FILE", required = true, help_heading = "Files")]
    pub(crate) out: Vec<PathBuf>,
    /// Form of the files [default: what their names say]
    #[arg(long, value_name = "FORM", help_heading = "Files")]
    pub(crate) format: Option<ListFormat>,
    /// Columns of the list beside the customer, such as name,email; personal ones stand in it only when asked for
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', help_heading = "Files")]
    pub(crate) columns: Vec<String>,
    /// Sign between two cells of CSV, such as ; for Excel in many countries
    #[arg(long, value_name = "SIGN", help_heading = "Files")]
    pub(crate) delimiter: Option<String>,
    /// Begin CSV with the mark by which Excel knows UTF-8
    #[arg(long, help_heading = "Files")]
    pub(crate) bom: bool,
    /// Write numbers of CSV with a comma before their decimals
    #[arg(long, help_heading = "Files")]
    pub(crate) decimal_comma: bool,
    /// Write to this CSV why each candidate is in or out
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(crate) decisions: Option<PathBuf>,
    /// For machines: the figures of the list as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Go on although so many defective rows of consents and suppressions name no readable customer
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) accept_bad_consents: u64,
    /// The run: current, a day, or a day and number such as 2025-12-31/2
    #[arg(long, default_value = "current")]
    pub(crate) run: RunSelector,
    /// Folder that runs are published in, in place of the pipeline's
    #[arg(long, value_name = "FOLDER")]
    pub(crate) warehouse: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ad_hoc: AdHocArguments,
}

/// Form of a list's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// Text with commas
    Csv,
    /// A workbook, with a sheet of counts and reasons
    Xlsx,
    /// Parquet
    Parquet,
    /// Hashed identifiers for Google's Customer Match
    Google,
    /// Hashed identifiers for a custom audience of Meta
    Meta,
}

/// A list that the pipeline does not declare.
#[derive(Debug, Args)]
#[command(next_help_heading = "A list of your own")]
pub(crate) struct AdHocArguments {
    /// The SQL condition that the candidates meet
    #[arg(long = "where", value_name = "CONDITION", requires = "channel")]
    pub(crate) condition: Option<String>,
    /// Through what they are contacted, as consents have it: such as email, sms, phone or post
    #[arg(long, requires = "condition", conflicts_with = "list")]
    pub(crate) channel: Option<String>,
    /// What for, as consents have it [default: marketing]
    #[arg(long, requires = "condition", conflicts_with = "list")]
    pub(crate) purpose: Option<String>,
    /// Name of the list, which the draw of its control group hangs on: the same name holds out the same customers
    /// [default: ad_hoc_ and a short hash of channel, purpose and condition, the same whatever the files are called]
    #[arg(long, requires = "condition", conflicts_with = "list")]
    pub(crate) name: Option<String>,
    /// Who goes first, such as "vin desc"; may be given several times
    #[arg(long, value_name = "TERM", requires = "condition", conflicts_with = "list")]
    pub(crate) order_by: Vec<String>,
    /// Customers at most, those held out included
    #[arg(long, value_name = "COUNT", requires = "condition", conflicts_with = "list")]
    pub(crate) limit: Option<u64>,
    /// What a contact costs, in the pipeline's currency
    #[arg(long, value_name = "AMOUNT", requires = "condition", conflicts_with = "list")]
    pub(crate) cost_per_contact: Option<String>,
    /// What the list may cost
    #[arg(long, value_name = "AMOUNT", requires = "cost_per_contact", conflicts_with = "list")]
    pub(crate) budget: Option<String>,
    /// What a contact is expected to earn, an SQL number such as "clv_12m * 0.02"
    #[arg(long, value_name = "EXPRESSION", requires = "condition", conflicts_with = "list")]
    pub(crate) expected_value: Option<String>,
    /// Share held out as its control group [default: that of the pipeline, 0.1]
    #[arg(long, value_name = "SHARE", requires = "condition", conflicts_with = "list")]
    pub(crate) control_share: Option<f64>,
    /// Let it have customers who are in lists of the pipeline too
    #[arg(long, requires = "condition", conflicts_with = "list")]
    pub(crate) not_exclusive: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ForgetArguments {
    /// The pipeline file
    #[arg(value_name = "PIPELINE.toml")]
    pub(crate) pipeline: PathBuf,
    /// Keys of the person in one key space, or - for standard input
    #[arg(
        value_name = "CUSTOMER_KEY",
        required_unless_present = "list",
        conflicts_with = "list"
    )]
    pub(crate) keys: Vec<String>,
    /// Key space of the keys [default: the only one of the pipeline]
    #[arg(long, value_name = "SPACE")]
    pub(crate) key_space: Option<String>,
    /// Folder of the runs, in place of the pipeline's
    #[arg(long, value_name = "FOLDER")]
    pub(crate) warehouse: Option<PathBuf>,
    /// Memory to use, such as 800MiB or 4GiB [default: half of what the control group or the machine has]
    #[arg(long, value_name = "SIZE", value_parser = memory_bytes)]
    pub(crate) memory: Option<u64>,
    /// Keep out a key that no run knows all the same, for files that are still to come
    #[arg(long)]
    pub(crate) unseen: bool,
    /// Make runs of another config anew with that of today: their figures change for other reasons too
    #[arg(long)]
    pub(crate) with_present_config: bool,
    /// Make runs of other files anew with those of today: their figures change for other reasons too
    #[arg(long)]
    pub(crate) with_present_files: bool,
    /// Delete the runs that cannot be made anew as they were
    #[arg(long)]
    pub(crate) delete_unrepeatable: bool,
    /// Go on although so many defective rows of consents and suppressions name no readable customer
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) accept_bad_consents: u64,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// List what was erased so far; keys are known as hashes only
    #[arg(long)]
    pub(crate) list: bool,
    /// For machines: one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    /// Folder to write into; it is made where it is missing
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Customers of the retailer
    #[arg(long, default_value_t = 1_000)]
    pub(crate) customers: u64,
    /// Seed: the same seed gives the same files
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Defects of each kind to plant
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) defects: u32,
    /// Share of the customers who have a second key in another channel [default: 0.08]
    #[arg(long, value_name = "SHARE")]
    pub(crate) second_key_share: Option<f64>,
    /// Write the order lines of the last days to order_lines_new.csv: one more night
    #[arg(long, value_name = "DAYS")]
    pub(crate) split_last_days: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The raw files: exports of orders, customers, products and so on
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The pipeline file to write
    #[arg(long, value_name = "PIPELINE.toml", default_value = "pipeline.toml")]
    pub(crate) out: PathBuf,
    /// Name of the pipeline [default: that of the source of order lines]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Folder to publish in, relative to the pipeline file [default: warehouse/ and the name]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) warehouse: Option<String>,
    /// Write over a pipeline file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

/// `--as-of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsOfArgument {
    One(AsOfSetting),
    Range { first: Date, last: Date },
}

impl FromStr for AsOfArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str =
            "expected a date such as 2025-12-31, a range such as 2025-01-31..2025-12-31, latest or today";
        let one = |text: &str| AsOfSetting::from_text(text).ok_or_else(|| EXPECTED.to_owned());
        let Some((first, last)) = text.split_once("..") else {
            return one(text).map(Self::One);
        };
        match (one(first)?, one(last)?) {
            (AsOfSetting::Date(first), AsOfSetting::Date(last)) if first <= last => Ok(Self::Range { first, last }),
            (AsOfSetting::Date(_), AsOfSetting::Date(_)) => {
                Err("the first day of the range comes after the last".into())
            }
            _ => Err("a range goes from a date to a date".into()),
        }
    }
}

impl AsOfArgument {
    /// The days to run for, in order; none where a step is given for a single day.
    pub(crate) fn days(self, every: Option<Step>) -> Option<Vec<AsOfSetting>> {
        let (first, last) = match (self, every) {
            (Self::One(setting), None) => return Some(vec![setting]),
            (Self::One(_), Some(_)) => return None,
            (Self::Range { first, last }, _) => (first, last),
        };
        let every = every.unwrap_or(Step::Month);
        // Each day is counted from the first one, and from the end of a month to the ends of others.
        let is_month_end = first == first.last_of_month() && !matches!(every, Step::Day | Step::Week);
        (0..)
            .map_while(|steps| first.checked_add(every.span(steps)).ok())
            .map(|day| if is_month_end { day.last_of_month() } else { day })
            .take_while(|day| *day <= last)
            .map(AsOfSetting::Date)
            .collect::<Vec<_>>()
            .into()
    }
}

/// `--every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Step {
    fn span(self, steps: i32) -> Span {
        match self {
            Self::Day => steps.days(),
            Self::Week => steps.weeks(),
            Self::Month => steps.months(),
            Self::Quarter => (3 * steps).months(),
            Self::Year => steps.years(),
        }
    }
}

/// Reads a size such as `800MiB`, `4GiB` or `2GB`.
fn memory_bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 6] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
    ];
    const SMALLEST: u64 = 64 << 20;
    let expected = || "expected a size of at least 64MiB, such as 800MiB or 4GiB".to_owned();
    let (unit, factor) = UNITS
        .iter()
        .find(|(unit, _)| text.ends_with(unit))
        .ok_or_else(expected)?;
    let number: u64 = text.trim_end_matches(unit).trim().parse().map_err(|_| expected())?;
    number
        .checked_mul(*factor)
        .filter(|&bytes| bytes >= SMALLEST)
        .ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    fn days(text: &str, every: Option<Step>) -> Vec<String> {
        let argument: AsOfArgument = text.parse().expect("a valid range");
        let text = |setting: AsOfSetting| match setting {
            AsOfSetting::Date(date) => date.to_string(),
            other => format!("{other:?}"),
        };
        argument
            .days(every)
            .expect("a range, or no step")
            .into_iter()
            .map(text)
            .collect()
    }

    #[test]
    fn months_keep_to_their_last_day() {
        let expected = ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"];
        assert_eq!(days("2024-01-31..2024-05-30", None), expected);
        let expected = ["2024-02-29", "2024-05-31", "2024-08-31"];
        assert_eq!(days("2024-02-29..2024-08-31", Some(Step::Quarter)), expected);
        let expected = ["2024-01-30", "2024-02-29", "2024-03-30"];
        assert_eq!(days("2024-01-30..2024-03-30", None), expected);
    }

    #[test]
    fn a_range_of_one_day_is_one_run() {
        assert_eq!(days("2024-01-31..2024-01-31", Some(Step::Year)), ["2024-01-31"]);
        assert_eq!(days("latest", None), ["Latest"]);
    }

    #[test]
    fn a_step_needs_a_range() {
        let one: AsOfArgument = "2024-01-31".parse().expect("a day");
        assert_eq!(one.days(Some(Step::Week)), None);
    }

    #[test]
    fn ranges_that_are_none_are_refused() {
        for text in ["2024-02-01..2024-01-31", "latest..2024-01-31", "2024-13-01", "..", ""] {
            assert!(text.parse::<AsOfArgument>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_need_a_unit_and_some_room() {
        assert_eq!(memory_bytes("4GiB"), Ok(4 << 30));
        assert_eq!(memory_bytes("800 MiB"), Ok(800 << 20));
        assert_eq!(memory_bytes("2GB"), Ok(2_000_000_000));
        for text in ["4", "1MiB", "-1GiB", "99999999999GiB", "GiB"] {
            assert!(memory_bytes(text).is_err(), "{text}");
        }
    }
}
