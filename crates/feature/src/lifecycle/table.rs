//! The stages of all customers, beside those of the run before.

use std::collections::{BTreeMap, HashMap};

use cartera_table::contracts::{Customers, Lifecycle, LifecycleTransitions};
use cartera_table::frame::{date_column, dates, decimal, float64, int32, int64, sum_column, text};
use cartera_table::{AsOf, Table, TableError};
use foldhash::fast::FixedState;
use polars::prelude::{Column, DataFrame, Int32Chunked};

use super::stage::{LifecycleStage, StageSince, Standing};
use crate::error::FeatureError;
use crate::features::CustomerBase;
use crate::params::LifecycleValidParams;

/// The stages of the newest run of an earlier day.
#[derive(Debug)]
pub struct PriorLifecycle {
    /// The day of that run.
    pub as_of: AsOf,
    /// Its table.
    pub table: Table<Lifecycle>,
}

/// What is published of the stages.
#[derive(Debug)]
pub struct LifecycleTables {
    /// One row a customer.
    pub lifecycle: Table<Lifecycle>,
    /// One row a stage before and now.
    pub transitions: Table<LifecycleTransitions>,
}

/// Adds `lifecycle_stage` and `lifecycle_since` to the base, and makes the tables of all customers, those without a
/// line being prospects. What the base does not have of the probability of being alive and of the rhythm is not known.
///
/// # Errors
/// When the engine fails.
pub fn add_lifecycle(
    base: &mut CustomerBase,
    customers: &Table<Customers>,
    prior: Option<&PriorLifecycle>,
    params: &LifecycleValidParams,
) -> Result<LifecycleTables, FeatureError> {
    let as_of = base.as_of();
    let joined = joined_by_customer(customers, as_of)?;
    let before = Before::new(prior)?;
    let frame = base.frame();
    let ids = text(frame, "customer_id")?;
    let sales = decimal(frame, "net_sales")?;
    let mut all = Stages::default();
    for ((customer_id, sales), standing) in ids.iter().zip(sales.iter()).zip(standings(frame)?) {
        let customer_id = customer_id.unwrap_or_default();
        let mut now = standing.stage(as_of.epoch_days(), params);
        if now.0 == LifecycleStage::Prospect {
            now.1 = joined.get(customer_id).copied().flatten();
        }
        all.push(
            customer_id,
            before.settle(customer_id, now, as_of),
            sales.unwrap_or_default(),
        );
    }
    let with_lines = all.ids.len();
    let places = base.places()?;
    for (&customer_id, &joined_on) in &joined {
        if places.row(customer_id).is_none() {
            let now = (LifecycleStage::Prospect, joined_on);
            all.push(customer_id, before.settle(customer_id, now, as_of), 0);
        }
    }
    let tables = LifecycleTables {
        lifecycle: all.table()?,
        transitions: all.transitions(&before)?,
    };
    let columns = all.columns(with_lines);
    base.add(columns)?;
    Ok(tables)
}

/// The customers of the customer files that were there by the day, with the first day on which they joined; none where
/// no row tells.
fn joined_by_customer(customers: &Table<Customers>, as_of: AsOf) -> Result<BTreeMap<&str, Option<i32>>, TableError> {
    let frame = customers.frame();
    let mut joined: BTreeMap<&str, Option<i32>> = BTreeMap::new();
    for (customer_id, day) in text(frame, "customer_id")?
        .iter()
        .zip(dates(frame, "joined_on")?.iter())
    {
        let Some(customer_id) = customer_id.filter(|_| day.is_none_or(|day| day <= as_of.epoch_days())) else {
            continue;
        };
        let known = joined.entry(customer_id).or_insert(day);
        *known = match (*known, day) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(joined)
}

/// What the rules look at, of each customer of the base.
fn standings(frame: &DataFrame) -> Result<impl Iterator<Item = Standing>, FeatureError> {
    let order_counts = int64(frame, "order_count")?.iter();
    let order_dates = dates(frame, "first_order_date")?
        .iter()
        .zip(dates(frame, "last_order_date")?.iter());
    let last_gaps: Vec<Option<i32>> = match frame.schema().contains("last_gap_days") {
        true => int32(frame, "last_gap_days")?.iter().collect(),
        false => vec![None; frame.height()],
    };
    let p_alive = optional_numbers(frame, "p_alive")?;
    let days_overdue = optional_numbers(frame, "days_overdue")?;
    let gap_deviations = optional_numbers(frame, "order_gap_deviation_days")?;
    Ok(order_counts
        .zip(order_dates)
        .enumerate()
        .map(move |(row, (order_count, (first, last)))| Standing {
            order_count: order_count.unwrap_or_default(),
            order_dates: first.zip(last),
            last_gap_days: last_gaps[row],
            p_alive: p_alive[row],
            days_overdue: days_overdue[row],
            gap_deviation_days: gap_deviations[row],
        }))
}

/// A column that may not be there.
fn optional_numbers(frame: &DataFrame, name: &str) -> Result<Vec<Option<f64>>, FeatureError> {
    if !frame.schema().contains(name) {
        return Ok(vec![None; frame.height()]);
    }
    Ok(float64(frame, name)?.iter().collect())
}

/// A customer's stage now and before.
#[derive(Debug, Clone, Copy)]
struct Settled {
    stage: LifecycleStage,
    since: i32,
    previous: Option<LifecycleStage>,
}

/// The stages of the run before.
#[derive(Default)]
struct Before<'p> {
    as_of: Option<AsOf>,
    stages: HashMap<&'p str, (LifecycleStage, i32), FixedState>,
}

impl<'p> Before<'p> {
    fn new(prior: Option<&'p PriorLifecycle>) -> Result<Self, TableError> {
        let Some(prior) = prior else {
            return Ok(Self::default());
        };
        let frame = prior.table.frame();
        let stages = text(frame, "lifecycle_stage")?
            .iter()
            .zip(dates(frame, "lifecycle_since")?.iter());
        let stages = text(frame, "customer_id")?.iter().zip(stages);
        let stage = |(id, (stage, since)): (Option<&'p str>, (Option<&str>, Option<i32>))| {
            Some((id?, (LifecycleStage::from_slug(stage?)?, since?)))
        };
        Ok(Self {
            as_of: Some(prior.as_of),
            stages: stages.filter_map(stage).collect(),
        })
    }

    /// Since when: who did not move stays since then; who moved did so between the two runs; of others the rule tells,
    /// or nobody knows better than today.
    fn settle(&self, customer_id: &str, (stage, told): StageSince, as_of: AsOf) -> Settled {
        let today = as_of.epoch_days();
        let told = told.unwrap_or(today).min(today);
        let (since, previous) = match (self.stages.get(customer_id), self.as_of) {
            (Some((before, since)), _) if *before == stage => (*since, Some(*before)),
            (Some((before, _)), Some(as_of)) => (told.max(as_of.epoch_days() + 1), Some(*before)),
            _ => (told, None),
        };
        Settled { stage, since, previous }
    }
}

/// The stages of all customers while they are gathered.
#[derive(Default)]
struct Stages<'c> {
    ids: Vec<&'c str>,
    settled: Vec<Settled>,
    sales: Vec<i128>,
}

impl<'c> Stages<'c> {
    fn push(&mut self, customer_id: &'c str, settled: Settled, sales: i128) {
        self.ids.push(customer_id);
        self.settled.push(settled);
        self.sales.push(sales);
    }

    /// The columns of the first customers.
    fn columns(&self, height: usize) -> Vec<Column> {
        let settled = &self.settled[..height];
        let stages: Vec<&str> = settled.iter().map(|settled| settled.stage.slug()).collect();
        let since = settled.iter().map(|settled| settled.since).collect();
        vec![
            Column::new("lifecycle_stage".into(), stages),
            date_column(
                "lifecycle_since",
                Int32Chunked::from_vec("lifecycle_since".into(), since),
            ),
        ]
    }

    fn table(&self) -> Result<Table<Lifecycle>, FeatureError> {
        let previous: Vec<Option<&str>> = self
            .settled
            .iter()
            .map(|settled| settled.previous.map(LifecycleStage::slug))
            .collect();
        let mut columns = vec![Column::new("customer_id".into(), &self.ids)];
        columns.extend(self.columns(self.ids.len()));
        columns.push(Column::new("previous_stage".into(), previous));
        Ok(Table::sorted(DataFrame::new(self.ids.len(), columns)?)?)
    }

    fn transitions(&self, before: &Before<'_>) -> Result<Table<LifecycleTransitions>, FeatureError> {
        type Way = (Option<LifecycleStage>, Option<LifecycleStage>);
        let mut ways: BTreeMap<Way, (i64, i128)> = BTreeMap::new();
        let mut gone: BTreeMap<LifecycleStage, i64> = BTreeMap::new();
        for (stage, _) in before.stages.values() {
            *gone.entry(*stage).or_default() += 1;
        }
        for (settled, sales) in self.settled.iter().zip(&self.sales) {
            let way = ways.entry((settled.previous, Some(settled.stage))).or_default();
            way.0 += 1;
            way.1 = way.1.checked_add(*sales).ok_or_else(|| TableError::Overflow {
                what: "sum net_sales".into(),
            })?;
            if let Some(count) = settled.previous.and_then(|previous| gone.get_mut(&previous)) {
                *count -= 1;
            }
        }
        for (stage, count) in gone.into_iter().filter(|(_, count)| *count > 0) {
            ways.insert((Some(stage), None), (count, 0));
        }
        let slugs = |of: fn(&Way) -> Option<LifecycleStage>| -> Vec<Option<&str>> {
            ways.keys().map(|way| of(way).map(LifecycleStage::slug)).collect()
        };
        let columns = vec![
            Column::new("from_stage".into(), slugs(|way| way.0)),
            Column::new("to_stage".into(), slugs(|way| way.1)),
            Column::new(
                "customers".into(),
                ways.values().map(|(customers, _)| *customers).collect::<Vec<i64>>(),
            ),
            sum_column("net_sales", ways.values().map(|(_, sales)| *sales).collect()),
        ];
        Ok(Table::sorted(DataFrame::new(ways.len(), columns)?)?)
    }
}

#[cfg(test)]
mod tests;
