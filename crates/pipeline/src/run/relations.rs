//! The clean tables of contacts, cases, consents and suppressions, which live until the lists are made.

use cartera_feature::Relations;
use cartera_ingest::LineSource;
use cartera_normalize::{cases, consents, denials, interactions, suppressions};
use cartera_table::contracts::{Cases, Consents, Interactions, Suppressions};
use cartera_table::{AsOf, Denial, SourceTable, Table};

use super::inputs::Work;
use super::tables::SourceTables;
use crate::error::PipelineError;

/// What lies up to the day of the run, and what forbids a contact whatever its day; none of what no source tells.
pub(super) struct CleanRelations {
    pub(super) interactions: Option<Table<Interactions>>,
    pub(super) cases: Option<Table<Cases>>,
    pub(super) consents: Option<Table<Consents>>,
    /// Who must not be contacted.
    pub(super) suppressions: Option<Table<Suppressions>>,
    /// What defective rows of consents and suppressions deny.
    pub(super) denials: Vec<Denial>,
    /// Contacts of people who were erased, for what they cost.
    pub(super) erased_interactions: Option<Table<Interactions>>,
    tells_closing: bool,
}

impl CleanRelations {
    /// Consents count up to the day of the run, contacts and cases up to `until`, which is the same day but where a list is
    /// written later than its run.
    pub(super) fn new(work: &Work<'_>, tables: &SourceTables, as_of: AsOf, until: AsOf) -> Result<Self, PipelineError> {
        let identity = &work.inputs.identity;
        let tells_closing: Vec<bool> = work.inputs.sources.iter().map(tells_closing).collect();
        let clean = |table| interactions(table, tables.campaigns.as_ref(), identity, until);
        let interactions = tables.interactions.as_ref().map(clean).transpose()?;
        let erased_interactions = tables.erased_interactions.as_ref().map(clean).transpose()?;
        let cases = tables
            .cases
            .as_ref()
            .map(|table| cases(table, &tells_closing, identity, until))
            .transpose()?;
        let consents = tables
            .consents
            .as_ref()
            .map(|table| consents(table, identity, as_of))
            .transpose()?;
        let suppressions = tables
            .suppressions
            .as_ref()
            .map(|table| suppressions(table, identity))
            .transpose()?;
        Ok(Self {
            interactions,
            cases,
            consents,
            suppressions,
            denials: denials(work.books.denials.take(), identity),
            erased_interactions,
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
