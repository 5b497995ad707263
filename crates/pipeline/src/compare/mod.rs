//! What changed between two published runs, and why.
//!
//! Two nights differ because customers did something, because the files tell the past otherwise, or because the
//! pipeline, the version or a model is another one. [`compare`] keeps these apart: customers are paired one by one,
//! months that were over are held against each other, and everything that the runs were told stands beside it.

mod causes;
mod customers;
mod figures;
mod inputs;
mod lists;
mod models;
mod months;
mod pairing;
mod parameters;
mod quality;
mod read;
mod schema;
mod segmentations;

pub use causes::Cause;
pub use customers::{Bridge, CustomerChanges};
pub use figures::{CountChange, MoneyChange};
pub use inputs::{InputChange, InputChanges};
pub use lists::{ListChange, ListSize, ReasonChange};
pub use models::{ClusterModelChange, DriftedFigure, ModelChanges, ModelParameterChange};
pub use months::{MonthChanges, RestatedMonth};
pub use parameters::ParameterChange;
pub use quality::{QualityChanges, QualityFinding};
pub use schema::SchemaChange;
pub use segmentations::{SegmentMove, SegmentSize, SegmentationChanges};

use serde::{Serialize, Serializer};

use crate::error::PipelineError;
use crate::store::{PublishedRun, RunRef};
use pairing::Pairing;

/// What two runs have in common and what they have not; money as exact decimal text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The run that is looked from.
    pub before: ComparedRun,
    /// The run that is looked at.
    pub after: ComparedRun,
    /// Whether they have the same tables, byte for byte.
    pub is_equal: bool,
    /// Why figures changed, what explains most first. Empty where days went by and nothing else happened.
    pub causes: Vec<Cause>,
    /// Who came, went, bought and stayed away.
    pub customers: CustomerChanges,
    /// Counts that a person asks for first.
    pub counts: Vec<CountChange>,
    /// Money likewise; empty where the runs have other currencies.
    pub money: Vec<MoneyChange>,
    /// Sums over customers as those who came, stayed and went changed them; likewise.
    pub bridges: Vec<Bridge>,
    /// Months that were over in the first run and are told otherwise by the second; likewise.
    pub months: MonthChanges,
    /// Segments, and who went from one to another.
    pub segmentations: Vec<SegmentationChanges>,
    /// Fitted models.
    pub models: ModelChanges,
    /// Target lists, by name.
    pub lists: Vec<ListChange>,
    /// What is unusual about the data, and checks that do not hold.
    pub quality: QualityChanges,
    /// Keys of the pipeline that the runs were told otherwise.
    pub parameters: Vec<ParameterChange>,
    /// Files that were read.
    pub inputs: InputChanges,
    /// Tables and columns that one of them has alone.
    pub schema: Vec<SchemaChange>,
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedRun {
    /// Its day and number.
    #[serde(serialize_with = "as_text")]
    pub run: RunRef,
    /// Its pipeline.
    pub pipeline: String,
    /// The version of cartera that made it.
    pub version: String,
    /// When it was finished.
    pub finished_at: String,
    /// The currency of its money.
    pub currency: String,
}

impl ComparedRun {
    fn new(run: &PublishedRun) -> Self {
        let record = &run.manifest.record;
        Self {
            run: run.reference,
            pipeline: record.pipeline.clone(),
            version: record.cartera_version.clone(),
            finished_at: record.finished_at.clone(),
            currency: record.totals.currency.clone(),
        }
    }
}

/// Holds a run against another one. Customers are read column by column, so that memory is bounded by one column of
/// each run.
///
/// # Errors
/// When a table cannot be read. Tables and columns that a run of another version does not have are left out.
pub fn compare(before: &PublishedRun, after: &PublishedRun) -> Result<Comparison, PipelineError> {
    let pairing = Pairing::of(before, after)?;
    let (then, now) = (&before.manifest.record, &after.manifest.record);
    let has_one_currency = then.totals.currency == now.totals.currency;
    let (customers, bridges) = customers::customers(before, after, &pairing)?;
    let net_sales = bridges.iter().find(|bridge| bridge.measure == "net_sales");
    let months = match has_one_currency {
        true => months::months(before, after, net_sales)?,
        false => MonthChanges::default(),
    };
    let parameters = parameters::changes(&then.parameters, &now.parameters);
    let models = models::models(before, after)?;
    let mut comparison = Comparison {
        before: ComparedRun::new(before),
        after: ComparedRun::new(after),
        is_equal: are_equal(before, after),
        causes: Vec::new(),
        customers,
        counts: figures::counts(&then.totals, &now.totals),
        money: match has_one_currency {
            true => figures::money(&then.totals, &now.totals),
            false => Vec::new(),
        },
        bridges: match has_one_currency {
            true => bridges,
            false => Vec::new(),
        },
        months,
        segmentations: segmentations::segmentations(before, after, &pairing, &models)?,
        models,
        lists: lists::lists(before, after)?,
        quality: quality::quality(before, after)?,
        parameters,
        inputs: inputs::inputs(&then.inputs, &now.inputs),
        schema: schema::schema(before, after)?,
    };
    comparison.causes = causes::causes(before, after, &comparison);
    Ok(comparison)
}

/// Tables of equal content have equal hashes, as the fingerprint stands in them.
fn are_equal(before: &PublishedRun, after: &PublishedRun) -> bool {
    let hashes = |run: &PublishedRun| {
        let tables = run.manifest.tables.iter();
        let mut hashes: Vec<(String, String)> =
            tables.map(|table| (table.name.clone(), table.blake3.clone())).collect();
        hashes.sort();
        hashes
    };
    hashes(before) == hashes(after)
}

fn as_text<T: std::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_optional_text<T: std::fmt::Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
