//! From the published tables and tonight's lists to the plan.

use cartera_table::TableError;
use cartera_table::frame::text;

use super::caps::OpenContacts;
use super::decide::{ContactWay, Rules, decide};
use super::facts::facts;
use super::params::ContactPlanValidParams;
use super::permitted::Permitted;
use super::sources::{ContactPlanSources, PlannedContacts};
use super::summary::ContactPlanSummary;
use super::table::{Columns, Values};
use crate::lists::ListOutcome;

/// A list that is written tonight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListTonight {
    pub(super) name: String,
    pub(super) way: ContactWay,
}

impl ListTonight {
    fn of(list: &ListOutcome<'_>) -> Self {
        let target = list.target();
        Self {
            name: target.name().to_owned(),
            way: ContactWay {
                channel: target.channel().to_owned(),
                purpose: target.purpose().to_owned(),
            },
        }
    }
}

/// Plans the next contact with every customer. Permissions have to be made for the ways of the plan as well, or nobody is
/// contacted that way.
///
/// # Errors
/// When a column is not there or the engine fails.
pub fn contact_plan(
    sources: ContactPlanSources<'_>,
    params: &ContactPlanValidParams,
) -> Result<PlannedContacts, TableError> {
    let ids = text(sources.features.frame(), "customer_id")?;
    let as_of = sources.as_of.epoch_days();
    let facts = facts(sources, params)?;
    let lists: Vec<ListTonight> = sources.lists.iter().map(ListTonight::of).collect();
    let open = OpenContacts::new(&sources.permissions.caps_on_all(), params.horizon_days.into());
    let rules = Rules {
        as_of,
        horizon_days: params.horizon_days,
        actions: &params.actions,
        open: open.as_ref(),
        permissions: &Permitted::new(sources.permissions, params),
        knows_contacts: sources.knows_contacts,
        of_value: params.of_value,
        neglected_after_days: params.neglected_after_days,
    };
    let planned = decide(&facts, &rules);
    let values = Values::of(sources.features.frame(), params.value)?;
    let summary = ContactPlanSummary::of(&planned, &facts, &lists, params, &values);
    let columns = Columns {
        planned: &planned,
        lists: &lists,
        params,
        knows_contacts: sources.knows_contacts,
        as_of,
    };
    Ok(PlannedContacts {
        table: columns.table(ids, values)?,
        summary,
    })
}
