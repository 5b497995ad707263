//! The source tables: what raw files can be mapped to, one file a table.
//!
//! `ingest` reads each of them, but for the order lines, whole into a checked [`Table`](crate::Table). Their first
//! columns tell where a row was read; they are filled by the reader and cannot be mapped.
//!
//! The grain of a table that has a key is that key; of a table whose id may be missing it is the id and, for
//! rows without one, their place. Times are wall clock in the pipeline's time zone.

mod campaigns;
mod cases;
mod consents;
mod costs;
mod customers;
mod interactions;
mod owners;
mod products;
mod rates;
mod suppressions;

pub use campaigns::SourceCampaigns;
pub use cases::SourceCases;
pub use consents::SourceConsents;
pub use costs::SourceCosts;
pub use customers::SourceCustomers;
pub(crate) use customers::with_attributes;
pub use interactions::SourceInteractions;
pub use owners::SourceOwners;
pub use products::SourceProducts;
pub use rates::SourceRates;
pub use suppressions::SourceSuppressions;

use serde::{Deserialize, Serialize};

use super::lines::SourceLines;
use crate::contract::{ColumnDef, ColumnType, Contract, ContractInfo, Filling, Unit};

/// A table that raw files can be mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceTable {
    /// Lines of orders: commercial and financial files.
    OrderLines,
    /// Who the customers are: demographic files.
    Customers,
    /// What is sold, and what it costs.
    Products,
    /// Contacts with customers: marketing and call centre.
    Interactions,
    /// Incidents and satisfaction answers: quality.
    Cases,
    /// Costs beside those of goods.
    Costs,
    /// What customers allowed.
    Consents,
    /// Campaigns that contacts belong to.
    Campaigns,
    /// Rates of exchange.
    Rates,
    /// Who looks after customers.
    Owners,
    /// Who must not be contacted.
    Suppressions,
}

impl SourceTable {
    /// All of them, in the order of the manual.
    pub const ALL: [Self; 11] = [
        Self::OrderLines,
        Self::Customers,
        Self::Products,
        Self::Interactions,
        Self::Cases,
        Self::Costs,
        Self::Consents,
        Self::Campaigns,
        Self::Rates,
        Self::Owners,
        Self::Suppressions,
    ];

    /// Its contract.
    #[must_use]
    pub fn contract(self) -> &'static ContractInfo {
        match self {
            Self::OrderLines => &SourceLines::INFO,
            Self::Customers => &SourceCustomers::INFO,
            Self::Products => &SourceProducts::INFO,
            Self::Interactions => &SourceInteractions::INFO,
            Self::Cases => &SourceCases::INFO,
            Self::Costs => &SourceCosts::INFO,
            Self::Consents => &SourceConsents::INFO,
            Self::Campaigns => &SourceCampaigns::INFO,
            Self::Rates => &SourceRates::INFO,
            Self::Owners => &SourceOwners::INFO,
            Self::Suppressions => &SourceSuppressions::INFO,
        }
    }

    /// Its name, as a pipeline writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.contract().name
    }

    /// The table of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The column whose money the ledger follows; none where the table holds no flow of money.
    #[must_use]
    pub fn amount_column(self) -> Option<&'static str> {
        match self {
            Self::OrderLines | Self::Costs => Some("amount"),
            Self::Interactions | Self::Campaigns => Some("cost"),
            Self::Customers
            | Self::Products
            | Self::Cases
            | Self::Consents
            | Self::Rates
            | Self::Owners
            | Self::Suppressions => None,
        }
    }

    /// Columns of which each row needs at least one; empty where the contract says all there is to say.
    #[must_use]
    pub fn needs_one_of(self) -> &'static [&'static str] {
        match self {
            // A contact without a time is dated by its campaign; with neither it cannot be placed before or
            // after anything.
            Self::Interactions => &["occurred_at", "campaign_id"],
            // Else it suppresses nobody.
            Self::Suppressions => &["customer_key", "email", "phone"],
            _ => &[],
        }
    }

    /// What a derived column of texts holds where a row tells nothing and its source does not either.
    #[must_use]
    pub fn default_text(self, column: &str) -> Option<&'static str> {
        match (self, column) {
            (Self::Suppressions, "reason") => Some(suppressions::DEFAULT_REASON),
            _ => None,
        }
    }

    /// Whether its rows decide who may be contacted, so that a defective one has to deny somebody.
    #[must_use]
    pub fn decides_contact(self) -> bool {
        matches!(self, Self::Consents | Self::Suppressions)
    }

    /// Columns of numbers that are not below zero.
    #[must_use]
    pub fn not_negative(self) -> &'static [&'static str] {
        match self {
            Self::Owners => &["capacity_customers", "capacity_workload"],
            _ => &[],
        }
    }
}

/// The key space of a row's customer key.
const KEY_SPACE: ColumnDef = ColumnDef::required(
    "key_space",
    ColumnType::Text,
    Unit::None,
    "The key space of the source, which the customer key is unique in.",
)
.filled(Filling::Reader);

/// The source of a row.
const SOURCE_INDEX: ColumnDef = ColumnDef::required(
    "source_index",
    ColumnType::Int32,
    Unit::None,
    "Place of the source in the pipeline.",
)
.filled(Filling::Reader);

/// The file of a row.
const FILE_INDEX: ColumnDef = ColumnDef::required(
    "file_index",
    ColumnType::Int32,
    Unit::None,
    "Place of the file among those of its source.",
)
.filled(Filling::Reader);

/// The row's place in its file.
const ROW: ColumnDef = ColumnDef::required(
    "row",
    ColumnType::Int64,
    Unit::None,
    "Line of the file, counted from 1.",
)
.filled(Filling::Reader);

/// The currency of a row's money.
const CURRENCY: ColumnDef = ColumnDef::required(
    "currency",
    ColumnType::Text,
    Unit::None,
    "ISO 4217 code of the row's money; where it is not mapped or empty, the source's currency.",
)
.filled(Filling::MappedOrDerived);

const fn required_key(description: &'static str) -> ColumnDef {
    ColumnDef::required("customer_key", ColumnType::Text, Unit::None, description).personal()
}

const fn text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Text, Unit::None, description)
}

const fn required_text(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::required(name, ColumnType::Text, Unit::None, description)
}

const fn date(name: &'static str, description: &'static str) -> ColumnDef {
    ColumnDef::nullable(name, ColumnType::Date, Unit::None, description)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_those_of_the_enum_and_find_it() {
        for table in SourceTable::ALL {
            assert_eq!(SourceTable::from_name(table.name()), Some(table));
            assert_eq!(snake_case(&format!("{table:?}")), table.name());
        }
        assert_eq!(SourceTable::from_name("orders"), None);
    }

    /// As serde writes the variant.
    fn snake_case(variant: &str) -> String {
        let mut text = String::new();
        for character in variant.chars() {
            if character.is_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.extend(character.to_lowercase());
        }
        text
    }

    #[test]
    fn contracts_hold_together() {
        for table in SourceTable::ALL {
            let contract = table.contract();
            let names: BTreeSet<&str> = contract.columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), contract.columns.len(), "{}", contract.name);
            for name in contract
                .grain
                .iter()
                .copied()
                .chain(table.amount_column())
                .chain(table.needs_one_of().iter().copied())
            {
                assert!(names.contains(name), "{} has no {name}", contract.name);
            }
            for column in contract.columns {
                assert!(column.description.ends_with('.'), "{}", column.name);
                assert!(
                    column.allowed_values.is_empty() || column.column_type == ColumnType::Text,
                    "{}",
                    column.name
                );
                let amount = table.amount_column() == Some(column.name);
                assert!(!amount || column.column_type == ColumnType::AMOUNT, "{}", column.name);
            }
            assert!(
                contract
                    .columns
                    .iter()
                    .skip_while(|column| !column.is_mappable())
                    .all(ColumnDef::is_mappable),
                "{}: the reader's columns come first",
                contract.name
            );
        }
    }
}
