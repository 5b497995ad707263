//! What the sources of a run are like, beside the run before.

use std::collections::BTreeMap;

use cartera_ingest::quality::{QualitySpec, SourceQuality};
use cartera_table::contracts::DataQuality;
use cartera_table::{SourceTable, Table};

use super::inputs::{Inputs, Work};
use super::prior::PriorRun;
use super::stages::Computed;
use crate::config::{PipelineConfig, SourceConfig};
use crate::error::PipelineError;
use crate::quality::{self, Previous, QualityReport, Referential, SourceFacts, Status};
use crate::store::{ReferenceRecord, RunRef};

/// What is published of it, and the run that it was compared with.
pub(super) struct Assessed {
    pub(super) table: Table<DataQuality>,
    pub(super) report: QualityReport,
    pub(super) prior: Option<RunRef>,
    pub(super) prior_fingerprint: Option<String>,
}

/// What is to be measured of each source.
pub(super) fn specs(config: &PipelineConfig) -> Vec<QualitySpec> {
    let spec = |(source_index, source): (usize, &SourceConfig)| {
        let params = &source.params;
        let is_read = |name: &&str| params.columns.read_from_files().any(|column| column.name == *name);
        let customer = (params.table == SourceTable::OrderLines).then_some("customer_key");
        QualitySpec {
            day_column: quality::day_column(params.table).filter(is_read).map(str::to_owned),
            customer_column: customer.filter(is_read).map(str::to_owned),
            personal_columns: params
                .columns
                .read_from_files()
                .filter(|column| column.personal)
                .map(|column| column.name.to_owned())
                .collect(),
            unique_keys: unique_keys(config, source_index),
        }
    };
    config.sources.iter().enumerate().map(spec).collect()
}

fn unique_keys(config: &PipelineConfig, source_index: usize) -> Vec<Vec<String>> {
    let mut keys: Vec<Vec<String>> = Vec::new();
    for check in config.checks.iter().filter(|check| check.source_index == source_index) {
        let key = &check.params.unique;
        if !key.is_empty() && !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

/// Compares what was read with the newest run of an earlier day, and looks at the checks.
///
/// # Errors
/// [`PipelineError::ChecksFailed`] when a check that stops a run does not hold.
pub(super) fn assess(work: &Work<'_>, computed: &Computed<'_>) -> Result<Assessed, PipelineError> {
    let as_of = computed.as_of;
    let Work {
        config, inputs, books, ..
    } = *work;
    let prior = computed.prior.as_ref();
    let previous = match prior.and_then(PriorRun::figures) {
        Some(table) => Previous::new(&table)?,
        None => Previous::default(),
    };
    let sources = source_facts(inputs, books.quality.sources());
    let referential: Vec<Referential> = computed
        .references
        .iter()
        .map(|record| referential(inputs, record))
        .collect();
    let assessment = quality::assess(&sources, &referential, &config.checks, &previous, as_of.epoch_days())?;
    if assessment.stops {
        let failed: Vec<String> = assessment
            .report
            .of(Status::Failed)
            .map(|finding| format!("  {finding}"))
            .collect();
        return Err(PipelineError::ChecksFailed {
            findings: failed.join("\n"),
        });
    }
    Ok(Assessed {
        table: assessment.table,
        report: assessment.report,
        prior: prior.map(PriorRun::reference),
        prior_fingerprint: prior.map(PriorRun::fingerprint),
    })
}

/// Of a table with one source they are that source's; with several they are the table's.
fn referential(inputs: &Inputs, record: &ReferenceRecord) -> Referential {
    let mut of_table = inputs
        .sources
        .iter()
        .filter(|source| source.params.table.name() == record.table);
    let source = match (of_table.next(), of_table.next()) {
        (Some(source), None) => &source.params.name,
        _ => &record.table,
    };
    Referential {
        source: source.clone(),
        column: record.column.clone(),
        partner: record.partner.clone(),
        matched: record.matched,
        total: record.total,
    }
}

fn source_facts<'f>(
    inputs: &'f Inputs,
    mut measured: BTreeMap<usize, SourceQuality>,
) -> Vec<(SourceFacts<'f>, SourceQuality)> {
    inputs
        .sources
        .iter()
        .zip(&inputs.quality)
        .map(|(source, spec)| {
            let quality = measured.remove(&source.source_index).unwrap_or_default();
            let columns = quality.whole.columns();
            let currencies = columns.iter().find(|column| column.name == "currency");
            let facts = SourceFacts {
                name: &source.params.name,
                table: source.params.table.name(),
                files: source.files.iter().map(|file| file.name.as_str()).collect(),
                duplicates: source.params.duplicates,
                unique_keys: &spec.unique_keys,
                has_one_currency: currencies.is_none_or(|column| column.distinct_count <= 1),
                has_guests: spec.customer_column.is_some(),
            };
            (facts, quality)
        })
        .collect()
}
