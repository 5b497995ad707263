//! Owners who take the same customers, the least loaded one at hand.
//!
//! A tournament: each node knows the lightest load and the most room below it, so that the lightest owner with room
//! for a piece of work is found without looking at each.

use std::cmp::Ordering;

/// How loaded an owner is. Of two the lighter one comes first; no two owners are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Load {
    /// Workload and value by what is fair.
    pub(crate) balanced: f64,
    /// Customers, which settle it where neither workload nor value does.
    pub(crate) customers: u64,
    /// The owner, by place in the order of ids.
    pub(crate) owner: u32,
}

impl Load {
    /// Heavier than any owner.
    const NONE: Self = Self {
        balanced: f64::INFINITY,
        customers: u64::MAX,
        owner: u32::MAX,
    };

    pub(crate) fn is_lighter(&self, other: &Self) -> bool {
        let order = self.balanced.total_cmp(&other.balanced);
        let order = order.then(self.customers.cmp(&other.customers));
        order.then(self.owner.cmp(&other.owner)) == Ordering::Less
    }
}

/// What is below a node.
#[derive(Debug, Clone, Copy)]
struct Node {
    lightest: Load,
    /// The largest piece of work that an owner takes; none where nobody takes any customer.
    room: Option<u64>,
}

const EMPTY: Node = Node {
    lightest: Load::NONE,
    room: None,
};

/// Owners who take the same customers.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    /// The root is node 1; the children of node `n` are `2 n` and `2 n + 1`; owners are the last ones.
    nodes: Vec<Node>,
}

impl Pool {
    /// A pool of that many owners, all of them without room.
    pub(crate) fn new(owners: usize) -> Self {
        Self {
            nodes: vec![EMPTY; 2 * owners.next_power_of_two()],
        }
    }

    /// Says anew how loaded the owner at a place of the pool is, and how much work the owner takes.
    pub(crate) fn set(&mut self, place: usize, load: Load, room: Option<u64>) {
        let mut node = self.nodes.len() / 2 + place;
        self.nodes[node] = match room {
            Some(_) => Node { lightest: load, room },
            None => EMPTY,
        };
        while node > 1 {
            node /= 2;
            let (left, right) = (self.nodes[2 * node], self.nodes[2 * node + 1]);
            let is_left = left.lightest.is_lighter(&right.lightest);
            self.nodes[node] = Node {
                lightest: if is_left { left.lightest } else { right.lightest },
                room: left.room.max(right.room),
            };
        }
    }

    /// The lightest owner who takes a piece of work, if lighter than the best of other pools.
    pub(crate) fn lightest(&self, workload: u64, best: Option<Load>) -> Option<Load> {
        let mut best = best;
        self.search(1, workload, &mut best);
        best
    }

    fn search(&self, node: usize, workload: u64, best: &mut Option<Load>) {
        let Node { lightest, room } = self.nodes[node];
        let is_beaten = |best: Load| !lightest.is_lighter(&best);
        if room.is_none_or(|room| room < workload) || best.is_some_and(is_beaten) {
            return;
        }
        if node >= self.nodes.len() / 2 {
            *best = Some(lightest);
            return;
        }
        let (left, right) = (2 * node, 2 * node + 1);
        let is_left_first = self.nodes[left].lightest.is_lighter(&self.nodes[right].lightest);
        let (first, second) = if is_left_first { (left, right) } else { (right, left) };
        self.search(first, workload, best);
        self.search(second, workload, best);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn load(balanced: f64, owner: u32) -> Load {
        Load {
            balanced,
            customers: 0,
            owner,
        }
    }

    #[test]
    fn an_empty_pool_has_nobody() {
        assert_eq!(Pool::new(0).lightest(0, None), None);
        assert_eq!(Pool::new(3).lightest(0, None), None);
    }

    #[test]
    fn equal_loads_go_to_fewer_customers_and_then_to_the_first_id() {
        let mut pool = Pool::new(3);
        for owner in 0..3 {
            pool.set(owner as usize, load(1.0, owner), Some(5));
        }
        assert_eq!(pool.lightest(5, None).map(|load| load.owner), Some(0));
        let busy = Load {
            customers: 1,
            ..load(1.0, 0)
        };
        pool.set(0, busy, Some(5));
        assert_eq!(pool.lightest(5, None).map(|load| load.owner), Some(1));
    }

    proptest! {
        /// As one who looks at each owner.
        #[test]
        fn the_lightest_owner_with_room_is_found(
            changes in proptest::collection::vec((0_usize..9, 0_u8..4, proptest::option::of(0_u64..6), 0_u64..7), 1..80)
        ) {
            let mut pool = Pool::new(9);
            let mut plain: Vec<(Load, Option<u64>)> = (0..9).map(|owner| (load(0.0, owner), None)).collect();
            for (place, balanced, room, workload) in changes {
                let load = load(f64::from(balanced), place as u32);
                pool.set(place, load, room);
                plain[place] = (load, room);
                let with_room = plain.iter().filter(|(_, room)| room.is_some_and(|room| room >= workload));
                let expected = with_room.map(|(load, _)| *load).reduce(|one, other| if other.is_lighter(&one) { other } else { one });
                prop_assert_eq!(pool.lightest(workload, None), expected);
            }
        }
    }
}
