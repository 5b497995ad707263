//! What the assigned customers bought and answered in the window.

use std::collections::HashMap;

use cartera_activation::InteractionWords;
use cartera_normalize::{MergedLines, MoneyRules, Partition, PartitionRules, interactions};
use cartera_table::frame::{dates, decimal, int64, text};
use cartera_table::{AsOf, Date, Ledger, PolicyEffects};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::assigned::Assigned;
use crate::error::PipelineError;
use crate::measure::MeasureRequestError;
use crate::run::PARTITIONS;
use crate::run::customers::{items_of, partition_rules, parts_of};
use crate::run::inputs::Work;
use crate::run::money::{has_costs, money_rules};
use crate::run::overlaps::{find_merged_lines, overlapping, replace_touched};
use crate::run::report::Defects;
use crate::run::segments::{Plan, UsedSegment, all_segments};
use crate::run::tables::SourceTables;

/// Partitions that are made together: the days of their customers are in memory at a time.
const AT_ONCE: usize = 16;

/// What a customer did in the window. Money in ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CustomerOutcome {
    pub(super) orders: i64,
    pub(super) net_sales: i64,
    pub(super) margin: i64,
    pub(super) has_answered: bool,
    /// Whether the order lines know the customer at all.
    pub(super) is_known: bool,
}

/// What all of them did.
#[derive(Debug)]
pub(super) struct Bought {
    /// One for each assigned customer.
    pub(super) customers: Vec<CustomerOutcome>,
    /// Last day of the window.
    pub(super) to: Date,
    /// Last day of the data.
    pub(super) last_day: Date,
    pub(super) has_costs: bool,
    pub(super) has_no_interactions: bool,
    /// Net sales of the assigned in the window.
    pub(super) net_sales: i128,
    /// Of these, what goods without a known cost were sold for.
    pub(super) uncosted_sales: i128,
}

/// The days that count.
#[derive(Debug, Clone, Copy)]
struct Days {
    first: i32,
    last: i32,
}

/// What a partition tells of the assigned.
#[derive(Default)]
struct Made {
    customers: HashMap<u32, CustomerOutcome>,
    net_sales: i128,
    uncosted_sales: i128,
}

impl Bought {
    pub(super) fn read(
        work: &Work<'_>,
        assigned: &Assigned,
        from: Date,
        to: Option<Date>,
        today: Date,
    ) -> Result<Self, PipelineError> {
        let tables = SourceTables::for_measuring(work)?;
        let money = money_rules(work, &tables)?;
        let plan = Plan::new(work, &money)?;
        let mut segments = all_segments(work, plan)?;
        let places = overlapping(work, &segments);
        let merged = if places.is_empty() {
            MergedLines::default()
        } else {
            find_merged_lines(work, &segments, &places)?
        };
        replace_touched(work, &money, &mut segments, &merged)?;
        let last_day = last_day(work, &segments, today)?;
        let to = to.unwrap_or(last_day);
        let mut bought = Self {
            customers: vec![CustomerOutcome::default(); assigned.arms.len()],
            to,
            last_day,
            has_costs: has_costs(work, &money),
            has_no_interactions: tables.interactions.is_none(),
            net_sales: 0,
            uncosted_sales: 0,
        };
        let days = Days {
            first: AsOf(from).epoch_days(),
            last: AsOf(to.min(today)).epoch_days(),
        };
        bought.add_orders(work, &money, &segments, assigned, days)?;
        bought.add_answers(work, &tables, assigned, days)?;
        Ok(bought)
    }

    fn add_orders(
        &mut self,
        work: &Work<'_>,
        money: &MoneyRules,
        segments: &[UsedSegment],
        assigned: &Assigned,
        days: Days,
    ) -> Result<(), PipelineError> {
        for start in (0..PARTITIONS).step_by(AT_ONCE) {
            let places = start..(start + AT_ONCE).min(PARTITIONS);
            let made: Vec<Made> = places
                .into_par_iter()
                .map(|partition| made_of(work, money, segments, partition, assigned, days))
                .collect::<Result<_, PipelineError>>()?;
            for made in made {
                for (row, customer) in made.customers {
                    self.customers[row as usize] = customer;
                }
                self.net_sales += made.net_sales;
                self.uncosted_sales += made.uncosted_sales;
            }
        }
        Ok(())
    }

    /// Answers to the list's campaign.
    fn add_answers(
        &mut self,
        work: &Work<'_>,
        tables: &SourceTables,
        assigned: &Assigned,
        window: Days,
    ) -> Result<(), PipelineError> {
        let (Some(source), Some(campaign)) = (&tables.interactions, &assigned.campaign_id) else {
            return Ok(());
        };
        let last = AsOf(self.to);
        let clean = interactions(source, tables.campaigns.as_ref(), &work.inputs.identity, last)?;
        let frame = clean.frame();
        let customers = text(frame, "customer_id")?.iter();
        let days = customers.zip(dates(frame, "occurred_on")?.iter());
        let kinds = text(frame, "kind")?.iter().zip(text(frame, "direction")?.iter());
        let words = kinds.zip(text(frame, "outcome")?.iter().zip(text(frame, "campaign_id")?.iter()));
        for ((customer, day), ((kind, direction), (outcome, campaign_id))) in days.zip(words) {
            let words = InteractionWords {
                kind,
                direction,
                outcome,
                campaign_id,
            };
            let is_answer =
                campaign_id == Some(campaign) && words.is_answer(|outcome| work.config.relations.is_response(outcome));
            let is_in_window = day.is_some_and(|day| day >= window.first && day <= window.last);
            let row = customer.and_then(|customer| assigned.rows.get(customer));
            if let (true, true, Some(&row)) = (is_answer, is_in_window, row) {
                self.customers[row as usize].has_answered = true;
            }
        }
        Ok(())
    }
}

/// Last day of the data up to today, once it is no more defective than the pipeline allows. Lines after today are mistyped,
/// and no sign that the data reaches so far; lines after the window count, so that one that ends behind them is told of.
fn last_day(work: &Work<'_>, segments: &[UsedSegment], today: Date) -> Result<Date, PipelineError> {
    let unlisted = work.books.quarantine.unlisted();
    let defects = work.books.quarantine.take();
    let found = Defects::new(work, &defects, unlisted);
    let today = AsOf(today).epoch_days();
    let mut last = None;
    for segment in segments {
        let of_segment = match segment.entry.facts.last_day {
            Some(day) if day > today => last_day_of(work, segment, today)?,
            day => day,
        };
        last = last.max(of_segment);
    }
    let Some(AsOf(last)) = last.and_then(AsOf::from_epoch_days) else {
        return Err(found.no_lines(0));
    };
    found.within(work.config.limits.max_quarantined_share, unlisted)?;
    Ok(last)
}

/// Last day up to today of a segment that reaches beyond.
fn last_day_of(work: &Work<'_>, segment: &UsedSegment, today: i32) -> Result<Option<i32>, PipelineError> {
    let days = (0..PARTITIONS).into_par_iter().map(|partition| {
        let segment = std::slice::from_ref(segment);
        let mut last = None;
        for parts in parts_of(work, segment, partition, &Ledger::default(), today)? {
            last = last.max(dates(&parts, "order_date")?.iter().flatten().max());
        }
        Ok(last)
    });
    let days: Vec<Option<i32>> = days.collect::<Result<_, PipelineError>>()?;
    Ok(days.into_iter().max().flatten())
}

fn made_of(
    work: &Work<'_>,
    money: &MoneyRules,
    segments: &[UsedSegment],
    partition: usize,
    assigned: &Assigned,
    days: Days,
) -> Result<Made, PipelineError> {
    // What is counted here is published nowhere.
    let (ledger, effects) = (Ledger::default(), PolicyEffects::default());
    let rules = PartitionRules {
        ledger: &ledger,
        effects: &effects,
        by_channel: false,
        last_orders: 0,
        ..partition_rules(work, money)
    };
    let parts = parts_of(work, segments, partition, &ledger, days.last)?;
    let items = items_of(work, segments, partition, days.last)?;
    let customer_days = Partition::of_parts(parts, items, rules)?.customer_days;
    let mut made = Made::default();
    if customer_days.height() > 0 {
        made.add(&customer_days, assigned, days)?;
    }
    Ok(made)
}

impl Made {
    fn add(&mut self, frame: &DataFrame, assigned: &Assigned, days: Days) -> Result<(), PipelineError> {
        let customers = text(frame, "customer_id")?;
        let (on, orders) = (dates(frame, "order_date")?, int64(frame, "order_count")?);
        let net_sales = decimal(frame, "net_sales")?;
        let costs = match frame.schema().contains("costed_sales") {
            true => Some((decimal(frame, "costed_sales")?, decimal(frame, "cost_of_goods")?)),
            false => None,
        };
        for (place, customer) in customers.iter().enumerate() {
            let Some(&row) = customer.and_then(|customer| assigned.rows.get(customer)) else {
                continue;
            };
            let outcome = self.customers.entry(row).or_default();
            outcome.is_known = true;
            if !on.get(place).is_some_and(|day| day >= days.first && day <= days.last) {
                continue;
            }
            let sales = net_sales.get(place).unwrap_or_default();
            let costed = costs.map(|(costed, cost)| {
                let of = |column: &polars::prelude::Int128Chunked| column.get(place).unwrap_or_default();
                (of(costed), of(cost))
            });
            let (costed, cost) = costed.unwrap_or_default();
            outcome.orders += orders.get(place).unwrap_or_default();
            outcome.net_sales = added(outcome.net_sales, sales, "sales")?;
            outcome.margin = added(outcome.margin, costed - cost, "margin")?;
            self.net_sales += sales;
            self.uncosted_sales += sales - costed;
        }
        Ok(())
    }
}

fn added(sum: i64, more: i128, outcome: &str) -> Result<i64, MeasureRequestError> {
    let too_large = || cartera_activation::measure::MeasureError::TooLarge {
        outcome: outcome.to_owned(),
    };
    let sum = i64::try_from(i128::from(sum) + more).map_err(|_| too_large())?;
    Ok(sum)
}
