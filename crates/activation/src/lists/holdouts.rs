//! Who was held out of late, for the caps of the nights to come.
//!
//! Who is contacted falls out of the lists of the next nights by the caps. Who is held out has to fall out as long, else
//! those held out would be selected again and again and fill the ranks, and the two groups would no longer be alike.

use cartera_table::contracts::TargetHoldouts;
use cartera_table::frame::{date_column, dates};
use cartera_table::{Table, TableError};
use polars::prelude::{
    BooleanChunked, ChunkFull, Column, DataFrame, Int32Chunked, IntoColumn, NewChunkedArray, StringChunked,
};

use super::waterfall::{Decision, ListOutcome};
use crate::permissions::Permissions;

/// Tonight's, and those of the nights before that a cap still looks at.
pub(super) fn holdouts(
    outcomes: &[ListOutcome<'_>],
    permissions: &Permissions,
    before: Option<&DataFrame>,
) -> Result<Table<TargetHoldouts>, TableError> {
    let today = permissions.as_of().epoch_days();
    let mut whole = DataFrame::empty_with_schema(&cartera_table::frame::schema(
        &<TargetHoldouts as cartera_table::Contract>::INFO,
    ));
    if let Some(before) = before {
        let first = permissions.last_uncapped_day();
        let days = dates(before, "held_out_on")?;
        let counts: BooleanChunked = days
            .iter()
            .map(|day| day.is_some_and(|day| day > first && day < today))
            .collect();
        let names = whole.get_column_names_owned();
        whole.vstack_mut_owned(before.filter(&counts)?.select(names)?)?;
    }
    for outcome in outcomes {
        whole.vstack_mut_owned(tonight(outcome, permissions, today)?)?;
    }
    Table::sorted(whole)
}

fn tonight(outcome: &ListOutcome<'_>, permissions: &Permissions, today: i32) -> Result<DataFrame, TableError> {
    let decided = outcome.rows.iter().zip(&outcome.decisions);
    let held_out = decided.filter(|(_, decision)| matches!(decision, Decision::Control | Decision::GlobalControl));
    let ids: Vec<&str> = held_out.map(|(&row, _)| permissions.ids().get(row as usize)).collect();
    let height = ids.len();
    let text = |name: &str, value: &str| -> Column { StringChunked::full(name.into(), value, height).into_column() };
    let columns = vec![
        text("list", &outcome.target.name),
        StringChunked::from_slice("customer_id".into(), &ids).into_column(),
        text("channel", &outcome.target.channel),
        date_column(
            "held_out_on",
            Int32Chunked::from_vec("held_out_on".into(), vec![today; height]),
        ),
    ];
    Ok(DataFrame::new(height, columns)?)
}
