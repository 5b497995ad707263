//! The columns of the clean costs while they are filled.

use cartera_table::frame::{date_column, decimal_column};
use cartera_table::{ColumnType, TableError};
use polars::prelude::{Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, NewChunkedArray, StringChunkedBuilder};

use super::owners::Owner;

/// One cost.
pub(super) struct Entry<'e> {
    pub(super) kind: &'e str,
    pub(super) day: Option<i32>,
    /// In the pipeline's currency.
    pub(super) amount: i128,
    /// Whose it is; none where it is shared.
    pub(super) owner: Option<&'e Owner>,
    pub(super) channel: Option<&'e str>,
    pub(super) campaign_id: Option<&'e str>,
}

pub(super) struct EntryColumns {
    days: Vec<Option<i32>>,
    amounts: Vec<i128>,
    kinds: StringChunkedBuilder,
    parties: StringChunkedBuilder,
    customer_ids: StringChunkedBuilder,
    channels: StringChunkedBuilder,
    campaigns: StringChunkedBuilder,
}

impl Default for EntryColumns {
    fn default() -> Self {
        let texts = |name: &str| StringChunkedBuilder::new(name.into(), 0);
        Self {
            days: Vec::new(),
            amounts: Vec::new(),
            kinds: texts("kind"),
            parties: texts("party"),
            customer_ids: texts("customer_id"),
            channels: texts("channel"),
            campaigns: texts("campaign_id"),
        }
    }
}

impl EntryColumns {
    pub(super) fn push(&mut self, entry: Entry<'_>) {
        let (party, customer_id) = match entry.owner {
            Some(Owner::Customer(customer_id)) => (Some("customer"), Some(customer_id.as_str())),
            Some(Owner::Guest) => (Some("guest"), None),
            Some(Owner::Nobody) => (Some("nobody"), None),
            None => (None, None),
        };
        self.days.push(entry.day);
        self.amounts.push(entry.amount);
        self.kinds.append_value(entry.kind);
        self.parties.append_option(party);
        self.customer_ids.append_option(customer_id);
        self.channels.append_option(entry.channel);
        self.campaigns.append_option(entry.campaign_id);
    }

    /// The frame, numbered from 1.
    pub(super) fn finish(self) -> Result<DataFrame, TableError> {
        let height = self.amounts.len();
        let texts = |builder: StringChunkedBuilder| builder.finish().into_series().into_column();
        let days = Int32Chunked::from_iter_options("incurred_on".into(), self.days.into_iter());
        let columns = vec![
            Column::new("entry".into(), (1i64..).take(height).collect::<Vec<_>>()),
            texts(self.kinds),
            date_column("incurred_on", days),
            decimal_column("amount", self.amounts, ColumnType::AMOUNT),
            texts(self.parties),
            texts(self.customer_ids),
            texts(self.channels),
            texts(self.campaigns),
        ];
        Ok(DataFrame::new(height, columns)?)
    }
}
