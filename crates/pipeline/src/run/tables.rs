//! The source tables beside the order lines: read whole before them, and held against them.

use cartera_ingest::{ReadSinks, SourceRows, SourceTableParams, source_table};
use cartera_table::contracts::{
    IdentityLinks, SourceCampaigns, SourceCases, SourceConsents, SourceCosts, SourceCustomers, SourceInteractions,
    SourceOwners, SourceProducts, SourceRates, SourceSuppressions,
};
use cartera_table::frame::{int64, text};
use cartera_table::{Contract, Disposition, KeySet, Matches, SourceTable, Table, TableError};
use polars::prelude::DataFrame;

use super::gather::read_params;
use super::inputs::Work;
use super::observer::Forward;
use super::segments::UsedSegment;
use crate::error::PipelineError;
use crate::store::{ReferenceRecord, SourceTableRecord};

/// The tables that the pipeline maps; none where it maps no such table.
#[derive(Debug, Default)]
pub(super) struct SourceTables {
    /// Who the customers are.
    pub(super) customers: Option<Table<SourceCustomers>>,
    /// What is sold.
    pub(super) products: Option<Table<SourceProducts>>,
    /// Contacts.
    pub(super) interactions: Option<Table<SourceInteractions>>,
    /// Incidents and answers.
    pub(super) cases: Option<Table<SourceCases>>,
    /// Costs beside those of goods.
    pub(super) costs: Option<Table<SourceCosts>>,
    /// What customers allowed.
    pub(super) consents: Option<Table<SourceConsents>>,
    /// Campaigns.
    pub(super) campaigns: Option<Table<SourceCampaigns>>,
    /// Rates of exchange.
    pub(super) rates: Option<Table<SourceRates>>,
    /// Who looks after customers.
    pub(super) owners: Option<Table<SourceOwners>>,
    /// Who must not be contacted.
    pub(super) suppressions: Option<Table<SourceSuppressions>>,
    /// Costs of people who were erased, under no key of theirs.
    pub(super) erased_costs: Option<Table<SourceCosts>>,
    /// Contacts of people who were erased, for what they cost.
    pub(super) erased_interactions: Option<Table<SourceInteractions>>,
}

impl SourceTables {
    /// Reads every table that the pipeline maps.
    pub(super) fn read(work: &Work<'_>) -> Result<Self, PipelineError> {
        let (interactions, erased_interactions) = parted(read_rows(work)?);
        let (costs, erased_costs) = parted(read_rows(work)?);
        Ok(Self {
            customers: read(work)?,
            products: read(work)?,
            interactions,
            cases: read(work)?,
            costs,
            consents: read(work)?,
            campaigns: read(work)?,
            rates: read(work)?,
            owners: read(work)?,
            suppressions: read(work)?,
            erased_costs,
            erased_interactions,
        })
    }

    /// Reads anew what says who may be contacted.
    pub(super) fn read_for_contacts(work: &Work<'_>) -> Result<Self, PipelineError> {
        Ok(Self {
            customers: read(work)?,
            interactions: read(work)?,
            cases: read(work)?,
            consents: read(work)?,
            campaigns: read(work)?,
            suppressions: read(work)?,
            ..Self::default()
        })
    }

    /// Reads what orders and answers are measured with.
    pub(super) fn for_measuring(work: &Work<'_>) -> Result<Self, PipelineError> {
        Ok(Self {
            products: read(work)?,
            interactions: read(work)?,
            campaigns: read(work)?,
            rates: read(work)?,
            ..Self::default()
        })
    }

    /// The frames that are there, with their tables.
    fn frames(&self) -> impl Iterator<Item = (SourceTable, &DataFrame)> {
        fn frame<T: Contract>(table: Option<&Table<T>>) -> Option<&DataFrame> {
            table.map(Table::frame)
        }
        [
            (SourceTable::Customers, frame(self.customers.as_ref())),
            (SourceTable::Products, frame(self.products.as_ref())),
            (SourceTable::Interactions, frame(self.interactions.as_ref())),
            (SourceTable::Cases, frame(self.cases.as_ref())),
            (SourceTable::Costs, frame(self.costs.as_ref())),
            (SourceTable::Consents, frame(self.consents.as_ref())),
            (SourceTable::Campaigns, frame(self.campaigns.as_ref())),
            (SourceTable::Rates, frame(self.rates.as_ref())),
            (SourceTable::Owners, frame(self.owners.as_ref())),
            (SourceTable::Suppressions, frame(self.suppressions.as_ref())),
        ]
        .into_iter()
        .filter_map(|(table, frame)| Some((table, frame?)))
    }

    /// Rows of all tables.
    pub(super) fn row_count(&self) -> u64 {
        self.frames().map(|(_, frame)| frame.height() as u64).sum()
    }
}

fn read<T: Contract>(work: &Work<'_>) -> Result<Option<Table<T>>, PipelineError> {
    Ok(read_rows(work)?.map(|rows| rows.table))
}

fn parted<T: Contract>(rows: Option<SourceRows<T>>) -> (Option<Table<T>>, Option<Table<T>>) {
    rows.map_or((None, None), |rows| (Some(rows.table), rows.erased))
}

fn read_rows<T: Contract>(work: &Work<'_>) -> Result<Option<SourceRows<T>>, PipelineError> {
    let inputs = work.inputs;
    if !inputs
        .sources
        .iter()
        .any(|source| source.params.table.name() == T::INFO.name)
    {
        return Ok(None);
    }
    let progress = Forward(work.context.observer);
    let sinks = ReadSinks {
        intake: &work.books.intake,
        quarantine: &work.books.quarantine,
        denials: &work.books.denials,
        ledger: &work.books.ledger,
        quality: &work.books.quality,
        specs: &inputs.quality,
        progress: &progress,
    };
    let params = SourceTableParams {
        read: read_params(work),
        time_zone: &work.config.time_zone,
        erased: work.erased,
    };
    Ok(Some(source_table(&inputs.sources, params, sinks)?))
}

/// What became of the rows of each table, as the books have it.
pub(super) fn source_table_records(work: &Work<'_>) -> Vec<SourceTableRecord> {
    let record = |table: SourceTable| {
        let sources = || {
            work.inputs
                .sources
                .iter()
                .filter(move |source| source.params.table == table)
        };
        sources().next()?;
        let is_of_table = |source_index| sources().any(|source| source.source_index == source_index);
        let rows = |disposition| {
            let total = work
                .books
                .ledger
                .total(|cell| is_of_table(cell.source_index) && cell.disposition == disposition);
            total.rows
        };
        Some(SourceTableRecord {
            table: table.name().to_owned(),
            rows_in: sources()
                .map(|source| work.books.intake.of_source(source.source_index).rows)
                .sum(),
            rows_kept: rows(Disposition::Kept),
            merged_rows: rows(Disposition::Merged),
            out_of_scope_rows: rows(Disposition::OutOfScope),
            quarantined_rows: rows(Disposition::Quarantined),
        })
    };
    SourceTable::ALL.into_iter().filter_map(record).collect()
}

/// The keys that order lines are held against while they are read.
#[derive(Debug, Default)]
pub(super) struct LineReferences {
    products: Option<KeySet>,
}

impl LineReferences {
    pub(super) fn new(tables: &SourceTables) -> Result<Self, TableError> {
        let Some(products) = &tables.products else {
            return Ok(Self::default());
        };
        let mut keys = KeySet::default();
        for product in text(products.frame(), "product_id")?.iter().flatten() {
            keys.insert(product);
        }
        Ok(Self { products: Some(keys) })
    }

    /// Looks up the products of the lines of all segments.
    pub(super) fn look_up(&self, segments: &[UsedSegment]) -> Result<Matches, PipelineError> {
        let mut matches = Matches::default();
        if let Some(products) = &self.products {
            for segment in segments {
                let Some(lines) = segment.entry.products()? else {
                    continue;
                };
                let counts = text(&lines, "product_id")?
                    .iter()
                    .zip(int64(&lines, "line_count")?.iter());
                let counted = counts.filter_map(|(product, rows)| Some((product?, u64::try_from(rows?).ok()?)));
                matches.add(products.look_up_counted(counted));
            }
        }
        Ok(matches)
    }

    /// Lines with a product that is in the products, and products with a line.
    fn records(&self, lines: Matches) -> Vec<ReferenceRecord> {
        let Some(products) = &self.products else {
            return Vec::new();
        };
        vec![
            reference("order_lines", "product_id", "products", lines),
            reference("products", "product_id", "order_lines", products.found()),
        ]
    }
}

/// How many rows of each table find their partner in another one.
pub(super) fn references(
    tables: &SourceTables,
    of_lines: &LineReferences,
    lines: Matches,
    links: &Table<IdentityLinks>,
) -> Result<Vec<ReferenceRecord>, TableError> {
    let mut records = of_lines.records(lines);
    let mut known = keys(links.frame(), "source_key")?;
    if let Some(customers) = &tables.customers {
        let in_files = keys(customers.frame(), "customer_key")?;
        let of_lines = look_up(&in_files, links.frame(), "source_key")?;
        let of_files = look_up(&known, customers.frame(), "customer_key")?;
        records.push(reference("order_lines", "customer_key", "customers", of_lines));
        records.push(reference("customers", "customer_key", "order_lines", of_files));
        insert(&mut known, customers.frame(), "customer_key")?;
    }
    let campaigns = names(tables.campaigns.as_ref(), "campaign_id")?;
    let owners = names(tables.owners.as_ref(), "owner_id")?;
    for (table, frame) in tables.frames() {
        let contract = table.contract();
        if table != SourceTable::Customers && contract.column("customer_key").is_some() {
            let found = look_up(&known, frame, "customer_key")?;
            records.push(reference(
                contract.name,
                "customer_key",
                "customers or order_lines",
                found,
            ));
        }
        if table != SourceTable::Campaigns && tables.campaigns.is_some() && contract.column("campaign_id").is_some() {
            let found = campaigns.look_up(text(frame, "campaign_id")?.iter());
            records.push(reference(contract.name, "campaign_id", "campaigns", found));
        }
        if table != SourceTable::Owners && tables.owners.is_some() && contract.column("owner_id").is_some() {
            let found = owners.look_up(text(frame, "owner_id")?.iter());
            records.push(reference(contract.name, "owner_id", "owners", found));
        }
    }
    // Nobody names a partner in a column that no source maps.
    records.retain(|record| record.total > 0);
    Ok(records)
}

/// The names that a table has for what it is about; none without it.
fn names<T: Contract>(table: Option<&Table<T>>, column: &str) -> Result<KeySet, TableError> {
    let mut names = KeySet::default();
    if let Some(table) = table {
        for name in text(table.frame(), column)?.iter().flatten() {
            names.insert(name);
        }
    }
    Ok(names)
}

fn reference(table: &str, column: &str, partner: &str, matches: Matches) -> ReferenceRecord {
    ReferenceRecord {
        table: table.to_owned(),
        column: column.to_owned(),
        partner: partner.to_owned(),
        matched: matches.matched,
        total: matches.total,
    }
}

fn keys(frame: &DataFrame, key: &str) -> Result<KeySet, TableError> {
    let mut keys = KeySet::default();
    insert(&mut keys, frame, key)?;
    Ok(keys)
}

fn insert(keys: &mut KeySet, frame: &DataFrame, key: &str) -> Result<(), TableError> {
    spaced(frame, key)?
        .into_iter()
        .flatten()
        .for_each(|key| keys.insert(&key));
    Ok(())
}

fn look_up(keys: &KeySet, frame: &DataFrame, key: &str) -> Result<Matches, TableError> {
    Ok(keys.look_up(spaced(frame, key)?.iter().map(Option::as_deref)))
}

/// Keys with their key space before them, which no key space's name can hold a part of.
fn spaced(frame: &DataFrame, key: &str) -> Result<Vec<Option<String>>, TableError> {
    let spaces = text(frame, "key_space")?.iter();
    Ok(spaces
        .zip(text(frame, key)?.iter())
        .map(|(space, key)| Some(format!("{}:{}", space?, key?)))
        .collect())
}
