//! Kept customers who move all the same, to even out what owners have to do. Few, and only where it helps.

use std::collections::BinaryHeap;

use super::assign::{Assignment, NOBODY};
use super::desk::Desk;
use super::reason::Reason;

/// An owner by load, the most loaded first, equal ones by id.
#[derive(Debug, PartialEq)]
struct Loaded {
    load: f64,
    owner: u32,
}

impl Eq for Loaded {}

impl PartialOrd for Loaded {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Loaded {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.load.total_cmp(&other.load).then(other.owner.cmp(&self.owner))
    }
}

/// Moves at most that share of the kept customers. The most loaded owner gives first, the least valuable customers
/// first, each to the least loaded owner who takes the customer; and only where the giver's load falls, and that of the
/// other one stays at or below it: so the greater of the two loads falls with every move, and nobody is sent to and fro.
pub(crate) fn rebalance(desk: &mut Desk<'_>, assignment: &mut Assignment, share: f64) {
    let mut kept: Vec<Vec<u32>> = vec![Vec::new(); desk.held.len()];
    for &row in desk.customers.order {
        let owner = assignment.owners[row as usize];
        if owner != NOBODY && assignment.reasons[row as usize] == Reason::Kept {
            kept[owner as usize].push(row);
        }
    }
    let all: usize = kept.iter().map(Vec::len).sum();
    let mut budget = (all as f64 * share) as usize;
    if budget == 0 {
        return;
    }
    let loaded = |desk: &Desk<'_>, owner: u32| Loaded {
        load: desk.fair.load(owner as usize, desk.held[owner as usize]),
        owner,
    };
    let mut most: BinaryHeap<Loaded> = (0..kept.len() as u32).map(|owner| loaded(desk, owner)).collect();
    while let Some(Loaded { load, owner: from }) = most.pop() {
        if load != loaded(desk, from).load {
            // What others gave lies between: the owner is looked at again in the place that is the owner's now.
            most.push(loaded(desk, from));
            continue;
        }
        let Some(row) = kept[from as usize].pop() else { continue };
        if let Some(to) = better_owner(desk, row as usize, from) {
            desk.hand_over(row as usize, from, to);
            assignment.owners[row as usize] = to;
            assignment.reasons[row as usize] = Reason::MovedBalance;
            budget -= 1;
            if budget == 0 {
                return;
            }
        }
        most.push(loaded(desk, from));
    }
}

/// The owner who takes the customer and is not the more loaded of the two with the customer; none where it helps nobody,
/// as with a customer who weighs nothing.
fn better_owner(desk: &mut Desk<'_>, row: usize, from: u32) -> Option<u32> {
    let to = desk.lightest(row).ok().filter(|to| *to != from)?;
    let (mut giving, mut taking) = (desk.held[from as usize], desk.held[to as usize]);
    giving.remove(desk.customers, row);
    taking.add(desk.customers, row);
    let load = |owner: u32, held| desk.fair.load(owner as usize, held);
    let left = load(from, giving);
    (left < load(from, desk.held[from as usize]) && load(to, taking) <= left).then_some(to)
}
