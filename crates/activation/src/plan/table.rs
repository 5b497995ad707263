//! The plan as a table. Texts are taken from short lists by their codes: at ten million customers, one by one they would
//! take longer than the plan.

use cartera_table::contracts::ContactPlan;
use cartera_table::frame::{date_column, decimal, optional_decimal_column};
use cartera_table::{ColumnType, Table, TableError};
use polars::prelude::{
    ChunkFullNull, ChunkTake, Column, DataFrame, IdxCa, IdxSize, Int32Chunked, Int128Chunked, IntoColumn, IntoSeries,
    NewChunkedArray, StringChunked,
};

use super::decide::{Contact, Planned};
use super::params::ContactPlanValidParams;
use super::reason::ContactPlanReason;
use super::stage::ListTonight;

/// Ranked by in place of a measure that nobody has.
const FALLBACK: &str = "net_sales";

/// What contacts are ranked by.
pub(super) struct Values {
    /// The column of `customer_features`.
    pub(super) measure: &'static str,
    values: Int128Chunked,
}

impl Values {
    pub(super) fn of(features: &DataFrame, measure: &'static str) -> Result<Self, TableError> {
        let values = decimal(features, measure)?;
        if values.null_count() == values.len() && measure != FALLBACK {
            return Self::of(features, FALLBACK);
        }
        Ok(Self {
            measure,
            values: values.clone(),
        })
    }
}

/// What the columns are made of.
pub(super) struct Columns<'c> {
    pub(super) planned: &'c [Planned],
    pub(super) lists: &'c [ListTonight],
    pub(super) params: &'c ContactPlanValidParams,
    /// Whether any source tells of contacts.
    pub(super) knows_contacts: bool,
    pub(super) as_of: i32,
}

impl Columns<'_> {
    pub(super) fn table(&self, ids: &StringChunked, values: Values) -> Result<Table<ContactPlan>, TableError> {
        let (lists, actions) = (self.lists, &self.params.actions);
        let names: Vec<&str> = lists
            .iter()
            .map(|list| list.name.as_str())
            .chain(actions.iter().map(|action| action.name.as_str()))
            .collect();
        // First the ways of the lists, then those of the actions.
        let ways: Vec<_> = lists.iter().map(|list| &list.way).chain(&self.params.ways).collect();
        let way = |contact: &Contact| match *contact {
            Contact::List(list) => list.into(),
            Contact::Action { action, way, .. } => {
                lists.len() + usize::from(actions[usize::from(action)].ways[usize::from(way)])
            }
        };
        let name = |contact: &Contact| match *contact {
            Contact::List(list) => list.into(),
            Contact::Action { action, .. } => lists.len() + usize::from(action),
        };
        let source = |contact: &Contact| match *contact {
            Contact::List(_) => 0,
            Contact::Action { action, .. } if actions[usize::from(action)].is_of_signals => 1,
            Contact::Action { .. } => 2,
        };
        let of_contacts = |column: &str, names: &[&str], code: &dyn Fn(&Contact) -> usize| {
            taken(
                column,
                names,
                self.planned.iter().map(|planned| planned.contact.as_ref().map(code)),
            )
        };
        let channels: Vec<&str> = ways.iter().map(|way| way.channel.as_str()).collect();
        let purposes: Vec<&str> = ways.iter().map(|way| way.purpose.as_str()).collect();
        let reasons = ContactPlanReason::ALL.map(ContactPlanReason::slug);
        let open: Vec<Option<i64>> = self.planned.iter().map(|planned| planned.open_contacts).collect();
        let is_neglected: Vec<Option<bool>> = self.planned.iter().map(|planned| planned.is_neglected).collect();
        let mut columns = vec![
            ids.clone().with_name("customer_id".into()).into_series().into_column(),
            of_contacts("action", &names, &name)?,
            of_contacts("source", &["list", "signal", "lifecycle"], &source)?,
            of_contacts("channel", &channels, &way)?,
            of_contacts("purpose", &purposes, &way)?,
            self.earliest_days(),
            optional_decimal_column("value", values.values.iter(), ColumnType::SUM),
        ];
        columns.extend(self.past_contacts());
        columns.insert(8, Column::new("open_contact_count".into(), open));
        columns.push(taken(
            "reason",
            &reasons,
            self.planned.iter().map(|planned| Some(planned.reason as usize)),
        )?);
        columns.push(Column::new("is_neglected".into(), is_neglected));
        Table::new(DataFrame::new(self.planned.len(), columns)?)
    }

    fn earliest_days(&self) -> Column {
        let day = |planned: &Planned| {
            Some(match planned.contact? {
                Contact::List(_) => self.as_of + 1,
                Contact::Action { day, .. } => day,
            })
        };
        date_column(
            "earliest_on",
            Int32Chunked::from_iter_options("".into(), self.planned.iter().map(day)),
        )
    }

    /// How many there were, and the last one.
    fn past_contacts(&self) -> [Column; 2] {
        let count = |planned: &Planned| self.knows_contacts.then_some(i64::from(planned.recent_contacts));
        let counts: Vec<Option<i64>> = self.planned.iter().map(count).collect();
        let last = self.planned.iter().map(|planned| planned.last_contact);
        [
            Column::new("recent_contact_count".into(), counts),
            date_column("last_contact_on", Int32Chunked::from_iter_options("".into(), last)),
        ]
    }
}

/// A column of texts by their places in a list.
fn taken(
    column: &str,
    names: &[&str],
    places: impl ExactSizeIterator<Item = Option<usize>>,
) -> Result<Column, TableError> {
    if names.is_empty() {
        return Ok(StringChunked::full_null(column.into(), places.len())
            .into_series()
            .into_column());
    }
    let names = StringChunked::from_slice(column.into(), names);
    let places: IdxCa = places.map(|place| place.map(|place| place as IdxSize)).collect();
    Ok(names.take(&places)?.into_series().into_column())
}
