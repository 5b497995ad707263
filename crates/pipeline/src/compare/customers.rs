//! Who came, went, bought and stayed away, and what that did to sales, margin and profit.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::{CustomerFeatures, IdentityLinks};
use cartera_table::{Contract, Money, TableError, frame};
use polars::prelude::{
    DataFrame, IntoLazy, JoinArgs, JoinType, LazyFrame, NamedFrom, PlRefPath, ScanArgsParquet, Series, col,
};
use serde::Serialize;

use super::as_text;
use super::pairing::Pairing;
use super::read::{columns, columns_of_both};
use crate::error::PipelineError;
use crate::store::PublishedRun;

/// Sums over customers that a bridge is told of.
const MEASURES: [&str; 3] = ["net_sales", "gross_margin", "net_profit"];

/// Customers of two runs in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CustomerChanges {
    /// Customers of the first run.
    pub before: u64,
    /// Customers of the second.
    pub after: u64,
    /// Customers of both.
    pub stayed: u64,
    /// Customers of the second alone.
    pub new: u64,
    /// Of these, those whose first order is not later than the day of the first run: files or keys changed.
    pub new_with_earlier_orders: u64,
    /// Customers of the first alone.
    pub gone: u64,
    /// The same by reason: `not_yet` where the second run looks from an earlier day, before their first order;
    /// `other_customer` where their key belongs to somebody else now; `no_line` where none of their keys has a line.
    pub gone_by_reason: BTreeMap<&'static str, u64>,
    /// Of those who stayed, those with more orders than before.
    pub bought: u64,
    /// Of these, those who were lapsed or lost.
    pub came_back: u64,
    /// Of those who stayed, those who are lapsed or lost and were not before.
    pub fell_asleep: u64,
}

/// A sum over customers, and what those who came, stayed and went changed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bridge {
    /// The column of `customer_features`.
    pub measure: &'static str,
    /// The sum in the first run.
    #[serde(serialize_with = "as_text")]
    pub before: Money,
    /// What new customers hold.
    #[serde(serialize_with = "as_text")]
    pub new: Money,
    /// What those who stayed hold now, less what they held.
    #[serde(serialize_with = "as_text")]
    pub stayed: Money,
    /// What those who are gone held, taken away.
    #[serde(serialize_with = "as_text")]
    pub gone: Money,
    /// The sum in the second run; the first four add up to it.
    #[serde(serialize_with = "as_text")]
    pub after: Money,
}

pub(super) fn customers(
    before: &PublishedRun,
    after: &PublishedRun,
    pairing: &Pairing,
) -> Result<(CustomerChanges, Vec<Bridge>), PipelineError> {
    let (stayed, new, gone) = (pairing.stayed_count(), pairing.new_count(), pairing.gone.len() as u64);
    let mut changes = CustomerChanges {
        before: stayed + gone,
        after: stayed + new,
        stayed,
        new,
        gone,
        ..CustomerChanges::default()
    };
    count_doings((before, after), pairing, &mut changes)?;
    changes.new_with_earlier_orders = new_with_earlier_orders(before, after, pairing)?;
    changes.gone_by_reason = reasons_of_gone(before, after, pairing)?;
    let mut bridges = Vec::new();
    for measure in MEASURES {
        bridges.extend(bridge((before, after), pairing, measure)?);
    }
    Ok((changes, bridges))
}

fn count_doings(
    runs: (&PublishedRun, &PublishedRun),
    pairing: &Pairing,
    changes: &mut CustomerChanges,
) -> Result<(), PipelineError> {
    let Some((then, now)) = columns_of_both::<CustomerFeatures>(runs, &["order_count", "lifecycle_stage"])? else {
        return Ok(());
    };
    let doings = |of: &DataFrame| -> Result<Vec<(i64, bool)>, TableError> {
        let stages = frame::text(of, "lifecycle_stage")?.iter();
        let is_away = stages.map(|stage| matches!(stage, Some("lapsed" | "lost")));
        let orders = frame::int64(of, "order_count")?.iter();
        Ok(orders.map(Option::unwrap_or_default).zip(is_away).collect())
    };
    for pair in pairing.walk(doings(&then)?, doings(&now)?) {
        let (Some((orders_then, was_away)), Some((orders_now, is_away))) = pair else {
            continue;
        };
        let has_bought = orders_now > orders_then;
        changes.bought += u64::from(has_bought);
        changes.came_back += u64::from(has_bought && was_away);
        changes.fell_asleep += u64::from(is_away && !was_away);
    }
    Ok(())
}

fn new_with_earlier_orders(
    before: &PublishedRun,
    after: &PublishedRun,
    pairing: &Pairing,
) -> Result<u64, PipelineError> {
    let Some(now) = columns::<CustomerFeatures>(after, &["first_order_date"])? else {
        return Ok(0);
    };
    let day = before.reference.as_of.epoch_days();
    let of_before = std::iter::repeat(());
    let first_orders = frame::dates(&now, "first_order_date")?.iter();
    let walk = pairing.walk(of_before, first_orders);
    let is_earlier = |first: Option<i32>| first.is_some_and(|first| first <= day);
    Ok(walk
        .filter(|(then, now)| then.is_none() && now.is_some_and(is_earlier))
        .count() as u64)
}

/// Why customers are not there any more. Nobody is looked for where nobody is gone.
fn reasons_of_gone(
    before: &PublishedRun,
    after: &PublishedRun,
    pairing: &Pairing,
) -> Result<BTreeMap<&'static str, u64>, PipelineError> {
    let mut reasons = BTreeMap::new();
    if pairing.gone.is_empty() {
        return Ok(reasons);
    }
    let moved = under_other_customers(before, after, &pairing.gone)?;
    let then = columns::<CustomerFeatures>(before, &["first_order_date"])?;
    let firsts: Vec<Option<i32>> = match &then {
        Some(then) => frame::dates(then, "first_order_date")?.iter().collect(),
        None => vec![None; usize::try_from(pairing.stayed_count()).unwrap_or_default() + pairing.gone.len()],
    };
    let day = after.reference.as_of.epoch_days();
    let firsts_of_gone = pairing
        .walk(firsts, std::iter::repeat(()))
        .filter(|(_, now)| now.is_none())
        .map(|(first, _)| first.flatten());
    for (customer, first) in pairing.gone.iter().zip(firsts_of_gone) {
        let reason = if moved.contains(customer) {
            "other_customer"
        } else if first.is_some_and(|first| first > day) {
            "not_yet"
        } else {
            "no_line"
        };
        *reasons.entry(reason).or_insert(0) += 1;
    }
    Ok(reasons)
}

/// Those of the customers who are gone whose keys stand for others now.
fn under_other_customers(
    before: &PublishedRun,
    after: &PublishedRun,
    gone: &[String],
) -> Result<BTreeSet<String>, PipelineError> {
    let links = |run: &PublishedRun| -> Result<LazyFrame, PipelineError> {
        let path = PlRefPath::try_from_path(&run.table_path(IdentityLinks::INFO.name)?).map_err(TableError::from)?;
        Ok(LazyFrame::scan_parquet(path, ScanArgsParquet::default()).map_err(TableError::from)?)
    };
    let key = [col("key_space"), col("source_key")];
    let gone = Series::new("customer_id".into(), gone).into_frame().lazy();
    let of_gone = links(before)?
        .join(
            gone,
            [col("customer_id")],
            [col("customer_id")],
            JoinArgs::new(JoinType::Semi),
        )
        .select([col("key_space"), col("source_key"), col("customer_id")]);
    let now = links(after)?.select([col("key_space"), col("source_key")]);
    let moved = of_gone
        .join(now, key.clone(), key, JoinArgs::new(JoinType::Inner))
        .select([col("customer_id")])
        .collect()
        .map_err(TableError::from)?;
    let customers = frame::text(&moved, "customer_id")?.iter();
    Ok(customers.flatten().map(str::to_owned).collect())
}

/// None where no customer's is known in one of the runs.
fn bridge(
    runs: (&PublishedRun, &PublishedRun),
    pairing: &Pairing,
    measure: &'static str,
) -> Result<Option<Bridge>, PipelineError> {
    let Some((then, now)) = columns_of_both::<CustomerFeatures>(runs, &[measure])? else {
        return Ok(None);
    };
    let (then, now) = (frame::decimal(&then, measure)?, frame::decimal(&now, measure)?);
    // Of nobody the sum is known: it is nothing.
    let is_known = |values: &polars::prelude::Int128Chunked| values.is_empty() || values.null_count() < values.len();
    if !(is_known(then) && is_known(now)) {
        return Ok(None);
    }
    let [mut before, mut new, mut stayed, mut gone, mut after] = [0_i128; 5];
    for pair in pairing.walk(then.iter(), now.iter()) {
        let (then, now) = (
            pair.0.map(Option::unwrap_or_default),
            pair.1.map(Option::unwrap_or_default),
        );
        before += then.unwrap_or_default();
        after += now.unwrap_or_default();
        match (then, now) {
            (Some(then), Some(now)) => stayed += now - then,
            (Some(then), None) => gone -= then,
            (None, now) => new += now.unwrap_or_default(),
        }
    }
    let [before, new, stayed, gone, after] = [before, new, stayed, gone, after].map(Money);
    Ok(Some(Bridge {
        measure,
        before,
        new,
        stayed,
        gone,
        after,
    }))
}
