//! The clean tables of contacts, cases and consents.

use cartera_feature::Relations;
use cartera_ingest::LineSource;
use cartera_normalize::{cases, consents, interactions};
use cartera_table::contracts::{Cases, Consents, Interactions};
use cartera_table::{AsOf, SourceTable, Table};

use super::inputs::Work;
use super::tables::SourceTables;
use crate::error::PipelineError;

/// What lies up to the day of the run; none of what no source tells.
pub(super) struct CleanRelations {
    pub(super) interactions: Option<Table<Interactions>>,
    pub(super) cases: Option<Table<Cases>>,
    consents: Option<Table<Consents>>,
    tells_closing: bool,
}

impl CleanRelations {
    pub(super) fn new(work: &Work<'_>, tables: &SourceTables, as_of: AsOf) -> Result<Self, PipelineError> {
        let identity = &work.inputs.identity;
        let tells_closing: Vec<bool> = work.inputs.sources.iter().map(tells_closing).collect();
        let interactions = tables
            .interactions
            .as_ref()
            .map(|table| interactions(table, tables.campaigns.as_ref(), identity, as_of))
            .transpose()?;
        let cases = tables
            .cases
            .as_ref()
            .map(|table| cases(table, &tells_closing, identity, as_of))
            .transpose()?;
        let consents = tables
            .consents
            .as_ref()
            .map(|table| consents(table, identity, as_of))
            .transpose()?;
        Ok(Self {
            interactions,
            cases,
            consents,
            tells_closing: tells_closing.contains(&true),
        })
    }

    /// As the features take them.
    pub(super) fn tables(&self) -> Relations<'_> {
        Relations {
            interactions: self.interactions.as_ref(),
            cases: self.cases.as_ref(),
            tells_closing: self.tells_closing,
            consents: self.consents.as_ref(),
        }
    }
}

/// Whether a source tells that a case is over.
fn tells_closing(source: &LineSource) -> bool {
    let columns = &source.params.columns;
    source.params.table == SourceTable::Cases && (columns.maps("closed_at") || columns.maps("resolved"))
}
