//! What profit is reckoned from, gathered from tables, segments and the ledger; and the proof that it adds up.

use std::collections::BTreeMap;

use cartera_feature::{CustomerBase, Profit, ProfitInputs, Sums, profit};
use cartera_normalize::{
    AskedOrders, CleanCosts, CostRules, CostSources, ErasedCosts, GuestTotals, MoneyRules, OrderOwners,
    SalesOfSegments, clean_costs, customer_activity,
};
use cartera_table::contracts::{CustomerChannels, CustomerFeatures, Products, ProfitabilityBy, SalesBy};
use cartera_table::frame::{decimal, int32, text};
use cartera_table::{Cell, Contract, Count, Dimension, Disposition, Effect, LineKind, Money, Table};
use rayon::prelude::*;

use super::PARTITIONS;
use super::inputs::Work;
use super::money::has_costs;
use super::relations::CleanRelations;
use super::segments::UsedSegment;
use super::tables::SourceTables;
use crate::error::PipelineError;
use crate::store::Staging;
use crate::store::read::recount;

/// What the stages before left for it.
#[derive(Clone, Copy)]
pub(super) struct ProfitSources<'p> {
    pub(super) tables: &'p SourceTables,
    pub(super) money: &'p MoneyRules,
    pub(super) segments: &'p [UsedSegment],
    pub(super) products: &'p Table<Products>,
    pub(super) channels: &'p Table<CustomerChannels>,
    pub(super) guests: GuestTotals,
}

/// Adds the columns of profit to the customers, and tells that of the company; with the costs beside those of goods,
/// where any source states them.
pub(super) fn profit_of(
    work: &Work<'_>,
    base: &mut CustomerBase,
    sources: ProfitSources<'_>,
    relations: &CleanRelations,
) -> Result<(Profit, Option<CleanCosts>), PipelineError> {
    let last_day = base.as_of().epoch_days();
    let config = work.config;
    let sales = sales(work, sources.segments)?;
    let costs = match config.has_further_costs() {
        true => Some(costs(work, sources, relations, last_day)?),
        false => None,
    };
    // Without costs nobody asks whom campaigns reached.
    let activity = match costs {
        Some(_) => customer_activity(relations.interactions.as_ref(), relations.cases.as_ref())?,
        None => customer_activity(None, None)?,
    };
    let guests = sources.guests;
    let inputs = ProfitInputs {
        entries: costs.as_ref().map(|costs| &costs.entries),
        activity: &activity,
        channels: sources.channels,
        products: sources.products,
        sales: &sales,
        guests: Sums {
            gross_sales: guests.gross_sales.0,
            returned_amount: -guests.returned_amount.0,
            net_sales: guests.net_sales.0,
            cost_of_goods: guests.cost_of_goods.0,
            costed_sales: guests.costed_sales.0,
        },
        guest_order_count: guests.order_count.into(),
        guest_line_count: guests.line_count.into(),
        company: company(work, &sales)?,
        knows_costs_of_goods: has_costs(work, sources.money),
        knows_discounts: config.has_discounts(),
        regions_are_of_customers: config.regions_are_of_customers(),
    };
    let profit = profit(base, &inputs, &config.profitability)?;
    adds_up(&profit)?;
    Ok((profit, costs))
}

fn sales(work: &Work<'_>, segments: &[UsedSegment]) -> Result<Table<SalesBy>, PipelineError> {
    let mut all = SalesOfSegments::new(&work.config.order_lines, work.horizon.last_epoch_day());
    for segment in segments {
        if let Some(sales) = segment.entry.sales()? {
            all.add(sales)?;
        }
    }
    Ok(all.finish()?)
}

fn costs(
    work: &Work<'_>,
    sources: ProfitSources<'_>,
    relations: &CleanRelations,
    last_day: i32,
) -> Result<CleanCosts, PipelineError> {
    let tables = sources.tables;
    let from = CostSources {
        costs: tables.costs.as_ref(),
        interactions: relations.interactions.as_ref(),
        campaigns: tables.campaigns.as_ref(),
        erased: ErasedCosts {
            costs: tables.erased_costs.as_ref(),
            interactions: relations.erased_interactions.as_ref(),
        },
    };
    let owners = order_owners(work, sources, last_day)?;
    let rules = CostRules {
        rates: &sources.money.rates,
        identity: &work.inputs.identity,
        last_epoch_day: last_day,
    };
    let costs = clean_costs(from, &owners, rules)?;
    for left_out in &costs.unconverted {
        let effect = Effect {
            policy: "currency",
            effect: "no_rate",
            source_index: left_out.source_index,
        };
        // Effects are in the pipeline's currency, in which nobody knows what this is.
        work.books.effects.add(effect, left_out.rows, Money::default());
        let source = work.inputs.sources.get(left_out.source_index);
        work.context.observer.warning(&format!(
            "{} costs of source {} are left out: {} {} have no rate of their days",
            left_out.rows,
            source.map_or("", |source| &source.params.name),
            left_out.amount,
            left_out.currency,
        ));
    }
    Ok(costs)
}

/// Whose orders those are that costs name; looked for in the parts of all segments only where any does.
fn order_owners(work: &Work<'_>, sources: ProfitSources<'_>, last_day: i32) -> Result<OrderOwners, PipelineError> {
    let Some(costs) = &sources.tables.costs else {
        return Ok(OrderOwners::default());
    };
    let asked = AskedOrders::of(costs)?;
    if asked.is_empty() {
        return Ok(OrderOwners::default());
    }
    let look_at = |mut owners: OrderOwners, segment: &UsedSegment| -> Result<OrderOwners, PipelineError> {
        for partition in 0..PARTITIONS {
            if let Some(parts) = segment.entry.parts(partition)? {
                let source_index = segment.origin.source_index;
                owners.look_at(&parts, &asked, &work.inputs.identity, source_index, last_day)?;
            }
        }
        Ok(owners)
    };
    let segments = sources.segments.par_iter();
    segments
        .try_fold(OrderOwners::default, look_at)
        .try_reduce(OrderOwners::default, |one, other| Ok(one.merged(other)))
}

/// The lines of some kinds that were kept.
fn kept(work: &Work<'_>, chosen: &dyn Fn(LineKind) -> bool) -> Count {
    let is_chosen = |cell: &Cell| cell.disposition == Disposition::Kept && cell.line_kind.is_some_and(chosen);
    work.books.ledger.total(is_chosen)
}

/// The company by the ledger; what goods cost, which it does not hold, by day.
fn company(work: &Work<'_>, sales: &Table<SalesBy>) -> Result<Sums, PipelineError> {
    let flags = |kind: LineKind| work.config.order_lines.flags(kind);
    let amount = |chosen: &dyn Fn(LineKind) -> bool| kept(work, chosen).converted_amount.unwrap_or_default().0;
    let frame = sales.frame();
    let is_month: Vec<bool> = int32(frame, "dimension")?
        .iter()
        .map(|code| code == Some(Dimension::Month.code()))
        .collect();
    let by_day = |name: &str| -> Result<i128, PipelineError> {
        let values = decimal(frame, name)?.iter().zip(&is_month);
        Ok(values
            .filter(|(_, is_month)| **is_month)
            .filter_map(|(value, _)| value)
            .sum())
    };
    Ok(Sums {
        gross_sales: amount(&|kind| flags(kind).counts_as_order && flags(kind).in_net_sales),
        returned_amount: -amount(&LineKind::is_returned),
        net_sales: amount(&|kind| flags(kind).in_net_sales),
        cost_of_goods: by_day("cost_of_goods")?,
        costed_sales: by_day("costed_sales")?,
    })
}

/// What an item comes to for each party.
type Parties = BTreeMap<String, i128>;

/// The items of the statement, those that are known.
fn items(profit: &Profit) -> Result<BTreeMap<String, Parties>, PipelineError> {
    let frame = profit.statement.frame();
    let parties = text(frame, "party")?.iter().zip(decimal(frame, "amount")?.iter());
    let mut items: BTreeMap<String, Parties> = BTreeMap::new();
    for (item, (party, amount)) in text(frame, "item")?.iter().zip(parties) {
        if let (Some(item), Some(party), Some(amount)) = (item, party, amount) {
            items
                .entry(item.to_owned())
                .or_default()
                .insert(party.to_owned(), amount);
        }
    }
    Ok(items)
}

fn disagrees(table: &'static str, what: &str, written: i128, expected: i128) -> Result<(), PipelineError> {
    if written == expected {
        return Ok(());
    }
    let detail = format!("{what} (money in ten-thousandths): {written} stand in it, {expected} are accounted for");
    Err(PipelineError::Recount { table, detail })
}

/// The columns of `profitability_by` that add up to an item.
const ITEMS_BY: [&str; 8] = [
    "gross_sales",
    "returned_amount",
    "net_sales",
    "cost_of_goods",
    "gross_margin",
    "cost_to_serve",
    "acquisition_cost",
    "net_profit",
];

/// Customers, guests and what is nobody's are the company, and so is each dimension.
fn adds_up(profit: &Profit) -> Result<(), PipelineError> {
    let items = items(profit)?;
    for (item, parties) in &items {
        let company = parties.get("company").copied().unwrap_or_default();
        let others = parties.values().sum::<i128>() - company;
        disagrees("income_statement", item, others, company)?;
    }
    let frame = profit.by.frame();
    for item in ITEMS_BY {
        let Some(parties) = items.get(item) else { continue };
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        for (dimension, value) in text(frame, "dimension")?.iter().zip(decimal(frame, item)?.iter()) {
            *sums.entry(dimension.unwrap_or_default()).or_default() += value.unwrap_or_default();
        }
        for (dimension, sum) in sums {
            let company = parties.get("company").copied().unwrap_or_default();
            disagrees("profitability_by", &format!("{item} by {dimension}"), sum, company)?;
        }
    }
    Ok(())
}

/// Counts again what was written, and compares it with the statement and the ledger.
pub(super) fn profit_agrees(work: &Work<'_>, staging: &Staging<'_>, profit: &Profit) -> Result<(), PipelineError> {
    let items = items(profit)?;
    let customers = [
        "net_sales",
        "cost_of_goods",
        "gross_margin",
        "cost_to_serve",
        "acquisition_cost",
    ];
    let table = CustomerFeatures::INFO.name;
    let written = recount(&staging.table_path(table), &customers)?;
    for (item, sum) in customers.iter().zip(written.sums) {
        if let Some(parties) = items.get(*item) {
            disagrees(table, item, sum, parties.get("customer").copied().unwrap_or_default())?;
        }
    }
    let table = ProfitabilityBy::INFO.name;
    let mut dimensions: Vec<&str> = text(profit.by.frame(), "dimension")?.iter().flatten().collect();
    dimensions.dedup();
    let dimension_count = dimensions.len() as i128;
    let written = recount(&staging.table_path(table), &ITEMS_BY)?;
    for (item, sum) in ITEMS_BY.iter().zip(written.sums) {
        if let Some(parties) = items.get(*item) {
            let company = parties.get("company").copied().unwrap_or_default();
            disagrees(table, item, sum, company * dimension_count)?;
        }
    }
    let lines = i128::from(kept(work, &|_| true).rows);
    let written = recount(&staging.table_path(table), &["line_count"])?;
    disagrees(table, "lines", written.sums[0], lines * dimension_count)
}
