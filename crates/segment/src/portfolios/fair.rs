//! How loaded an owner is, beside what would be fair.

use super::assign::{Customers, Held, Owner, Rules};
use crate::values::real_of;

/// What would be fair: workload and value by capacity.
#[derive(Debug, Clone)]
pub(crate) struct FairShares {
    rules: Rules,
    /// Of all eligible customers.
    total: Held,
    /// Capacity of each owner by that of all.
    shares: Vec<f64>,
}

impl FairShares {
    /// A capacity is one of workload. One of customers counts as so many customers of mean workload; who states
    /// neither counts as the mean of those who do.
    pub(crate) fn new(customers: Customers<'_>, owners: &[Owner], rules: Rules) -> Self {
        let mut total = Held::default();
        for &row in customers.order {
            total.add(customers, row as usize);
        }
        let mean_workload = total.workload as f64 / total.customers.max(1) as f64;
        let stated = |owner: &Owner| {
            let of_customers = owner
                .capacity_customers
                .map(|customers| customers as f64 * mean_workload);
            let of_workload = owner.capacity_workload.map(|workload| workload as f64);
            match (of_customers, of_workload) {
                (Some(customers), Some(workload)) => Some(customers.min(workload)),
                (one, other) => one.or(other),
            }
        };
        let stated: Vec<Option<f64>> = owners
            .iter()
            .map(|owner| stated(owner).filter(|_| owner.is_active))
            .collect();
        let known: Vec<f64> = stated.iter().flatten().copied().collect();
        let mean = if known.is_empty() {
            1.0
        } else {
            known.iter().sum::<f64>() / known.len() as f64
        };
        let of_owner = |(owner, stated): (&Owner, &Option<f64>)| match stated {
            Some(capacity) => *capacity,
            None if owner.is_active => mean,
            None => 0.0,
        };
        let capacities: Vec<f64> = owners.iter().zip(&stated).map(of_owner).collect();
        let all: f64 = capacities.iter().sum();
        Self {
            rules,
            total,
            shares: capacities.iter().map(|capacity| capacity / all).collect(),
        }
    }

    /// The owner's part of workload and value, by the owner's part of the capacity: 1 for all would be even.
    pub(crate) fn load(&self, owner: usize, held: Held) -> f64 {
        let part = |weight: f64, held: f64, total: f64| if total > 0.0 { weight * held / total } else { 0.0 };
        let workload = part(
            self.rules.workload_weight,
            held.workload as f64,
            self.total.workload as f64,
        );
        let value = part(self.rules.value_weight, real_of(held.value), real_of(self.total.value));
        let share = self.shares[owner];
        // Who has no capacity takes customers that make no work, and after all others.
        if share > 0.0 {
            (workload + value) / share
        } else {
            f64::MAX
        }
    }
}
