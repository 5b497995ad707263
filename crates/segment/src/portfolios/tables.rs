//! Portfolios as checked tables and in figures.

use std::collections::BTreeMap;

use cartera_table::contracts::{PortfolioOwners, Portfolios};
use cartera_table::{ColumnType, Table, TableError, frame};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, Float64Chunked, Int64Chunked, IntoColumn, NewChunkedArray, StringChunked,
};

use super::assign::{Assignment, Owner};
use super::base::Base;
use super::owners::Previous;
use super::reason::Reason;
use super::summary::PortfolioSummary;
use crate::error::SegmentError;
use crate::values::real_of;

/// All that was read and found.
#[derive(Clone, Copy)]
pub(crate) struct Made<'m> {
    pub(crate) base: &'m Base,
    pub(crate) owners: &'m [Owner],
    pub(crate) previous: &'m Previous<'m>,
    pub(crate) assignment: &'m Assignment,
}

/// What the portfolio of an owner comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OwnerTotals {
    customers: u64,
    workload: u128,
    value: i128,
    kept: u64,
    lost: u64,
}

impl<'m> Made<'m> {
    /// The totals of each owner.
    pub(crate) fn totals(&self) -> Result<Vec<OwnerTotals>, SegmentError> {
        let mut totals = vec![OwnerTotals::default(); self.owners.len()];
        for (row, (&owner, &previous)) in self.assignment.owners.iter().zip(&self.assignment.previous).enumerate() {
            if let Some(total) = totals.get_mut(owner as usize) {
                total.customers += 1;
                total.kept += u64::from(owner == previous);
                total.workload += u128::from(self.base.workloads[row]);
                let value = self.base.value(row).unwrap_or_default();
                let sum = total.value.checked_add(value);
                total.value = sum.ok_or_else(|| SegmentError::Overflow {
                    column: self.base.measure.into(),
                })?;
            }
            // Who is gone has no row, and who had no owner in the run before was lost in an earlier one.
            if let Some(total) = totals.get_mut(previous as usize) {
                total.lost += u64::from(owner != previous && !self.previous.is_past[row]);
            }
        }
        Ok(totals)
    }

    /// The same in figures, with what the reader should know.
    pub(crate) fn summary(&self, totals: &[OwnerTotals], notes: Vec<String>) -> PortfolioSummary {
        let mut by_status: BTreeMap<&str, usize> = BTreeMap::new();
        let mut unassigned: BTreeMap<String, usize> = BTreeMap::new();
        let (mut kept_count, mut new_count) = (0, 0);
        for &reason in &self.assignment.reasons {
            *by_status.entry(reason.status()).or_default() += 1;
            match reason {
                Reason::Kept => kept_count += 1,
                Reason::New => new_count += 1,
                reason if reason.status() == "unassigned" => {
                    *unassigned.entry(reason.slug().to_owned()).or_default() += 1;
                }
                _ => {}
            }
        }
        let count = |status| by_status.get(status).copied().unwrap_or_default();
        let shares = totals
            .iter()
            .zip(self.owners)
            .map(|(total, owner)| load_share(owner, total));
        let fullest = shares
            .zip(&self.previous.names)
            .filter_map(|(share, name)| Some((share?, *name)))
            // Of equal ones the first.
            .reduce(|one, other| if other.0 > one.0 { other } else { one });
        PortfolioSummary {
            owner_count: self.owners.len(),
            active_owner_count: self.owners.iter().filter(|owner| owner.is_active).count(),
            value: self.base.measure.to_owned(),
            assigned_count: count("assigned"),
            kept_count,
            new_count,
            moved_count: count("assigned") - kept_count - new_count,
            unassigned,
            not_eligible_count: count("not_eligible"),
            fullest: fullest.map(|(share, name)| (name.to_owned(), share)),
            notes,
        }
    }
}

/// The greater of customers and workload by the capacity.
fn load_share(owner: &Owner, total: &OwnerTotals) -> Option<f64> {
    let share = |held: f64, capacity: Option<u64>| {
        let capacity = capacity.filter(|&capacity| capacity > 0)?;
        Some(held / capacity as f64)
    };
    let customers = share(total.customers as f64, owner.capacity_customers);
    let workload = share(total.workload as f64, owner.capacity_workload);
    [customers, workload].into_iter().flatten().reduce(f64::max)
}

/// `portfolios`, in the order of the customers.
pub(crate) fn portfolios(customers: &DataFrame, made: &Made<'_>) -> Result<Table<Portfolios>, TableError> {
    let Made { base, assignment, .. } = made;
    let height = customers.height();
    let mut ranks: Vec<Option<i64>> = vec![None; height];
    for (rank, &row) in (1_i64..).zip(&base.order) {
        ranks[row as usize] = Some(rank);
    }
    let names = |name: &str, owners: &[u32]| {
        let names = owners.iter().map(|&owner| made.previous.name(owner));
        StringChunked::from_iter_options(name.into(), names).into_column()
    };
    let slugs = |name: &str, slug: fn(Reason) -> &'static str| {
        let slugs = assignment.reasons.iter().map(|&reason| slug(reason));
        StringChunked::from_iter_values(name.into(), slugs).into_column()
    };
    let workloads = (0..height).map(|row| ranks[row].map(|_| i128::from(base.workloads[row])));
    let columns = vec![
        customers.column("customer_id")?.clone(),
        names("owner_id", &assignment.owners),
        slugs("status", Reason::status),
        slugs("reason", Reason::slug),
        names("previous_owner_id", &assignment.previous),
        frame::optional_decimal_column("value", (0..height).map(|row| base.value(row)), ColumnType::SUM),
        Int64Chunked::from_iter_options("value_rank".into(), ranks.iter().copied()).into_column(),
        frame::optional_decimal_column("workload", workloads, ColumnType::SUM),
    ];
    Table::new(DataFrame::new(height, columns)?)
}

/// `portfolio_owners`, in the order of the source.
pub(crate) fn portfolio_owners(
    owners: &DataFrame,
    made: &Made<'_>,
    totals: &[OwnerTotals],
) -> Result<Table<PortfolioOwners>, TableError> {
    let all = totals.iter().fold(0_i128, |sum, total| sum.saturating_add(total.value));
    let value_shares = totals
        .iter()
        .map(|total| (all > 0).then(|| real_of(total.value) / real_of(all)));
    let loads = made
        .owners
        .iter()
        .zip(totals)
        .map(|(owner, total)| load_share(owner, total));
    let active: Vec<bool> = made.owners.iter().map(|owner| owner.is_active).collect();
    let capacities = made.owners.iter().map(|owner| owner.capacity_workload.map(i128::from));
    let count = |name: &str, count: fn(&OwnerTotals) -> u64| {
        let counts = totals.iter().map(|total| count(total) as i64);
        Int64Chunked::from_iter_values(name.into(), counts).into_column()
    };
    let real = |name: &str, values: &mut dyn Iterator<Item = Option<f64>>| -> Column {
        Float64Chunked::from_iter_options(name.into(), values).into_column()
    };
    let columns = vec![
        owners.column("owner_id")?.clone(),
        owners.column("kind")?.clone(),
        owners.column("territories")?.clone(),
        BooleanChunked::from_slice("is_active".into(), &active).into_column(),
        owners.column("capacity_customers")?.clone(),
        frame::optional_decimal_column("capacity_workload", capacities, ColumnType::SUM),
        count("customers", |total| total.customers),
        frame::sum_column("workload", totals.iter().map(|total| total.workload as i128).collect()),
        real("load_share", &mut loads.into_iter()),
        frame::sum_column("value", totals.iter().map(|total| total.value).collect()),
        real("value_share", &mut value_shares.into_iter()),
        count("kept_customers", |total| total.kept),
        count("gained_customers", |total| total.customers - total.kept),
        count("lost_customers", |total| total.lost),
    ];
    Table::new(DataFrame::new(owners.height(), columns)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cartera_table::contracts::PORTFOLIO_REASONS;

    use super::*;

    #[test]
    fn reasons_are_those_of_the_contract() {
        let all = [
            Reason::Kept,
            Reason::New,
            Reason::Reassigned,
            Reason::MovedOwnerGone,
            Reason::MovedTerritory,
            Reason::MovedSegment,
            Reason::MovedOverCapacity,
            Reason::MovedBalance,
            Reason::NoOwner,
            Reason::NoTerritoryKnown,
            Reason::NoOwnerForTerritory,
            Reason::NoOwnerForSegment,
            Reason::NoCapacity,
            Reason::LifecycleStage,
            Reason::ValueTier,
            Reason::RfmSegment,
        ];
        let slugs: BTreeSet<&str> = all.iter().map(|reason| reason.slug()).collect();
        assert_eq!(slugs, PORTFOLIO_REASONS.iter().copied().collect());
    }
}
