//! The sources of a pipeline and their files.

use cartera_ingest::quality::{QualityBook, QualitySpec};
use cartera_ingest::{ColumnsValidParams, Intake, LineSource, source_files};
use cartera_normalize::{BreadthColumns, Horizon, Identity, KeySpaces, MappedMoney, SourceRules};
use cartera_table::{
    Dimension, ErasedKeys, Ledger, LineTime, Origin, PolicyEffects, Quarantine, SourceDenials, SourceTable, Spill,
};

use super::breadth::columns_to_count;
use super::events::EventShelves;
use super::replacing::Replacing;
use super::{ModelRequest, ReadSizes, RunContext};
use crate::cache::Cache;
use crate::config::PipelineConfig;
use crate::error::PipelineError;
use crate::store::{InputRecord, RunListing, Warehouse};

/// What is read, and how.
pub(super) struct Inputs {
    /// All sources, in the pipeline's order.
    pub(super) sources: Vec<LineSource>,
    /// Those of order lines.
    pub(super) lines: Vec<LineSource>,
    pub(super) rules: Vec<SourceRules>,
    pub(super) identity: Identity,
    /// For each source the hash of all that decides what its lines are, apart from their bytes.
    pub(super) declared: Vec<String>,
    /// For each source what is measured of its cells.
    pub(super) quality: Vec<QualitySpec>,
    /// The hash of all that decides what parts of orders come to.
    pub(super) rules_hash: String,
    /// Whether lines are counted by product, to be held against a table of products.
    pub(super) counts_products: bool,
    /// What lines are merged by while they are read.
    pub(super) dimensions: Vec<Dimension>,
    /// The columns that they keep for it.
    pub(super) carries: Vec<&'static str>,
    /// Whether what customers bought in each channel is asked for.
    pub(super) by_channel: bool,
    /// What of lines is counted by customer, over all sources.
    pub(super) breadth: BreadthColumns,
}

impl Inputs {
    /// Finds the files of all sources.
    pub(super) fn find(config: &PipelineConfig, version: &str) -> Result<Self, PipelineError> {
        let mut sources = Vec::new();
        let mut rules = Vec::new();
        let breadth = columns_to_count(config);
        for (source_index, source) in config.sources.iter().enumerate() {
            let files = source_files(source.input_files()?)?;
            let times_have_offset = source.params.columns.has_offset("ordered_at");
            rules.push(SourceRules {
                time: LineTime::new(
                    source.params.time_zone.clone(),
                    config.time_zone.clone(),
                    times_have_offset,
                ),
                duplicates: source.params.duplicates,
                currency: source.params.currency,
                mapped: mapped_money(&source.params.columns),
                breadth: BreadthColumns {
                    products: breadth.products && source.params.columns.maps("product_id"),
                    channels: breadth.channels && source.params.columns.maps("channel"),
                },
            });
            sources.push(LineSource {
                params: source.params.clone(),
                files,
                source_index,
            });
        }
        let lines: Vec<LineSource> = sources.iter().filter(|source| is_of_lines(source)).cloned().collect();
        let identity = Identity::one_to_one(KeySpaces::new(&key_spaces(&sources, &lines)));
        let hash = |text: String| blake3::hash(text.as_bytes()).to_hex().to_string();
        let counts_products = sources
            .iter()
            .any(|source| source.params.table == SourceTable::Products);
        let quality = super::quality::specs(config);
        let declared = |(source_index, spec): (usize, &QualitySpec)| {
            let measured = serde_json::to_string(spec).unwrap_or_default();
            let lines = config.lines_json(source_index);
            let breadth = rules.get(source_index).map(|rules: &SourceRules| rules.breadth);
            hash(format!("{version} {counts_products} {breadth:?} {lines} {measured}"))
        };
        let declared: Vec<String> = quality.iter().enumerate().map(declared).collect();
        Ok(Self {
            sources,
            lines,
            rules,
            identity,
            declared,
            quality,
            rules_hash: hash(format!("{version} {breadth:?} {}", config.orders_json())),
            counts_products,
            dimensions: config.line_dimensions(),
            carries: config.carried_columns(),
            by_channel: config.has_costs_by_channel(),
            breadth,
        })
    }

    /// The same, where people were erased: what was read with them is not taken for what is read without them.
    pub(super) fn without(mut self, erased: &ErasedKeys) -> Self {
        if let Some(hash) = erased.content_hash() {
            for declared in &mut self.declared {
                *declared = blake3::hash(format!("{declared} {hash}").as_bytes())
                    .to_hex()
                    .to_string();
            }
        }
        self
    }

    /// Whether a source holds order lines.
    pub(super) fn is_line_source(&self, source_index: usize) -> bool {
        self.sources.get(source_index).is_some_and(is_of_lines)
    }

    /// Bytes of the files of some sources.
    pub(super) fn bytes_of(&self, chosen: impl Fn(&LineSource) -> bool) -> u64 {
        self.sources
            .iter()
            .filter(|source| chosen(source))
            .flat_map(|source| &source.files)
            .map(|file| file.bytes)
            .sum()
    }

    /// The names of a source and of one of its files.
    pub(super) fn names(&self, origin: Origin) -> (&str, &str) {
        let source = self.sources.get(origin.source_index);
        let file = source.and_then(|source| source.files.get(origin.file_index));
        (
            source.map_or("", |source| &source.params.name),
            file.map_or("", |file| &file.name),
        )
    }

    /// The name of each source.
    pub(super) fn source_names(&self) -> Vec<String> {
        self.sources.iter().map(|source| source.params.name.clone()).collect()
    }

    /// What was read of each file.
    pub(super) fn records(&self, intake: &Intake) -> Vec<InputRecord> {
        let record = |(origin, file): (Origin, cartera_ingest::FileIntake)| {
            let (source, name) = self.names(origin);
            InputRecord {
                source: source.to_owned(),
                file: name.to_owned(),
                bytes: file.bytes,
                content_hash: file.content_hash,
                rows: file.read.rows,
            }
        };
        intake.files().into_iter().map(record).collect()
    }
}

/// What the lines of a source say of their money, beside the amount.
fn mapped_money(columns: &ColumnsValidParams) -> MappedMoney {
    MappedMoney {
        currency: columns.maps("currency"),
        unit_cost: columns.maps("unit_cost"),
        discount_amount: columns.maps("discount_amount"),
        product_id: columns.maps("product_id"),
    }
}

/// Whether a source holds order lines.
pub(super) fn is_of_lines(source: &LineSource) -> bool {
    source.params.table == SourceTable::OrderLines
}

/// The key space of each source. Those without customers' keys do not count: they take that of the lines,
/// so that their own, which means nothing, does not put a prefix before every customer.
fn key_spaces<'s>(sources: &'s [LineSource], lines: &'s [LineSource]) -> Vec<&'s str> {
    let of_lines = lines.first().map_or("", |source| source.params.key_space.as_str());
    let key_space = |source: &'s LineSource| {
        if is_of_lines(source) || source.params.columns.maps("customer_key") {
            source.params.key_space.as_str()
        } else {
            of_lines
        }
    };
    sources.iter().map(key_space).collect()
}

/// What every stage of a run works with.
#[derive(Clone, Copy)]
pub(super) struct Work<'w> {
    pub(super) config: &'w PipelineConfig,
    pub(super) inputs: &'w Inputs,
    pub(super) horizon: Horizon,
    pub(super) threads: usize,
    pub(super) sizes: ReadSizes,
    pub(super) spill: &'w dyn Spill,
    /// What events of customers are made of waits here; none where nobody asks for them.
    pub(super) events: Option<&'w EventShelves>,
    pub(super) cache: &'w Cache,
    pub(super) models: ModelRequest,
    pub(super) accepted_bad_consents: u64,
    /// Keys whose people no table may tell of.
    pub(super) erased: &'w ErasedKeys,
    /// The run in whose place this one is made.
    pub(super) replaces: Option<&'w Replacing>,
    pub(super) warehouse: &'w Warehouse,
    /// What was published before.
    pub(super) runs: &'w RunListing,
    pub(super) books: &'w Books,
    pub(super) context: RunContext<'w>,
}

/// Where rows that do not reach a customer are left, and what is known of all rows.
#[derive(Default)]
pub(super) struct Books {
    pub(super) intake: Intake,
    pub(super) ledger: Ledger,
    pub(super) quarantine: Quarantine,
    /// What defective rows of consents and suppressions deny.
    pub(super) denials: SourceDenials,
    pub(super) effects: PolicyEffects,
    pub(super) quality: QualityBook,
}

impl Books {
    /// Forgets everything, for a run that begins again.
    pub(super) fn clear(&self) {
        self.intake.clear();
        self.ledger.clear();
        self.quarantine.clear();
        self.denials.clear();
        self.effects.clear();
        self.quality.clear();
    }
}
