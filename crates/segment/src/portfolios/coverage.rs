//! Which owners take which customers.
//!
//! Customers are told apart only as far as owners tell them apart: by territory, value tier and RFM segment. Owners
//! who take the same ones are a pool.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Code of a value that no owner names.
pub(crate) const OTHER: u32 = 0;
/// Code of no value.
pub(crate) const UNKNOWN: u32 = 1;
/// First code of the values that owners name.
const FIRST: u32 = 2;

/// The values of one column that owners name, as codes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    codes: HashMap<String, u32>,
}

impl Names {
    /// The codes of a list with `;` between; none where the list is empty, which stands for all values.
    pub(crate) fn add_list(&mut self, list: Option<&str>) -> Option<BTreeSet<u32>> {
        let names = list.unwrap_or_default().split(';').map(str::trim);
        let codes: BTreeSet<u32> = names
            .filter(|name| !name.is_empty())
            .map(|name| self.add(name))
            .collect();
        (!codes.is_empty()).then_some(codes)
    }

    fn add(&mut self, name: &str) -> u32 {
        let next = FIRST + self.codes.len() as u32;
        *self.codes.entry(name.to_owned()).or_insert(next)
    }

    /// The code of a customer's value.
    pub(crate) fn code(&self, value: Option<&str>) -> u32 {
        match value {
            None => UNKNOWN,
            Some(value) => self.codes.get(value).copied().unwrap_or(OTHER),
        }
    }

    /// The names whose codes are not among these, sorted.
    pub(crate) fn without(&self, codes: &HashSet<u32>) -> Vec<&str> {
        let missing = self.codes.iter().filter(|(_, code)| !codes.contains(code));
        let mut names: Vec<&str> = missing.map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    fn count(&self) -> u32 {
        FIRST + self.codes.len() as u32
    }
}

/// What owners name of customers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    pub(crate) territories: Names,
    pub(crate) value_tiers: Names,
    pub(crate) rfm_segments: Names,
}

/// Customers whom all owners take alike: codes of territory, value tier and RFM segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Market {
    pub(crate) territory: u32,
    pub(crate) value_tier: u32,
    pub(crate) rfm_segment: u32,
}

impl Named {
    /// A market as one number.
    pub(crate) fn code(&self, market: Market) -> u32 {
        let Market {
            territory,
            value_tier,
            rfm_segment,
        } = market;
        (territory * self.value_tiers.count() + value_tier) * self.rfm_segments.count() + rfm_segment
    }

    /// The market of a number.
    pub(crate) fn market(&self, code: u32) -> Market {
        let (rest, rfm_segment) = (code / self.rfm_segments.count(), code % self.rfm_segments.count());
        Market {
            territory: rest / self.value_tiers.count(),
            value_tier: rest % self.value_tiers.count(),
            rfm_segment,
        }
    }
}

/// Whom an owner takes; no list stands for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Takes {
    pub(crate) territories: Option<BTreeSet<u32>>,
    pub(crate) value_tiers: Option<BTreeSet<u32>>,
    pub(crate) rfm_segments: Option<BTreeSet<u32>>,
}

impl Takes {
    pub(crate) fn takes_territory(&self, market: Market) -> bool {
        is_in(self.territories.as_ref(), market.territory)
    }

    pub(crate) fn takes_segment(&self, market: Market) -> bool {
        is_in(self.value_tiers.as_ref(), market.value_tier) && is_in(self.rfm_segments.as_ref(), market.rfm_segment)
    }

    #[cfg(test)]
    pub(crate) fn takes(&self, market: Market) -> bool {
        self.takes_territory(market) && self.takes_segment(market)
    }
}

fn is_in(list: Option<&BTreeSet<u32>>, code: u32) -> bool {
    list.is_none_or(|list| list.contains(&code))
}

/// Owners by whom they take.
#[derive(Debug, Clone)]
pub(crate) struct Pools<'o> {
    /// Whom the owners of a pool take, and the owners.
    pub(crate) pools: Vec<(&'o Takes, Vec<u32>)>,
    /// The pool of each owner and the place in it; none for owners who take nobody.
    pub(crate) places: Vec<Option<(usize, usize)>>,
    /// The pools that name a territory, so that a thousand stores are not looked at for the customers of one.
    by_territory: HashMap<u32, Vec<usize>>,
    /// The pools that take customers of all territories.
    everywhere: Vec<usize>,
}

impl<'o> Pools<'o> {
    /// `takes` has none for owners who take nobody.
    pub(crate) fn new(takes: &[Option<&'o Takes>]) -> Self {
        let mut by_takes: BTreeMap<&Takes, Vec<u32>> = BTreeMap::new();
        for (owner, takes) in takes.iter().enumerate() {
            if let Some(takes) = takes {
                by_takes.entry(takes).or_default().push(owner as u32);
            }
        }
        let pools: Vec<(&Takes, Vec<u32>)> = by_takes.into_iter().collect();
        let mut places = vec![None; takes.len()];
        let mut by_territory: HashMap<u32, Vec<usize>> = HashMap::new();
        let mut everywhere = Vec::new();
        for (pool, (takes, owners)) in pools.iter().enumerate() {
            for (place, &owner) in owners.iter().enumerate() {
                places[owner as usize] = Some((pool, place));
            }
            match &takes.territories {
                None => everywhere.push(pool),
                Some(territories) => {
                    for &territory in territories {
                        by_territory.entry(territory).or_default().push(pool);
                    }
                }
            }
        }
        Self {
            pools,
            places,
            by_territory,
            everywhere,
        }
    }

    /// The pools that take the customers of a market.
    pub(crate) fn of_market(&self, market: Market) -> Vec<usize> {
        let pools = self.of_territory(market.territory);
        pools.filter(|&pool| self.pools[pool].0.takes_segment(market)).collect()
    }

    /// The pools that take customers of a territory.
    pub(crate) fn of_territory(&self, territory: u32) -> impl Iterator<Item = usize> {
        let there = self.by_territory.get(&territory).into_iter().flatten();
        self.everywhere.iter().chain(there).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_and_empty_ones_stand_for_all() {
        let mut names = Names::default();
        assert_eq!(names.add_list(None), None);
        assert_eq!(names.add_list(Some(" ; ")), None);
        let north = names.add_list(Some("North; South;;North")).expect("two names");
        assert_eq!(north, BTreeSet::from([FIRST, FIRST + 1]));
        assert_eq!(names.code(Some("South")), FIRST + 1);
        assert_eq!(names.code(Some("south")), OTHER);
        assert_eq!(names.code(None), UNKNOWN);
        assert_eq!(names.without(&HashSet::from([FIRST])), ["South"]);
    }

    #[test]
    fn markets_are_numbers_and_back() {
        let mut named = Named::default();
        named.territories.add_list(Some("ES;PT"));
        named.rfm_segments.add_list(Some("champions"));
        let mut codes = BTreeSet::new();
        for territory in 0..4 {
            for value_tier in 0..2 {
                for rfm_segment in 0..3 {
                    let market = Market {
                        territory,
                        value_tier,
                        rfm_segment,
                    };
                    assert_eq!(named.market(named.code(market)), market);
                    codes.insert(named.code(market));
                }
            }
        }
        assert_eq!(codes.len(), 4 * 2 * 3);
    }

    #[test]
    fn owners_who_take_the_same_are_one_pool() {
        let everywhere = Takes::default();
        let north = Takes {
            territories: Some(BTreeSet::from([FIRST])),
            ..Takes::default()
        };
        let pools = Pools::new(&[Some(&north), Some(&everywhere), None, Some(&north)]);
        assert_eq!(pools.pools.len(), 2);
        assert_eq!(pools.places[2], None);
        let market = |territory| Market {
            territory,
            value_tier: OTHER,
            rfm_segment: UNKNOWN,
        };
        assert_eq!(pools.of_market(market(FIRST)).len(), 2);
        assert_eq!(pools.of_market(market(OTHER)), [0]);
        assert_eq!(pools.pools[0].1, [1]);
    }
}
