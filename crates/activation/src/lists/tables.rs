//! What was decided, as checked tables. Text is gathered from a few words by code: it stands in memory once.

use std::collections::HashMap;

use cartera_table::contracts::{TargetLists, TargetReasons};
use cartera_table::frame::{date_column, optional_decimal_column, schema};
use cartera_table::{ColumnType, Contract, Table, TableError};
use polars::prelude::{
    ChunkFull, ChunkFullNull, ChunkTake, Column, DataFrame, Float64Chunked, IdxCa, Int32Chunked, Int64Chunked,
    IntoColumn, NewChunkedArray, StringChunked,
};

use super::changes::{Change, NO_DAY};
use super::summary::ListFigures;
use super::waterfall::{Decision, ListOutcome, NONE};
use crate::permissions::{Detail, Permissions, Reason};

/// The rows of one list.
pub(super) fn decisions(
    outcome: &ListOutcome<'_>,
    since: Vec<i32>,
    permissions: &Permissions,
    lists: &[&str],
) -> Result<DataFrame, TableError> {
    let height = outcome.rows.len();
    let ids = permissions.ids().column();
    let ids = ids.take(&IdxCa::from_vec("row".into(), outcome.rows.clone()))?;
    let words = Decision::ALL.map(Decision::slug);
    let decision = gathered(
        "decision",
        &words,
        outcome.decisions.iter().map(|decision| Some(*decision as u32)),
    )?;
    let words = Reason::ALL.map(Reason::slug);
    let reason = gathered(
        "reason",
        &words,
        outcome.refusals.iter().map(|refusal| Some(refusal.reason as u32)),
    )?;
    let ranks = outcome.ranks.iter();
    let rank = Int64Chunked::from_iter_options(
        "rank".into(),
        ranks.map(|&rank| (rank != NONE).then_some(i64::from(rank))),
    );
    let expected = match &outcome.expected {
        Some(expected) => {
            let known = expected
                .iter()
                .map(|value| Some(*value).filter(|value| !value.is_nan()));
            Float64Chunked::from_iter_options("expected_value".into(), known)
        }
        None => Float64Chunked::full_null("expected_value".into(), height),
    };
    let since = since.into_iter().map(|day| (day != NO_DAY).then_some(day));
    Ok(DataFrame::new(
        height,
        vec![
            constant("list", &outcome.target.name, height),
            ids.with_name("customer_id".into()).into_column(),
            decision,
            reason,
            details(outcome, permissions, lists)?,
            rank.into_column(),
            expected.into_column(),
            date_column(
                "listed_since",
                Int32Chunked::from_iter_options("listed_since".into(), since),
            ),
        ],
    )?)
}

/// What the rules saw: each distinct thing is put in words once.
fn details(outcome: &ListOutcome<'_>, permissions: &Permissions, lists: &[&str]) -> Result<Column, TableError> {
    let mut codes: HashMap<Detail, Option<u32>> = HashMap::new();
    let mut words: Vec<String> = Vec::new();
    let mut last = (Detail::None, None);
    let of_rows: Vec<Option<u32>> = outcome
        .refusals
        .iter()
        .map(|refusal| {
            if refusal.detail != last.0 {
                let code = *codes.entry(refusal.detail).or_insert_with(|| {
                    words.push(match refusal.detail {
                        Detail::List(list) => (*lists.get(usize::from(list))?).to_owned(),
                        Detail::Customer(row) => permissions.ids().get(row as usize).to_owned(),
                        other => permissions.words(other)?,
                    });
                    u32::try_from(words.len() - 1).ok()
                });
                last = (refusal.detail, code);
            }
            last.1
        })
        .collect();
    gathered("detail", &words, of_rows.into_iter())
}

/// The counts of one list, those above zero.
pub(super) fn reasons(outcome: &ListOutcome<'_>) -> Vec<(Decision, Reason, u64)> {
    let mut counts = [[0u64; Reason::ALL.len()]; Decision::ALL.len()];
    for (decision, refusal) in outcome.decisions.iter().zip(&outcome.refusals) {
        counts[*decision as usize][refusal.reason as usize] += 1;
    }
    let cells = Decision::ALL
        .into_iter()
        .flat_map(|decision| Reason::ALL.map(|reason| (decision, reason)));
    cells
        .map(|(decision, reason)| (decision, reason, counts[decision as usize][reason as usize]))
        .filter(|(_, _, count)| *count > 0)
        .collect()
}

/// `target_reasons` of all lists.
pub(super) fn reasons_table(figures: &[ListFigures<'_>]) -> Result<Table<TargetReasons>, TableError> {
    let (mut lists, mut decisions, mut reasons, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for list in figures {
        for (decision, reason, count) in &list.reasons {
            lists.push(list.target.name.as_str());
            decisions.push(decision.slug());
            reasons.push(reason.slug());
            counts.push(*count as i64);
        }
    }
    let columns = vec![
        Column::new("list".into(), lists),
        Column::new("decision".into(), decisions),
        Column::new("reason".into(), reasons),
        Column::new("customer_count".into(), counts),
    ];
    Table::sorted(DataFrame::new(columns[0].len(), columns)?)
}

/// The rows of one list.
pub(super) fn changes(list: &str, changes: &[Change<'_>]) -> Result<DataFrame, TableError> {
    let text = |name: &str, of: fn(&Change<'_>) -> Option<&'static str>| {
        StringChunked::from_iter_options(name.into(), changes.iter().map(of)).into_column()
    };
    let ids = changes.iter().map(|change| change.customer_id);
    Ok(DataFrame::new(
        changes.len(),
        vec![
            constant("list", list, changes.len()),
            StringChunked::from_iter_values("customer_id".into(), ids).into_column(),
            text("change", |change| Some(change.change)),
            text("reason", |change| change.reason),
        ],
    )?)
}

/// `target_lists`.
pub(super) fn lists_table(figures: &[ListFigures<'_>]) -> Result<Table<TargetLists>, TableError> {
    let text = |name: &str, of: fn(&ListFigures<'_>) -> String| {
        Column::new(name.into(), figures.iter().map(of).collect::<Vec<_>>())
    };
    let count = |name: &str, of: fn(&ListFigures<'_>) -> u64| {
        let counts = figures.iter().map(|list| of(list) as i64);
        Column::new(name.into(), counts.collect::<Vec<_>>())
    };
    let number = |name: &str, of: fn(&ListFigures<'_>) -> Option<f64>| {
        Column::new(name.into(), figures.iter().map(of).collect::<Vec<_>>())
    };
    let money = |name: &str, column_type: ColumnType, of: fn(&ListFigures<'_>) -> Option<i128>| {
        optional_decimal_column(name, figures.iter().map(of), column_type)
    };
    let priorities: Vec<i64> = figures.iter().map(|list| list.target.priority).collect();
    let columns = vec![
        text("list", |list| list.target.name.clone()),
        Column::new("priority".into(), priorities),
        text("channel", |list| list.target.channel.clone()),
        text("purpose", |list| list.target.purpose.clone()),
        text("condition", |list| list.target.condition.shown().to_owned()),
        text("campaign_id", |list| list.target.campaign_id.clone()),
        text("status", |list| {
            if list.is_stopped { "stopped" } else { "written" }.to_owned()
        }),
        count("candidate_count", |list| list.candidate_count),
        count("contact_count", |list| list.count(Decision::Contact)),
        count("control_count", |list| list.count(Decision::Control)),
        count("global_control_count", |list| list.count(Decision::GlobalControl)),
        count("excluded_count", |list| list.count(Decision::Excluded)),
        count("added_count", |list| list.added_count),
        count("kept_count", |list| list.kept_count),
        count("removed_count", |list| list.removed_count),
        number("control_share", |list| Some(list.target.control_share)),
        money("cost_per_contact", ColumnType::AMOUNT, |list| {
            list.target.cost_per_contact.map(|cost| i128::from(cost.0))
        }),
        money("cost", ColumnType::SUM, |list| list.cost()),
        number("expected_value", |list| list.expected_value),
        number("detectable_effect", |list| list.detectable_effect()),
        number("base_rate", |list| Some(list.target.base_rate)),
    ];
    Table::sorted(DataFrame::new(figures.len(), columns)?)
}

/// Puts the rows of the lists, which come by name, under each other.
pub(super) fn stacked<T: Contract>(frames: Vec<DataFrame>) -> Result<Table<T>, TableError> {
    let mut whole = DataFrame::empty_with_schema(&schema(&T::INFO));
    for frame in frames {
        whole.vstack_mut_owned(frame)?;
    }
    Table::new(whole)
}

/// A text column of one value.
fn constant(name: &str, value: &str, height: usize) -> Column {
    StringChunked::full(name.into(), value, height).into_column()
}

/// A text column of a few words; none where there is no code.
fn gathered<S: AsRef<str>>(
    name: &str,
    words: &[S],
    codes: impl Iterator<Item = Option<u32>>,
) -> Result<Column, TableError> {
    let words = StringChunked::from_iter_values(name.into(), words.iter().map(AsRef::as_ref));
    let codes = IdxCa::from_iter_options("code".into(), codes);
    Ok(words.take(&codes)?.with_name(name.into()).into_column())
}
