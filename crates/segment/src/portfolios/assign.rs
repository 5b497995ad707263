//! The assignment itself: present owners are kept first, then the others find one, the most valuable customers first.
//!
//! Everything is decided on whole numbers but how loaded an owner is, and in one order, so that equal inputs give equal
//! portfolios. The least loaded owner is found in `O(log owners)` for each pool that takes the customer: owners who take
//! the same territories, tiers and segments are one, and only those of the customer's territory are looked at. It takes
//! as many lists of different territories that hold one of them for a customer to be dear.

use super::coverage::{Market, Named, Takes, UNKNOWN};
use super::desk::Desk;
use super::reason::Reason;
use super::rebalance::rebalance;

/// No owner.
pub(crate) const NOBODY: u32 = u32::MAX;

/// An owner of a portfolio.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Owner {
    pub(crate) takes: Takes,
    pub(crate) is_active: bool,
    /// None: any number.
    pub(crate) capacity_customers: Option<u64>,
    /// In ten-thousandths of the declared unit; none: any amount.
    pub(crate) capacity_workload: Option<u64>,
}

/// The customers, by row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Customers<'c> {
    /// Rows of the eligible ones, the most valuable first.
    pub(crate) order: &'c [u32],
    /// Zero where it is not known.
    pub(crate) values: &'c [i128],
    /// In ten-thousandths.
    pub(crate) workloads: &'c [u64],
    /// Codes of [`Named::code`].
    pub(crate) markets: &'c [u32],
    /// Who looks after the customer by the customer files: the place of an owner; what is past the last one is gone;
    /// or [`NOBODY`].
    pub(crate) by_file: &'c [u32],
    /// Likewise who did last by the run before.
    pub(crate) by_run: &'c [u32],
}

/// How portfolios are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rules {
    /// Whether present owners stay.
    pub(crate) keep: bool,
    /// How much workload weighs in an owner's load,
    pub(crate) workload_weight: f64,
    /// and how much value does.
    pub(crate) value_weight: f64,
    /// How many of the kept customers may move for balance, as a share.
    pub(crate) rebalance_share: f64,
}

/// What a portfolio holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Held {
    pub(crate) customers: u64,
    pub(crate) workload: u128,
    /// Of positive values alone: who costs more than he brings makes no room.
    pub(crate) value: i128,
}

/// Who looks after whom, by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The owner, or [`NOBODY`].
    pub(crate) owners: Vec<u32>,
    /// Who looked after the customer so far: the one who stays, else by the run before, else by the customer files.
    pub(crate) previous: Vec<u32>,
    /// Of rows that are not eligible what they were given with.
    pub(crate) reasons: Vec<Reason>,
}

/// Gives every eligible customer an owner, or the reason why there is none. `reasons` tells why the others are not
/// eligible.
pub(crate) fn assign(
    customers: Customers<'_>,
    owners: &[Owner],
    named: &Named,
    rules: Rules,
    reasons: Vec<Reason>,
) -> Assignment {
    let mut assignment = Assignment {
        owners: vec![NOBODY; reasons.len()],
        previous: customers.last_known().collect(),
        reasons,
    };
    let mut held = vec![Held::default(); owners.len()];
    for &row in customers.order {
        let row = row as usize;
        if assignment.previous[row] == NOBODY {
            assignment.reasons[row] = Reason::New;
            continue;
        }
        if !rules.keep {
            assignment.reasons[row] = Reason::Reassigned;
            continue;
        }
        let market = named.market(customers.markets[row]);
        // A file that tells of yesterday must not take the customer from the owner whom the run before found.
        for previous in [customers.by_file[row], customers.by_run[row]] {
            if previous == NOBODY {
                continue;
            }
            let reason = stays(owners.get(previous as usize), market, || {
                room(&owners[previous as usize], held[previous as usize]) >= Some(customers.workloads[row])
            });
            assignment.reasons[row] = reason;
            if reason == Reason::Kept {
                assignment.owners[row] = previous;
                assignment.previous[row] = previous;
                held[previous as usize].add(customers, row);
                break;
            }
        }
    }
    let mut desk = Desk::new(customers, owners, named, rules, held);
    for &row in customers.order {
        let row = row as usize;
        if assignment.owners[row] != NOBODY {
            continue;
        }
        match desk.place(row) {
            Ok(owner) => {
                assignment.owners[row] = owner;
                if owner == assignment.previous[row] {
                    assignment.reasons[row] = Reason::Kept;
                }
            }
            Err(reason) => assignment.reasons[row] = reason,
        }
    }
    rebalance(&mut desk, &mut assignment, rules.rebalance_share);
    assignment
}

/// Whether the owner stays: kept, or why not.
fn stays(owner: Option<&Owner>, market: Market, has_room: impl FnOnce() -> bool) -> Reason {
    match owner {
        Some(owner) if owner.is_active => {
            // A territory that is not known does not say that it is another's.
            if market.territory != UNKNOWN && !owner.takes.takes_territory(market) {
                Reason::MovedTerritory
            } else if !owner.takes.takes_segment(market) {
                Reason::MovedSegment
            } else if !has_room() {
                Reason::MovedOverCapacity
            } else {
                Reason::Kept
            }
        }
        _ => Reason::MovedOwnerGone,
    }
}

/// The largest piece of work that the owner takes; none where the portfolio is full.
pub(crate) fn room(owner: &Owner, held: Held) -> Option<u64> {
    if owner
        .capacity_customers
        .is_some_and(|capacity| held.customers >= capacity)
    {
        return None;
    }
    match owner.capacity_workload {
        None => Some(u64::MAX),
        // What is held never goes beyond the capacity.
        Some(capacity) => Some((u128::from(capacity) - held.workload.min(capacity.into())) as u64),
    }
}

impl<'c> Customers<'c> {
    /// Who looked after each customer by the run before, which is what its readers know; else by the customer files.
    fn last_known(self) -> impl Iterator<Item = u32> + 'c {
        let told = self.by_run.iter().zip(self.by_file);
        told.map(|(&by_run, &by_file)| if by_run == NOBODY { by_file } else { by_run })
    }
}

impl Held {
    pub(crate) fn add(&mut self, customers: Customers<'_>, row: usize) {
        self.customers += 1;
        self.workload += u128::from(customers.workloads[row]);
        self.value = self.value.saturating_add(customers.values[row].max(0));
    }

    pub(crate) fn remove(&mut self, customers: Customers<'_>, row: usize) {
        self.customers -= 1;
        self.workload -= u128::from(customers.workloads[row]);
        self.value = self.value.saturating_sub(customers.values[row].max(0));
    }
}

#[cfg(test)]
mod tests;
