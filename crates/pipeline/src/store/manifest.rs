//! What is true of one execution and not of its tables: times, paths, threads, memory, run number.
//!
//! Tables of equal fingerprints are equal byte for byte, so all that may differ stands here alone.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable;
use super::error::StoreError;
use super::lists::ListFile;
use super::parquet::TableFile;
use super::run_ref::RunRef;

/// The manifest's name in the run's folder.
pub const MANIFEST_FILE: &str = "manifest.json";

/// The format that this build writes, and the newest that it reads.
const FORMAT_VERSION: u32 = 1;

/// A published run's manifest: where it stands, what the runner recorded, and its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this file's format.
    pub format_version: u32,
    /// The run: its `as_of` and `run`.
    #[serde(flatten)]
    pub reference: RunRef,
    /// What the runner recorded.
    #[serde(flatten)]
    pub record: RunRecord,
    /// The files, in the order in which they were written.
    pub tables: Vec<TableFile>,
    /// The files of target lists, likewise.
    #[serde(default)]
    pub lists: Vec<ListFile>,
}

/// What the runner records of a run. The store adds run number and files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The pipeline's name.
    pub pipeline: String,
    /// Hash of all that the tables depend on.
    pub fingerprint: String,
    /// Version of the names and types of its tables' columns; null where an older version did not count them.
    #[serde(default)]
    pub schema_version: Option<u32>,
    /// How its tables differ from those of the run before; null where they do not.
    #[serde(default)]
    pub schema_changes: Option<SchemaChangesRecord>,
    /// The run whose state was carried over: the newest one with an earlier day.
    pub prior_state: Option<RunRef>,
    /// The run in whose place this one was made; null for all others.
    #[serde(default)]
    pub replaces: Option<Replacement>,
    /// The keys of erased people that it was made without.
    #[serde(default)]
    pub erased_keys: ErasedKeysRecord,
    /// What the command line asked for; null where an older version did not write it down.
    #[serde(default)]
    pub asked: Option<AskedRecord>,
    /// The version of cartera that ran.
    pub cartera_version: String,
    /// Hash of the config.
    pub config_hash: String,
    /// When the run began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: String,
    /// How long it took.
    pub seconds: f64,
    /// Threads that it could use.
    pub threads: usize,
    /// Memory that it was allowed.
    pub memory_limit_bytes: u64,
    /// Memory that it took at most; null where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// Bytes that did not fit in memory and waited on disk.
    #[serde(default)]
    pub spilled_bytes: u64,
    /// How much of the files was read, and how much was known from earlier runs.
    #[serde(default)]
    pub reading: ReadingRecord,
    /// The files that were read.
    pub inputs: Vec<InputRecord>,
    /// The totals.
    pub totals: Totals,
    /// What became of the rows of each source table.
    #[serde(default)]
    pub source_tables: Vec<SourceTableRecord>,
    /// How many rows find their partner in another table.
    #[serde(default)]
    pub references: Vec<ReferenceRecord>,
    /// Where every row went, in short.
    pub ledger: Vec<LedgerRecord>,
    /// What policies did.
    #[serde(default)]
    pub effects: Vec<EffectRecord>,
    /// The fitted models that customers were put into segments with.
    #[serde(default)]
    pub models: Vec<ModelRecord>,
    /// The stages, in order.
    pub stages: Vec<StageRecord>,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// Everything that the run was told: the config, with the defaults of most sections filled in.
    pub parameters: serde_json::Value,
}

/// How the tables of a run differ from those of the run before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaChangesRecord {
    /// The run before.
    pub since: RunRef,
    /// What changed, in words.
    pub changes: Vec<String>,
}

impl SchemaChangesRecord {
    /// Changes that a sentence names; the manifest has them all.
    const NAMED: usize = 6;
}

impl fmt::Display for SchemaChangesRecord {
    /// For the person who reads the summary or the log.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (named, others) = self.changes.split_at(self.changes.len().min(Self::NAMED));
        write!(
            formatter,
            "the tables differ from those of run {}: {}",
            self.since,
            named.join("; ")
        )?;
        if !others.is_empty() {
            write!(formatter, "; and {} more", others.len())?;
        }
        formatter.write_str(" (schema_changes of the manifest, docs/schema-changes.md)")
    }
}

/// What the command line asked for, as far as tables depend on it: a run that is made anew asks for the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRecord {
    /// Whether the day was the latest in the data, so that lines after the day of the run were defects.
    pub latest_day: bool,
    /// Whether models were to be fitted anew.
    pub refit: bool,
    /// Whether a new model was to be taken however many customers it moves.
    pub accept_model: bool,
    /// Defective rows of consents and suppressions that name nobody and were to stop no list.
    pub accept_bad_consents: u64,
}

/// Why a run stands in the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The run that is gone.
    pub run: RunRef,
    /// Why: `erasure`.
    pub because: String,
}

/// The keys of erased people that a run was made without.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedKeysRecord {
    /// How many.
    pub count: u64,
    /// The hash of all their hashes; null where there are none.
    pub hash: Option<String>,
}

/// A fitted model that stands in the warehouse's folder `models`, named by the hash of its content.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// What it is for: `clusters`.
    pub name: String,
    /// Hash of the model that was used.
    pub hash: String,
    /// The day whose customers it was fitted to.
    pub fitted_as_of: String,
    /// What was decided tonight: whether it was fitted anew or taken over.
    pub decision: String,
    /// Why.
    pub reasons: Vec<String>,
    /// Hash of a model that was fitted and not taken, as it would have moved too many customers.
    pub candidate: Option<String>,
}

impl ModelRecord {
    /// All models that it names.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.hash.as_str()).chain(self.candidate.as_deref())
    }
}

/// How much of the files a run read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingRecord {
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes of these whose lines an earlier run had read.
    pub known_bytes: u64,
    /// Bytes that were read once more, because their days are in several files too, or because lines are later than today.
    pub bytes_read_again: u64,
}

/// A file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// The pipeline's name of the source.
    pub source: String,
    /// The file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Hash of its content, in hexadecimal.
    pub content_hash: String,
    /// Its rows, without the header.
    pub rows: u64,
}

/// What became of the rows of a source table; the last four add up to the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceTableRecord {
    /// The table.
    pub table: String,
    /// Rows read.
    pub rows_in: u64,
    /// Rows that count.
    pub rows_kept: u64,
    /// Rows that were merged into others.
    pub merged_rows: u64,
    /// Rows after the run's day; only order lines have them.
    pub out_of_scope_rows: u64,
    /// Rows set aside as defects.
    pub quarantined_rows: u64,
}

/// How many keys of a table find their partner in another one. Of order lines, products are counted by line and
/// customers by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRecord {
    /// The table whose rows name a partner.
    pub table: String,
    /// The column that names it.
    pub column: String,
    /// The table, or tables, that the partner is looked for in.
    pub partner: String,
    /// Those that find it.
    pub matched: u64,
    /// All that name one.
    pub total: u64,
}

impl ReferenceRecord {
    /// Those that find it by all that name one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    pub fn share(&self) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            self.matched as f64 / self.total as f64
        }
    }
}

/// The run in a few numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows read.
    pub rows_in: u64,
    /// The amounts of all that could be read, by currency, as exact decimal text; `unknown` where the currency
    /// could not be read.
    #[serde(default)]
    pub amounts_in: BTreeMap<String, String>,
    /// Rows among the customers' lines.
    pub rows_kept: u64,
    /// Rows of guests: no customer key.
    pub guest_rows: u64,
    /// Rows that were merged into equal ones.
    pub merged_rows: u64,
    /// Rows out of scope for another reason than being a guest's.
    pub out_of_scope_rows: u64,
    /// Rows set aside as defects.
    pub quarantined_rows: u64,
    /// Customers published.
    pub customers: u64,
    /// Of these, customers with at least one order.
    pub customers_with_orders: u64,
    /// Orders of customers.
    pub orders: u64,
    /// Net sales of customers, as exact decimal text.
    pub net_sales: String,
    /// Orders of guests.
    pub guest_orders: u64,
    /// Net sales to guests, as exact decimal text.
    pub guest_net_sales: String,
    /// Costs and margin of customers; null where no source knows costs.
    #[serde(default)]
    pub margin: Option<MarginTotals>,
    /// What customers are expected to be worth.
    #[serde(default)]
    pub lifetime: LifetimeRecord,
    /// What is left of the sales of the company; null where no costs are known.
    #[serde(default)]
    pub profit: Option<ProfitTotals>,
    /// What became of returns; null where they are not matched with sales.
    #[serde(default)]
    pub returns: Option<ReturnRecord>,
    /// The last month that is over, in short; null where there is none.
    #[serde(default)]
    pub last_month: Option<MonthRecord>,
    /// The pipeline's currency, an ISO 4217 code.
    pub currency: String,
}

/// The customers of a month in a few numbers, as kpis holds them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MonthRecord {
    /// The month, as 2025-03.
    pub month: String,
    /// Customers who bought.
    pub active_customers: u64,
    /// Of these, customers who had not bought before.
    pub new_customers: u64,
    /// Of these, customers who came back after a pause.
    pub recovered_customers: u64,
    /// Customers who were lost.
    pub lost_customers: u64,
    /// Customers who are not lost at its end.
    pub customers_at_end: u64,
    /// Share of those who bought who had done so in an earlier month; null where nobody bought.
    pub repeat_rate: Option<f64>,
    /// Share of those who bought in the month before who did so again; null where nobody did.
    pub retention_rate: Option<f64>,
}

/// Costs and margin in a few numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarginTotals {
    /// Cost of the lines in margin that have one, as exact decimal text.
    pub cost_of_goods: String,
    /// What these lines left, as exact decimal text.
    pub gross_margin: String,
    /// Lines in margin whose cost nobody stated.
    pub lines_without_cost: u64,
}

/// Lifetime value in a few numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LifetimeRecord {
    /// The model that customers are scored with; null without one.
    pub model: Option<String>,
    /// What its fit ended in, or why there is no model.
    pub outcome: String,
    /// The model of the run before, where that was another one.
    #[serde(default)]
    pub model_before: Option<String>,
    /// Months of the horizon.
    pub horizon_months: u16,
    /// Customers with a score.
    pub customers: u64,
    /// Their expected purchase days in 12 months.
    pub expected_orders_12m: f64,
    /// Their expected sales in 12 months, as exact decimal text; null where spend has no model.
    pub expected_sales_12m: Option<String>,
    /// Their lifetime value over the horizon; null where no margin is known.
    pub clv_horizon: Option<String>,
    /// Their net integral value; null where no margin is known.
    pub vin: Option<String>,
    /// The model held against the end of the history; null where that is too short.
    pub backtest: Option<BacktestRecord>,
}

impl LifetimeRecord {
    /// What a person should know before believing a lifetime value: that another model tells it than did in the run
    /// before, and that it is no better than a guess.
    #[must_use]
    pub fn cautions(&self) -> Vec<String> {
        let mut cautions = Vec::new();
        let Some(model) = self.model.as_deref() else {
            return cautions;
        };
        let is_beaten = |backtest: &&BacktestRecord| backtest.orders_rmse >= backtest.naive_orders_rmse;
        if let Some(backtest) = self.backtest.as_ref().filter(is_beaten) {
            cautions.push(format!(
                "lifetime value: do not rely on it: on the last {} days {model} was no better than the guess {} (RMSE {:.3} against {:.3}); see clv_backtest",
                backtest.holdout_days, backtest.naive, backtest.orders_rmse, backtest.naive_orders_rmse
            ));
        }
        if let Some(before) = &self.model_before {
            cautions.push(format!(
                "lifetime value: {model} tells it, {before} did before: p_alive, CLV, VIN, stages and tiers can change without anybody's doing"
            ));
        }
        cautions
    }
}

/// The chosen model on the holdout.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BacktestRecord {
    /// Days held out.
    pub holdout_days: i32,
    /// Customers known before.
    pub customers: u64,
    /// Customers first seen later: not in the figures.
    pub excluded_customers: u64,
    /// Predicted by actual purchase days, less 1; null where there were none.
    pub orders_bias: Option<f64>,
    /// Mean absolute error of a customer's purchase days.
    pub orders_mae: f64,
    /// Root mean square error of a customer's purchase days.
    pub orders_rmse: f64,
    /// The nearest naive guess, by root mean square error.
    pub naive: String,
    /// Its root mean square error.
    pub naive_orders_rmse: f64,
}

/// Profit in a few numbers; money as exact decimal text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProfitTotals {
    /// Cost to serve of the company; null where no source states costs.
    pub cost_to_serve: Option<String>,
    /// Acquisition cost of the company; null likewise.
    pub acquisition_cost: Option<String>,
    /// Of both, what no customer or guest is charged with; null likewise.
    pub unallocated_cost: Option<String>,
    /// Net profit of the company; null where no cost of goods is known.
    pub net_profit: Option<String>,
    /// Customers whose net profit is known.
    pub customers: u64,
    /// Of these, those who lose money.
    pub loss_making_customers: u64,
    /// The most profitable customers, up to the highest point of the profit curve.
    pub peak_customers: u64,
    /// What these leave, as a share of what all customers leave; null where that is not above zero.
    pub peak_share: Option<f64>,
}

/// What matching returns with sales came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnRecord {
    /// Lines that undo sales in full.
    pub matched_rows: u64,
    /// Lines that return more than had been sold.
    pub partly_matched_rows: u64,
    /// Lines without a sale.
    pub unmatched_rows: u64,
    /// Lines without a customer, a product or a quantity.
    pub not_matchable_rows: u64,
    /// What of their amount undoes sales, negative as on the lines, as exact decimal text.
    pub matched_amount: String,
    /// The rest of it.
    pub unmatched_amount: String,
    /// Orders of which nothing was kept.
    pub fully_returned_orders: u64,
}

/// One cell of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRecord {
    /// The source.
    pub source: String,
    /// `customer` or `guest`; null where it could not be read.
    pub party: Option<String>,
    /// Kind of the lines; null where it was not decided.
    pub line_kind: Option<String>,
    /// `kept`, `merged`, `quarantined` or `out_of_scope`.
    pub disposition: String,
    /// Why they are not among the customers' lines.
    pub reason: Option<String>,
    /// Currency of the amount; null where it could not be read, or the rows hold no money.
    pub currency: Option<String>,
    /// Rows in the cell.
    pub rows: u64,
    /// Sum of the amounts, as exact decimal text.
    pub amount: String,
    /// The same as it counts, in the pipeline's currency; null where the rows went no further.
    #[serde(default)]
    pub converted_amount: Option<String>,
}

/// What a policy did. Policies overlap, so that a line may stand in several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectRecord {
    /// The policy: `currency`, `positive_returns`, `costs` or `returns`.
    pub policy: String,
    /// What it did.
    pub effect: String,
    /// The source.
    pub source: String,
    /// Lines.
    pub rows: u64,
    /// Their amount in the pipeline's currency, as exact decimal text.
    pub amount: String,
}

/// One stage of the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// The stage.
    pub name: String,
    /// Rows that came out of it.
    pub rows: u64,
    /// Bytes of files that it read.
    #[serde(default)]
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
}

impl Manifest {
    /// The manifest of a run that is about to be published.
    pub(crate) fn new(reference: RunRef, record: RunRecord, tables: Vec<TableFile>, lists: Vec<ListFile>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            reference,
            record,
            tables,
            lists,
        }
    }

    /// Writes and syncs the manifest in the run's folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(MANIFEST_FILE);
        let mut text = serde_json::to_vec_pretty(self).map_err(|source| StoreError::Manifest {
            path: path.clone(),
            source,
        })?;
        text.push(b'\n');
        durable::write_new(&path, &text)
    }

    /// Reads the manifest of the run in that folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, StoreError> {
        /// Read first, because a newer format may have other fields.
        #[derive(Deserialize)]
        struct Format {
            format_version: u32,
        }

        let path = folder.join(MANIFEST_FILE);
        let text = fs::read(&path).map_err(StoreError::io("read", &path))?;
        let malformed = |source| StoreError::Manifest {
            path: path.clone(),
            source,
        };
        let Format { format_version } = serde_json::from_slice(&text).map_err(malformed)?;
        if format_version > FORMAT_VERSION {
            return Err(StoreError::NewerManifest {
                path,
                found: format_version,
                supported: FORMAT_VERSION,
            });
        }
        serde_json::from_slice(&text).map_err(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let record = RunRecord {
            pipeline: "retail".into(),
            prior_state: Some("2011-11-30/2".parse().expect("a run")),
            seconds: 1.25,
            memory_limit_bytes: u64::MAX,
            totals: Totals {
                net_sales: "8911407.9040".into(),
                ..Totals::default()
            },
            parameters: serde_json::json!({"seed": 7, "bins": [1.5, 2.0]}),
            ..RunRecord::default()
        };
        let table = TableFile {
            name: "ledger".into(),
            rows: 3,
            bytes: 4,
            blake3: "00".into(),
        };
        Manifest::new("2011-12-09/3".parse().expect("a run"), record, vec![table], Vec::new())
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        manifest().write(folder.path()).expect("written");
        assert_eq!(Manifest::read(folder.path()).expect("read"), manifest());
    }

    #[test]
    fn keys_stand_in_a_fixed_order() {
        let text = serde_json::to_string_pretty(&manifest()).expect("json");
        let keys: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("  \"")?.split('"').next())
            .collect();
        assert_eq!(keys[..4], ["format_version", "as_of", "run", "pipeline"]);
        assert_eq!(keys[keys.len() - 2..], ["tables", "lists"]);
        assert!(text.contains("\"as_of\": \"2011-12-09\",\n  \"run\": 3,"), "{text}");
    }

    #[test]
    fn a_newer_format_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(
            folder.path().join(MANIFEST_FILE),
            r#"{"format_version": 99, "unknown": true}"#,
        )
        .expect("written");
        assert!(matches!(
            Manifest::read(folder.path()),
            Err(StoreError::NewerManifest { found: 99, .. })
        ));
    }

    #[test]
    fn changes_of_tables_name_a_few() {
        let record = |count: usize| SchemaChangesRecord {
            since: "2025-12-31/1".parse().expect("a run"),
            changes: (0..count).map(|place| format!("table t{place} is new")).collect(),
        };
        let named = SchemaChangesRecord::NAMED;
        let one = record(1).to_string();
        assert!(one.starts_with("the tables differ from those of run 2025-12-31/1: table t0 is new ("));
        assert!(record(named).to_string().contains("table t5 is new ("));
        assert!(record(named + 3).to_string().contains("table t5 is new; and 3 more ("));
    }
}
