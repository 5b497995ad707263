//! Where customers find an owner: what everybody holds so far, and who is the least loaded.

use std::collections::HashMap;

use super::assign::{Customers, Held, Owner, Rules, room};
use super::coverage::{Market, Named, Pools, Takes, UNKNOWN};
use super::fair::FairShares;
use super::pool::{Load, Pool};
use super::reason::Reason;

/// Where customers find an owner.
pub(crate) struct Desk<'d> {
    pub(crate) customers: Customers<'d>,
    owners: &'d [Owner],
    named: &'d Named,
    pub(crate) fair: FairShares,
    pub(crate) held: Vec<Held>,
    pools: Pools<'d>,
    trees: Vec<Pool>,
    /// The pools that take the customers of a market, or why there is none.
    of_market: HashMap<u32, Result<Vec<usize>, Reason>>,
}

impl<'d> Desk<'d> {
    pub(crate) fn new(
        customers: Customers<'d>,
        owners: &'d [Owner],
        named: &'d Named,
        rules: Rules,
        held: Vec<Held>,
    ) -> Self {
        let takes: Vec<Option<&Takes>> = owners
            .iter()
            .map(|owner| owner.is_active.then_some(&owner.takes))
            .collect();
        let pools = Pools::new(&takes);
        let trees = pools.pools.iter().map(|(_, owners)| Pool::new(owners.len())).collect();
        let mut desk = Self {
            fair: FairShares::new(customers, owners, rules),
            customers,
            owners,
            named,
            held,
            pools,
            trees,
            of_market: HashMap::new(),
        };
        for owner in 0..owners.len() {
            desk.weigh(owner);
        }
        desk
    }

    /// Gives the customer of a row to the lightest owner who takes the customer; or why there is none.
    pub(crate) fn place(&mut self, row: usize) -> Result<u32, Reason> {
        let owner = self.lightest(row)?;
        self.held[owner as usize].add(self.customers, row);
        self.weigh(owner as usize);
        Ok(owner)
    }

    /// Gives a customer of one owner to another one.
    pub(crate) fn hand_over(&mut self, row: usize, from: u32, to: u32) {
        self.held[from as usize].remove(self.customers, row);
        self.held[to as usize].add(self.customers, row);
        self.weigh(from as usize);
        self.weigh(to as usize);
    }

    /// The lightest owner who takes the customer of a row, or why there is none.
    pub(crate) fn lightest(&mut self, row: usize) -> Result<u32, Reason> {
        let code = self.customers.markets[row];
        let (pools, named) = (&self.pools, self.named);
        let of_market = self.of_market.entry(code);
        let pools = of_market.or_insert_with(|| pools_of(pools, named.market(code)));
        let pools = pools.as_ref().map_err(|reason| *reason)?;
        let workload = self.customers.workloads[row];
        let lightest = pools
            .iter()
            .fold(None, |best, &pool| self.trees[pool].lightest(workload, best));
        Ok(lightest.ok_or(Reason::NoCapacity)?.owner)
    }

    /// Tells the owner's pool what the owner holds.
    fn weigh(&mut self, owner: usize) {
        if let Some((pool, place)) = self.pools.places[owner] {
            let held = self.held[owner];
            let load = Load {
                balanced: self.fair.load(owner, held),
                customers: held.customers,
                owner: owner as u32,
            };
            self.trees[pool].set(place, load, room(&self.owners[owner], held));
        }
    }
}

/// The pools that take the customers of a market, or why there is none.
fn pools_of(pools: &Pools<'_>, market: Market) -> Result<Vec<usize>, Reason> {
    let found = pools.of_market(market);
    if !found.is_empty() {
        Ok(found)
    } else if pools.pools.is_empty() {
        Err(Reason::NoOwner)
    } else if pools.of_territory(market.territory).next().is_some() {
        Err(Reason::NoOwnerForSegment)
    } else if market.territory == UNKNOWN {
        Err(Reason::NoTerritoryKnown)
    } else {
        Err(Reason::NoOwnerForTerritory)
    }
}
